"""Write passages as the XML of the text alignment task of PAN.

The format is that of M. Potthast et al., 2013, "Overview of the 5th International Competition on Plagiarism Detection".
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from unspun.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

_UNSAFE = re.compile(r"[^\w.-]+")
_LONGEST_NAME = 100
_PLACES = ("source_start", "source_end", "suspect_start", "suspect_end")


def write_pan_files(passages: pd.DataFrame, ids: list[str], folder: Path, least: float = 0.5) -> None:
    """Write one file a pair: the passages of the suspect that were likely spun.

    Parameters
    ----------
    passages : DataFrame
        As `unspun.model.scoring.score_with_passages` returns it.
    ids : list of str
        The pairs; one without such a passage gets a file without features.
    folder : Path
        Made where it does not exist.
    least : float
        Passages from this p_spun on are written.

    Raises
    ------
    InputError
        When the folder cannot be written to.
    """
    found = dict(list(passages[passages["p_spun"] >= least].groupby("id", sort=False)))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number, name in enumerate(ids, 1):
            path = folder / f"{number:05}-{_UNSAFE.sub('_', str(name))[:_LONGEST_NAME]}.xml"
            path.write_bytes(_document(str(name), found.get(name)))
    except OSError as error:
        raise InputError(f"cannot write the passages ({error.strerror})", folder, "give another folder") from error


def _document(name: str, passages: pd.DataFrame | None) -> bytes:
    shown = "".join(letter for letter in name if letter.isprintable())
    root = Element("document", reference=f"{shown} suspect")
    places: list[list[int]] = [] if passages is None else passages[list(_PLACES)].to_numpy(int).tolist()
    for source_start, source_end, suspect_start, suspect_end in places:
        given = {
            "name": "detected-plagiarism",
            "this_offset": str(suspect_start),
            "this_length": str(suspect_end - suspect_start),
            "source_reference": f"{shown} source",
            "source_offset": str(source_start),
            "source_length": str(source_end - source_start),
        }
        SubElement(root, "feature", given)
    indent(root)
    text: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"
