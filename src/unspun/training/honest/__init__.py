"""Make honest texts, with nothing spun in them.

They are what scanning, renaming, forms and newsrooms make of a text.
"""
