"""Bytes and tables: files, records, tables of pairs."""
