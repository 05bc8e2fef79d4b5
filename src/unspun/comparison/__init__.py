"""Two texts: what belongs together in them, and what is measured of that."""
