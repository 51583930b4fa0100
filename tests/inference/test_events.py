"""An event stands by itself: its range rests on its own reports and on the profile, whatever else is in the table."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest
from helpers.small_events import small_events
from helpers.tables import MIXED, exactly

from estimates import Estimates, SourceProfile, estimate, read_reports
from estimates.inference.engine import engine_of
from estimates.models import importance
from estimates.profile.profile import DRAWS, published_profile
from estimates.vocabulary import LAYERS

EVENTS = 200

type Draws = Mapping[tuple[str, str, str], np.ndarray]


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return small_events(EVENTS, seed=7)


@pytest.fixture(scope="module")
def together(table: pd.DataFrame) -> Estimates:
    return estimate(table)


def drawn(estimates: Estimates) -> dict[tuple[str, str, str], np.ndarray]:
    """Draws of every case, by event, outcome and layer."""
    return {
        (case.event, case.outcome, layer): estimates.draws(case.event, case.outcome, layer)
        for case in estimates.cases
        for layer in ("documented", "total")
    }


def assert_same(parts: list[Estimates], whole: Estimates, draws: Draws) -> None:
    """Fail unless some estimates say of their events what one estimate of all events does, to the last bit."""
    ranges = pd.concat([part.ranges(layers=LAYERS) for part in parts])
    weighting = pd.concat([part.weighting() for part in parts])
    by = ["event", "outcome", "layer"]
    pd.testing.assert_frame_equal(
        ranges.sort_values(by).reset_index(drop=True),
        whole.ranges(layers=LAYERS).sort_values(by).reset_index(drop=True),
        check_exact=True,
        check_dtype=False,
    )
    pd.testing.assert_frame_equal(
        weighting.sort_values("event").reset_index(drop=True),
        whole.weighting().sort_values("event").reset_index(drop=True),
        check_exact=True,
        check_dtype=False,
    )
    found = {name: values for part in parts for name, values in drawn(part).items()}
    assert found.keys() == draws.keys()
    for name, values in found.items():
        np.testing.assert_array_equal(values, draws[name])


@pytest.fixture(scope="module")
def draws(together: Estimates) -> dict[tuple[str, str, str], np.ndarray]:
    return drawn(together)


@pytest.mark.extended
def test_events_are_estimated_alike_one_by_one(table: pd.DataFrame, together: Estimates, draws: Draws) -> None:
    """Two hundred small events, each in a table of its own: every range, draw and weight is that of all together."""
    assert_same([estimate(rows) for _, rows in table.groupby("event")], together, draws)


def test_an_event_is_estimated_alike_alone(table: pd.DataFrame, together: Estimates) -> None:
    """The ranges of every tenth of them, by the same rule."""
    ranges = together.ranges(layers=LAYERS).groupby("event")
    for event, rows in list(table.groupby("event"))[::10]:
        expected = ranges.get_group(event).reset_index(drop=True)
        alone = estimate(rows).ranges(layers=LAYERS)
        pd.testing.assert_frame_equal(alone, expected, check_exact=True, check_dtype=False)


@pytest.mark.extended
def test_events_are_estimated_alike_in_two_halves(table: pd.DataFrame, together: Estimates, draws: Draws) -> None:
    """The same of the table in two parts, the events dealt out in turn."""
    number = table["event"].astype("category").cat.codes
    assert_same([estimate(table[number % 2 == rest]) for rest in (0, 1)], together, draws)


@pytest.mark.extended
def test_events_are_estimated_alike_in_any_order_of_rows(
    table: pd.DataFrame, together: Estimates, draws: Draws
) -> None:
    """The same of the table with its rows shuffled."""
    assert_same([estimate(table.sample(frac=1.0, random_state=3))], together, draws)


@pytest.mark.extended
def test_a_rich_event_is_estimated_alike_among_others(table: pd.DataFrame) -> None:
    """Words of every kind, two outcomes and unknown ages, alone and among the small events."""
    alone, among = estimate(pd.DataFrame(MIXED)), estimate(pd.concat([table, pd.DataFrame(MIXED)]))
    names = set(alone.ranges()["event"])
    ranges = among.ranges(layers=LAYERS)
    pd.testing.assert_frame_equal(
        alone.ranges(layers=LAYERS),
        ranges[ranges["event"].isin(names)].reset_index(drop=True),
        check_exact=True,
        check_dtype=False,
    )


# Weights --------------------------------------------------------------------------------------------------------------

CONFLICTING = [
    exactly(f"source {index}", number, event="conflict", source_type=kind)
    for index, (number, kind) in enumerate(
        zip(
            (18, 21, 25, 30, 12, 60, 22, 9, 140, 33),
            (
                "government",
                "party",
                "rescue",
                "monitor",
                "un",
                "ngo",
                "health",
                "local_media",
                "security",
                "armed_group",
            ),
            strict=True,
        )
    )
]


def marks_of(rows: list[dict[str, object]]) -> frozenset[str]:
    from estimates.table.marks import event_marks

    return frozenset(event_marks(read_reports(rows).reports).values())


def test_an_event_the_profile_was_learned_from_is_not_used_again() -> None:
    """The same figures must not count twice: all draws weigh the same, for this event and no other."""
    known, new = [exactly("a", 18), exactly("b", 40)], [exactly("a", 6, event="two")]
    base = published_profile(0)
    learned = SourceProfile("learned", 0, base.parameters, learned_from=marks_of(known))
    found = estimate(pd.DataFrame(known + new), profile=learned)
    weighting = found.weighting().set_index("event")
    assert weighting["learned_from"].to_dict() == {"one": True, "two": False}
    assert weighting.loc["one", "effective_draws"] == pytest.approx(base.draws)
    assert weighting.loc["one", "power"] == 0.0
    assert weighting.loc["two", "effective_draws"] < base.draws
    assert found.provenance["events_learned_from"] == 1

    # Its range is the plain mean over the draws of what its figures say.
    (case,) = [case for case in found.cases if case.event == "one"]
    (table,) = engine_of(learned.first(DRAWS)).tables([case])
    np.testing.assert_allclose(found.mass("one")["probability"], table.mass.mean(axis=1), rtol=1e-4, atol=1e-9)
    corrected = estimate(pd.DataFrame([*known, exactly("c", 25)]), profile=learned)
    assert not corrected.weighting()["learned_from"].any()


def test_an_event_takes_more_draws_before_it_takes_a_power() -> None:
    """Where the first thousand draws do not bear the evidence all four thousand are asked; an easy event needs none."""
    profile = published_profile(0, draws=4 * DRAWS)
    rows = [exactly("a", 12, event="easy"), *CONFLICTING]
    found = estimate(pd.DataFrame(rows), profile=profile)
    weighting = found.weighting().set_index("event")
    assert weighting["draws"].to_dict() == {"easy": DRAWS, "conflict": 4 * DRAWS}
    few = estimate(pd.DataFrame(rows), profile=profile.first(DRAWS)).weighting().set_index("event")
    assert few.loc["conflict", "power"] < weighting.loc["conflict", "power"] <= 1.0
    pd.testing.assert_frame_equal(few.loc[["easy"]], weighting.loc[["easy"]])


def test_weights_are_those_of_all_outcomes_of_an_event() -> None:
    """The sum of the log marginal likelihoods of its outcomes, to the largest power the draws bear, by the rule itself."""
    profile = published_profile(0)
    for rows in ([exactly("a", 12), exactly("a", 70, outcome="injured")], CONFLICTING):
        found = estimate(pd.DataFrame(rows), profile=profile)
        logs = sum(table.log_marginal_likelihood for table in engine_of(profile).tables(found.cases))
        weights = importance.from_log_marginal_likelihood(np.asarray(logs))
        row = found.weighting().iloc[0]
        assert row["power"] == round(weights.power, 3)
        assert row["effective_draws"] == round(weights.effective_draws, 1)
        assert row["effective_draws"] >= 100
        for case, table in zip(found.cases, engine_of(profile).tables(found.cases), strict=True):
            np.testing.assert_allclose(
                found.mass(case.event, case.outcome)["probability"], table.mass @ weights.values, rtol=1e-4, atol=1e-9
            )


def test_draws_of_an_event_are_spread_evenly_over_its_range() -> None:
    """A thousand draws at evenly spaced quantiles: their ends are those of the exact range."""
    found = estimate(pd.DataFrame([exactly("a", 18), exactly("b", 40)]))
    for layer, slack in (("by_now", 0), ("documented", 0), ("total", 0.05)):
        draws, row = found.draws("one", layer=layer), found.ranges(layers=(layer,)).iloc[0]
        assert len(draws) == DRAWS
        for name, probability in (("low_80", 0.1), ("median", 0.5), ("high_80", 0.9)):
            quantile = np.quantile(draws, probability, method="inverted_cdf")
            assert quantile == pytest.approx(row[name], abs=1, rel=slack)
