"""Fitting models takes seconds each: the recipe is a quick one, and what several learn from is fitted once a table."""

import hashlib

import pytest
from quick_recipe import use_quick_recipe

from unspun.model import cross_fitting, detector_fitting
from unspun.training import evaluation


@pytest.fixture(scope="module", autouse=True)
def quick_recipe():
    with pytest.MonkeyPatch.context() as patch:
        use_quick_recipe(patch)
        yield


@pytest.fixture(scope="module", autouse=True)
def scores_once_a_table():
    made = {}

    def once(classifier, direction, data, splits, n_jobs=1, taken=None):
        parts = list(splits)
        arrays = [data.X, data.relation, data.weight, *(rows for part in parts for rows in part)]
        key = hashlib.sha256(b"|".join(array.tobytes() for array in arrays)).digest()
        if key not in made:
            made[key] = cross_fitting.cross_fit(classifier, direction, data, parts, n_jobs, taken)
        return cross_fitting.Unseen(*(column.copy() for column in made[key]))

    with pytest.MonkeyPatch.context() as patch:
        for module in (detector_fitting, evaluation):
            patch.setattr(module, "cross_fit", once)
        yield
