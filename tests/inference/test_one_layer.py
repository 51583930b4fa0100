"""People displaced: no growth, nobody who is never documented, and so one range wherever a layer is asked for."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from helpers.claims import figures_of, one_law, parameters_of
from helpers.tables import exactly, report
from oracles import brute_force
from oracles.brute_force import Known

from estimates import Estimates, estimate, read_reports
from estimates.cli.screen import estimates_table
from estimates.document.document import render_html, render_markdown
from estimates.evaluation.simulation import simulate
from estimates.fitting.training import training_data
from estimates.inference.engine import engine_of
from estimates.inference.undocumented import UndocumentedLayer
from estimates.models.corpus.likelihood import Corpus
from estimates.models.parameters import GROWTH_PARAMETERS, STEP_PARAMETERS
from estimates.profile.effects import layout_of
from estimates.vocabulary import LAYERS, WHY_ONE_LAYER

#: Three sources, one of which raises its figure on the third day; the last speaks two months later.
ROWS = [
    exactly("a", 9),
    exactly("b", 14, reported_at="2020-01-17", provisional=True),
    exactly("a", 11, reported_at="2020-01-18"),
    exactly("c", 12, reported_at="2020-03-20"),
]
#: The largest number in the sums.
CAP = 150
#: So sure is a toll to be complete that no step changes it.
NO_GROWTH = (1_000.0,) * 5


def of(outcome: str, rows: list[dict[str, Any]] = ROWS) -> list[dict[str, Any]]:
    """The rows of an earthquake, of which tolls grow a good deal, with one outcome."""
    return [{**row, "outcome": outcome, "event_type": "earthquake"} for row in rows]


@cache
def displaced() -> Estimates:
    """The estimate of people displaced, under one law."""
    return estimate(of("displaced"), profile=one_law())


def test_people_displaced_are_estimated_as_brute_force_does_without_growth() -> None:
    """Three sources' newest figures of any age are of one count: the sum over every integer with no growth at all.

    In the sum each figure stands in its own age bin, and no step changes a count, so that nothing tells it that the
    package puts them in one bin.
    """
    (case,) = displaced().cases
    bins = {"0": 3, "1": 2, "2": 5}  # after 3 days, after 2 and after 65
    figures = [replace(figure, bin=bins[figure.source]) for figure in figures_of(case)]
    assert sorted(figure.number for figure in figures) == [11, 12, 14]

    logs = np.log([11, 12, 14])
    known = Known(distance=float(np.mean(np.abs(logs - np.median(logs)))))
    parameters = replace(parameters_of(one_law(), case), complete_logit=NO_GROWTH)
    laws = brute_force.posterior(parameters, figures, CAP, known=known)
    assert laws["by_now"] == pytest.approx(laws["documented"], abs=1e-12)

    (table,) = engine_of(one_law()).tables([case])
    # The sum has no toll above its cap, of which the law of sizes has some.
    beyond = (1 + CAP / parameters.size_scale) ** -parameters.size_shape
    expected = brute_force.log_marginal_likelihood(parameters, figures, CAP, known=known) + np.log1p(-beyond)
    assert table.log_marginal_likelihood == pytest.approx(expected, abs=2e-4)
    for layer in LAYERS:
        mass = displaced().mass("one", "displaced", layer)
        singles = mass[(mass["width"] == 1) & (mass["count"] <= 40)]
        assert len(singles) > 30
        assert singles["probability"].to_numpy() == pytest.approx(laws["documented"][singles["count"]], abs=2e-5)


def test_of_people_killed_the_same_figures_leave_three_ranges() -> None:
    """The laws that are left out move the dead: by now below the end, the full toll above it."""
    ranges = estimate(of("killed", ROWS[:3]), profile=one_law()).ranges((80,), LAYERS)
    assert ranges["high_80"].is_monotonic_increasing
    assert ranges["high_80"].nunique() == 3


@pytest.mark.parametrize(
    "layer",
    [
        pytest.param("elicited", marks=pytest.mark.extended, id="elicited"),
        pytest.param(UndocumentedLayer.analyst({0.5: 2.0, 0.9: 5.0}), id="analyst"),
    ],
)
def test_every_question_has_one_answer_whatever_layer_is_asked_for(layer: UndocumentedLayer | str) -> None:
    """Ranges, probabilities, draws, histories, influences, variances, pulls and totals are equal to the last bit."""
    two = [*of("displaced"), *({**row, "event": "two"} for row in of("displaced", ROWS[:2]))]
    found = estimate(two, profile=one_law(), undocumented=layer)

    ranges = found.ranges(layers=LAYERS).drop(columns="layer").drop_duplicates()
    assert len(ranges) == 2
    for one in ("by_now", "total"):
        assert (found.draws("one", "displaced", one) == found.draws("one", "displaced")).all()
        assert found.mass("one", "displaced", one).equals(found.mass("one", "displaced"))
        chance = found.probability("displaced", at_least=12, layer=one)
        assert chance.tolist() == found.probability("displaced", at_least=12).tolist()
    assert found.joint_draws(outcome="displaced").equals(found.joint_draws(outcome="displaced", layer="total"))

    history = found.history(outcome="displaced")
    for name in ("median", "low_80", "high_80", "low_95", "high_95"):
        assert (history[f"by_now_{name}"] == history[f"documented_{name}"]).all()
        assert (history[f"total_{name}"] == history[f"documented_{name}"]).all()

    total = found.total("displaced")
    assert len(total[total["accounts"] == "common"][["median", "low_80", "high_80"]].drop_duplicates()) == 1
    for table in (found.influence(), found.decompose(), found.sensitivity()):
        equal_by_layer(table)
    assert set(found.sensitivity()["how"]) == {"as estimated", "power"}


def equal_by_layer(table: pd.DataFrame) -> None:
    documented, full = (
        table[table["layer"] == layer].drop(columns="layer").reset_index(drop=True) for layer in ("documented", "total")
    )
    pd.testing.assert_frame_equal(documented, full, check_exact=True)


def test_what_bears_on_growth_moves_nothing() -> None:
    """Neither the type of event, nor when figures were given, nor that a number will rise, nor the strength of kappa."""
    first = displaced().ranges(layers=LAYERS)
    plain = [{**row, "provisional": None, "event_type": "airstrike", "chosen": True} for row in of("displaced")]
    assert estimate(plain, profile=one_law()).ranges(layers=LAYERS).equals(first)
    undated = [{**row, "event_date": None} for row in of("displaced")]
    assert estimate(undated, profile=one_law()).ranges(layers=LAYERS).equals(first)

    law = one_law()
    stronger = replace(law, parameters={**law.parameters, "kappa": 3.0 * law.parameters["kappa"]})
    assert estimate(of("displaced"), profile=stronger).ranges(layers=LAYERS).equals(first)


def test_a_source_that_lowers_its_figure_stands_by_the_newest() -> None:
    """People return: 300 that become 40 are read as 40 alone, which of the dead would be a fall of the count."""
    fell = [exactly("a", 300), exactly("a", 40, reported_at="2020-01-20"), exactly("b", 45)]
    alone = estimate(of("displaced", fell[1:]), profile=one_law()).ranges()
    assert estimate(of("displaced", fell), profile=one_law()).ranges().equals(alone)


def test_where_nobody_gives_a_figure_the_prior_has_one_range_too() -> None:
    """Without figures the layers of the dead differ by growth; those of people displaced do not."""
    rows = [report("a", "no_comment"), report("b", "not_confirmed")]
    ranges = estimate(of("displaced", rows), profile=one_law(), as_of="2020-01-15").ranges(layers=LAYERS)
    assert len(ranges.drop(columns="layer").drop_duplicates()) == 1


def test_a_fit_learns_nothing_of_growth_from_people_displaced() -> None:
    """No parameter of growth enters the likelihood of their figures; of the same figures of the dead all steps do."""
    idle = {}
    for outcome in ("displaced", "killed"):
        training = training_data(read_reports(of(outcome)))
        layout = layout_of(training.sources, training.size_laws, training.growth_laws)
        idle[outcome] = Corpus(training.events, layout).idle
    assert {*STEP_PARAMETERS, *GROWTH_PARAMETERS} <= idle["displaced"]
    assert not {*STEP_PARAMETERS} & idle["killed"]


def test_simulated_people_displaced_have_one_number() -> None:
    """The twin's counts are the same at every age, and the full toll is the documented one."""
    truth = simulate(events=30, seed=3, outcome="displaced", event_type="earthquake").truth
    of_dead = simulate(events=30, seed=3, outcome="killed", event_type="earthquake").truth
    counts = [name for name in truth if name.startswith("by_day_")]
    assert all((truth[name] == truth["accounts"]).all() for name in counts)
    assert (truth["total"] == truth["documented"]).all()
    assert (truth["by_now"] == truth["documented"]).all()
    assert (of_dead["total"] > of_dead["documented"]).any()


def test_a_claim_of_people_displaced_needs_neither_growth_nor_the_undocumented() -> None:
    """Only sources and a shared error can explain it; it is put to one layer, and it is said why."""
    claim = displaced().claim("one", "500", "displaced")
    assert {need.what for need in claim.needs} == {"sources", "shared_error"}
    assert claim.undocumented == "none"
    assert "documented by now" not in str(claim)
    assert "full toll" not in str(claim)
    assert claim.sentences[-1] == WHY_ONE_LAYER


def test_readers_see_one_range_and_why() -> None:
    """On the screen, the page and in Markdown there is one row, called estimate, and the sentence; no other layer."""
    screen = estimates_table(displaced())
    assert " ".join(screen.split()).endswith(WHY_ONE_LAYER)
    assert sum(line.strip().startswith(("documented", "full")) for line in screen.splitlines()) == 0

    markdown, page = render_markdown(displaced()), render_html(displaced())
    rows = [line.split("|")[1].strip() for line in markdown.splitlines() if line.startswith("|")]
    assert rows.count("estimate") == 2  # of the ranges and of the probabilities
    assert not {"documented by now", "documented in the end", "full toll"} & {*rows}
    for text in (markdown, page):
        assert WHY_ONE_LAYER in text.replace("\\", "")
    assert "Documented by then" not in page
    assert "dashed: full toll" not in page
