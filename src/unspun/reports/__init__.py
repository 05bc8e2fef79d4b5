"""Draw explanations and runs for people, and write them for programs.

Every format has a module of its own.
"""
