"""Simulated tables: the mechanism agrees with the likelihood that is to be tested with it, and each world is as said.

Oracles: the likelihood itself, which shares no code with the mechanism, by the ranks of the truth in the posteriors
and by how often each form of words is said; and limits in which a parameter decides everything.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from helpers.engine import figure_tables
from helpers.simulations import (
    COMMON,
    EVERYTHING,
    EXACT,
    MIXED,
    TYPES,
    known,
    p_of_uniform,
    predicted,
    ranks,
    words_said,
)
from scipy import stats

from estimates import simulate
from estimates.evaluation.simulation import Simulation
from estimates.models import wording as forms
from estimates.models.grid import make_grid
from estimates.models.wording import NUMERIC_WORDINGS
from estimates.vocabulary import LAYERS


@pytest.mark.extended
@pytest.mark.parametrize(
    "options",
    [
        {"event_type": "airstrike", **EVERYTHING},
        {"event_type": ("flood", "unknown"), "times": (0.5, 0.2, 0.1, 0.1, 0.05, 0.05)},
        {"event_type": "shelling", "outcome": "injured", "wording_of": "report"},
        {"event_type": "flood", "parts": 1.0},
        {"event_type": "flood", "falling": 1.0, "reports_per_event": 4.0},
        {"event_type": "airstrike", "coded": 1.0, "wordings": {"exactly": 1.0}},
        {"event_type": "fire", "named_lists": 1.0, "at_risk": 0.5},
    ],
)
def test_tolls_are_ranked_uniformly_in_their_posteriors(options: dict[str, object]) -> None:
    """To someone who knows all parameters every rank of the true toll is as likely, whatever is said and copied."""
    told = {"wordings": MIXED, "source_types": TYPES, "again": "event", **options}
    simulation = simulate(200, 5, seed=4, profile=known(COMMON), **told)  # type: ignore[arg-type]
    # Two equal draws, since an event of unknown type belongs to either group of growth.
    predictions = predicted(simulation, simulation.known_profile(2), LAYERS)
    rng = np.random.default_rng(1)
    for layer in LAYERS:
        assert p_of_uniform(ranks(predictions, layer, rng)) > 1e-3, layer


@pytest.mark.slow
@pytest.mark.parametrize("form", [*NUMERIC_WORDINGS, "all"])
def test_many_tolls_are_ranked_uniformly_in_their_posteriors(form: str) -> None:
    """The same with ten times the events, every form of words by itself and all in turn."""
    predictions = []
    for seed in range(6):
        simulation = simulate(
            500, 6, seed=seed, profile=known(COMMON), wordings=MIXED if form == "all" else {form: 1.0},
            event_type=("airstrike", "earthquake", "unknown"), source_types=TYPES, again="event", **EVERYTHING,
        )  # fmt: skip
        predictions.append(predicted(simulation, simulation.known_profile(2), LAYERS))
    rng = np.random.default_rng(1)
    for layer in LAYERS:
        assert p_of_uniform(ranks(pd.concat(predictions), layer, rng)) > 1e-3, layer


WRONG = {
    "growth": {f"complete_logit.ordinary.{step}": 5.0 for step in range(5)},
    "bias": {"bias.international_media": 0.6},
    "remainder": {"kappa": 3.0},
    "none": {"none_stated": 0.01},
    "shared error": {"shared_error_base": 1.0},
    "groups": {"whole_group": 0.02},
}


@pytest.mark.extended
def test_truth_tells_when_the_parameters_are_others() -> None:
    """True tolls are less probable to someone who is wrong about one parameter, and of gross faults ranks tell too."""
    simulation = simulate(
        800, 2, seed=6, profile=known(COMMON), times=(0.8, 0, 0, 0, 0, 0.2), parts=1.0, reports_per_event=1.0,
        source_types=("international_media",), again="event",
    )  # fmt: skip
    truth = simulation.known_profile()
    right = predicted(simulation, truth, ("total",))
    p_values = {}
    for name, changes in WRONG.items():
        parameters = {**truth.parameters, **{changed: np.array([value]) for changed, value in changes.items()}}
        wrong = predicted(simulation, replace(truth, parameters=parameters), ("total",))
        gain = np.log(right["at"]) - np.log(wrong["at"])
        assert gain.mean() > 2 * gain.std() / np.sqrt(len(gain)), name
        p_values[name] = p_of_uniform(ranks(wrong, "total", np.random.default_rng(1)))
    assert p_values["growth"] < 1e-3
    assert p_values["remainder"] < 1e-3


@pytest.mark.extended
@pytest.mark.parametrize("form", NUMERIC_WORDINGS)
def test_words_are_said_as_often_as_the_likelihood_says(form: str) -> None:
    """Every word of a form is said with the likelihood's probability, or the same share of it for every number held."""
    profile = known(
        {"phantom": 0.3, "none_stated": 0.4, "none_coded": 0.6, "none_fall": 0.4, "exactness": -1.0, "heaping": 0.7}
    )
    # One source that speaks once of each event, a month later.
    simulation = simulate(
        800, 1, seed=8, profile=profile, reports_per_event=1.0, times=(0, 0, 0, 0, 0, 1), wordings={form: 1.0}
    )
    assert_said_as_expected(simulation, form)


@pytest.mark.extended
@pytest.mark.parametrize("source_type", ["monitor", "government"])
def test_none_is_said_by_whom_and_how_as_often_as_the_likelihood_says(source_type: str) -> None:
    """In a column of bare numbers zeros are as frequent as the likelihood says, and a party's do not fall with the toll."""
    profile = known({"phantom": 0.3, "none_coded": 0.6, "none_party": 0.5, "none_fall": 0.4, "exactness": -1.0})
    simulation = simulate(
        800, 1, seed=8, profile=profile, reports_per_event=1.0, times=(0, 0, 0, 0, 0, 1), wordings={"exactly": 1.0},
        source_types=(source_type,), coded=1.0,
    )  # fmt: skip
    assert_said_as_expected(simulation, "exactly", "party" if source_type == "government" else "coded")


@pytest.mark.slow
@pytest.mark.parametrize("form", NUMERIC_WORDINGS)
def test_words_of_many_events_are_said_as_often_as_the_likelihood_says(form: str) -> None:
    """The same with twenty times the events."""
    profile = known(
        {"phantom": 0.3, "none_stated": 0.4, "none_coded": 0.6, "none_fall": 0.4, "exactness": -1.0, "scale": 0.6}
    )
    simulation = simulate(
        30_000, 1, seed=9, profile=profile, reports_per_event=1.0, times=(0, 0, 0, 0, 0, 1), wordings={form: 1.0}
    )
    assert_said_as_expected(simulation, form)


def assert_said_as_expected(simulation: Simulation, form: str, kind: str = "stated") -> None:
    """Compare how often each word is said with the likelihood summed over the events' counts."""
    said = words_said(simulation)["said"].value_counts()
    grid = make_grid([edge for words in said.index for edge in forms.jumps(words)])
    source = simulation.sources.iloc[0]
    law = simulation.drawn_from.reporting(source["source"], source["source_type"], source["affiliation"])
    counts = np.bincount(np.searchsorted(grid.start, simulation.truth["accounts"], side="right") - 1)

    # One over the greatest sum of the likelihood over all words; ranges choose their width first.
    share = {"about": 3 / 5, "nearly": 2 / 3, "range": 1 / 5}.get(form, 1.0)
    own = [words for words in said.index if words.wording in (form, "none")]
    read = [forms.none(kind) if words.wording == "none" else words for words in own]
    gives_number = 1.0 - figure_tables([forms.none(kind)], law, grid)[0, : len(counts), 0]
    expected = np.array([
        float(table @ counts if words.wording == "none" else share * (table * gives_number) @ counts)
        for words, table in zip(read, figure_tables(read, law, grid)[:, : len(counts), 0], strict=True)
    ])  # fmt: skip

    observed = said[own].to_numpy()[expected >= 10]
    expected = expected[expected >= 10]
    # All other words together.
    observed, expected = (np.append(found, said.sum() - found.sum()) for found in (observed, expected))
    assert len(expected) > 4
    assert stats.chi2(len(expected) - 1).sf(((observed - expected) ** 2 / expected).sum()) > 1e-4


# Limits


def test_exact_sources_say_what_is_documentable_at_the_time() -> None:
    """Sources that never err say the toll documentable in their own age bin, and none where it is zero."""
    simulation = simulate(
        100, 5, seed=3, profile=known({**EXACT, "copying": 1e-12, "repeating": 1e-12}), wordings={"exactly": 1}
    )
    table = words_said(simulation)
    truth = simulation.truth.set_index("event")
    columns = ["by_day_1", "by_day_2", "by_day_3", "by_day_7", "by_day_30", "accounts"]
    expected = [truth.loc[event, columns[b]] for event, b in zip(table["event"], table["bin"], strict=True)]
    assert table["low"].fillna(0).astype(int).tolist() == expected
    assert len(set(expected)) > 10


def test_sources_that_always_repeat_or_copy_never_say_another_thing() -> None:
    """With certain repeats a source says one thing of an event; with certain copies all sources do."""
    certain = 1.0 - 1e-12
    repeated = words_said(simulate(60, 3, seed=3, profile=known({"copying": 0.1, "repeating": certain})))
    assert repeated.groupby(["event", "source"])["said"].nunique().max() == 1
    assert repeated.groupby("event")["said"].nunique().max() > 1
    copied = words_said(simulate(60, 9, seed=3, profile=known({"copying": certain, "repeating": certain})))
    assert copied.groupby("event")["said"].nunique().max() == 1


def test_warnings_that_the_number_will_rise_come_with_later_growth() -> None:
    """Where the latest figures are said to rise the final toll exceeds what was documentable by then more often."""
    steps = {f"complete_logit.ordinary.{step}": 4.0 for step in range(5)}
    profile = known({**steps, "rising": 12.0, "over_share.ordinary": 1e-9, "shared_error": 0.0})
    simulation = simulate(500, 4, seed=2, profile=profile, times=(1, 0, 0, 0, 0, 0))
    warned = simulation.table.groupby("event")["provisional"].any()
    truth = simulation.truth.set_index("event").query("documented > 1")
    grew = truth["documented"] > truth["by_now"]
    assert grew[warned[truth.index]].mean() > 0.98
    assert grew[~warned[truth.index]].mean() < 0.4
