"""Say why a document is not read."""


class DocumentError(Exception):
    """A document that is not read; the message goes on after "the document"."""
