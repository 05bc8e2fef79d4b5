"""Explanations and runs, drawn for people and written for programs; every format in a module of its own."""
