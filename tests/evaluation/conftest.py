"""An evaluation that its tests share."""

from __future__ import annotations

import pytest
from helpers.anchors import table

from estimates import evaluate
from estimates.evaluation.evaluation import Evaluation
from estimates.profile.profile import SourceProfile, published_profile


@pytest.fixture(scope="session")
def profile() -> SourceProfile:
    """A profile of few draws."""
    return published_profile(0, draws=100)


@pytest.fixture(scope="session")
def evaluation(profile: SourceProfile) -> Evaluation:
    """The scores of the table that these tests share."""
    return evaluate(table(), profile=profile)
