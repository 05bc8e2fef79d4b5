"""Explanations and runs as self-contained HTML pages."""
