"""Fit the models whose log-odds the classifiers combine, and scale their columns."""
