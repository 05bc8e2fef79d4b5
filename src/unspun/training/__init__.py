"""Make a model from labelled pairs."""
