"""From measurements to calibrated probabilities."""
