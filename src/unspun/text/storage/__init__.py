"""Keep arrays in files that are checked when they are opened."""
