"""Lets ``python -m unspun`` do what ``unspun`` does."""

from unspun.cli import main

if __name__ == "__main__":
    main()
