"""Labelled pairs made from clones of public repositories."""
