"""What rivals of speed are given and what they answer, against SciPy and by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from measures import _written_by_hand as by_hand
from measures import rivals_speed
from measures._common import Seconds
from scipy import stats

from estimates import estimate, read_reports
from estimates.models.types import Floats


@pytest.fixture(scope="module")
def two_events() -> pd.DataFrame:
    """Reports of two events, in every wording that small events have."""
    figures = {"first": ["at least 18", "some 21", "more than 24"], "second": ["none", "3 to 5", "dozens", "2"]}
    return pd.DataFrame(
        [
            {"event": event, "source": f"source {number}", "figure": figure, "event_type": "shelling"}
            for event, said in figures.items()
            for number, figure in enumerate(said)
        ]
    )


def test_rivals_take_what_was_said(two_events: pd.DataFrame) -> None:
    """Bounds of each report by hand; as many cells as the package's own answers have; parts make up the whole."""
    table = read_reports(two_events)
    said = rivals_speed.said_in(table)
    assert said.low.tolist() == [18, 21, 25, 0, 3, 24, 2]
    assert said.high.tolist() == [np.inf, 21, np.inf, 0, 5, 80, 2]
    assert (said.starts.tolist(), said.event.tolist()) == ([0, 3], [0, 0, 0, 1, 1, 1, 1])
    assert [each.tolist() for each in rivals_speed.extremes(said, said.named)] == [[18, 0], [25, 80]]

    found = estimate(table)
    assert said.cells == sum(len(found.mass(event)) for event in ("first", "second"))

    one, other = (rivals_speed.said_in(read_reports(part)) for _, part in two_events.groupby("event"))
    joined = one.joined(other)
    assert (joined.starts.tolist(), joined.cells) == (said.starts.tolist(), said.cells)
    assert joined.named.tolist() == said.named.tolist()


def test_the_gumbel_quantiles_are_those_of_scipy() -> None:
    """For several numbers at once: the number itself with .35, else SciPy's Gumbel law around it, nothing below it."""
    reported = np.array([0.0, 1.0, 2.0, 18.0, 240.0, 3_000.0])
    found = rivals_speed.gumbel_quantiles(reported, rivals_speed.SHARES)
    for number, quantiles in zip(reported, found, strict=True):
        for share, quantile in zip(rivals_speed.SHARES, quantiles, strict=True):
            law = stats.gumbel_r(loc=number, scale=0.2 * number + 1.8)
            beyond = law.ppf((share - 0.35) / 0.65) if share > 0.35 else number
            assert quantile == (round(max(beyond, number)) if number else 0)


def test_a_pass_takes_every_exponential() -> None:
    """Of a last piece that is not full only its part is worked out."""
    numbers = np.log([2.0, 3.0, 5.0])
    result = np.zeros(3)
    rivals_speed.exp_pass(2, numbers, result)
    assert result == pytest.approx([2.0, 3.0, 0.0])
    rivals_speed.exp_pass(7, numbers, result)
    assert result == pytest.approx([2.0, 3.0, 5.0])


def test_figures_are_of_processor_time() -> None:
    """Seconds that grow with the power .8 from 100 events on have that exponent; ratios are taken within each turn."""
    times = {
        size: {rivals_speed.ESTIMATE: [Seconds(seconds, 9.0)] * 3}
        for size, seconds in ((1, 3.0), (100, 100**0.8), (1_000, 1_000**0.8))
    }
    (found,) = rivals_speed.exponents(times)
    assert (found.what, found.value) == ("estimate: exponent from 100 to 1,000", pytest.approx(0.8))

    ours, theirs = ([Seconds(each, 9.0) for each in turns] for turns in ((8.0, 6.0, 9_000.0), (2.0, 3.0, 3.0)))
    assert rivals_speed.ratios(ours, theirs) == "4 (2 to 3,000)"
    assert rivals_speed.ratios(ours[:2], theirs[:1]) == "3.5 (3 to 4)"


@pytest.mark.parametrize(
    ("low", "high", "log_toll"),
    [(18.0, 18.0, np.log(17.0)), (18.0, np.inf, np.log(4.0)), (0.0, 0.0, 1.0), (18.0, 20.0, 6.5), (400.0, 400.0, 1.0)],
)
def test_the_model_by_hand_has_normal_errors(low: float, high: float, log_toll: float) -> None:
    """Its probability of a figure is a difference of SciPy's normal distribution functions, far in both tails too."""
    error = 0.3
    below, above = by_hand.log_bounds(np.array([low]), np.array([high]))
    ends: Floats = (np.log([max(low - 0.5, 1e-300), min(high + 0.5, 1e300)]) - log_toll) / error
    nearer = -ends[::-1] if ends.sum() > 0.0 else ends
    expected = np.log(stats.norm.cdf(nearer[1]) - stats.norm.cdf(nearer[0]))
    found = by_hand.log_probability(below, above, log_toll, error).eval(mode="FAST_COMPILE")
    # PyMC's own normal distribution function is off by up to 3e-8 of its logarithm.
    assert found == pytest.approx([expected], rel=1e-7)
