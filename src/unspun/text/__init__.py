"""Read one text: words, sentences, quotations, and what is known of words."""
