"""Rows of tables.

Their names of columns, values of JSON, and how many a file may hold.
"""
