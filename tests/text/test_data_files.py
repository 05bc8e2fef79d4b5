"""Damaged data files are refused with words that say which file and why."""

import zipfile

import numpy as np
import pytest

from unspun.errors import ModelError
from unspun.text.lexicon import load_lexicon, read_lexicon
from unspun.text.ngram_model import load_ngram_model, read_ngram_model
from unspun.text.resources import model_dir
from unspun.text.word_vectors import read_word_vectors

READERS = {
    "lexicon.npz": read_lexicon,
    "fluency.npz": read_ngram_model,
    "meaning.npz": lambda path: read_word_vectors(path, load_lexicon()),
}


def refused(name, path, content):
    path.write_bytes(content)
    with pytest.raises(ModelError, match=f"cannot be read: .*{name}") as error:
        READERS[name](path)
    assert "make resources" in str(error.value)


@pytest.mark.parametrize("name", READERS)
def test_files_that_are_cut_off(name, tmp_path):
    whole = (model_dir() / name).read_bytes()
    for kept in (0, 3, 100, len(whole) // 2, len(whole) - 10):
        refused(name, tmp_path / name, whole[:kept])


@pytest.mark.parametrize("name", READERS)
def test_arrays_that_are_missing_or_of_another_shape(name, tmp_path):
    with np.load(model_dir() / name) as data:
        arrays = {key: data[key] for key in data.files}
    first, second, *_ = arrays
    for changed in (
        {first: None},
        {first: arrays[first].astype(np.float64)},
        {second: arrays[second][:-1]},
        {first: np.array([{}], dtype=object)},
        {"more": np.zeros(3)},
    ):
        kept = {key: value for key, value in (arrays | changed).items() if value is not None}
        np.savez(tmp_path / name, **kept)
        refused(name, tmp_path / name, (tmp_path / name).read_bytes())


def test_packed_tables_are_not_mapped(tmp_path):
    with (
        zipfile.ZipFile(model_dir() / "fluency.npz") as old,
        zipfile.ZipFile(tmp_path / "fluency.npz", "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name))
    refused("fluency.npz", tmp_path / "fluency.npz", (tmp_path / "fluency.npz").read_bytes())


def test_the_language_model_is_mapped():
    marks = load_ngram_model().trigrams.marks
    assert not marks.flags.writeable
    assert not marks.flags.owndata
