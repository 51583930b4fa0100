"""Copies and updates: the closed form is the sum over all orders and choices."""

from __future__ import annotations

from itertools import permutations, product

import numpy as np
import pytest
from helpers.engine import probability_said
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from estimates.models import copying
from estimates.models.event import Observations, Statement
from estimates.models.wording import Words

RNG = np.random.default_rng(20200115)


#: Numbers that stand for what is said.
NUMBERS = {"x": 1, "y": 2, "z": 3}


def exactly(number: int) -> Words:
    return Words("exactly", number, number)


def test_copying_twin() -> None:
    """The share of sequences in which sources say given numbers is the product of the copying factors."""
    c, chance = 0.4, np.array([0.5, 0.3, 0.2])
    counts: dict[tuple[int, ...], int] = {}
    for _ in range(20_000):
        said = tuple(copying.simulate(RNG, RNG.choice(3, 4, p=chance).tolist(), c))
        counts[said] = counts.get(said, 0) + 1
    chances = dict(zip(NUMBERS.values(), chance.tolist(), strict=True))
    expected = [
        20_000
        * probability_said([Statement(0, place, place, exactly(number + 1)) for place, number in enumerate(said)],
                           [c] * 4, 0.5, chances)
        for said in counts
    ]  # fmt: skip
    assert len(counts) == 81
    assert np.sum(expected) == pytest.approx(20_000)
    assert stats.chisquare(list(counts.values()), expected).pvalue > 1e-4


type Told = list[tuple[str, int, str]]  # who speaks, when, and what is said

CHANCE = {"x": 0.5, "y": 0.3, "z": 0.2}


def by_formula(told: Told, readiness: dict[str, float], repeating: float) -> float:
    """Probability of what is told by the factors of the loops."""
    names = list(dict.fromkeys(source for source, _, _ in told))
    statements = [Statement(0, time, names.index(source), exactly(NUMBERS[said])) for source, time, said in told]
    chances = {NUMBERS[words]: chance for words, chance in CHANCE.items()}
    return probability_said(statements, [readiness[name] for name in names], repeating, chances)


def by_histories(told: Told, readiness: dict[str, float], repeating: float) -> float:
    """The same by the mechanism: every order of those who first speak together, every one whom each might copy.

    Whoever is ready to copy by ``c`` weighs each source heard by ``c`` and a number of its own by ``1 - c``.
    """
    stands: dict[str, str] = {}  # what each source says by now
    probability = 1.0
    for now in sorted({time for _, time, _ in told}):
        speaking = {source: words for source, time, words in told if time == now}
        firsts = [source for source in speaking if source not in stands]

        for source in speaking.keys() - firsts:
            c, heard = readiness[source], [words for other, words in stands.items() if other != source]
            ways = [((1 - c) * CHANCE[speaking[source]], speaking[source]), *((c, words) for words in heard)]
            anew = sum(way for way, words in ways if words == speaking[source]) / (1 - c + c * len(heard))
            probability *= repeating * (stands[source] == speaking[source]) + (1 - repeating) * anew

        if firsts:
            c = sum(readiness[source] for source in firsts) / len(firsts)
            orders = list(permutations(firsts))
            probability *= sum(in_order(order, stands, speaking, c) for order in orders) / len(orders)
        stands |= speaking
    return probability


def in_order(order: tuple[str, ...], stands: dict[str, str], speaking: dict[str, str], c: float) -> float:
    """Probability of first statements in one order, summed over all choices of whom to copy, None for nobody."""
    heard = {**stands, **{source: speaking[source] for source in order}}
    names = list(heard)
    total = 0.0
    for choices in product(*([None, *names[: len(stands) + i]] for i in range(len(order)))):
        chance = 1.0
        for i, (source, choice) in enumerate(zip(order, choices, strict=True)):
            n = len(stands) + i
            own = (1 - c) / (1 - c + c * n)
            if choice is None:
                chance *= own * CHANCE[speaking[source]]
            else:
                chance *= (1 - own) / n * (heard[choice] == speaking[source])
        total += chance
    return total


TOLD: dict[str, Told] = {
    "alone": [("a", 0, "x")],
    "in turn": [("a", 0, "x"), ("b", 1, "y"), ("c", 2, "x"), ("d", 3, "x")],
    "tied": [(source, 0, words) for source, words in zip("abcdef", "xxyxzy", strict=True)],
    "tied after others": [("a", 0, "x"), ("b", 1, "y"), *((source, 2, "x") for source in "cde"), ("f", 2, "y")],
    "updates": [("a", 0, "x"), ("a", 1, "x"), ("b", 2, "x"), ("a", 3, "y"), ("b", 4, "y")],
    "updates tied with firsts": [("a", 0, "x"), ("b", 0, "y"), ("a", 1, "y"), ("c", 1, "y"), ("d", 1, "y"), ("e", 2, "y")],
}  # fmt: skip


@pytest.mark.parametrize("name", TOLD)
def test_copies_are_the_sum_over_all_orders_and_choices(name: str) -> None:
    """The closed form equals writing out who may have spoken first and whom each may have copied."""
    readiness = dict(zip("abcdef", (0.1, 0.35, 0.5, 0.2, 0.8, 0.6), strict=True))
    expected = by_histories(TOLD[name], readiness, 0.4)
    assert by_formula(TOLD[name], readiness, 0.4) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("times", [(0, 1, 2, 3), (0, 0, 0, 0), (0, 1, 1, 1), (0, 0, 1, 1)])
def test_all_that_may_be_said_adds_up_to_one(times: tuple[int, ...]) -> None:
    """Four sources, or two that speak twice: the probabilities of everything they could say add up to one."""
    for sources in ("abcd", "abab"):
        if len(set(zip(sources, times, strict=True))) < len(times):
            continue  # a source says one thing at a time
        readiness = dict(zip("abcd", (0.1, 0.35, 0.5, 0.8), strict=True))
        total = sum(
            by_formula(list(zip(sources, times, said, strict=True)), readiness, 0.4)
            for said in product(CHANCE, repeat=len(times))
        )
        assert total == pytest.approx(1.0, rel=1e-12)


#: Statements of few sources that say little, so that many of them are of one shape and none of the same words.
SAID = st.builds(
    Statement,
    st.just(0),
    st.integers(0, 2),
    st.integers(0, 3),
    st.sampled_from([exactly(1), exactly(7), Words("none", word="party"), Words("none", word="coded")]),
    st.booleans(),
)


@given(first=st.lists(SAID, max_size=12), others=st.permutations(range(4)), independent=st.booleans())
def test_a_plan_that_is_kept_is_that_of_its_statements(
    first: list[Statement], others: list[int], independent: bool
) -> None:
    """Events of one shape share a plan, which is the one worked out from what each of them says and who says it."""
    second = [Statement(0, each.place, others[each.source], each.words, each.withdrawn) for each in first]
    for statements in (first, second):
        plan = copying.plan(
            [each.source for each in statements],
            ["none" if each.words.wording == "none" else each.words for each in statements],
            [10 * each.place - each.withdrawn for each in statements],
            [0] * len(statements),
            independent=independent,
        )
        assert Observations(tuple(statements), independent=independent).plan == plan
