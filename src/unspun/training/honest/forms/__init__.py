"""Fill in forms: texts that sites publish by the thousand.

Names and numbers differ each time; all wording is our own.
"""
