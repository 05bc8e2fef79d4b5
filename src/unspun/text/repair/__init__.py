"""Undo what print columns and decoders did to a text.

What is no wording is found here, too.
"""
