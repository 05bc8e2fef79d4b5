"""Articles as lines of the files that lie in a checkout."""
