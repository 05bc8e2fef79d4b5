"""The model file: what it holds, and that whatever else is handed in is refused with words, nothing executed."""

import io
import json
import os
import pickle
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from unspun.comparison.features.catalogue import FEATURE_NAMES
from unspun.errors import ModelError
from unspun.model.persistence import MODEL_FILE, load_model, save_model
from unspun.text.resources import model_dir
from unspun.text.storage.array_archive import read_archive

N = len(FEATURE_NAMES)
PACKAGED = model_dir() / MODEL_FILE
ARRAYS, TEXTS = read_archive(PACKAGED)
HEADER = json.loads(TEXTS["header.json"])
LAYERS = {name: array for name, array in ARRAYS.items() if name.startswith(("network.weights", "network.biases"))}
DIRECTION = HEADER["direction"]
ROWS = np.random.default_rng(0).normal(size=(20, len(FEATURE_NAMES))).astype(np.float32)


def npy(array):
    """Return an array as numpy writes it."""
    out = io.BytesIO()
    np.save(out, array)
    return out.getvalue()


def contents(arrays=None, header=None, **others):
    """Return the entries of a model file, some of them replaced, those that are None left out."""
    entries = {"header.json": json.dumps(HEADER | (header or {})).encode()}
    entries |= {
        f"{name}.npy": array if array is None else npy(array) for name, array in (ARRAYS | (arrays or {})).items()
    }
    return {name: content for name, content in (entries | others).items() if content is not None}


def zipped(entries, how=zipfile.ZIP_STORED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, content in entries.items() if isinstance(entries, dict) else entries:
            archive.writestr(name, content)
    return out.getvalue()


def changed(name, place, value):
    """Return an array of the model with one value changed, or several."""
    array = ARRAYS[name].copy()
    array[place] = value
    return {name: array}


class Trap:
    """What leaves a mark when it is unpickled."""

    def __reduce__(self):
        return os.mkdir, ("unpickled",)


TRAPS = np.array([Trap()] * N, dtype=object)


def with_header(text):
    """Return the model file with other bytes as the header of its first array."""
    array = npy(ARRAYS["direction.coef"])
    start = array.index(b"{")
    return zipped(contents(**{"direction.coef.npy": array[:start] + text.ljust(118 - 1) + b"\n" + array[128:]}))


def with_size(size):
    """Return the model file with another unpacked size of an array in its list of entries."""
    whole = bytearray(zipped(contents(), zipfile.ZIP_DEFLATED))
    place = whole.index(b"PK\x01\x02")
    struct.pack_into("<I", whole, place + 24, size)
    return bytes(whole)


def flipped(place):
    """Return the packaged file with a byte changed in the middle of an array."""
    whole = bytearray(PACKAGED.read_bytes())
    whole[int(len(whole) * place)] ^= 0xFF
    return bytes(whole)


def encrypted():
    whole = bytearray(zipped(contents(), zipfile.ZIP_STORED))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        whole[whole.index(mark) + offset] |= 1
    return bytes(whole)


def raw_header(old, new):
    """Return the header as bytes, with a part of its text replaced."""
    text = json.dumps(HEADER)
    assert old in text
    return text.replace(old, new).encode()


def big_weights(*layers):
    return {f"network.weights{layer}": np.full(ARRAYS[f"network.weights{layer}"].shape, 1e4) for layer in layers}


def twice():
    entries = list(contents().items())
    with pytest.warns(UserWarning, match="Duplicate"):
        return zipped([*entries, entries[-1]])


NAN, INF, HUGE = float("nan"), float("inf"), 1e300
CRAFTED = {
    "nothing": lambda: b"",
    "no archive": lambda: b"PK not really" * 100,
    "an empty archive": lambda: zipped({}),
    "cut off near the start": lambda: PACKAGED.read_bytes()[:100],
    "cut off half way": lambda: PACKAGED.read_bytes()[: PACKAGED.stat().st_size // 2],
    "cut off at the end": lambda: PACKAGED.read_bytes()[:-30],
    "a byte changed early": lambda: flipped(0.3),
    "a byte changed late": lambda: flipped(0.8),
    "a pickle": lambda: pickle.dumps(Trap()),
    "a pickled array": lambda: zipped(contents({"direction.coef": TRAPS})),
    "a pickle as an entry": lambda: zipped(contents(**{"direction.coef.npy": pickle.dumps(Trap())})),
    "a pickle beside": lambda: zipped(contents(**{"data.pkl": pickle.dumps(Trap())})),
    "a pickle as the header": lambda: zipped(contents(**{"header.json": pickle.dumps(Trap())})),
    "code in a header of an array": lambda: with_header(b"__import__('os').mkdir('unpickled')"),
    "a type of code": lambda: with_header(b"{'descr': '|O', 'fortran_order': False, 'shape': (%d,), }" % N),
    "a negative shape": lambda: with_header(b"{'descr': '<f8', 'fortran_order': False, 'shape': (-%d,), }" % N),
    "a huge shape": lambda: with_header(b"{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999,), }"),
    "a shape that overflows": lambda: with_header(
        b"{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296, 1), }"
    ),
    "a shape of words": lambda: with_header(b"{'descr': '<f8', 'fortran_order': False, 'shape': (9**9**9,), }"),
    "another order in memory": lambda: with_header(b"{'descr': '<f8', 'fortran_order': True, 'shape': (%d,), }" % N),
    "other byte order": lambda: zipped(contents({"direction.coef": ARRAYS["direction.coef"].astype(">f8")})),
    "a bomb": lambda: zipped(contents(**{"direction.coef.npy": npy(np.zeros(2**26))}), zipfile.ZIP_DEFLATED),
    "a bomb of the header": lambda: zipped(contents(**{"header.json": b" " * 2**24}), zipfile.ZIP_DEFLATED),
    "a size that is not so": lambda: with_size(2**31),
    "too many entries": lambda: zipped(contents() | {f"more{k}.npy": npy(np.zeros(1)) for k in range(200)}),
    "one name twice": twice,
    "a path upwards": lambda: zipped(contents(**{"../evil.npy": npy(np.zeros(1))})),
    "a path from the root": lambda: zipped(contents(**{"/etc/evil.npy": npy(np.zeros(1))})),
    "a path of another system": lambda: zipped(contents(**{"..\\evil.npy": npy(np.zeros(1))})),
    "an unknown compression": lambda: zipped(contents(), zipfile.ZIP_LZMA),
    "a password": encrypted,
    "a missing array": lambda: zipped(contents({"direction.coef": None})),
    "a missing layer": lambda: zipped(contents({"network.weights1": None, "network.biases1": None})),
    "one more array": lambda: zipped(contents({"direction.more": np.zeros(3)})),
    "no header": lambda: zipped(contents(**{"header.json": None})),
    "another format": lambda: zipped(contents(header={"format": "something else"})),
    "another version of the format": lambda: zipped(contents(header={"version": 1})),
    "the version before": lambda: zipped(contents(header={"version": HEADER["version"] - 1})),
    "the version to come": lambda: zipped(contents(header={"version": HEADER["version"] + 1})),
    "a version in words": lambda: zipped(contents(header={"version": str(HEADER["version"])})),
    "no version": lambda: zipped(contents(**{"header.json": raw_header('"version"', '"edition"')})),
    "a header of a list": lambda: zipped(contents(**{"header.json": b"[]"})),
    "a header that is cut off": lambda: zipped(contents(**{"header.json": b'{"format": "unspun'})),
    "a header too deep": lambda: zipped(contents(**{"header.json": b"[" * 100_000})),
    "a header with NaN": lambda: zipped(contents(header={"network_share": NAN})),
    "one more entry of the header": lambda: zipped(contents(header={"class": "os.system"})),
    "a name of no letters": lambda: zipped(contents(header={"name": "\x1b[2J"})),
    "a long name": lambda: zipped(contents(header={"name": "a" * 101})),
    "a name of half a letter": lambda: zipped(contents(header={"name": "\ud800"})),
    "a name that turns the line": lambda: zipped(contents(header={"name": "a\u202eb"})),
    "no name": lambda: zipped(contents(header={"name": ""})),
    "a prior of many digits": lambda: zipped(
        contents(**{"header.json": raw_header('"prior": 0.5', f'"prior": {"1" * 5000}')})
    ),
    "a prior without end": lambda: zipped(contents(**{"header.json": raw_header('"prior": 0.5', '"prior": 1e999')})),
    "a prior too deep": lambda: zipped(
        contents(**{"header.json": raw_header('"prior": 0.5', f'"prior": {"[" * 900}{"]" * 900}')})
    ),
    "a header in UTF-16": lambda: zipped(contents(**{"header.json": json.dumps(HEADER).encode("utf-16")})),
    "a prior of 0": lambda: zipped(contents(header={"prior": 0.0})),
    "a share above 1": lambda: zipped(contents(header={"network_share": 1.5})),
    "a share in words": lambda: zipped(contents(header={"network_share": "0.4"})),
    "a share that is true": lambda: zipped(contents(header={"network_share": True})),
    "layers that are true": lambda: zipped(contents(header={"n_layers": True})),
    "trees without a start": lambda: zipped(contents(header={"trees": {"ceiling": 3.0}})),
    "trees of a list": lambda: zipped(contents(header={"trees": [0.0, 3.0]})),
    "trees under a ceiling of 0": lambda: zipped(contents(header={"trees": {"start": 0.0, "ceiling": 0.0}})),
    "trees that start nowhere": lambda: zipped(contents(header={"trees": {"start": HUGE, "ceiling": 3.0}})),
    "trees that are none": lambda: zipped(contents(header={"trees": None})),
    "documents by one slope": lambda: zipped(contents(header={"documents": [1.0, 0.0]})),
    "documents turned round": lambda: zipped(contents(header={"documents": [1.0, -1.0, 0.0]})),
    "documents all alike": lambda: zipped(contents(header={"documents": [0.0, 1.0, 0.0]})),
    "documents of NaN": lambda: zipped(contents(header={"documents": [1.0, 1.0, NAN]})),
    "documents by name": lambda: zipped(contents(header={"documents": {"low": 1.0}})),
    "documents that are true": lambda: zipped(contents(header={"documents": [True, True, 0.0]})),
    "a slope of 0": lambda: zipped(contents(header={"calibration": [0.0, 0.1]})),
    "a slope that turns the order": lambda: zipped(contents(header={"calibration": [-1.0, 0.1]})),
    "a calibration of three": lambda: zipped(contents(header={"calibration": [1.0, 0.1, 2.0]})),
    "an endless intercept": lambda: zipped(contents(header={"calibration": [1.0, HUGE]})),
    "a direction turned round": lambda: zipped(contents(header={"direction": DIRECTION | {"slope": -1.0}})),
    "a share of the direction above 1": lambda: zipped(
        contents(header={"direction": DIRECTION | {"linear_share": 2.0}})
    ),
    "unknown classes": lambda: zipped(contents(header={"classes": ["spun", "twisted"]})),
    "classes without spun": lambda: zipped(contents(header={"classes": ["copied", "edited"]})),
    "one layer less": lambda: zipped(contents(header={"n_layers": 2})),
    "a million layers": lambda: zipped(contents(header={"n_layers": 10**6})),
    "weights of NaN": lambda: zipped(contents(changed("network.weights0", (0, 0, 0), NAN))),
    "endless weights": lambda: zipped(contents(changed("network.weights2", (0, 0, 0), INF))),
    "huge weights": lambda: zipped(contents(changed("network.weights1", (0, 0, 0), HUGE))),
    "a coefficient of NaN": lambda: zipped(contents(changed("direction.coef", 3, NAN))),
    "leaves of NaN": lambda: zipped(contents(changed("trees.value", 5, NAN))),
    "a threshold of NaN": lambda: zipped(contents(changed("trees.threshold", (0, 0), NAN))),
    "a gain of NaN": lambda: zipped(contents(changed("trees.path_gain", (0, 0), NAN))),
    "an interval of NaN": lambda: zipped(contents(changed("interval.low", 0, NAN))),
    "an interval that crosses": lambda: zipped(contents({"interval.low": ARRAYS["interval.high"]})),
    "a grid that falls": lambda: zipped(contents({"interval.grid": ARRAYS["interval.grid"][::-1].copy()})),
    "a scale of 0": lambda: zipped(contents(changed("network.scale", 0, 0.0))),
    "other types": lambda: zipped(contents({"network.weights0": ARRAYS["network.weights0"].astype(np.float32)})),
    "numbers for truth": lambda: zipped(contents({"network.turns": ARRAYS["network.turns"].astype(np.int64)})),
    "truth that is neither": lambda: zipped(contents({"network.turns": np.full(N, 7, np.uint8).view(bool)})),
    "another shape": lambda: zipped(contents({"direction.coef": np.zeros((N, 1))})),
    "fewer features": lambda: zipped(contents({"direction.coef": ARRAYS["direction.coef"][1:]})),
    "layers that do not meet": lambda: zipped(contents({"network.weights1": np.zeros((3, 100, 64))})),
    "no networks in a layer": lambda: zipped(contents({"network.weights2": np.zeros((0, 64, 16))})),
    "no networks": lambda: zipped(contents({name: array[:0] for name, array in LAYERS.items()})),
    "weights that blow up": lambda: zipped(contents({name: 1e6 * np.sign(array) for name, array in LAYERS.items()})),
    "biases that blow up": lambda: zipped(contents(changed("network.biases0", (0, 0, 0), 9e8) | big_weights("1", "2"))),
    "a column beyond the last": lambda: zipped(contents(changed("network.columns", 0, N))),
    "a column before the first": lambda: zipped(contents(changed("network.columns", 0, -1))),
    "a split on no column": lambda: zipped(contents(changed("trees.column", (0, 0), 2 * N))),
    "a path through no column": lambda: zipped(contents(changed("trees.path_column", (0, 0), N))),
    "a leaf out of reach": lambda: zipped(contents(changed("trees.possible", (0, 0), 0))),
    "too few leaves": lambda: zipped(contents({"trees.value": ARRAYS["trees.value"][:-1]})),
    "outputs of no class": lambda: zipped(contents({"network.positive": np.zeros(16, bool)})),
    "relations of no output": lambda: zipped(contents(changed("network.others", slice(None), 0))),
}


def test_there_are_many():
    assert len(CRAFTED) > 100


@pytest.mark.parametrize("crafted", CRAFTED.values(), ids=CRAFTED)
def test_a_crafted_file_is_refused_with_words_and_nothing_is_executed(crafted, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / MODEL_FILE).write_bytes(crafted())
    with pytest.raises(ModelError) as refused:
        load_model(tmp_path)
    said = str(refused.value)
    assert said.startswith("the model cannot be read: ")
    assert MODEL_FILE in said
    assert "train it anew" in said
    assert said.isprintable()
    assert len(said) < 600
    assert [path.name for path in tmp_path.iterdir()] == [MODEL_FILE]


def test_the_entries_they_are_crafted_from_are_fine(tmp_path):
    for how in (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED):
        (tmp_path / MODEL_FILE).write_bytes(zipped(contents(), how))
        np.testing.assert_array_equal(
            load_model(tmp_path).score_rows(ROWS).relation, load_model().score_rows(ROWS).relation
        )


def test_other_features_are_said_so(tmp_path):
    (tmp_path / MODEL_FILE).write_bytes(zipped(contents(header={"features": HEADER["features"][::-1]})))
    with pytest.raises(ModelError, match="other features"):
        load_model(tmp_path)


def test_a_missing_file_is_said_so(tmp_path):
    with pytest.raises(ModelError, match="no model"):
        load_model(tmp_path)


@pytest.mark.parametrize("kept", range(0, 100, 7))
def test_wherever_it_is_cut_off_it_is_refused(tmp_path, kept):
    whole = PACKAGED.read_bytes()
    (tmp_path / MODEL_FILE).write_bytes(whole[: len(whole) * kept // 100])
    with pytest.raises(ModelError, match="cannot be read"):
        load_model(tmp_path)


def test_saved_again_it_is_the_same_bytes(tmp_path):
    assert save_model(load_model(), tmp_path).read_bytes() == PACKAGED.read_bytes()


def test_the_file_keeps_no_times_and_names_no_class():
    with zipfile.ZipFile(PACKAGED) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"unspun.model" not in archive.read("header.json")


def test_the_packaged_model_is_opened_once_and_has_its_card():
    model = load_model()
    assert load_model() is model
    assert load_model(prior=0.1).classifier is model.classifier
    assert model.card["model"] == model.name
    assert repr(model) == f"SpinModel(name={model.name!r}, prior=0.5)"
    with pytest.raises(ValueError, match="prior"):
        load_model(prior=1.0)


def test_the_card_of_another_model_is_not_taken(tmp_path):
    save_model(load_model(), tmp_path)
    for text in ('{"model": "another"}', "[1]", "no JSON", "[" * 100_000):
        (tmp_path / "card.json").write_text(text)
        assert load_model(tmp_path).card == {}


ODD_CARDS = {
    "limits": [3, "English only.", [3], {"a": "b"}],
    "not_for": [True, [None]],
    "honest": [[], 3, {"quantiles": 3}, {"quantiles": {"kept_rate": [0.1]}}, {"quantiles": {"kept_rate": ["a"] * 3}}],
    "protocols": [
        *(["group-cv"], {"group-cv": 3}, {"group-cv": {"figures": [1]}}, {"group-cv": {"breakdown": {}}}),
        *({"group-cv": {"figures": {"tpr@1%": {"threshold": one}}}} for one in ("0.5", None, [0.5], True)),
        *({"group-cv": {"breakdown": [one]}} for one in (3, {}, {"by": "length"}, {"by": 1, "name": "a"})),
    ],
}


@pytest.mark.parametrize(("part", "value"), [(part, value) for part, some in ODD_CARDS.items() for value in some])
def test_a_card_that_reports_cannot_read_is_none(tmp_path, part, value):
    model = load_model()
    save_model(model, tmp_path)
    (tmp_path / "card.json").write_text(json.dumps({**model.card, part: value}))
    assert load_model(tmp_path).card == {}


def test_the_packaged_card_is_one_that_reports_can_read(tmp_path):
    model = load_model()
    save_model(model, tmp_path)
    (tmp_path / "card.json").write_text(json.dumps(model.card))
    assert load_model(tmp_path).card == model.card
    with (tmp_path / "card.json").open("a") as file:
        file.write(" " * 10_000_000)
    assert load_model(tmp_path).card == {}


def test_a_file_of_any_size_is_not_looked_into(tmp_path):
    with (tmp_path / MODEL_FILE).open("wb") as file:
        file.write(PACKAGED.read_bytes())
        file.truncate(2**29)
    with pytest.raises(ModelError, match="536,870,912 bytes, more than"):
        load_model(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / MODEL_FILE)
    with pytest.raises(ModelError, match="no model"):
        load_model(tmp_path)


def test_its_arrays_cannot_be_written_to():
    with pytest.raises(ValueError, match="read-only"):
        load_model().direction.linear.coef[0] = 1.0


@pytest.mark.parametrize("rows", [ROWS[:, 1:], ROWS[0], np.full((1, N), np.inf)], ids=["narrow", "one", "infinite"])
def test_rows_that_do_not_fit_are_refused(rows):
    with pytest.raises(ValueError, match=r"features|infinit"):
        load_model().score_rows(rows)


def test_scoring_needs_no_scikit_learn():
    code = (
        "import sys, numpy as np; from unspun.model.persistence import load_model;"
        f"load_model().score_rows(np.zeros((1, {len(FEATURE_NAMES)})));"
        "slow = ('sklearn', 'skops', 'pandas', 'scipy.stats', 'scipy.special');"
        "print([name for name in slow if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
    assert Path(PACKAGED).stat().st_size < 2_000_000
