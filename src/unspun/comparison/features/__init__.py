"""The measurements of an aligned pair, each a function of its own."""
