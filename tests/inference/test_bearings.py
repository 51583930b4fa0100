"""What bears on the killed without being a figure of them: numbers of killed or injured, and overlapping lists."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from helpers.tables import exactly

from estimates import EstimatesError, capture, estimate
from estimates.models.bearing import Bearing, soft_cap
from estimates.models.grid import make_grid
from estimates.models.types import Floats


class Lists:
    """Lists that name forty people and exclude more than sixty."""

    names = 40

    def log_factor(self, totals: Floats) -> Floats:
        return np.where(totals < 40, -np.inf, np.where(totals > 60, -50.0, 0.0))


def test_a_bearing_is_what_its_points_say() -> None:
    """At a point the factor is its own, beyond the ends that of the end."""
    grid = make_grid([], largest_single=100)
    factor = Bearing(0, "", (10.0, 20.0), (0.0, -1.0)).factor(grid)
    assert factor[[5, 10, 20, 90]] == pytest.approx([1.0, 1.0, np.exp(-1.0), np.exp(-1.0)])


def test_casualties_are_a_soft_cap() -> None:
    """One up to the number, a tenth of it far above, and never rising."""
    factor = soft_cap(2, 30).factor(make_grid([], largest_single=400))
    assert (factor[:31] == 1.0).all()
    assert factor[200] == pytest.approx(0.1)
    assert (np.diff(factor) <= 0.0).all()


def test_killed_are_hardly_more_than_killed_and_injured() -> None:
    """A number of casualties lowers the upper end of the killed of its day and hardly moves those far below."""
    about = {"event_type": "airstrike", "event_date": "2020-01-15", "reported_at": "2020-01-15"}
    killed = exactly("a", 20, **about)

    def by_now(*more: dict[str, object]) -> pd.Series:
        frame = estimate(pd.DataFrame([killed, *more])).ranges(layers=("by_now",))
        return frame.query("outcome == 'killed'").iloc[0]

    few, many = (by_now(exactly("b", number, outcome="casualties", **about)) for number in (22, 900))
    assert few["high_95"] < by_now()["high_95"]
    assert many["high_95"] == pytest.approx(by_now()["high_95"], rel=0.1)  # the draws weigh a little otherwise


def test_overlapping_lists_bear_on_the_killed() -> None:
    """The names are a floor, and what the lists exclude has next to no probability; a note says what they did."""
    rows = [exactly("a", 45), exactly("b", 70)]
    found = estimate(pd.DataFrame(rows), lists={"one": Lists()})
    end = found.ranges((95,), ("documented",)).iloc[0]
    assert end["floor"] == 40
    assert end["low_95"] >= 40
    assert end["high_95"] < estimate(pd.DataFrame(rows)).ranges((95,), ("documented",)).iloc[0]["high_95"]
    assert any("overlapping lists name 40 people" in note for note in found.notes)


@pytest.mark.extended
def test_lists_of_captured_tables_are_taken() -> None:
    """What ``capture`` gives is taken as it is."""
    table = pd.DataFrame(
        [
            (*map(int, f"{pattern:03b}"), count)
            for pattern, count in zip(range(1, 8), (9, 8, 6, 9, 5, 6, 4), strict=True)
        ],
        columns=["a", "b", "c", "count"],
    )
    lists = capture(table, latent=False)
    end = estimate(pd.DataFrame([exactly("a", 60)]), lists={"one": lists}).ranges().iloc[0]
    assert end["floor"] == lists.names == 47


def test_lists_of_unknown_events_are_refused() -> None:
    """Lists of an event that the table does not have are a fault of the call, and the message names it."""
    with pytest.raises(EstimatesError, match="lists are given for two"):
        estimate(pd.DataFrame([exactly("a", 4)]), lists={"two": Lists()})
