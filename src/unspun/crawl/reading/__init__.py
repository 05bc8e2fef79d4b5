"""Read files and archives into articles."""
