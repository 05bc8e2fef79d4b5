"""Rows of tables: their names of columns, values of JSON, and how many a file may hold."""
