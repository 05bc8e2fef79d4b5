"""Lay out many texts and pairs one after another, to work on all at once."""
