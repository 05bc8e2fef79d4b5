"""One text: words, sentences, quotations, boilerplate, and what is known of words."""
