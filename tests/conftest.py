"""What all tests share: how Hypothesis looks for counter-examples, and models that are compiled once."""

from __future__ import annotations

import os

import pytest
from helpers.fits import FakeSampler
from hypothesis import settings
from measures.calibration import Fitter

# No deadline: a first call may compile. In CI every run sees the same examples, so that a failure is the change's.
settings.register_profile("default", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")


@pytest.fixture(scope="session")
def fitter() -> Fitter:
    """One compiled model for all tables of the simulation's four sources."""
    return Fitter("fast")


@pytest.fixture
def sampler(monkeypatch: pytest.MonkeyPatch) -> FakeSampler:
    """Chains without sampling, for all fits of one test."""
    from estimates.fitting.model import Hierarchy

    fake = FakeSampler()
    # As a method, and with a density that needs no compiling to find where chains begin.
    monkeypatch.setattr(Hierarchy, "sample", lambda *arguments: fake(*arguments))  # noqa: PLW0108
    monkeypatch.setattr(Hierarchy, "density", lambda _: lambda position: (-0.5 * position @ position, -position))
    return fake
