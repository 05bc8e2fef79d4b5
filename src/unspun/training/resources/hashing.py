"""Lay n-grams out as perfect hashes.

Every bucket of keys gets the displacement that sends its keys to free slots.

Source: Belazzougui, Botelho & Dietzfelbinger, "Hash, displace, and compress" (2009).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from unspun.text.ngram_model import Keys, bucket_of, mix, slot_of
from unspun.text.token_text import BoolArray

_PER_BUCKET = 2
_FILL = 0.86


def place(keys: Keys) -> tuple[NDArray[np.uint8], NDArray[np.int64], int]:
    """Return displacements, the slot of every key, and the number of slots.

    Raises
    ------
    RuntimeError
        When a bucket finds no place in 256 tries (the table would have to be larger).
    """
    mixed = mix(keys)
    n_buckets, n_slots = max(len(keys) // _PER_BUCKET, 1), int(len(keys) / _FILL) + 8
    buckets = bucket_of(mixed, n_buckets).astype(np.int64)
    sizes = np.bincount(buckets, minlength=n_buckets)
    displacements = np.zeros(n_buckets, np.uint8)
    taken = np.zeros(n_slots, np.bool_)
    for size in range(int(sizes.max(initial=0)), 0, -1):
        keyed = np.flatnonzero(sizes[buckets] == size)
        members = keyed[np.argsort(buckets[keyed], kind="stable")].reshape(-1, size)
        _place_group(mixed[members], buckets[members[:, 0]], displacements, taken)
    slots = slot_of(mixed, displacements[buckets], n_slots).astype(np.int64)
    return displacements, slots, n_slots


def _place_group(mixed: Keys, buckets: NDArray[np.int64], displacements: NDArray[np.uint8], taken: BoolArray) -> None:
    """Place all buckets of one size, each at the first displacement that works when its turn comes."""
    waiting = np.arange(len(mixed))
    for displacement in range(256):
        if not len(waiting):
            return
        tried = np.full(mixed[waiting].shape, displacement, np.uint8)
        slots = slot_of(mixed[waiting], tried, len(taken)).astype(np.int64)
        free: BoolArray = ~np.any(taken[slots], axis=1)
        fits = _first_come(slots, free)
        taken[slots[fits]] = True
        displacements[buckets[waiting[fits]]] = displacement
        waiting = waiting[~fits]
    if len(waiting):
        raise RuntimeError(f"{len(waiting)} buckets of {mixed.shape[1]} keys found no place: lower _FILL")


def _first_come(slots: NDArray[np.int64], free: BoolArray) -> BoolArray:
    """Return which free rows keep clear of each other and of themselves, earlier rows first."""
    rows = np.flatnonzero(free)
    flat = slots[rows].ravel()
    _, firsts = np.unique(flat, return_index=True)
    alone = np.zeros(len(flat), np.bool_)
    alone[firsts] = True
    fits = np.zeros(len(slots), np.bool_)
    fits[rows] = alone.reshape(len(rows), slots.shape[1]).all(axis=1)
    return fits
