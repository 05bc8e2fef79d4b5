"""Forms: texts that sites fill in by the thousand, with other names and numbers each time; all wording is our own."""
