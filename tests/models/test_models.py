"""The parts of the model: laws that sum to one, steps that keep certainty, twins that draw what the formulas say."""

from __future__ import annotations

import math
from itertools import permutations, product

import numpy as np
import pytest
from oracles.brute_force import Figure, Parameters
from oracles.scalar_model import growth, one, reporting, size, solve, words
from scipy import stats

from estimates.models import copying, importance, silence, undocumented
from estimates.models import floor as floors
from estimates.models import growth as steps
from estimates.models import reporting as held_numbers
from estimates.models import size as sizes
from estimates.models import wording as forms
from estimates.models.event import DocumentedPrior, Floor, Observations, Statement, Workspace, posterior
from estimates.models.grid import draw_cells, make_grid, probability_at_least, quantiles
from estimates.models.growth import BINS, STEPS, Growth, StepTables
from estimates.models.reporting import HeldNumber
from estimates.models.size import Size, cell_mass
from estimates.models.wording import VAGUE_WORDS, Words

RNG = np.random.default_rng(20200115)


def many_growths(count: int) -> Growth:
    rng = np.random.default_rng(1)
    return Growth(
        rng.normal(0, 3, (count, STEPS)),
        rng.uniform(0, 1, count),
        np.exp(rng.normal(1, 1, (count, STEPS))),
        rng.uniform(0, 1, count),
        rng.uniform(0.05, 1, count),
        rng.uniform(0, 1, count),
        np.exp(rng.normal(1, 1, count)),
        rng.exponential(1, count),
    )


def agrees(sample: np.ndarray, law: np.ndarray) -> None:
    """Fail where a sample of counts does not come from a law on 0..len(law)-1 (the rest above), by a chi-square test."""
    counts = np.bincount(np.minimum(sample, len(law)), minlength=len(law) + 1).astype(float)
    expected = np.append(law, max(0.0, 1.0 - law.sum())) * len(sample)
    if (law == 1.0).any():
        assert (sample == np.argmax(law)).all()
        return
    order = np.argsort(expected)
    counts, expected = counts[order], expected[order]
    small = np.searchsorted(np.cumsum(expected), 8.0, side="left") + 1
    counts = np.append(counts[:small].sum(), counts[small:])
    expected = np.append(expected[:small].sum(), expected[small:])
    assert stats.chisquare(counts, expected * counts.sum() / expected.sum()).pvalue > 1e-4


# Grid and size -------------------------------------------------------------------------------------------------------


def test_said_values_and_their_successors_are_edges_and_cells_stay_within_four_per_cent() -> None:
    """Every number said is a cell of its own; near them no cell is wider than 4% of its start; integers up to 128."""
    grid = make_grid([300, 5_000, 12])
    assert set(range(130)) <= set(grid.edges.tolist())
    assert {300, 301, 5_000, 5_001} <= set(grid.edges.tolist())
    near = grid.start <= 8 * 5_000
    assert (grid.width[near] <= np.maximum(1, 0.04 * grid.start[near])).all()
    assert grid.width.sum() == grid.cap + 1


@pytest.mark.parametrize("said", [7, 10_000_000, 1_000_000_000])
def test_the_cap_leaves_ten_times_the_largest_number(said: int) -> None:
    """Ten million is the cap where figures are small; larger figures move it up."""
    assert make_grid([said]).cap >= max(10_000_000, 10 * said - 1)


def test_cell_masses_are_the_lomax_law() -> None:
    """Masses sum to one, and those of single integers are differences of the stated survival function."""
    law = Size(np.array([0.7, 1.0]), np.array([0.6, 2.0]), np.array([1.0, 30.0]))
    grid = make_grid()
    mass = cell_mass(law, grid)
    np.testing.assert_allclose(mass.sum(axis=0), 1.0, rtol=1e-12)
    top = 1 - (1 + grid.cap / law.scale) ** -law.shape
    expected = law.positive * ((1 + 4 / law.scale) ** -law.shape - (1 + 5 / law.scale) ** -law.shape) / top
    np.testing.assert_allclose(mass[5], expected, rtol=1e-9)


def test_size_twin() -> None:
    """A gamma mixture of geometric laws is the law of sizes."""
    law = Size(one(0.7), one(1.3), one(4.0))
    grid = make_grid(cap=2_000)
    agrees(
        sizes.simulate(RNG, 0.7, 1.3, 4.0, 2_000, 40_000),
        cell_mass(law, make_grid(relative_width=0, cap=2_000))[:120, 0],
    )
    assert grid.cap == 2_000


def test_draws_within_cells_follow_the_law_inside_the_cell() -> None:
    """The counts drawn within one wide cell have the Lomax law restricted to it."""
    grid = make_grid()
    cell = int(np.searchsorted(grid.edges, 5_000, side="right")) - 1
    count = 20_000
    law = Size(np.full(count, 0.9), np.full(count, 1.5), np.full(count, 3.0))
    drawn = sizes.draw_within_cells(law, grid, np.full(count, cell), RNG.random(count))
    n = np.arange(grid.start[cell], grid.edges[cell + 1])
    inside = (1 + (n - 1) / 3.0) ** -1.5 - (1 + n / 3.0) ** -1.5
    agrees(drawn - grid.start[cell], inside / inside.sum())


def test_quantiles_are_the_smallest_integers_that_reach_the_probability() -> None:
    """On a law of single integers the quantiles are those of the definition."""
    grid = make_grid(cap=100)
    mass = np.zeros(len(grid))
    mass[[3, 5, 10]] = 0.25, 0.5, 0.25
    found = quantiles(grid, mass, np.array([0.01, 0.25, 0.26, 0.5, 0.75, 0.76, 0.99]))
    assert found.tolist() == [3, 3, 5, 5, 5, 10, 10]
    assert probability_at_least(grid, mass, 5) == pytest.approx(0.75)
    assert probability_at_least(grid, mass, 11) == 0.0


def test_drawing_cells_by_inversion() -> None:
    """Cells are drawn with their probabilities, and a cell of probability zero never."""
    law = np.array([0.0, 0.2, 0.0, 0.5, 0.3, 0.0])
    cells = draw_cells(np.repeat(np.cumsum(law)[:, None], 20_000, axis=1), RNG.random(20_000))
    agrees(cells, law)
    assert set(cells.tolist()) == {1, 3, 4}


# Documentation -------------------------------------------------------------------------------------------------------


def test_a_step_keeps_certainty() -> None:
    """Sharp test a: step(1) = 1 to 1e-12 on every cell, for any parameters, rising or not."""
    grid = make_grid([150, 9_000])
    tables = StepTables(many_growths(40), grid)
    ones = np.ones((len(grid), 40))
    for index in range(STEPS):
        for rising in (False, True):
            np.testing.assert_allclose(tables.step(index, rising=rising).up(ones), 1.0, atol=1e-12)


def test_pushing_down_is_the_adjoint_of_passing_up() -> None:
    """Sum of prior times step(L) equals sum of the pushed-down prior times L, which keeps the mass as well."""
    grid = make_grid([150])
    tables = StepTables(many_growths(40), grid)
    likelihood, mass = RNG.random((2, len(grid), 40))
    mass /= mass.sum(axis=0)
    for index in range(STEPS):
        step = tables.step(index, rising=False)
        np.testing.assert_allclose(
            (step.up(likelihood) * mass).sum(0), (likelihood * step.down(mass)).sum(0), rtol=1e-9
        )
        np.testing.assert_allclose(step.down(mass).sum(axis=0), 1.0, rtol=1e-9)


@pytest.mark.parametrize("bin_index", range(BINS))
def test_a_figure_that_says_nothing_changes_nothing(bin_index: int) -> None:
    """Sharp test a: a likelihood of one in any bin, before, between or after the others, leaves the evidence unchanged."""
    figures = [Figure("a", "exactly", 18, 18, bin=1), Figure("b", "exactly", 30, 30, bin=3, place=1)]
    parameters = Parameters()
    names = ["a", "b"]
    grid, expected = solve(parameters, figures, cap=20_000, relative_width=0.04)
    said = tuple(Statement(f.bin, f.place, names.index(f.source), words(f)) for f in figures)
    observations = Observations(said, (Floor(bin_index, 0, 0.001),), by_now=3)
    expected = DocumentedPrior(grid, size(parameters), StepTables(growth(parameters), grid))
    found = posterior(
        observations,
        [reporting(parameters)] * 2,
        Workspace(grid),
        growth,
    )
    assert found.log_marginal_likelihood[0] == pytest.approx(expected.log_marginal_likelihood[0], abs=1e-12)
    np.testing.assert_allclose(found.mass, expected.mass, atol=1e-12)


@pytest.mark.parametrize("toll", [0, 1, 2, 30])
def test_documentation_twin(toll: int) -> None:
    """The mechanism of a step draws what the adjoint of the closed form says."""
    grid = make_grid(relative_width=0, cap=100)
    law = Growth(
        np.full((1, STEPS), 0.5), one(0.4), np.full((1, STEPS), 2.5), one(0.2), one(0.3), one(0.3), one(5.0), one(0.0)
    )
    parent = np.zeros((len(grid), 1))
    parent[toll] = 1.0
    child = StepTables(law, grid).step(0, rising=False).down(parent)[:, 0]
    drawn = steps.simulate(
        RNG,
        np.full(40_000, toll),
        complete_logit=0.5,
        slope=0.4,
        shape=2.5,
        low_share=0.2,
        low_shape=0.3,
        over_share=0.3,
        over_shape=5.0,
    )
    agrees(np.minimum(drawn, grid.cap), child)


# Accounting and words ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("toll", [1, 4, 40, 300])
def test_accounting_twin(toll: int) -> None:
    """Numbers drawn by the mechanism, rounding included, follow the tabulated law."""
    parameters = Parameters(bias=-0.2, heaping=0.5, exactness=0.0)
    grid = make_grid(relative_width=0, cap=400)
    held = HeldNumber(reporting(parameters), grid)
    law = np.array([0.0] + [held.mass(k, k, heaped=True)[toll, 0] for k in range(1, 700)])
    names = ("bias", "exactness", "exactness_slope", "scale", "outlier", "heaping")
    drawn = held_numbers.simulate(RNG, np.full(40_000, toll), **{name: getattr(parameters, name) for name in names})
    agrees(drawn, law)


def sums_over_numbers_said(wording: str, parameters: Parameters) -> np.ndarray:
    """For every count, the sum over all numbers said of P(words | C)."""
    grid = make_grid(relative_width=0, cap=2_200)
    held = HeldNumber(reporting(parameters), grid)
    numbers = range(2 if wording == "nearly" else 1, 2_150)
    return np.sum([forms.likelihood(Words(wording, y, y), held)[:, 0] for y in numbers], axis=0)


@pytest.mark.parametrize("wording", ["exactly", "at_least", "more_than", "nearly", "up_to", "at_most", "about"])
def test_forms_sum_to_at_most_one_and_do_not_grow_with_the_count(wording: str) -> None:
    """Sharp test b: the probabilities of all words sum to at most one (1.4 for windows) at a toll of 10, no more at 1,000.

    Shifting the error of "at least" and "up to" alone moves their sums by a few per cent at small tolls.
    """
    limit = (
        1.4 if wording in ("more_than", "nearly", "about") else 1.04 if wording in ("at_least", "up_to") else 1.0 + 1e-9
    )
    for parameters in (Parameters(), Parameters(bias=-0.3, scale=0.5)):
        sums = sums_over_numbers_said(wording, parameters)
        assert 0.7 < sums[10] <= limit
        assert sums[1_000] <= limit
        # Windows of whole numbers are uneven where numbers are small: compare with the mean around ten.
        assert sums[1_000] <= sums[7:14].mean() + 0.01


HELD_FOR_CERTAIN = Parameters(exactness=60.0)


@pytest.mark.parametrize("wording", ["at_least", "up_to", "at_most", "about", "more_than", "nearly", "range"])
def test_words_twin(wording: str) -> None:
    """Numbers said by sources that hold 60 follow the form's density, up to its total."""
    grid = make_grid(relative_width=0, cap=250)
    held = HeldNumber(reporting(HELD_FOR_CERTAIN), grid)
    low, high = forms.simulate(RNG, wording, np.full(4_000, 60))
    span = int(high[0] - low[0])
    law = np.array([0.0] + [forms.likelihood(Words(wording, y, y + span), held)[60, 0] for y in range(1, 240)])
    agrees(low, law / law.sum())


@pytest.mark.parametrize("word", VAGUE_WORDS)
def test_vague_words_are_full_on_their_plateau_and_zero_outside(word: str) -> None:
    """Nested windows average to a membership of one on the plateau and nothing beyond the feet, log-linear between."""
    foot, rise, fall, end = VAGUE_WORDS[word]
    windows = forms.vague_windows(word)

    def membership(number: int) -> float:
        return sum(low <= number <= high for low, high in windows) / len(windows)

    assert membership(rise) == membership(fall) == 1.0
    assert membership(foot - 1) == membership(end + 1) == 0.0
    middle = round(float(np.sqrt((foot - 0.5) * rise)))
    if foot < middle < rise:
        share = np.log(middle / (foot - 0.5)) / np.log(rise / (foot - 0.5))
        assert membership(middle) == pytest.approx(share, abs=0.5 / len(windows) + 1e-9)


def test_says_vague_twin() -> None:
    """Sources that would use "dozens" do so with the membership of the number they hold."""
    for held in (10, 18, 24, 60, 100, 140):
        said = forms.simulate_vague(RNG, "dozens", np.full(20_000, held))
        windows = forms.vague_windows("dozens")
        expected = sum(low <= held <= high for low, high in windows) / len(windows)
        assert said.mean() == pytest.approx(expected, abs=0.08)


@pytest.mark.parametrize("value", [0, 1, 1_000_000, 1_000_000_000])
def test_extremes_give_finite_tables(value: int) -> None:
    """Sharp test f: at C = 0, 1 and a million no form gives NaN, nor do extreme parameters."""
    figures = [Figure("a", "exactly", value or 1, value or 1, bin=0), Figure("b", "none", bin=0)]
    for parameters in (
        Parameters(kappa=0.0, none_share=0.05),
        Parameters(scale=0.003, shape=(400.0,) * 5, low_shape=1e-4, none_share=0.05),
        Parameters(bias=4.0, scale=1.0 / 39.0, size_shape=0.05, size_scale=1e5, none_share=0.05),
        Parameters(outlier=0.0, copying=1e-9, exactness=-30.0, low_share=0.0, none_share=0.05),
    ):
        _, found = solve(parameters, figures, cap=10_000_000_000, relative_width=0.04)
        assert np.isfinite(found.log_marginal_likelihood).all()
        assert np.isfinite(found.mass).all()
        _, early = solve(parameters, figures, cap=10_000_000_000, relative_width=0.04, by=0)
        assert np.isfinite(early.mass).all()
        assert found.mass.sum() == pytest.approx(1.0)


@pytest.mark.parametrize("toll", [0, 1, 20])
def test_a_source_says_none_or_a_number(toll: int) -> None:
    """The probabilities of "none" and of every number sum to one, at zero as above: numbers and nones share one source."""
    parameters = Parameters(none_share=0.3, phantom=0.02)
    grid = make_grid(relative_width=0, cap=30_000)
    held = HeldNumber(reporting(parameters), grid)
    none = forms.likelihood(Words("none"), held)[toll, 0]
    assert none + held.mass(1, 10**9)[toll, 0] == pytest.approx(1.0, abs=1e-6)


# Floors, copies ------------------------------------------------------------------------------------------------------


def test_a_floor_is_one_above_and_falls_to_its_error_below() -> None:
    """The factor is one from the floor on, rises towards it below, and at zero is the error's share of one gross error."""
    grid = make_grid()
    factor = floors.likelihood(30, floors.NAMED_ERROR, grid)
    assert (factor[30:] == 1.0).all()
    assert factor[29] < 0.6
    assert (np.diff(factor[:31]) >= 0).all()
    assert factor[0] == pytest.approx(floors.NAMED_ERROR / 31, rel=1e-3)


def test_disjoint_floors_add_and_others_do_not() -> None:
    """Women and children are different people; members and civilians may not be."""
    assert floors.combine([("women", 4), ("children", 3)]) == 7
    assert floors.combine([("members", 4), ("civilians", 3)]) == 4
    assert floors.combine([]) == 0


def test_floor_twin() -> None:
    """Floors established from the dead themselves exceed the toll only as often as the error says."""
    tolls = np.full(20_000, 30)
    found = floors.simulate(RNG, tolls, 0.02, 0.9)
    assert (found > tolls).mean() < 0.02


def test_copying_twin() -> None:
    """The share of sequences in which sources say given numbers is the product of the copying factors."""
    c, chance = 0.4, np.array([0.5, 0.3, 0.2])
    counts: dict[tuple[int, ...], int] = {}
    for _ in range(20_000):
        said = tuple(copying.simulate(RNG, RNG.choice(3, 4, p=chance).tolist(), c))
        counts[said] = counts.get(said, 0) + 1
    observed, expected = [], []
    habits = copying.Copying(one(c), one(0.5))

    def copies(_: int) -> copying.Copying:
        return habits

    for said, count in counts.items():
        plan = copying.plan(range(4), said, range(4), [0] * 4)
        tables = [np.array([[chance[number]]]) for number in said]
        product = np.prod([f[0, 0] for f in copying.factors(plan, 0, tables.__getitem__, copies)])
        observed.append(count)
        expected.append(20_000 * product * np.exp(copying.log_constant(plan, 0, copies))[0])
    assert len(counts) == 81
    assert np.sum(expected) == pytest.approx(20_000)
    assert stats.chisquare(observed, expected).pvalue > 1e-4


type Told = list[tuple[str, int, str]]  # who speaks, when, and what is said
CHANCE = {"x": 0.5, "y": 0.3, "z": 0.2}


def by_formula(told: Told, readiness: dict[str, float], repeating: float) -> float:
    """Probability of what is told by the product of factors."""
    sources, times, said = zip(*told, strict=True)
    plan = copying.plan(sources, said, times, [0] * len(told))
    habits = [copying.Copying(one(readiness[source]), one(repeating)) for source in sources]
    tables = [np.array([[CHANCE[words]]]) for words in said]
    factors = [factor.item() for factor in copying.factors(plan, 0, tables.__getitem__, habits.__getitem__)]
    constant = np.exp(copying.log_constant(plan, 0, habits.__getitem__))
    return math.prod(factors) * float(np.max(constant))  # one draw


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


# Undocumented remainder and silence ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kappa", [0.0, 0.5, 0.9, 2.0])
@pytest.mark.parametrize("toll", [0, 1, 18, 2_000])
def test_remainder_twin(toll: int, kappa: float) -> None:
    """Gumbel draws follow the survival function; zero stays zero and kappa of zero adds nothing."""
    drawn = undocumented.simulate(RNG, np.full(20_000, toll), kappa)
    if toll == 0 or kappa == 0.0:
        assert (drawn == toll).all()
        return
    for factor in (1.0, 1.1, 1.5, 2.0):
        count = int(toll * factor) + 1
        expected = float(undocumented.survival(np.array(float(count)), np.array(float(toll)), kappa))
        assert (drawn >= count).mean() == pytest.approx(expected, abs=0.015)


@pytest.mark.parametrize("toll", [0, 1, 18, 2_000])
def test_remainder_quantiles_invert_the_survival_function(toll: int) -> None:
    """Quantiles at uniform ranks are draws of the same law, never below the documented toll."""
    uniforms = (np.arange(20_000) + 0.5) / 20_000
    drawn = undocumented.quantile(uniforms, np.full(20_000, toll), np.full(20_000, 0.9))
    assert (drawn >= toll).all()
    assert (np.diff(drawn) >= 0).all()
    if toll:
        for count in (toll + 1, int(1.5 * toll) + 1):
            expected = float(undocumented.survival(np.array(float(count)), np.array(float(toll)), 0.9))
            assert (drawn >= count).mean() == pytest.approx(expected, abs=2e-4)


def test_the_total_on_the_grid_is_the_sum_over_every_count() -> None:
    """Spreading a law of C over N on the grid agrees with the oracle's dense sum, for a spread of kappa."""
    from oracles.brute_force import total_law

    documented = np.exp(-0.5 * ((np.arange(121) - 30) / 12.0) ** 2)
    documented /= documented.sum()
    kappa = np.linspace(0.0, 2.0, 300)
    grid = make_grid(relative_width=0, cap=1_200)
    tables = np.zeros((len(grid), 300))
    tables[:121] = documented[:, None]
    found = undocumented.Remainder(np.full(300, 1 / 300), kappa, grid).total(tables)
    expected = np.mean([total_law(documented, value, 1_200) for value in kappa[::3]], axis=0)
    assert found.sum() == pytest.approx(1.0)
    np.testing.assert_allclose(np.cumsum(found), np.cumsum(expected), atol=2e-3)


def test_silence_twin() -> None:
    """A watching source reports as often as its law says, and silence is the complement."""
    watching = silence.Watching(one(-1.0), one(0.45))
    grid = make_grid()
    share = silence.reporting(watching, grid)[:, 0]
    for toll in (0, 3, 50):
        assert silence.simulate(RNG, np.full(20_000, toll), -1.0, 0.45).mean() == pytest.approx(share[toll], abs=0.015)
    both = silence.likelihood([watching, watching], [True, False], grid)[:, 0]
    np.testing.assert_allclose(both, share * (1 - share))
    mass = cell_mass(Size(one(0.9), one(1.5), one(2.5)), grid)
    assert silence.probability_of_any_report([watching], mass, grid)[0] == pytest.approx(float(mass[:, 0] @ share))


# Weights -------------------------------------------------------------------------------------------------------------


def test_the_pareto_shape_is_that_of_the_reference_implementation() -> None:
    """The fitted shape agrees with ArviZ's on heavy and on light tails."""
    from arviz_stats.base import array_stats

    for spread in (0.3, 1.0, 2.5):
        log_weights = spread * np.random.default_rng(3).standard_normal(1_000)
        _, expected = array_stats.psislw(-log_weights, 1.0)
        found = importance.pareto_shape(np.exp(log_weights - log_weights.max()))
        assert found == pytest.approx(float(expected), abs=0.02)


def test_weights_resting_on_few_draws_are_not_used() -> None:
    """One draw that explains everything leaves the profile as it was, and says so."""
    found = importance.from_log_marginal_likelihood(np.array([500.0, *np.zeros(999)]))
    assert not found.updated
    assert (found.values == 1e-3).all()


def test_systematic_resampling_keeps_each_share() -> None:
    """Every draw appears its share of times, rounded up or down."""
    share = RNG.dirichlet(np.ones(50))
    counts = np.bincount(importance.resample(share, 1_000, 0.5), minlength=50)
    assert (np.abs(counts - 1_000 * share) < 1 + 1e-9).all()


def test_bounds_do_not_raise_tolls() -> None:
    """Sharp test c: the scale of 3,000 events known by "at least" alone is found; reading the bound as flat explodes it."""
    rng = np.random.default_rng(5)
    tolls = sizes.simulate(rng, 1.0, 1.5, 2.5, 100_000, 3_000)
    bounds = np.maximum(1, np.round(tolls * rng.beta(6.0, 1.0, 3_000))).astype(int)
    numbers, counts = np.unique(bounds, return_counts=True)
    grid = make_grid(cap=1_000_000)
    held = HeldNumber(reporting(Parameters()), grid)
    said = np.stack([forms.likelihood(Words("at_least", int(y), int(y)), held)[:, 0] for y in numbers])
    flat = np.stack([(grid.middle >= y).astype(float) for y in numbers])
    scales = np.geomspace(0.5, 200.0, 60)

    def fitted(table: np.ndarray) -> float:
        laws = [cell_mass(Size(one(1.0), one(1.5), one(scale)), grid)[:, 0] for scale in scales]
        return float(scales[np.argmax([counts @ np.log(table[:, 1:] @ law[1:]) for law in laws])])

    assert 2.0 <= fitted(said) <= 4.0
    assert fitted(flat) > 50.0
