"""The yardstick is itself measured: against sums, lists and draws that are simpler still."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations, product

import numpy as np
import pytest
from oracles.brute_force import (
    FINAL,
    SILENT,
    Array,
    Figure,
    Parameters,
    Step,
    error_tails,
    is_round,
    log_marginal_likelihood,
    number_probability,
    posterior,
    remainder,
    scenarios,
    size_prior,
    statement_likelihood,
    total_law,
    vague_windows,
    window,
)

from estimates.models.wording import VAGUE_WORDS

PLAIN = Parameters()
LOW = Parameters(bias=-0.2, scale=0.5)
#: Sources that hold the toll exactly, so that a form's likelihood at C is P(words | K = C), and sources that never do.
CERTAIN = Parameters(exactness=1000.0)
NEVER_EXACT = Parameters(exactness=-1000.0)
#: One figure of each form that carries a number.
NUMERIC = (
    Figure("A", "exactly", low=25, high=25),
    Figure("A", "range", low=18, high=24),
    Figure("A", "at_least", low=18),
    Figure("A", "more_than", low=18),
    Figure("A", "nearly", high=30),
    Figure("A", "up_to", high=21),
    Figure("A", "at_most", high=21),
    Figure("A", "about", low=20, high=20),
    Figure("A", "vague", word="several"),
)


def name(figure: Figure) -> str:
    """Name a figure in a test's title."""
    return figure.wording


def said(figure: Figure, held: int) -> float:
    """Return P(words | K = held), held at least 1."""
    return statement_likelihood(figure, CERTAIN, held)


def sum_over_numbers(wording: str, held: int) -> float:
    """Return the sum over y of P(words with the number y | K = held)."""
    return math.fsum(said(Figure("A", wording, low=y), held) for y in range(1, 2 * held + 2))


# The number a source holds -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("parameters", [PLAIN, LOW], ids=["unbiased", "too low"])
@pytest.mark.parametrize("how", [{}, {"heaped": True}, {"shift": -0.3}], ids=["plain", "heaped", "shifted"])
@pytest.mark.parametrize("c", [1, 2, 9, 30, 700])
def test_the_number_given_has_total_probability_one(parameters: Parameters, how: dict[str, float], c: int) -> None:
    """Given that a number is said at a toll c >= 1, the chances of 1, 2, 3, ... add up to one."""
    single = [number_probability(k, k, c, "A", parameters, **how) for k in range(1, 5_000)]  # type: ignore[arg-type]
    beyond = number_probability(5_000, 10**15, c, "A", parameters, **how)  # type: ignore[arg-type]
    assert min(single) >= 0
    assert math.fsum(single) + beyond == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("parameters", [PLAIN, LOW], ids=["unbiased", "too low"])
def test_at_zero_all_numbers_together_have_the_phantom_probability(parameters: Parameters) -> None:
    """Where nobody died, the chances of 1, 2, 3, ... add up to the probability of saying any number at all."""
    total = math.fsum(number_probability(k, k, 0, "A", parameters) for k in range(1, 200))
    total += number_probability(200, 10**15, 0, "A", parameters)
    assert total == pytest.approx(parameters.phantom, rel=1e-6)
    assert number_probability(2, 10**15, 0, "A", PLAIN) == pytest.approx(0.005 * 2 ** (-1 / 0.3), rel=1e-6)
    assert number_probability(2, 10**15, 0, "A", LOW) == pytest.approx(0.005 * 2**-2, rel=1e-6)


@pytest.mark.parametrize("parameters", [PLAIN, LOW], ids=["unbiased", "too low"])
def test_the_number_given_follows_its_own_simulation(parameters: Parameters) -> None:
    """Drawing held numbers by inverting the law of errors, and dropping those below 1, gives the law's frequencies."""
    random, draws, c = np.random.default_rng(1), 400_000, 4
    parameters = replace(parameters, bias=-0.5, outlier=0.2)
    u = random.uniform(size=draws)
    error = c * math.exp(parameters.bias) * (u / (1 - u)) ** parameters.scale
    error = np.where(random.uniform(size=draws) < 0.2, c * np.exp(random.logistic(size=draws)), error)
    exact = random.uniform(size=draws) < 1 / (1 + np.exp(-(0.2 - 0.35 * np.log(c))))
    held = np.where(exact, c, np.rint(error))
    held = held[held >= 1]
    for k in range(1, 9):
        expected = number_probability(k, k, c, "A", parameters)
        assert np.mean(held == k) == pytest.approx(expected, abs=5 * math.sqrt(expected / len(held)))


def test_heaped_numbers_are_the_nearest_multiples() -> None:
    """A heaped 20 collects 18-22 in fives and 15-24 in tens; numbers between multiples collect nothing."""
    heaped = replace(NEVER_EXACT, heaping=1.0)

    def mass(first: int, last: int) -> float:
        return error_tails(last, 30, "A", heaped)[0] - error_tails(first - 1, 30, "A", heaped)[0]

    given = 1 - error_tails(0, 30, "A", heaped)[0]

    def exactly(y: int) -> float:
        return statement_likelihood(Figure("A", "exactly", low=y), heaped, 30) * given

    assert exactly(20) == pytest.approx((mass(18, 22) + mass(15, 24)) / 2)
    assert exactly(25) == pytest.approx(mass(23, 27) / 2)
    assert exactly(10) == pytest.approx((mass(10, 12) + mass(10, 14)) / 2)
    assert exactly(150) == pytest.approx((mass(145, 154) + mass(125, 174)) / 3)
    assert exactly(200) == pytest.approx((mass(195, 204) + mass(175, 224) + mass(150, 249)) / 3)
    assert exactly(100) == pytest.approx((mass(98, 104) + mass(98, 124) + mass(98, 149)) / 6 * 1
                                         + (mass(95, 104) + mass(95, 124) + mass(95, 149)) / 6)  # fmt: skip
    assert exactly(9) == pytest.approx(mass(9, 9))
    assert [exactly(y) for y in (11, 23, 99, 101, 119)] == pytest.approx([0] * 5, abs=1e-15)


def test_far_numbers_keep_their_digits() -> None:
    """A number thousands of times the toll has the probability that the outlier's odds give in closed form."""
    outliers = replace(NEVER_EXACT, outlier=1.0)
    x, c = 199_999.5, 3
    given = c / (c + 0.5)
    expected = c / ((x + c) * (x + 1 + c)) / given
    assert number_probability(200_000, 200_000, c, "A", outliers) == pytest.approx(expected, rel=1e-9, abs=0)


def test_a_source_may_differ_from_the_others() -> None:
    """A source's own bias and none_share act on its figures and on nobody else's."""
    parameters = Parameters(sources={"army": {"bias": -1.0, "none_share": 0.4}})
    army, press = Figure("army", "at_least", low=10), Figure("press", "at_least", low=10)
    alone = replace(PLAIN, bias=-1.0, none_share=0.4)
    assert statement_likelihood(army, parameters, 10) == statement_likelihood(army, alone, 10)
    assert statement_likelihood(press, parameters, 10) == statement_likelihood(press, PLAIN, 10)
    assert statement_likelihood(Figure("army", "none"), parameters, 3) == 0.4
    assert statement_likelihood(Figure("press", "none"), parameters, 3) == 0.0


# What the words say --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wording", "y", "expected"),
    [
        ("about", 100, (87, 113)),  # 1.13 * 100 in floating point is below 113
        ("about", 200, (174, 226)),
        ("about", 20, (18, 22)),
        ("about", 21, (20, 22)),
        ("about", 12, (11, 13)),
        ("about", 24, (21, 27)),
        ("about", 8, (8, 8)),
        ("about", 105, (99, 111)),
        ("about", 1_250, (1_175, 1_325)),
        ("about", 1_300, (1_131, 1_469)),
        ("more_than", 18, (19, 22)),
        ("more_than", 1, (2, 2)),
        ("nearly", 60, (51, 59)),
        ("nearly", 140, (119, 139)),
        ("nearly", 2, (1, 1)),
    ],
)
def test_windows_are_cut_where_the_law_says(wording: str, y: int, expected: tuple[int, int]) -> None:
    """The edges of the windows are those of exact arithmetic."""
    assert window(wording, y) == expected


def test_people_round_to_fives_tens_and_dozens() -> None:
    """Round numbers are fives below a hundred, tens below a thousand, then two leading digits, and the dozens."""
    assert [y for y in range(1, 61) if is_round(y)] == [10, 12, 15, 20, 24, 25, 30, 35, 40, 45, 50, 55, 60]
    assert [is_round(y) for y in (5, 105, 110, 1_050, 1_100, 12_500, 13_000)] == [False, False, True, False, True,
                                                                                 False, True]  # fmt: skip


@pytest.mark.parametrize("word", VAGUE_WORDS)
def test_vague_windows_follow_the_trapezoid(word: str) -> None:
    """The share of windows that hold a count is its membership, in log counts, to half a window."""
    start, full, fading, end = VAGUE_WORDS[word]
    windows = vague_windows(word)
    counts = np.unique(np.geomspace(1, 2 * end, 400).astype(int))
    rising = np.log(counts / (start - 0.5)) / math.log(full / (start - 0.5))
    falling = np.log((end + 0.5) / counts) / math.log((end + 0.5) / fading)
    membership = np.clip(np.minimum(rising, falling), 0, 1)
    share = np.array([np.mean([first <= count <= last for first, last in windows]) for count in counts])
    assert np.abs(share - membership).max() <= 0.5 / len(windows) + 1e-9


@pytest.mark.parametrize("parameters", [PLAIN, LOW], ids=["unbiased", "too low"])
@pytest.mark.parametrize("figure", NUMERIC[3:5] + NUMERIC[6:], ids=name)
def test_a_form_is_the_sum_over_the_numbers_a_source_may_hold(figure: Figure, parameters: Parameters) -> None:
    """Forms without heaping or shift equal the sum over K of P(words | K) P(K | C), K listed one by one."""
    for c in (1, 20, 90):
        held = [number_probability(k, k, c, "A", parameters) for k in range(1, 150)]
        expected = math.fsum(said(figure, k) * probability for k, probability in enumerate(held, start=1))
        assert statement_likelihood(figure, parameters, c) == pytest.approx(expected, rel=1e-9)


def test_a_range_is_its_inside_and_its_ends() -> None:
    """Either end is counted once more, with half the share of ranges that are said around an end."""
    figure = Figure("A", "range", low=10, high=40)
    for c in (0, 5, 19, 20, 60):
        mass = [statement_likelihood(Figure("A", "exactly", low=k), PLAIN, c) for k in range(10, 41)]
        expected = 0.9 * math.fsum(mass) / 31 + 0.05 * (mass[0] + mass[-1])
        assert statement_likelihood(figure, PLAIN, c) == pytest.approx(expected)


def test_shifts_move_the_error_and_leave_the_exact_number() -> None:
    """In "at least" and "up to" only the error part is shifted, and its own chance of nothing held divides it."""
    assert error_tails(9, 12, "A", PLAIN, 0.2) == error_tails(9, 12, "A", replace(PLAIN, bias=0.2))
    y, c = 18, 18
    exact = 1 / (1 + math.exp(-(0.2 - 0.35 * math.log(c))))
    for wording, shift, share, window_of in (("at_least", -0.08, 0.8, (18, 35)), ("up_to", 0.2, 0.6, (10, 18))):
        error = error_tails(y, c, "A", PLAIN, shift)[0] - error_tails(y - 1, c, "A", PLAIN, shift)[0]
        given = 1 - (1 - exact) * error_tails(0, c, "A", PLAIN, shift)[0]
        spread = number_probability(*window_of, c, "A", PLAIN) * math.log2((y + 1) / y)
        expected = share * (exact + (1 - exact) * error) / given + (1 - share) * spread
        assert statement_likelihood(Figure("A", wording, low=y), PLAIN, c) == pytest.approx(expected)


#: The most that the sum over y of P(words with y | K) reaches. One is the bound, 1.4 for windows; two of these exceed
#: it at single small counts, where the windows of round and unround neighbours happen to pile up.
LARGEST_SUM = {
    "exactly": 1.0,
    "at_least": 1.0,  # log2(1 + 1/y) over y = K/2 .. K telescopes to log2 of at most 2
    "up_to": 1.0,  # and over y = K .. 2K - 1 to log2 of 2
    "at_most": 1.0,
    "more_than": 1.0,
    "nearly": 2.0,  # at K = 1, said "nearly 1" or "nearly 2"; 1.5 at K = 12
    "about": 5 / 3,  # at K = 11 and 16, next to a round number
}


@pytest.mark.parametrize("wording", LARGEST_SUM)
def test_the_numbers_said_have_a_bounded_total(wording: str) -> None:
    """Summed over the number said, no form collects more than its bound at any number held."""
    totals = {held: sum_over_numbers(wording, held) for held in [*range(1, 61), 100, 101, 999, 1_000]}
    assert max(totals.values()) == pytest.approx(LARGEST_SUM[wording])
    assert max(total for held, total in totals.items() if held >= 100) < 1.1


@pytest.mark.parametrize("wording", LARGEST_SUM)
def test_the_numbers_said_do_not_gather_mass_at_large_tolls(wording: str) -> None:
    """Summed over the number said, no form has more about 1,000 than it has on average from 10 to 99."""
    # An average, because below 100 the windows follow a lattice: "about" totals 1/3 at 10 and 5/3 at 11.
    small = np.mean([sum_over_numbers(wording, held) for held in range(10, 100)])
    large = np.mean([sum_over_numbers(wording, held) for held in range(1_000, 1_021)])
    assert large <= small + 0.01


def test_ranges_of_one_width_total_one() -> None:
    """A number can be the nearer end of two ranges of one width, so each end has half of the error share."""
    for held in (10, 1_000):
        total = math.fsum(said(Figure("A", "range", low=low, high=low + 4), held) for low in range(1, 2 * held))
        assert total == pytest.approx(1)


def test_a_vague_word_is_a_membership() -> None:
    """No vague word is said with a chance above one, at zero least of all."""
    for word in VAGUE_WORDS:
        figure = Figure("A", "vague", word=word)
        assert max(said(figure, held) for held in range(1, 300)) <= 1
        assert 0 < statement_likelihood(figure, PLAIN, 0) < PLAIN.phantom


def test_words_without_numbers_have_their_closed_forms() -> None:
    """None, silence and floors do not depend on what a source holds."""
    at_times = replace(PLAIN, none_share=0.05, phantom=0.01)
    assert statement_likelihood(Figure("A", "none"), at_times, 0) == 0.99
    assert statement_likelihood(Figure("A", "none"), at_times, 7) == 0.05
    assert statement_likelihood(Figure("A", "no_comment"), PLAIN, 7) == 1
    assert statement_likelihood(Figure("A", "named", low=9), PLAIN, 9) == 1
    assert statement_likelihood(Figure("A", "named", low=9), PLAIN, 8) == pytest.approx(0.999 * 0.9**20 + 0.0009)
    assert statement_likelihood(Figure("A", "subset", low=9), PLAIN, 0) == pytest.approx(0.98 * 0.1**20 + 0.002)


# Copies and updates --------------------------------------------------------------------------------------------------

TOY_OUTCOMES = (5, 6, 7)
TOY_LAW = {5: 0.2, 6: 0.3, 7: 0.5}


def toy_likelihood(figure: Figure) -> Array:
    """Return the chance of each toy figure in a world of three numbers and one toll; later bins lean to 7."""
    lean = 0.05 * figure.bin
    return np.array([TOY_LAW[figure.number] + {5: -lean, 6: 0.0, 7: lean}[figure.number]])


def toy_probability(statements: Sequence[Figure], parameters: Parameters = PLAIN) -> float:
    """Return the probability of all statements in the toy world."""
    found = scenarios(statements, parameters, toy_likelihood)
    return sum(scenario.weight * float(scenario.likelihood.prod()) for scenario in found)


def toy(source: str, y: int, place: int = 0, bin_: int = 0) -> Figure:
    """Return an exact figure of the toy world."""
    return Figure(source, "exactly", low=y, bin=bin_, place=place)


@pytest.mark.parametrize(
    "layout",
    [
        [("A", 0, 0), ("B", 1, 0), ("C", 2, 0)],
        [("A", 0, 0), ("B", 0, 0), ("C", 0, 0), ("D", 0, 0)],
        [("A", 0, 0), ("B", 1, 0), ("C", 1, 0), ("A", 1, 1), ("B", 2, 1)],
        [("A", 0, 0), ("A", 1, 1), ("B", 1, 1), ("A", 2, 2), ("B", 2, 2), ("C", 2, 2)],
        [("A", 0, 0), ("B", 0, 2), ("C", 0, 3), ("B", 1, 1)],
    ],
    ids=["in_turn", "all_tied", "again", "again_and_tied", "tied_across_bins"],
)
def test_copying_shares_out_exactly_one(layout: list[tuple[str, int, int]]) -> None:
    """Over everything that the sources could have said, copies, repeats and ties included, the chances add to one."""
    totals = math.fsum(
        toy_probability([toy(source, y, place, bin_) for (source, place, bin_), y in zip(layout, numbers, strict=True)])
        for numbers in product(TOY_OUTCOMES, repeat=len(layout))
    )
    assert totals == pytest.approx(1, abs=1e-12)


def test_two_tied_figures_each_may_copy_the_other() -> None:
    """The average over two orders is what the two orders give by hand."""
    c, p, q = PLAIN.copying, TOY_LAW[6], TOY_LAW[7]
    assert toy_probability([toy("A", 6), toy("B", 7)]) == pytest.approx(p * q * (1 - c))
    assert toy_probability([toy("A", 6), toy("B", 6)]) == pytest.approx(p * ((1 - c) * p + c))


def test_the_average_over_orders_is_over_all_of_them() -> None:
    """Tied figures have the average probability of the same figures told one after the other in every order."""
    statements = [toy("A", 7), toy("B", 7, bin_=1), toy("C", 5), toy("D", 7)]
    in_turn = [
        toy_probability([replace(statement, place=place) for place, statement in enumerate(order)])
        for order in permutations(statements)
    ]
    assert len(set(np.round(in_turn, 12))) > 1
    assert toy_probability(statements) == pytest.approx(np.mean(in_turn), rel=1e-12)


def test_the_average_over_orders_has_a_closed_form() -> None:
    """One cluster per words said, elementary symmetric polynomials within: all m! orders in m * m operations.

    With a of the n sources before saying the same, a factor is ((1 - c) P + c a) / (1 - c + c n). The denominators
    do not depend on the order, and the numerators only on the order among figures that say the same, where the mean of
    prod_i (x_order(i) + y_i) is sum_k e_k(x) e_(m-k)(y) / binomial(m, k).
    """

    def symmetric(values: Sequence[float]) -> Array:
        return np.abs(np.poly(values)) if len(values) else np.ones(1)

    def cluster(chances: Sequence[float], before: int) -> float:
        m = len(chances)
        own = symmetric([(1 - c) * chance for chance in chances])
        copies = symmetric([c * (before + i) for i in range(m)])
        return math.fsum(own[k] * copies[m - k] / math.comb(m, k) for k in range(m + 1))

    c = PLAIN.copying
    earlier = [toy("X", 7, 0), toy("Y", 6, 0)]
    tied = [toy("A", 7, 1), toy("B", 7, 1, 1), toy("C", 7, 1, 2), toy("D", 5, 1), toy("E", 5, 1, 1), toy("F", 6, 1, 1)]
    chances = {y: [float(toy_likelihood(figure)[0]) for figure in tied if figure.number == y] for y in TOY_OUTCOMES}
    expected = math.prod(cluster(chances[y], before) for y, before in ((5, 0), (6, 1), (7, 1)))
    expected /= math.prod(1 - c + c * n for n in range(2, 8))
    assert toy_probability([*earlier, *tied]) == pytest.approx(toy_probability(earlier) * expected, rel=1e-12)


def test_the_chance_of_a_copy_grows_with_the_sources_before() -> None:
    """A third figure like one of two before it is a copy with chance 2c / (1 + c), and then like it half the time."""
    c, (first, second) = PLAIN.copying, (TOY_LAW[5], TOY_LAW[7])
    copied = 2 * c / (1 + c)
    expected = first * (1 - c) * second * ((1 - copied) * second + copied / 2)
    assert toy_probability([toy("A", 5, 0), toy("B", 7, 1), toy("C", 7, 2)]) == pytest.approx(expected)


def test_a_source_repeats_itself_or_speaks_anew() -> None:
    """A source's second figure is a repeat with chance nu; only other sources' figures of before its tie count."""
    nu, c = PLAIN.repeating, PLAIN.copying
    alone = toy_probability([toy("A", 6, 0), toy("A", 6, 1, 1)])
    assert alone == pytest.approx(TOY_LAW[6] * (nu + (1 - nu) * TOY_LAW[6]))
    # B, tied with A's second figure, may copy A's first figure; neither of the two tied figures can copy the other.
    tied = toy_probability([toy("A", 6, 0), toy("A", 7, 1), toy("B", 7, 1)])
    assert tied == pytest.approx(TOY_LAW[6] * (1 - nu) * TOY_LAW[7] * (1 - c) * TOY_LAW[7])
    # Of a source that has spoken twice only the later figure can be copied.
    updated = toy_probability([toy("A", 6, 0), toy("A", 7, 1), toy("B", 6, 2)])
    assert updated == pytest.approx(TOY_LAW[6] * (1 - nu) * TOY_LAW[7] * (1 - c) * TOY_LAW[6])


def test_every_part_of_the_words_makes_them_the_same_or_not() -> None:
    """A figure is a copy only of the same wording with the same numbers and the same word."""
    figure = Figure("A", "vague", word="dozens")
    assert figure.says_the_same_as(replace(figure, source="B", bin=0, place=9))
    for other in (replace(figure, word="scores"), replace(figure, low=1), replace(figure, wording="about")):
        assert not figure.says_the_same_as(other)


# Documentation in time -----------------------------------------------------------------------------------------------


def test_every_step_hands_on_exactly_one() -> None:
    """Each parent's children have total probability one, and a likelihood of one stays one on the way up."""
    step = Step(PLAIN, 2, 60, rising=True)
    assert [step.row(n).sum() for n in range(61)] == pytest.approx([1] * 61, abs=1e-13)
    assert np.abs(step.up(np.ones(61)) - 1).max() < 1e-12
    assert step.down(size_prior(PLAIN, 60)).sum() == pytest.approx(1, abs=1e-13)


def test_children_are_whole_parts_of_their_parents() -> None:
    """Keeping the whole parts of a random share of a parent, or adding an excess, drawn at length, gives its row."""
    random, draws, n = np.random.default_rng(2), 400_000, 7
    shape = np.where(random.uniform(size=draws) < 0.18, 0.3, 3.0)
    child = np.floor(n * random.beta(shape, 1))
    child = np.minimum(child, n - 1)
    child[random.uniform(size=draws) < 1 / (1 + np.exp(-(1 - 0.4 * np.log(n))))] = n
    over = random.uniform(size=draws) < 0.15
    revised = child != n
    child[over & revised] = np.minimum(np.floor((n + 1) / random.uniform(size=draws) ** 0.25), 40)[over & revised]
    counted = Counter(child.astype(int).tolist())
    row = Step(PLAIN, 0, 40).row(n)
    for k in range(41):
        assert counted[k] / draws == pytest.approx(row[k], abs=5 * math.sqrt(row[k] / draws))


def test_a_step_up_is_the_prefix_sum_of_the_closed_form() -> None:
    """Listing the children gives pi L(n) + (1 - pi) n^-alpha sum_{k<n} ((k+1)^alpha - k^alpha) L(k) per component."""
    step, likelihood = Step(replace(PLAIN, over_share=0.0), 0, 50), np.random.default_rng(3).uniform(size=51)
    n, k = np.arange(1, 51), np.arange(51)
    complete = 1 / (1 + np.exp(-(1 - 0.4 * np.log(n))))
    expected = complete * likelihood[1:]
    for share, alpha in ((0.82, 3.0), (0.18, 0.3)):
        prefix = np.cumsum(((k + 1) ** alpha - k**alpha) * likelihood)[:-1]
        expected += (1 - complete) * share * n**-alpha * prefix
    assert step.up(likelihood)[1:] == pytest.approx(expected, rel=1e-12)
    assert step.up(likelihood)[0] == likelihood[0]


def test_a_step_has_a_shape_and_a_completeness_of_its_own() -> None:
    """Step j uses the j-th values and no others."""
    own = replace(PLAIN, complete_logit=(1.0, 1.0, 0.0, 1.0, 1.0), shape=(3.0, 3.0, 1.5, 3.0, 3.0))
    everywhere = replace(PLAIN, complete_logit=(0.0,) * FINAL, shape=(1.5,) * FINAL)
    assert Step(own, 2, 20).row(15).tolist() == Step(everywhere, 2, 20).row(15).tolist()
    assert Step(own, 3, 20).row(15).tolist() == Step(PLAIN, 3, 20).row(15).tolist()


def test_up_and_down_are_one_matrix() -> None:
    """Passing a likelihood up or a prior down gives the same evidence."""
    step, prior, likelihood = Step(PLAIN, 1, 80), size_prior(PLAIN, 80), np.linspace(0, 1, 81) ** 2
    assert step.down(prior) @ likelihood == pytest.approx(prior @ step.up(likelihood), rel=1e-13)


def test_the_size_prior_is_a_cut_lomax() -> None:
    """The prior adds to one, keeps its mass at zero, and falls as the survival function of the Lomax says."""
    prior = size_prior(PLAIN, 500)
    assert prior.sum() == pytest.approx(1)
    assert prior[0] == pytest.approx(0.1)
    at_least = [(1 + (n - 1) / 2.5) ** -1.5 for n in (2, 10, 501)]
    assert prior[2:].sum() / 0.9 == pytest.approx((at_least[0] - at_least[2]) / (1 - at_least[2]))
    assert prior[10:].sum() / 0.9 == pytest.approx((at_least[1] - at_least[2]) / (1 - at_least[2]))


# The event -----------------------------------------------------------------------------------------------------------

SMALL = (
    Figure("A", "at_least", low=2, bin=0, place=0),
    Figure("B", "none", bin=0, place=0),
    Figure("C", "about", low=3, bin=1, place=1),
    Figure("A", "exactly", low=3, bin=1, place=1),
    Figure("D", "no_comment", bin=1, place=1),
    Figure("list", "named", low=2, bin=2, place=2),
    Figure("B", "vague", word="few", bin=3, place=3),
)


def test_an_event_is_the_sum_over_all_its_histories() -> None:
    """Evidence, documented toll and toll by now equal sums over every list of six counts up to 5."""
    cap, histories = 5, {}
    parameters = replace(PLAIN, complete_logit=(1.0, 0.5, 0.0, 1.5, 2.0), shape=(3.0, 2.0, 1.0, 4.0, 0.7))
    found = scenarios(
        [figure for figure in SMALL if figure.is_statement],
        parameters,
        lambda figure: np.array([statement_likelihood(figure, parameters, c) for c in range(cap + 1)]),
    )
    (scenario,) = found
    rows = [[Step(parameters, j, cap, rising=j >= 3).row(n) for n in range(cap + 1)] for j in range(FINAL)]
    for counts in product(range(cap + 1), repeat=FINAL + 1):
        chance = size_prior(parameters, cap)[counts[FINAL]]
        chance *= math.prod(rows[j][counts[j + 1]][counts[j]] for j in range(FINAL))
        chance *= math.prod(scenario.likelihood[j, counts[j]] for j in range(FINAL + 1))
        # The floor bears on the count of its bin and on the final one.
        floor = math.prod(statement_likelihood(SMALL[5], parameters, counts[j]) for j in (2, FINAL))
        histories[counts] = chance * floor
    observations = math.fsum(histories.values())
    assert log_marginal_likelihood(parameters, SMALL, cap, rising=True) == pytest.approx(
        math.log(observations), abs=1e-12
    )
    laws = posterior(parameters, SMALL, cap, rising=True)
    for law, position in (("documented", 5), ("by_now", 3)):
        expected = np.zeros(cap + 1)
        for counts, chance in histories.items():
            expected[counts[position]] += chance / observations
        assert laws[law] == pytest.approx(expected, rel=1e-10)


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
    assert posterior(PLAIN, silent, 100)["documented"] == pytest.approx(size_prior(PLAIN, 100))


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
        ([Figure("A", "named", low=3), Figure("B", "subset", low=3)], "more than one floor"),
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


# The undocumented remainder ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("c", [1, 5, 300])
@pytest.mark.parametrize("kappa", [0.0, 0.4, 0.9, 1.8])
def test_the_remainder_has_total_probability_one_and_only_adds(c: int, kappa: float) -> None:
    """The full toll is never below the documented one, equals it at least 35 times in 100, and at kappa 0 always."""
    law = remainder(c, kappa, 400_000)
    assert law.sum() == pytest.approx(1, abs=1e-6)
    assert law.min() >= 0
    assert not law[:c].any()
    assert law[c] >= 0.35
    assert kappa > 0 or law[c] == pytest.approx(1, abs=1e-8)


def test_the_least_kappa_moves_large_tolls_by_a_thousandth() -> None:
    """At kappa 0, taken as 0.001, a toll of 3,000 may still gain a few units, and never one in a hundred."""
    law = remainder(3_000, 0.0, 3_100)
    assert law[3_000] == pytest.approx(0.783, abs=0.001)
    assert law[:3_030].sum() == pytest.approx(1, abs=1e-12)


def test_the_remainder_follows_its_own_simulation() -> None:
    """Drawing Gumbel ratios, raising them to kappa and rounding gives the law of the full toll."""
    random, draws, c, kappa = np.random.default_rng(4), 400_000, 6, 0.9
    ratio = np.maximum(1, random.gumbel(c, 0.2 * c + 1.8, size=draws) / c)
    total = np.where(random.uniform(size=draws) < 0.35, c, np.floor(c * ratio**kappa + 0.5))
    law = remainder(c, kappa, 60)
    for n in range(c, 20):
        assert np.mean(total == n) == pytest.approx(law[n], abs=5 * math.sqrt(law[n] / draws))


def test_no_deaths_documented_means_none_at_all() -> None:
    """At C = 0 the full toll is 0, so that the full toll's law starts with the documented toll's chance of 0."""
    assert remainder(0, 0.9, 5).tolist() == [1, 0, 0, 0, 0, 0]
    laws = posterior(PLAIN, SMALL, 30, largest_total=3_000)
    assert laws["total"][0] == pytest.approx(laws["documented"][0])
    assert laws["total"].sum() == pytest.approx(1, abs=1e-9)
    mean = [float(np.arange(len(laws[layer])) @ laws[layer]) for layer in ("by_now", "documented", "total")]
    assert mean == sorted(mean)
    assert total_law(np.array([0.5, 0.5]), 0.0, 2).tolist() == [0.5, 0.5, 0]
