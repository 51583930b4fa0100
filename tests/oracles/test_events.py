"""The brute-force oracle itself, against what is simpler still: whole events."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import permutations, product

import numpy as np
import pytest
from oracles.brute_force import (
    FINAL,
    SILENT,
    Figure,
    Group,
    Known,
    Parameters,
    Step,
    log_marginal_likelihood,
    number_given,
    part_factor,
    posterior,
    probability_of_growth,
    scenarios,
    size_prior,
    statement_likelihood,
)
from oracles.figures import CERTAIN, NUMERIC, name

PLAIN = Parameters()

SMALL = (
    Figure("A", "at_least", low=2, bin=0, place=0),
    Figure("B", "none", bin=0, place=0, kind="coded", early=True),
    Figure("C", "about", low=3, bin=1, place=1),
    Figure("A", "exactly", low=3, bin=1, place=1),
    Figure("D", "no_comment", bin=1, place=1),
    Figure("list", "named", low=2, bin=2, place=2),
    Figure("B", "vague", word="few", bin=3, place=3),
)


SOLDIERS = Figure("D", "exactly", low=3, bin=1, place=1, kind="party")
KNOWN = Known(groups=(Group((SOLDIERS,), 1),), at_risk=4, falling=(1,), distance=0.3)


def test_an_event_is_the_sum_over_all_its_histories() -> None:
    """Evidence, count of the end, count by now and their order equal sums over every list of six counts up to 5."""
    cap, histories = 5, {}
    parameters = replace(PLAIN, complete_logit=(1.0, 0.5, 0.0, 1.5, 2.0), shape=(3.0, 2.0, 1.0, 4.0, 0.7))
    found = scenarios(
        [figure for figure in SMALL if figure.is_statement],
        parameters,
        lambda figure: np.array([statement_likelihood(figure, parameters, c) for c in range(cap + 1)]),
    )
    rows = [Step(parameters, j, cap, rising=j >= 3, falling=j == 1).matrix for j in range(FINAL)]
    # Of five soldiers: everybody, or some.
    soldiers = [
        statement_likelihood(SOLDIERS, parameters, m) * number_given("party", parameters, m) for m in range(cap + 1)
    ]
    of_group = part_factor(np.array(soldiers), parameters.whole_group)
    for counts in product(range(cap + 1), repeat=FINAL + 1):
        chance = size_prior(parameters, cap)[counts[FINAL]]
        chance *= math.prod(rows[j][counts[j + 1]][counts[j]] for j in range(FINAL))
        chance *= math.fsum(
            scenario.weight * math.prod(scenario.likelihood[j, counts[j]] for j in range(FINAL + 1))
            for scenario in found
        )
        # No count is below the names that are known by then, nor above the people at risk.
        possible = all(counts[j] >= 2 for j in range(2, FINAL + 1)) and max(counts) <= 4
        chance *= math.prod(number_given("stated", parameters, counts[FINAL]) for _ in "ABC")
        histories[counts] = chance * possible * of_group[counts[1]]

    observations = math.fsum(histories.values())
    assert log_marginal_likelihood(parameters, SMALL, cap, rising=True, known=KNOWN) == pytest.approx(
        math.log(observations), abs=1e-12
    )
    laws = posterior(parameters, SMALL, cap, rising=True, known=KNOWN)
    for law, position in (("in_the_end", 5), ("now", 3)):
        expected = np.zeros(cap + 1)
        for counts, chance in histories.items():
            expected[counts[position]] += chance / observations
        assert laws[law] == pytest.approx(expected, rel=1e-10)

    grown = math.fsum(chance for counts, chance in histories.items() if counts[3] > counts[FINAL])
    found = probability_of_growth(parameters, SMALL, cap, rising=True, known=KNOWN)
    assert found == pytest.approx(grown / observations, rel=1e-10)


def test_figures_tied_across_bins_average_whole_events() -> None:
    """Where tied figures lie in different bins, the evidence is the average over orders of whole events."""
    tied = [Figure("A", "exactly", low=4, bin=0), Figure("B", "exactly", low=4, bin=3), Figure("C", "none", bin=3)]
    in_turn = [
        math.exp(log_marginal_likelihood(PLAIN, [replace(figure, place=k) for k, figure in enumerate(order)], 30))
        for order in permutations(tied)
    ]
    assert log_marginal_likelihood(PLAIN, tied, 30) == pytest.approx(math.log(np.mean(in_turn)), abs=1e-12)


def test_the_order_of_rows_changes_nothing() -> None:
    """Shuffling the figures of an event leaves its evidence alone."""
    expected = log_marginal_likelihood(PLAIN, SMALL, 30)
    for seed in range(5):
        shuffled = [SMALL[i] for i in np.random.default_rng(seed).permutation(len(SMALL))]
        assert log_marginal_likelihood(PLAIN, shuffled, 30) == pytest.approx(expected, abs=1e-12)


def test_silence_says_nothing() -> None:
    """No figures at all have evidence one, and so have silences in any bin."""
    silent = [Figure("A", wording, bin=place) for wording in SILENT for place in (0, FINAL)]
    assert log_marginal_likelihood(PLAIN, [], 100) == pytest.approx(0, abs=1e-12)
    assert log_marginal_likelihood(PLAIN, silent, 100) == pytest.approx(0, abs=1e-12)
    assert posterior(PLAIN, silent, 100)["in_the_end"] == pytest.approx(size_prior(PLAIN, 100))


@pytest.mark.extended
@pytest.mark.parametrize("figure", NUMERIC, ids=name)
def test_every_form_pulls_the_toll_towards_its_number(figure: Figure) -> None:
    """After one figure near twenty (ten for "several") tolls of its size have gained on smaller and on larger ones."""
    prior = size_prior(PLAIN, 300)
    gain = posterior(PLAIN, [figure], 300)["documented"] / prior
    near = gain[8] if figure.wording == "vague" else gain[20]
    assert near > 10 * gain[2] or figure.wording == "vague"
    assert near > 5 * gain[0]
    assert near > 10 * gain[300]


def test_will_rise_weakens_the_steps_after_the_latest_number_only() -> None:
    """A rising figure acts like a lower complete_logit from its bin on, whatever is said there without a number."""
    figures = [Figure("A", "at_least", low=5, bin=2), Figure("B", "none", bin=3, place=1)]
    lower = replace(PLAIN, complete_logit=(1.0, 1.0, 0.3, 0.3, 0.3))
    rising = log_marginal_likelihood(PLAIN, figures, 60, rising=True)
    assert rising == pytest.approx(log_marginal_likelihood(lower, figures, 60), abs=1e-12)
    assert rising != pytest.approx(log_marginal_likelihood(PLAIN, figures, 60), abs=1e-3)


def test_the_toll_by_now_is_the_final_toll_where_the_latest_figure_is_final() -> None:
    """With a figure in the last bin nothing is left to be documented."""
    laws = posterior(PLAIN, [*SMALL, Figure("C", "exactly", low=4, bin=FINAL, place=9)], 40)
    assert laws["by_now"] == pytest.approx(laws["documented"], rel=1e-12)


def test_now_is_the_bin_of_the_latest_figure_even_if_it_says_nothing() -> None:
    """A refusal to comment on day five asks what was documented by then; no figures at all ask for the final toll."""
    early = Figure("A", "exactly", low=5, bin=1)
    now = posterior(PLAIN, [early], 60)
    later = posterior(PLAIN, [early, Figure("B", "no_comment", bin=3, place=1)], 60)
    assert later["documented"] == pytest.approx(now["documented"])
    assert np.arange(61) @ later["by_now"] > np.arange(61) @ now["by_now"] + 0.01
    nothing = posterior(PLAIN, [], 60)
    assert nothing["by_now"] == pytest.approx(nothing["documented"])


def test_impossible_figures_are_told_apart_from_unlikely_ones() -> None:
    """Evidence zero is minus infinity, and a posterior is refused with the mend."""
    parameters = replace(CERTAIN, phantom=0.0)
    figures = [Figure("A", "exactly", low=50)]
    assert log_marginal_likelihood(parameters, figures, 20) == -math.inf
    with pytest.raises(ValueError, match="raise the cap"):
        posterior(parameters, figures, 20)


@pytest.mark.parametrize(
    ("figures", "message"),
    [
        ([Figure("A", "none", bin=1), Figure("A", "exactly", low=3, bin=1, place=1)], "more than one statement"),
        ([Figure("A", "exactly", low=3, bin=0), Figure("A", "exactly", low=3, bin=1)], "different places"),
        ([Figure("A", "named", low=3), Figure("B", "named", low=4)], "more than one floor"),
        ([Figure("A", "exactly", low=3, bin=6)], "bin must be 0 to 5"),
        ([Figure("A", "vague", word="oodles")], "choose from"),
        ([Figure("A", "at_least", low=3, high=5)], "needs one number"),
        ([Figure("A", "range", low=5, high=3)], "low <= high"),
        ([Figure("A", "exactly", low=0)], "at least 1"),
        ([Figure("A", "perhaps", low=3)], "unknown"),
    ],
)
def test_figures_that_break_the_rules_are_refused(figures: list[Figure], message: str) -> None:
    """The yardstick measures nothing that the law does not define."""
    with pytest.raises(ValueError, match=message):
        log_marginal_likelihood(PLAIN, figures, 20)


# What is known beside the figures --------------------------------------------------------------------------------------


def test_what_was_withdrawn_can_have_been_copied_and_says_nothing() -> None:
    """Alone it changes nothing, however large; another source's equal figure of its moment or later may be its copy."""
    taken_back = Figure("A", "exactly", low=40, bin=0, withdrawn=True)
    assert log_marginal_likelihood(PLAIN, [taken_back], 60) == pytest.approx(0, abs=1e-12)
    for place in (0, 1):
        same = Figure("B", "exactly", low=40, bin=0, place=place)
        alone = posterior(PLAIN, [same], 60)["in_the_end"]
        after = posterior(PLAIN, [taken_back, same], 60)["in_the_end"]
        assert size_prior(PLAIN, 60)[40] < after[40] < alone[40]


def test_where_nobody_copies_the_order_of_sources_says_nothing() -> None:
    """Independent figures multiply, whatever their order; only repeats of a source's own remain."""
    figures = [Figure("A", "exactly", low=7, bin=FINAL, place=0), Figure("B", "exactly", low=7, bin=FINAL, place=1)]
    law = size_prior(PLAIN, 40)
    for figure in figures:
        law = law * [statement_likelihood(figure, PLAIN, c) * number_given("stated", PLAIN, c) for c in range(41)]
    found = posterior(PLAIN, figures, 40, known=Known(independent=True))["in_the_end"]
    assert found == pytest.approx(law / law.sum(), rel=1e-12)


def test_counts_that_are_known_are_what_they_are() -> None:
    """Of two counted bins the evidence is the size of the last and the growth between."""
    known = Known(counted=((1, 3), (FINAL, 7)))
    rows = [Step(PLAIN, j, 20).matrix for j in range(1, FINAL)]
    expected = (size_prior(PLAIN, 20) * np.eye(21)[7]) @ rows[3] @ rows[2] @ rows[1] @ rows[0]
    assert log_marginal_likelihood(PLAIN, [], 20, known=known) == pytest.approx(math.log(expected[3]), rel=1e-12)


@pytest.mark.parametrize("toll", [(6, 6), (5, 9), (8, None)])
def test_a_verified_toll_weighs_what_the_accounts_hold(toll: tuple[int, int | None]) -> None:
    """Its probability is that of the adjudicated toll to lie there, given what is said."""
    figures = [Figure("A", "exactly", low=7, bin=3), Figure("names", "named", low=5, bin=3)]
    known = Known(distance=0.4, at_risk=20)
    law = posterior(PLAIN, figures, 40, known=known)["documented"]
    without = log_marginal_likelihood(PLAIN, figures, 40, known=known)
    found = log_marginal_likelihood(PLAIN, figures, 40, known=replace(known, toll=toll))
    low, high = toll
    assert math.exp(found - without) == pytest.approx(law[low : None if high is None else high + 1].sum(), rel=1e-9)
