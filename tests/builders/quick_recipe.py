"""A recipe that is quick to fit, for tests of what stands around a model: `make eval` judges the packaged one."""

from contextlib import contextmanager
from functools import partial

import pytest

from unspun.model import calibration, detector_fitting
from unspun.model.base_models import network_training
from unspun.model.detector import SpinDetector
from unspun.model.spin_classifier import ClassifierSettings


def use_quick_recipe(patch):
    """Fit an eighth of the trees and one network where no settings are given."""
    patch.setattr(detector_fitting, "ClassifierSettings", partial(ClassifierSettings, max_iter=60, n_networks=1))


@contextmanager
def few_steps():
    """Let networks take a tenth of the steps and intervals a tenth of the draws, for what is learnt at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(network_training, "_FEWEST_STEPS", 30)
        patch.setattr(calibration, "_N_DRAWS", 40)
        yield


class QuickDetector(SpinDetector):
    """A detector that is fitted in a few steps: enough for pairs of two kinds, each kind all alike."""

    def fit(self, pairs, y, groups=None):
        with few_steps():
            return super().fit(pairs, y, groups)
