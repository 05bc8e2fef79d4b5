"""Tell which pages are spun, from all flagged pairs together.

A spun page is flagged with its source, with honest copies and updates of that source, with pages that quote it, and
with other pages spun from it. Taken one by one, some of these pairs point the wrong way. Taken together they ask for
few spun pages: every flagged pair needs one at either end, and one page that explains many pairs is likelier than many
pages that explain one each.
"""
