"""Write down what a run sets out to do, before it starts.

So it can be taken up again as it was meant.

A run that is taken up must be the same run: the same inputs, options, model and packages. Otherwise some of its shards
would not fit the others.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

import unspun
from unspun.crawl.reading.shards import SHARD_BYTES, Shard, plan_shards
from unspun.crawl.run import DONE, INFO, PLAN, TABLES, WORK
from unspun.errors import InputError, RunError
from unspun.io.sources import STDIN, Source, is_remote, open_source
from unspun.io.stores import Store
from unspun.text.resources import model_dir

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_PACKAGES = ("duckdb", "lxml", "numpy", "pandas", "pyarrow", "rapidfuzz", "scikit-learn", "scipy", "trafilatura")
SHARD_PAIRS = 2_000
"""Pairs of a shard: some seconds of work for one core."""
_SPOOL = f"{WORK}/stdin"
LOCK, REPORT = "lock", "report"


@dataclass(frozen=True, slots=True)
class ScanOptions:
    """The options that decide what a run finds.

    Attributes
    ----------
    inputs : tuple of str
        As given.
    against : tuple of str
        Inputs that hold the only possible sources; none: every article may be one.
    max_candidates : int
        Sources to try for every article.
    model : str or None
        Folder of the model; the packaged one if None.
    prior : float
        The share of spun pairs expected among those that are scored, in (0, 1).
    shard_bytes, shard_pairs : int
        How much is read, and how many pairs at least are scored, in one go (see `unspun.crawl.reading.shards`): what
        is lost when a process dies.
    text_column : str
        What the column of texts is called in tables; '' for the usual names.
    ignore : str
        A file of texts whose sentences are nobody's, or ''.
    licensed : tuple of str
        Sites that may republish: pairs whose spun side is theirs go into a table of their own.
    """

    inputs: tuple[str, ...]
    against: tuple[str, ...] = ()
    max_candidates: int = 20
    model: str | None = None
    prior: float = 0.5
    shard_bytes: int = SHARD_BYTES
    shard_pairs: int = SHARD_PAIRS
    text_column: str = ""
    ignore: str = ""
    licensed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The shards of a run.

    Attributes
    ----------
    shards : tuple of Shard
        Those of ``against`` first.
    n_against : int
        How many these are.
    options : ScanOptions
        What it was given.
    about : dict
        ``options``, ``versions`` and a digest of the ``model``, which a run that is taken up must share.
    """

    shards: tuple[Shard, ...]
    n_against: int
    options: ScanOptions
    about: dict[str, Any]


def begin(store: Store, options: ScanOptions, resume: bool = False) -> Plan:
    """Plan a new run, or take up the one that is there.

    Parameters
    ----------
    store : Store
        The folder of the run.
    options : ScanOptions
        What is to be scanned, and how.
    resume : bool
        Go on with the run that is there.

    Returns
    -------
    Plan
        It is written to the store.

    Raises
    ------
    RunError
        When the folder holds something else, an unfinished run that is not to be resumed, or a run of other inputs
        or options; or when an input lies in the folder itself. Nothing is removed then.
    InputError
        When an input does not exist. Nothing is removed then.
    """
    if store.has(PLAN):
        if resume:
            return _take_up(store, options)
        if not store.has(INFO):
            raise RunError("an unfinished run is there", Path(store.root), "go on with --resume, or remove the folder")
    check_free(store)
    against, inputs = (_shards(store, given, options) for given in (options.against, options.inputs))
    # The plan last: as long as it is there, all the rest is known to be ours.
    for name in (INFO, DONE, WORK, REPORT, *TABLES, PLAN):
        store.remove(name)
    plan = _new_plan(store, options, against, inputs)
    plain = {**plan.about, "n_against": plan.n_against, "shards": [shard.as_json() for shard in plan.shards]}
    store.write(PLAN, json.dumps(plain).encode())
    return plan


@contextlib.contextmanager
def lock(store: Store) -> Iterator[None]:
    """Keep other scans of this machine out of a local folder.

    The lock ends with the process, however it ends.

    Raises
    ------
    RunError
        When another scan is at work there.
    """
    check_free(store)  # before a file is left there
    if not store.is_local or fcntl is None:
        yield
        return
    path = Path(store.root, LOCK)
    with _opened(path) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise RunError("another scan is at work in this folder", path.parent, "wait for its end") from error
        yield


def _opened(path: Path) -> IO[bytes]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("ab")  # whatever is there under this name stays as it is
    except OSError as error:
        raise RunError(f"cannot write there ({error.strerror})", path.parent, "give another folder as -o") from error


def check_free(store: Store) -> None:
    """Refuse a folder that is no run and not empty.

    What a scan leaves that was stopped before it had a plan does not count.
    """
    foreign = (name for name in store.all_names() if name != LOCK and not name.startswith((f"{PLAN}.", _SPOOL)))
    if not store.has(PLAN) and (name := next(foreign, None)) is not None:
        raise RunError(
            "the folder holds something that is no run", Path(store.root, name), "give an empty or a new one"
        )


def _new_plan(store: Store, options: ScanOptions, against: list[Shard], inputs: list[Shard]) -> Plan:
    shards = [shard._replace(number=number) for number, shard in enumerate([*against, *inputs])]
    shards = _spooled(store, shards)
    return Plan(tuple(shards), len(against), options, _about(options))


def _about(options: ScanOptions) -> dict[str, Any]:
    """Return what a run and one that takes it up must share, as JSON would give it back."""
    ignored = hashlib.sha256(_bytes_of(options.ignore)).hexdigest() if options.ignore else ""
    about = {"options": asdict(options), "versions": _versions(), "model": _digest(options.model), "ignored": ignored}
    found: dict[str, Any] = json.loads(json.dumps(about))
    return found


def _bytes_of(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"cannot read what is to be ignored ({error.strerror})", Path(path)) from error


def _shards(store: Store, inputs: Sequence[str], options: ScanOptions) -> list[Shard]:
    """Return the shards of inputs, without the run's own files; local paths made absolute: they are read elsewhere too.

    Raises
    ------
    RunError
        When an input lies in the folder of the run, which would be emptied.
    """
    own = os.path.join(os.path.abspath(store.root), "") if store.is_local else ""
    for given in inputs:
        if own and given != STDIN and not is_remote(given) and os.path.join(os.path.abspath(given), "").startswith(own):
            raise RunError("an input lies in the folder of the run", Path(given), "give another folder for the run")
    shards = (
        shard._replace(sources=tuple(s for s in _absolute(shard, options) if not own or not s.path.startswith(own)))
        for shard in plan_shards(inputs, options.shard_bytes)
    )
    return [shard for shard in shards if shard.sources]


def _absolute(shard: Shard, options: ScanOptions) -> Iterator[Source]:
    for source in shard.sources:
        here = source.path != STDIN and not is_remote(source.path)
        path = os.path.abspath(source.path) if here else source.path
        yield source._replace(path=path, text_column=options.text_column)


def _spooled(store: Store, shards: list[Shard]) -> list[Shard]:
    """Keep what comes through pipes in the run: it can be read only once, and by no other process."""
    copies: dict[str, Source] = {}
    for source in (source for shard in shards for source in shard.sources if source.piped):
        if source.path not in copies:
            copies[source.path] = _copied(store, source, f"{_SPOOL}-{len(copies)}" if copies else _SPOOL)
    return [shard._replace(sources=tuple(copies.get(s.path, s) for s in shard.sources)) for shard in shards]


def _copied(store: Store, source: Source, name: str) -> Source:
    try:
        pipe = open_source(source)
    except OSError:  # rejected, with the reason, when it is read
        return source
    with store.create(name) as file:
        shutil.copyfileobj(pipe, file)
    place = os.path.abspath(store.address(name)) if store.is_local else store.address(name)
    return source._replace(path=place, size=os.path.getsize(place) if store.is_local else 0)


def _take_up(store: Store, options: ScanOptions) -> Plan:
    plain = json.loads(store.read(PLAN))
    shards = tuple(Shard.from_json(shard) for shard in plain["shards"])
    about = _about(options)
    for what, now in about.items():
        _check_same(store, what, plain.get(what, ""), now)
    _check_inputs(store, options, {source for shard in shards for source in shard.sources})
    return Plan(shards, plain["n_against"], options, {name: plain.get(name, "") for name in about})


def _check_same(store: Store, what: str, then: Any, now: Any) -> None:
    if then == now:
        return
    if isinstance(then, dict) and isinstance(now, dict):
        name = next(name for name in now if then.get(name) != now[name])
        what, then, now = f"{what}: {name}", then.get(name), now[name]
    message = f"the run in {store.root} was begun with other {what}: {then!r}, now {now!r}"
    raise RunError(message, todo="give the same, or another folder for a new run")


def _check_inputs(store: Store, options: ScanOptions, then: set[Source]) -> None:
    """Refuse inputs that have grown or changed; what has vanished meanwhile is rejected when it is read."""
    for given in (*options.against, *options.inputs):
        try:
            now = [s for shard in _shards(store, [given], options) for s in shard.sources]
        except InputError:
            continue
        for source in now:
            if not source.piped and source not in then:
                what = "has changed" if any(known.path == source.path for known in then) else "is new"
                todo = "start a new run in another folder"
                raise RunError(f"the run in {store.root} cannot go on: an input {what}", Path(source.path), todo)


def _versions() -> dict[str, str]:
    """Return the versions of what tables depend on."""
    packages = {name: version(name) for name in _PACKAGES}
    return {"unspun": unspun.__version__, "python": platform.python_version(), **packages}


def _digest(model: str | None) -> str:
    """Return the SHA-256 of all files that scores are made with."""
    digest = hashlib.sha256()
    folders = {model_dir(), Path(model) if model else model_dir()}
    for path in sorted(path for folder in folders for path in folder.glob("*.*") if path.suffix == ".npz"):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
