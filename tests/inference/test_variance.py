"""The parts of a range's variance, on cases with known answers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from estimates import SourceProfile, UndocumentedLayer, estimate
from estimates.inference.variance import variance_shares
from estimates.profile.profile import published_profile


@pytest.fixture(scope="module")
def profile() -> SourceProfile:
    return published_profile(0, draws=300)


def table(*numbers: int) -> pd.DataFrame:
    rows = [{"event": f"e{i}", "source": "a", "wording": "exactly", "low": number} for i, number in enumerate(numbers)]
    return pd.DataFrame(rows).assign(event_date="2020-01-15", reported_at="2020-01-16", event_type="airstrike")


def test_variance_in_parts_by_hand() -> None:
    """Two draws, two cells: means 1 and 2 between draws, .75 and 0 within, and a remainder of .5 in the second cell."""
    cells = np.array([[0.75, 0.0], [0.25, 1.0]])
    parts = variance_shares(cells, np.array([0.5, 0.5]), np.array([0.0, 2.0]), np.array([0.0, 0.5]))
    between, within, beyond = 0.5625, 0.375, 0.5 * (0.25 + 1.0) / 2  # means .5 and 2; variances .75 and 0
    assert parts.variance == pytest.approx(between + within + beyond)
    shares = np.array([parts.share_parameters, parts.share_event, parts.share_undocumented])
    np.testing.assert_allclose(shares * parts.variance, [between, within, beyond])
    certain = variance_shares(np.array([[1.0], [0.0]]), np.ones(1), np.array([3.0, 4.0]), np.zeros(2))
    assert (certain.variance, certain.share_event) == (0.0, 0.0)


def test_parts_of_a_range_agree_with_its_draws(profile: SourceProfile) -> None:
    """The variance in parts is that of the draws of the estimate, and the parts are all of it."""
    estimates = estimate(table(40, 9), profile=profile)
    parts = estimates.decompose().set_index(["event", "layer"])
    assert parts.filter(like="share").sum(axis=1).to_numpy() == pytest.approx(1.0)
    for event in ("e0", "e1"):
        for layer in ("documented", "total"):
            drawn = np.log1p(estimates.draws(event, layer=layer)).var()
            assert parts.loc[(event, layer), "variance"] == pytest.approx(drawn, rel=0.35)
    assert parts.xs("documented", level="layer")["share_undocumented"].tolist() == [0.0, 0.0]
    assert (parts.xs("total", level="layer")["share_undocumented"] > 0.02).all()
    assert estimates.decompose(events=["e1"])["event"].unique().tolist() == ["e1"]
    assert estimates.decompose(events=[]).columns.tolist() == estimates.decompose().columns.tolist()


def test_what_is_known_has_no_share(profile: SourceProfile) -> None:
    """Shared parameters that are known have no share; nor has the undocumented where nobody is added."""
    known = {name: np.full(300, np.median(values)) for name, values in profile.parameters.items()}
    fixed = {name: np.zeros(300) if ".spread" in name else values for name, values in known.items()}
    parts = estimate(table(40), profile=replace(profile, parameters=fixed)).decompose().set_index("layer")
    assert parts["share_parameters"].to_numpy() == pytest.approx(0.0, abs=1e-6)
    none = estimate(table(40), profile=profile, undocumented="none").decompose().set_index("layer")
    assert none.loc["total", "share_undocumented"] == pytest.approx(0.0, abs=1e-12)
    assert none.loc["total", "variance"] == pytest.approx(none.loc["documented", "variance"], rel=1e-6)


def test_the_remainders_part_is_that_of_its_law(profile: SourceProfile) -> None:
    """Under a law of the ratio alone, the remainder's variance is that of the logarithm of the ratio."""
    layer = UndocumentedLayer.analyst({1.0: 4.0})  # the logarithm is uniform from zero to log 4
    agreed = table(900, 900, 900, 900).assign(event="one", source=["a", "b", "c", "d"], event_type="earthquake")
    parts = estimate(agreed, profile=profile, undocumented=layer).decompose().set_index("layer").loc["total"]
    assert parts["variance"] * parts["share_undocumented"] == pytest.approx(np.log(4) ** 2 / 12, rel=0.01)
