"""Take the main text out of a page."""
