"""From labelled pairs to a model."""
