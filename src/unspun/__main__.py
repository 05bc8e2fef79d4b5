"""Lets ``python -m unspun`` do what ``unspun`` does."""

from __future__ import annotations

from unspun.app.cli import main

if __name__ == "__main__":
    main()
