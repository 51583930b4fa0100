"""No more can have been hit than were there."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from helpers.tables import exactly

from estimates import Estimates, UndocumentedLayer, estimate
from estimates.models import undocumented
from estimates.models.remainder import Spread
from estimates.models.undocumented import COMPLETE_SHARE, GumbelMixture
from estimates.vocabulary import LAYERS

PEOPLE = 30
SAID = (("a", 24), ("b", 27))
PAIRS = pd.DataFrame({"documented": [10, 20, 50, 8], "enumerated": [14, 20, 90, 11]})


def layers() -> dict[str, UndocumentedLayer]:
    return {
        "elicited": UndocumentedLayer.elicited(),
        "none": UndocumentedLayer.none(),
        "learned": UndocumentedLayer.learned(PAIRS),
        "analyst": UndocumentedLayer.analyst({0.1: 1.0, 0.5: 1.5, 0.9: 4.0}),
    }


def on_a_ship(layer: UndocumentedLayer | str = "elicited", people: int | None = PEOPLE) -> Estimates:
    """Two events with as many people at risk, reported nearly to be all of them, and one without such a number."""
    rows = [exactly(source, number, event=event, at_risk=people) for event in ("one", "two") for source, number in SAID]
    return estimate(pd.DataFrame([*rows, exactly("a", 24, event="open")]), undocumented=layer)


@pytest.mark.parametrize("name", ["elicited", "none", "learned", "analyst"])
def test_no_layer_lies_above_the_people_at_risk(name: str) -> None:
    """Neither ranges, draws, joint draws nor ranges without a source hold more than were there."""
    found = on_a_ship(layers()[name])
    ends = found.ranges(levels=(50, 80, 95, 99.9), layers=LAYERS).query("event != 'open'")
    assert (ends.filter(regex="^(median|low|high)") <= PEOPLE).all(axis=None)

    assert max(found.draws("one", layer=layer).max() for layer in LAYERS) <= PEOPLE
    assert found.joint_draws(["one", "two"], layer="total").max(axis=None) <= PEOPLE

    without = found.influence(["one"])
    assert (without[["median", "low_80", "high_80"]] <= PEOPLE).all(axis=None)
    assert found.ranges().query("event == 'open' and layer == 'documented'")["high_95"].iloc[0] > PEOPLE


@pytest.mark.extended
def test_totals_hold_no_more_than_were_there() -> None:
    """Two ships with thirty people on board each: no end of any total is above sixty."""
    rows = [exactly(source, number, event=event, at_risk=PEOPLE) for event in "xy" for source, number in SAID]
    total = estimate(pd.DataFrame(rows)).total(levels=(95, 99.9))
    assert (total.filter(regex="high|median") <= 2 * PEOPLE).all(axis=None)


def test_the_full_toll_is_that_of_the_law_up_to_the_people_at_risk() -> None:
    """From every documented toll the law is cut at the people at risk and scaled to one: no clipping, nothing lost."""
    kappa, found = 0.9, on_a_ship()
    case = found.cases[0]
    documented = found.mass("one")["probability"].to_numpy()
    law = GumbelMixture(np.array([kappa]), np.array([COMPLETE_SHARE]), np.ones(1))
    total = Spread(law, case.grid).total(documented, PEOPLE)

    expected = np.zeros(PEOPLE + 1)
    expected[0] = documented[0]
    for count in range(1, PEOPLE + 1):
        tolls = np.arange(count + 1, PEOPLE + 2)
        beyond = undocumented.survival(tolls, float(count), kappa)
        here = -np.diff(np.concatenate([[1.0], beyond]))
        expected[count:] += documented[count] * here / here.sum()
    np.testing.assert_allclose(total[: PEOPLE + 1], expected, atol=1e-5)
    assert total[PEOPLE + 1 :].sum() == 0


def test_draws_of_the_full_toll_follow_its_mass() -> None:
    """Quantiles of the law that is cut are those of its probabilities, in draws and in joint draws."""
    found = on_a_ship()
    mass = found.mass("one", layer="total")
    cumulative = np.cumsum(mass["probability"].to_numpy())
    for draws in (found.draws("one", layer="total"), found.joint_draws(["one"], layer="total")["one"].to_numpy()):
        for count in (24, 26, 28, 29):
            assert (draws <= count).mean() == pytest.approx(cumulative[count], abs=0.05)


def test_the_full_toll_stays_at_or_above_the_documented_one() -> None:
    """Cut at the people at risk, no quantile of the full toll falls below that of the documented one."""
    ranges = on_a_ship().ranges(levels=(50, 80, 95)).set_index(["event", "layer"])
    for event in ("one", "two"):
        documented, total = ranges.loc[(event, "documented")], ranges.loc[(event, "total")]
        for name in ("median", "low_95", "low_80", "high_80", "high_95"):
            assert documented[name] <= total[name] <= PEOPLE


def test_very_many_people_at_risk_change_nothing() -> None:
    """A number far above the range leaves it as it is."""
    free, bound = (on_a_ship(people=people).ranges().query("event == 'one'") for people in (None, 9_000_000))
    for name in ("median", "low_80", "high_80"):
        np.testing.assert_allclose(free[name].astype(float), bound[name].astype(float), rtol=0.03)
