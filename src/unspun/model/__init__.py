"""Turn measurements into calibrated probabilities."""
