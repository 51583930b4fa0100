"""What the examples of docstrings go on from: estimates of the example, its reports, and the profile of the package."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest


@cache
def _made() -> dict[str, Any]:
    """The objects that the docstrings of ``Estimates``, ``SourceProfile`` and ``Evaluation`` make, once a process."""
    from estimates import estimate, evaluate, load_example
    from estimates.profile.profile import named_profile

    reports = load_example()
    row = {"event": "a raid", "source": "a paper", "figure": 18, "verified": 21, "event_date": "2020-01-15"}
    return {
        "reports": reports,
        "found": estimate(reports),
        "profile": named_profile("default"),
        "evaluation": evaluate([{**row, "reported_at": "2020-01-15"}]),
    }


@pytest.fixture(autouse=True)
def _examples_go_on(request: pytest.FixtureRequest) -> None:
    """Give the objects to examples, and to nothing else."""
    if isinstance(request.node, pytest.DoctestItem):
        request.getfixturevalue("doctest_namespace").update(_made())
