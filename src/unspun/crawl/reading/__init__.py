"""From files and archives to articles."""
