"""Fitting models takes seconds each: what both protocols and the training learn from is fitted once a table."""

import pytest

from unspun.training import evaluation, fitting
from unspun.training.feature_table import model_name


@pytest.fixture(scope="session", autouse=True)
def group_scores_once_a_table():
    made, score_groups = {}, evaluation.score_groups

    def once(table, n_jobs=1):
        name = model_name(table)
        if name not in made:
            made[name] = score_groups(table, n_jobs)
        return made[name]

    with pytest.MonkeyPatch.context() as patch:
        for module in (evaluation, fitting):
            patch.setattr(module, "score_groups", once)
        yield
