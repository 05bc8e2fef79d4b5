"""Honest texts: what scanning, renaming, forms and newsrooms do to a text, with nothing spun in it."""
