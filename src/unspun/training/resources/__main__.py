"""Rebuild the data files, as ``make resources`` does.

Run it as ``python -m unspun.training.resources``.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from unspun.text.lexicon import Lexicon, from_arrays
from unspun.text.resources import model_dir
from unspun.training.resources import corpus, fluency_builder, lexicon_builder, moby, vectors, wordnet
from unspun.training.resources.packages import MOBY, NEWS, WORDNET, package

if TYPE_CHECKING:
    from unspun.training.resources.vectors import Text


def main(arguments: list[str] | None = None) -> None:
    """Download what is missing and write the three files, the lexicon first.

    The others are made of its ids.
    """
    options = _options(arguments)
    raw = [*corpus.read_news(package(NEWS, options.downloads)), *corpus.read_english(options.english)]
    lexicon = _lexicon(options, raw)
    texts = _encoded(raw)
    _write(options.out / "fluency.npz", fluency_builder.build(texts, lexicon), packed=False)
    _write(options.out / "meaning.npz", vectors.build(texts, lexicon, lexicon.pairs()), packed=True)


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m unspun.training.resources", description=__doc__)
    parser.add_argument(
        "--english", type=Path, default=Path("../shared/corpora/english.jsonl.gz"), help="more text, if it exists"
    )
    parser.add_argument("--downloads", type=Path, default=Path("build/resources"), help="where packages are kept")
    parser.add_argument("--out", type=Path, default=model_dir(), help="folder of the three files")
    return parser.parse_args(arguments)


def _lexicon(options: argparse.Namespace, raw: list[str]) -> Lexicon:
    net = wordnet.read_wordnet(package(WORDNET, options.downloads))
    entries = list(moby.read_moby(package(MOBY, options.downloads)))
    arrays = lexicon_builder.build(lexicon_builder.Sources(net, entries, corpus.case_counts(raw)))
    _write(options.out / "lexicon.npz", arrays, packed=True)
    return from_arrays(arrays)


def _encoded(raw: list[str]) -> list[Text]:
    """Read every distinct text with the lexicon just written."""
    from unspun.text.tokenizer import read_text  # imported late: it may not exist before there is a lexicon to load

    read = (read_text(text) for text in dict.fromkeys(raw))
    return [(text.ids, text.sentence_stops) for text in read]


def _write(path: Path, arrays: dict[str, Any], packed: bool) -> None:
    (np.savez_compressed if packed else np.savez)(path, **arrays)
    print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
