"""The likelihood of one outcome of one event, summed over every integer: slow, plain, sharing no code with the package.

The package computes the same law on a grid of cells with prefix sums. This module is its yardstick: every count from 0
to a cap is a cell of its own, every child of every parent is listed, every order of tied figures is written out. Only
the table of vague words, which is vocabulary and not law, is taken from the package.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from estimates.models.wording import NUMERIC_WORDINGS, VAGUE_WORDS

Array = NDArray[np.float64]

#: Age bins are numbered 0 to 4; 5 is the final accounting. Step j leads from bin j + 1 down to bin j.
FINAL = 5
#: The form that is neither said nor copied: a list of names, below whose length no count lies from its bin on.
FLOOR = "named"
#: Forms without any factor and without a place in the order of statements.
SILENT = ("denial", "no_comment", "not_confirmed")
#: Parameters a source may have of its own.
SOURCE_PARAMETERS = ("bias", "exactness", "scale")

RANGE_ERROR = 0.1
UP_TO_SHIFT = 0.2
#: The power with which gross errors fall off below the toll and above it, and the largest one of the law of sizes.
GROSS_BELOW, GROSS_ABOVE = 1.0, 2.5
LARGEST_SIZE_SHAPE = 2.0
#: Share of a range from zero that means "perhaps none".
PERHAPS_NONE = 0.5
#: The largest factor, either way, of an error that all sources of an event share.
LARGEST_SHARED_ERROR = 4.0
VAGUE_WINDOWS = 8
VAGUE_SHARE = 0.25


@dataclass(frozen=True)
class Parameters:
    """One value of every parameter of the law.

    Attributes
    ----------
    positive, size_shape, size_scale : float
        Size: P(C >= 1), and the discrete Lomax P(C >= n | C >= 1) = (1 + (n - 1) / size_scale) ** -size_shape.
    complete_logit, complete_slope : tuple of 5 floats, float
        Documentation: logit of the probability that step j leaves a parent n >= 1 as it is, less slope times log n.
    shape, low_share, low_shape : tuple of 5 floats, float, float
        Documentation: otherwise a share (1 - low_share) Beta(shape_j, 1) + low_share Beta(low_shape, 1) is kept, and
        one dead at least.
    over_share, over_shape : float
        Documentation: unless, with probability over_share, the parent was over-counted: P(child >= k) =
        ((n + 1) / k) ** over_shape for k above n; what lies beyond the cap counts as the cap.
    rising : float
        What "will rise" takes from complete_logit in the steps after the latest numeric statement.
    falling, fallen : float
        What a source that lowers its figure adds to the log-odds of over_share in the steps between, and takes from
        complete_logit there.
    exactness, exactness_slope : float
        Logit of the probability that a source holds exactly C >= 1, less slope times log C.
    scale : float
        Scale of the logistic law of the error otherwise, on log counts, around C exp(bias).
    outlier, heaping, at_least_shift, phantom : float
        Share of outliers, share of heaped numbers, log shift of "at least", P(a number is given | C = 0).
    none_party, none_stated, none_coded, none_fall : float
        P(a party, another source in words, another one by a zero says "none" | C = 1), and the power of the toll with
        which the last two fall.
    copying, repeating : float
        Weight of one earlier source in being copied; probability that a source just repeats itself.
    kappa : float
        Strength of the undocumented remainder.
    whole_group : float
        Probability that a group of which figures speak is everybody.
    shared_error, shared_factor, shared_base : float
        Probability that all accounts share an error; its standard deviation before it is cut is
        sqrt(shared_base ** 2 + (shared_factor * distance) ** 2).
    bias : float
        Log bias.
    sources : mapping of str to mapping of str to float
        Values of SOURCE_PARAMETERS that hold for one source instead of the common ones.
    """

    positive: float = 0.9
    size_shape: float = 1.5
    size_scale: float = 2.5
    complete_logit: tuple[float, ...] = (1.0, 1.0, 1.0, 1.0, 1.0)
    complete_slope: float = 0.4
    shape: tuple[float, ...] = (3.0, 3.0, 3.0, 3.0, 3.0)
    low_share: float = 0.18
    low_shape: float = 0.3
    over_share: float = 0.15
    over_shape: float = 4.0
    rising: float = 0.7
    exactness: float = 0.2
    exactness_slope: float = 0.35
    scale: float = 0.3
    outlier: float = 0.1
    heaping: float = 0.33
    at_least_shift: float = -0.08
    phantom: float = 0.005
    copying: float = 0.2
    repeating: float = 0.6
    kappa: float = 0.9
    bias: float = 0.0
    falling: float = 3.0
    fallen: float = 1.0
    none_party: float = 0.4
    none_stated: float = 0.05
    none_coded: float = 0.2
    none_fall: float = 1.0
    whole_group: float = 0.7
    shared_error: float = 0.7
    shared_factor: float = 1.3
    shared_base: float = 0.03
    sources: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.complete_logit) != FINAL or len(self.shape) != FINAL:
            raise ValueError(f"complete_logit and shape need one value per step; give {FINAL} of each")
        for source, own in self.sources.items():
            if unknown := set(own) - set(SOURCE_PARAMETERS):
                raise ValueError(f"source {source!r} cannot have its own {unknown}; choose from {SOURCE_PARAMETERS}")

    def of(self, source: str, name: str) -> float:
        """Return the source's own value of a parameter, else the common one."""
        return float(self.sources.get(source, {}).get(name, getattr(self, name)))


@dataclass(frozen=True)
class Figure:
    """One figure: who said what about which bin, and when.

    Attributes
    ----------
    source : str
        Who says it.
    wording : str
        A wording of the package's vocabulary.
    low, high : int or None
        The two ends of a range; every other form has one number, in either or in both.
    word : str or None
        The word of a vague figure.
    bin : int
        Age bin, 0 to 5.
    place : int
        Order in time; equal places are tied.
    kind : str
        Who gives the number or says that there is none: "party", or "stated" and "coded" of others.
    early : bool
        Whether a source that says "none" gives a number later.
    withdrawn : bool
        Whether the source took it back: others may have copied it, but it bears on no toll.
    """

    source: str
    wording: str
    low: int | None = None
    high: int | None = None
    word: str | None = None
    bin: int = FINAL
    place: int = 0
    kind: str = "stated"
    early: bool = False
    withdrawn: bool = False

    @property
    def number(self) -> int:
        """The one number of a form that has one."""
        numbers = {value for value in (self.low, self.high) if value is not None}
        if len(numbers) != 1:
            raise ValueError(f"{self.wording!r} needs one number, not low={self.low}, high={self.high}")
        return numbers.pop()

    @property
    def is_numeric(self) -> bool:
        """Whether the figure carries a number, a vague word included."""
        return self.wording in NUMERIC_WORDINGS

    @property
    def gives_number(self) -> bool:
        """Whether the figure excludes "none" for certain."""
        return self.is_numeric and not (self.wording == "range" and self.low == 0)

    @property
    def bears_on(self) -> int:
        """The bin whose count the figure speaks of: that nobody died is said of the toll of the end."""
        return FINAL if self.wording == "none" else self.bin

    @property
    def is_statement(self) -> bool:
        """Whether the figure is something a source says and others may copy."""
        return self.is_numeric or self.wording == "none"

    def says_the_same_as(self, other: Figure) -> bool:
        """Tell whether two figures are the same words."""
        return (self.wording, self.low, self.high, self.word) == (other.wording, other.low, other.high, other.word)


def logistic(x: float) -> float:
    """Return 1 / (1 + exp(-x)) without overflow."""
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


# The number a source holds -------------------------------------------------------------------------------------------


def kernel_tails(x: float, centre: float, source: str, parameters: Parameters) -> tuple[float, float]:
    """Return the probabilities of an error part at most x and above x, each without cancellation."""
    z = math.log(x / centre) / parameters.of(source, "scale")
    return logistic(z), logistic(-z)


def error_tails(k: int, c: int, source: str, parameters: Parameters, shift: float = 0.0) -> tuple[float, float]:
    """Return P(K <= k) and P(K > k) in the error part at a toll c >= 1, outliers included, without heaping."""
    if k < 0:
        return 0.0, 1.0
    centre = c * math.exp(parameters.of(source, "bias") + shift)
    kernel = kernel_tails(k + 0.5, centre, source, parameters)
    # The outliers follow the toll itself: neither bias nor shift moves them.
    z = math.log((k + 0.5) / c) * (GROSS_ABOVE if k + 0.5 > c else GROSS_BELOW)
    outlier = logistic(z), logistic(-z)
    share = parameters.outlier
    return (1 - share) * kernel[0] + share * outlier[0], (1 - share) * kernel[1] + share * outlier[1]


def heaped_number(k: int, unit: int) -> int:
    """Return the largest count that rounding to a unit turns into a number of at most k."""
    nearest = unit * (k // unit) + math.ceil(unit / 2) - 1
    return min(99, max(9, nearest)) if k < 100 else max(99, nearest)


def heaped_tails(k: int, c: int, source: str, parameters: Parameters) -> tuple[float, float]:
    """Return P(K <= k) and P(K > k) in the error part at a toll c >= 1 when a share of the numbers is heaped."""
    plain = error_tails(k, c, source, parameters)
    if k < 10:
        return plain
    units = (5, 10) if k < 100 else (10, 50, 100)
    heaped = [error_tails(heaped_number(k, unit), c, source, parameters) for unit in units]
    share = parameters.heaping
    return (
        (1 - share) * plain[0] + share * sum(at_most for at_most, _ in heaped) / len(units),
        (1 - share) * plain[1] + share * sum(above for _, above in heaped) / len(units),
    )


def number_probability(
    first: int, last: int, c: int, source: str, parameters: Parameters, *, shift: float = 0.0, heaped: bool = False
) -> float:
    """Return the probability that the number a source gives lies in first..last, both at least 1.

    The source is known to give a number, so that K >= 1; that it does is a factor of the event.
    """
    if first < 1:
        raise ValueError(f"a number given is at least 1, not {first}")
    if last < first:
        return 0.0
    if c == 0:
        exponent = 1 / parameters.of(source, "scale")
        return float(first**-exponent - (last + 1) ** -exponent)
    if heaped and shift:
        raise ValueError("heaping and a shift never meet in one form")

    def tails(k: int) -> tuple[float, float]:
        return heaped_tails(k, c, source, parameters) if heaped else error_tails(k, c, source, parameters, shift)

    start, end = tails(first - 1), tails(last)
    # In the upper tail the difference of what lies above keeps the digits that 1 - 1 would lose.
    error = start[1] - end[1] if start[0] > 0.5 else end[0] - start[0]
    exact = logistic(parameters.of(source, "exactness") - parameters.exactness_slope * math.log(c))
    held = exact * (first <= c <= last) + (1 - exact) * error
    nothing_held = (1 - exact) * error_tails(0, c, source, parameters, shift)[0]
    return held / (1 - nothing_held)


# What the words say --------------------------------------------------------------------------------------------------


def divide_up(a: int, b: int) -> int:
    """Return the smallest integer at or above a / b."""
    return -(-a // b)


def is_round(y: int) -> bool:
    """Tell whether a number is one that people round to."""
    if y < 10:
        return False
    if y < 100:
        return y % 5 == 0 or y in (12, 24)
    unit = 10 if y < 1000 else int("1" + "0" * (len(str(y)) - 2))
    return y % unit == 0


def window(wording: str, y: int) -> tuple[int, int]:
    """Return the first and last count that more_than, nearly or about y stands for."""
    # Hundredths of integers, since 1.13 * 100 in floating point is below 113.
    if wording == "more_than":
        return y + 1, max(y + 1, 125 * y // 100)
    if wording == "nearly":
        return max(1, min(divide_up(85 * y, 100), y - 1)), max(1, y - 1)
    if wording == "about":
        percent = 13 if is_round(y) else 6
        return min(y, divide_up((100 - percent) * y, 100)), max(y, (100 + percent) * y // 100)
    raise ValueError(f"{wording!r} has no window")


def vague_windows(word: str) -> list[tuple[int, int]]:
    """Return the nested windows of a vague word: where its membership exceeds (j + 1/2) / 8, cut in log counts."""
    start, full, fading, end = VAGUE_WORDS[word]
    windows = []
    for j in range(VAGUE_WINDOWS):
        height = (j + 0.5) / VAGUE_WINDOWS
        left = math.log(start - 0.5) + height * (math.log(full) - math.log(start - 0.5))
        right = math.log(end + 0.5) - height * (math.log(end + 0.5) - math.log(fading))
        windows.append((math.ceil(math.exp(left)), math.floor(math.exp(right))))
    return windows


def none_likelihood(kind: str, early: bool, parameters: Parameters, c: int) -> float:
    """Return P("none" | the toll of the end is c): rarer the larger the toll, but of parties and where it was early."""
    if c == 0:
        return 1 - parameters.phantom
    fall = 0.0 if kind == "party" or early else parameters.none_fall
    return float(getattr(parameters, f"none_{kind}") * c**-fall)


def number_given(kind: str, parameters: Parameters, c: int) -> float:
    """Return P(a source gives a number and does not say "none" | the toll of the end is c)."""
    return 1 - none_likelihood(kind, False, parameters, c)


def range_likelihood(figure: Figure, parameters: Parameters, c: int) -> float:
    """Return P(a range is said | the toll documented in its bin is c): said of its inside, of an end, or perhaps none."""
    low, high = figure.low, figure.high
    if low is None or high is None or high < low:
        raise ValueError(f"a range needs low <= high, not low={low}, high={high}")
    if low == 0:
        # Where nobody died, that there is a number at all is part of these words.
        number = (parameters.phantom if c == 0 else 1.0) * range_likelihood(replace(figure, low=1), parameters, c)
        return PERHAPS_NONE * none_likelihood("stated", False, parameters, c) + (1 - PERHAPS_NONE) * number

    def held(first: int, last: int) -> float:
        return number_probability(first, last, c, figure.source, parameters, heaped=True)

    return (1 - RANGE_ERROR) * held(low, high) / (high - low + 1) + RANGE_ERROR / 2 * (
        held(low, low) + held(high, high)
    )


def statement_likelihood(figure: Figure, parameters: Parameters, c: int) -> float:
    """Return P(the words of a figure | the toll documented in its bin is c), before any copying.

    Parameters
    ----------
    figure : Figure
    parameters : Parameters
    c : int
        A count, 0 or more.

    Raises
    ------
    ValueError
        If the wording is unknown or its numbers do not fit it.
    """

    def held(first: int, last: int, *, shift: float = 0.0, heaped: bool = False) -> float:
        return number_probability(first, last, c, figure.source, parameters, shift=shift, heaped=heaped)

    match figure.wording:
        case "exactly":
            return held(figure.number, figure.number, heaped=True)
        case "range":
            return range_likelihood(figure, parameters, c)
        case "at_least":
            y = figure.number
            beyond = held(y, 2 * y - 1) * math.log2(1 + 1 / y)
            return 0.8 * held(y, y, shift=parameters.at_least_shift) + 0.2 * beyond
        case "up_to":
            y = figure.number
            short = held(y // 2 + 1, y) * math.log2(1 + 1 / y)
            return 0.6 * held(y, y, shift=UP_TO_SHIFT) + 0.4 * short
        case "at_most":
            y = figure.number
            return held(y // 2 + 1, y) * math.log2(1 + 1 / y)
        case "more_than" | "nearly" | "about":
            first, last = window(figure.wording, figure.number)
            return held(first, last) / (last - first + 1)
        case "vague":
            if figure.word not in VAGUE_WORDS:
                raise ValueError(f"vague word {figure.word!r} is unknown; choose from {sorted(VAGUE_WORDS)}")
            return VAGUE_SHARE * sum(held(first, last) for first, last in vague_windows(figure.word)) / VAGUE_WINDOWS
        case "none":
            return none_likelihood(figure.kind, figure.early, parameters, c)
        case "named":
            return float(c >= figure.number)
        case "denial" | "no_comment" | "not_confirmed":
            return 1.0
        case _:
            raise ValueError(f"wording {figure.wording!r} is unknown")


# Parts of the dead ---------------------------------------------------------------------------------------------------


def part_factor(likelihood: Array, share_all: float) -> Array:
    """Return the factor of the figures of one group of the dead, at each toll.

    Parameters
    ----------
    likelihood : array, shape (cap + 1,)
        Of all figures of the group, by how many of it died.
    share_all : float
        Probability that the group is everybody; 0 where the words say that it is a part.

    Returns
    -------
    array, shape (cap + 1,)
    """
    factor = [float(likelihood[0])]
    for c in range(1, len(likelihood)):
        of_any_size = float(likelihood[1 : c + 1].mean())
        factor.append(share_all * float(likelihood[c]) + (1 - share_all) * of_any_size)
    return np.array(factor)


def joint_factor(one: Array, other: Array) -> Array:
    """Return the factor of the figures of two groups of the dead that share no member, at each toll.

    Every pair of sizes that fits into a toll is as probable as every other.

    Parameters
    ----------
    one, other : arrays, shape (cap + 1,)
        Likelihoods, by how many of the group died.

    Returns
    -------
    array, shape (cap + 1,)
    """
    # Pairs are summed by what they add up to.
    by_sum = np.zeros(len(one))
    for i, value in enumerate(one):
        by_sum[i:] += value * other[: len(other) - i]
    pairs = np.cumsum(np.arange(1.0, len(one) + 1))
    return np.asarray(np.cumsum(by_sum) / pairs)


# Copies and updates --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scenario:
    """One way in which tied figures may have been ordered.

    Attributes
    ----------
    weight : float
        Its probability.
    likelihood : array, shape (6, cap + 1)
        The factor of the figures of each bin, by the count documented in that bin.
    """

    weight: float
    likelihood: Array


def latest_of_each(statements: Iterable[Figure]) -> dict[str, Figure]:
    """Return each source's current statement, given statements in the order they were made."""
    return {statement.source: statement for statement in statements}


def copied_share(statement: Figure, others: Sequence[Figure], copying: float) -> tuple[float, float]:
    """Return the probability that a statement is a copy, and that a copy of one of the others would read like it."""
    n = len(others)
    if n == 0:
        return 0.0, 0.0
    return copying * n / (1 - copying + copying * n), sum(map(statement.says_the_same_as, others)) / n


def with_copying(
    statement: Figure, earlier: Sequence[Figure], parameters: Parameters, likelihood: Callable[[Figure], Array]
) -> Array:
    """Return the factor of one statement, given all that were made before it, in order."""
    current = latest_of_each(earlier)
    others = [said for source, said in current.items() if source != statement.source]
    copied, share = copied_share(statement, others, parameters.copying)
    factor = (1 - copied) * likelihood(statement) + copied * share
    if statement.source not in current:
        return factor
    repeats = statement.says_the_same_as(current[statement.source])
    return parameters.repeating * repeats + (1 - parameters.repeating) * factor


def scenarios(
    statements: Sequence[Figure], parameters: Parameters, likelihood: Callable[[Figure], Array]
) -> list[Scenario]:
    """Return the factors of all statements, by bin, for every order of the tied first statements.

    Orders that give one array per bin are averaged at once; only figures tied across bins leave several scenarios. What
    was withdrawn comes first in its place, so that the others may have copied it.
    """

    def moment(statement: Figure) -> tuple[int, bool]:
        return statement.place, not statement.withdrawn

    ordered = sorted(statements, key=moment)
    size = len(likelihood(ordered[0])) if ordered else 1
    found = [Scenario(1.0, np.ones((FINAL + 1, size)))]
    for place in sorted(set(map(moment, ordered))):
        if not place[1]:
            continue
        earlier = [statement for statement in ordered if moment(statement) < place]
        tied = [statement for statement in ordered if moment(statement) == place]
        known = {statement.source for statement in earlier}
        later = np.ones((FINAL + 1, size))
        for statement in tied:
            if statement.source in known:
                later[statement.bears_on] *= with_copying(statement, earlier, parameters, likelihood)
        orders = []
        firsts = [statement for statement in tied if statement.source not in known]
        for order in permutations(firsts):
            product = later.copy()
            for position, statement in enumerate(order):
                before = [*earlier, *order[:position]]
                product[statement.bears_on] *= with_copying(statement, before, parameters, likelihood)
            orders.append(product)
        if len({statement.bears_on for statement in firsts}) <= 1:
            orders = [sum(orders, np.zeros_like(later)) / len(orders)]
        found = [
            Scenario(scenario.weight / len(orders), scenario.likelihood * order)
            for scenario in found
            for order in orders
        ]
    return found


# Documentation in time -----------------------------------------------------------------------------------------------


class Step:
    """The law of a child in bin j given its parent in bin j + 1, row by row.

    Parameters
    ----------
    parameters : Parameters
    j : int
        The step, 0 to 4.
    cap : int
        The largest count.
    rising, falling : bool
        Whether "will rise", or a source that lowers its figure, changes the law of this step.
    """

    def __init__(
        self, parameters: Parameters, j: int, cap: int, *, rising: bool = False, falling: bool = False
    ) -> None:
        self.cap = cap
        self.logit = parameters.complete_logit[j] - parameters.rising * rising - parameters.fallen * falling
        self.slope = parameters.complete_slope
        self.over_share, self.over_shape = parameters.over_share, parameters.over_shape
        if falling and 0 < self.over_share < 1:
            odds = math.log(self.over_share / (1 - self.over_share))
            self.over_share = logistic(odds + parameters.falling)
        shares = ((1 - parameters.low_share, parameters.shape[j]), (parameters.low_share, parameters.low_shape))
        # P(floor(n u) <= k) = ((k + 1) / n) ** shape; the powers are taken once for all n.
        self.components = [(share, np.arange(cap + 1, dtype=float) ** shape) for share, shape in shares]
        if not all(np.all(np.isfinite(powers)) for _, powers in self.components):
            raise ValueError(f"the shapes of step {j} are too large for a cap of {cap}")

    def row(self, n: int) -> Array:
        """Return P(child = k | parent = n) for k = 0..cap."""
        row = np.zeros(self.cap + 1)
        complete = 1.0 if n == 0 else logistic(self.logit - self.slope * math.log(n))
        row[n] = complete
        if n == 0:
            return row
        for share, powers in self.components:
            smaller = np.diff(powers[: n + 1]) / powers[n]
            # Of an event with dead one at least is documented.
            smaller = np.concatenate([[0.0, smaller[0] + smaller[1]], smaller[2:]]) if n > 1 else np.array([0.0, 1.0])
            row[: len(smaller)] += (1 - complete) * (1 - self.over_share) * share * smaller
        above = np.arange(n + 1, self.cap + 1, dtype=float)
        at_least = np.append(((n + 1) / above) ** self.over_shape, 0.0)
        row[n + 1 :] += (1 - complete) * self.over_share * (at_least[:-1] - at_least[1:])
        if n == self.cap:
            row[n] += (1 - complete) * self.over_share
        return row

    def up(self, likelihood: Array) -> Array:
        """Return the likelihood of each parent: the mean of the likelihood of its child."""
        return np.asarray(self.matrix @ likelihood)

    def down(self, prior: Array) -> Array:
        """Return the law of the child when the parent follows a prior."""
        return np.asarray(prior @ self.matrix)

    @cached_property
    def matrix(self) -> Array:
        """All rows, shape (cap + 1, cap + 1)."""
        return np.array([self.row(n) for n in range(self.cap + 1)])


def size_prior(parameters: Parameters, cap: int) -> Array:
    """Return P(C = 0..cap): a mass at 0, and a discrete Lomax cut at the cap and renormalised."""
    at_least = (1 + np.arange(cap + 1) / parameters.size_scale) ** -min(parameters.size_shape, LARGEST_SIZE_SHAPE)
    lomax = at_least[:-1] - at_least[1:]
    return np.concatenate([[1 - parameters.positive], parameters.positive * lomax / lomax.sum()])


# The error that all accounts share -----------------------------------------------------------------------------------


def adjudicated(parameters: Parameters, distance: float, n: int, floor: int, most: float) -> dict[int, float]:
    """Return P(V = k | C = n) of the adjudicated toll, by k.

    Parameters
    ----------
    parameters : Parameters
    distance : float
        How far the sources' figures lie apart.
    n : int
        What the accounts hold, between the two ends where it is not zero.
    floor : int
        The names known; one where there are none.
    most : float
        The people at risk; infinite where it is unknown.
    """
    if n == 0:
        return {0: 1.0}
    sd = math.sqrt(parameters.shared_base**2 + (parameters.shared_factor * distance) ** 2)
    scale, cut = sd / math.sqrt(2), math.log(LARGEST_SHARED_ERROR)

    def below(ratio: Array) -> Array:
        error = np.clip(np.log(ratio), -cut, cut)
        tail = np.exp(-np.abs(error) / scale) / 2
        return np.asarray(np.where(error < 0, tail, 1 - tail))

    tolls = np.arange(max(floor, 1), int(min(most, LARGEST_SHARED_ERROR * n + 1)) + 1)
    errors = below((tolls + 0.5) / n) - below((tolls - 0.5) / n)
    chances = parameters.shared_error * errors / errors.sum() + (1 - parameters.shared_error) * (tolls == n)
    return dict(zip(tolls.tolist(), chances.tolist(), strict=True))


def adjudicated_law(count: Array, parameters: Parameters, distance: float, floor: int, most: int) -> Array:
    """Return the law of V up to the cap when C follows a law of shape (cap + 1,)."""
    found = np.zeros(len(count))
    for n in np.flatnonzero(count > 1e-20):
        for k, chance in adjudicated(parameters, distance, int(n), floor, most).items():
            found[k] += count[n] * chance
    return found


# The event -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Group:
    """Figures of a group of the dead.

    Attributes
    ----------
    figures : tuple of Figure
    bin : int
        The bin whose count the group is a part of.
    certain : bool
        Whether the words say that others died beside the group.
    others : tuple of Figure
        Of a group that shares no member with this one.
    """

    figures: tuple[Figure, ...]
    bin: int
    certain: bool = False
    others: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class Known:
    """What is known of an event beside the figures of everybody.

    Attributes
    ----------
    groups : tuple of Group
    counted : tuple of (bin, number)
        Counts that are known without error.
    at_risk : int or None
        No count of any bin is above it.
    falling : tuple of int
        Steps over which a source lowered its figure.
    by_now : int or None
        Bin that "by now" stands for; by default that of the latest figure.
    distance : float
        How far figures lie apart.
    independent : bool
        Whether nobody copies.
    toll : (int, int or None), or None
        Verified ends of the adjudicated toll; open above where the second is None.
    watchers : tuple of (float, float, bool)
        Intercept and slope of each source that watched, and whether it spoke.
    watched_to : int
        The bin up to which they were listened to.
    told_otherwise : bool
        Whether the event is known without them.
    """

    groups: tuple[Group, ...] = ()
    counted: tuple[tuple[int, int], ...] = ()
    at_risk: int | None = None
    falling: tuple[int, ...] = ()
    by_now: int | None = None
    distance: float = 0.0
    independent: bool = False
    toll: tuple[int, int | None] | None = None
    watchers: tuple[tuple[float, float, bool], ...] = ()
    watched_to: int = FINAL
    told_otherwise: bool = False


NOTHING_ELSE = Known()


@dataclass(frozen=True)
class Event:
    """An event made ready for sums over every count: scenarios of the figures' factors, and the five steps."""

    found: list[Scenario]
    steps: list[Step]
    prior: Array
    now: int
    floor: int

    def passed_up(self, scenario: Scenario, to: int = FINAL) -> Array:
        """Return the likelihood, by the count documented in a bin, of the figures of that bin and before."""
        likelihood: Array = scenario.likelihood[0]
        for j in range(to):
            likelihood = scenario.likelihood[j + 1] * self.steps[j].up(likelihood)
        return likelihood

    def expected(self, scenario: Scenario, at: int) -> Array:
        """Return the weight of each count documented in a bin by what is expected and what is said of later bins."""
        weight = self.prior
        for j in reversed(range(at, FINAL)):
            weight = self.steps[j].down(weight * scenario.likelihood[j + 1])
        return weight

    def together(self, scenario: Scenario, at: int) -> Array:
        """Return the weight of each count of a bin with each count of the end, shape (cap + 1, cap + 1)."""
        pairs = np.diag(self.prior)
        for j in reversed(range(at, FINAL)):
            pairs = self.steps[j].matrix.T @ (pairs * scenario.likelihood[j + 1][:, None])
        return pairs * self.passed_up(scenario, at)[:, None]


def check(figures: Sequence[Figure]) -> None:
    """Raise ValueError where figures break what the law takes for granted."""
    for figure in figures:
        if not 0 <= figure.bin <= FINAL:
            raise ValueError(f"{figure}: bin must be 0 to {FINAL}")
    spoken = [figure for figure in figures if figure.wording not in SILENT and not figure.withdrawn]
    for name, kind in (("statement", True), ("floor", False)):
        some = [figure for figure in spoken if figure.is_statement == kind]
        keys = [(figure.source, figure.bin) if kind else (figure.bin,) for figure in some]
        if len(set(keys)) < len(keys):
            raise ValueError(f"more than one {name} in a bin{' from one source' if kind else ''}; keep one")
    statements = [(figure.source, figure.place) for figure in spoken if figure.is_statement]
    if len(set(statements)) < len(statements):
        raise ValueError("one source makes two statements at one place; give them different places")


def numbers_factor(figures: Iterable[Figure], parameters: Parameters, cap: int) -> Array:
    """Return the probability, by the toll, that the sources that give numbers do so; once a source, by its latest."""
    kinds: dict[str, str] = {}
    for figure in sorted(figures, key=lambda figure: (figure.bin, figure.place)):
        if figure.gives_number and not figure.withdrawn:
            kinds[figure.source] = figure.kind
    return np.array([math.prod(number_given(kind, parameters, c) for kind in kinds.values()) for c in range(cap + 1)])


def group_likelihood(figures: Sequence[Figure], parameters: Parameters, cap: int) -> Array:
    """Return the likelihood of all figures of a group, by how many of it died: one size for all bins."""

    def table(figure: Figure) -> Array:
        return np.array([statement_likelihood(figure, parameters, m) for m in range(cap + 1)])

    likelihood = np.zeros(cap + 1)
    for scenario in scenarios(figures, parameters, table):
        likelihood += scenario.weight * scenario.likelihood.prod(axis=0)
    return likelihood * numbers_factor(figures, parameters, cap)


def group_factor(group: Group, parameters: Parameters, cap: int) -> Array:
    """Return the factor of the figures of a group, or of two that exclude each other, at each toll."""
    likelihood = group_likelihood(group.figures, parameters, cap)
    if group.others:
        return joint_factor(likelihood, group_likelihood(group.others, parameters, cap))
    return part_factor(likelihood, 0.0 if group.certain else parameters.whole_group)


def toll_factor(parameters: Parameters, known: Known, floor: int, cap: int) -> Array:
    """Return the probability of a toll between the verified ends, by what the accounts hold."""
    assert known.toll is not None
    low, high = known.toll
    most = math.inf if known.at_risk is None else known.at_risk
    factor = []
    for n in range(cap + 1):
        possible = n == 0 or max(floor, 1) <= n <= most
        law = adjudicated(parameters, known.distance, n, max(floor, 1), most) if possible else {}
        factor.append(math.fsum(chance for k, chance in law.items() if k >= low and (high is None or k <= high)))
    return np.array(factor)


def watched(known: Known, c: int) -> float:
    """Return the probability of who spoke of an event of c dead, given that somebody did unless it is known otherwise."""
    spoke, nobody = 1.0, 1.0
    for intercept, slope, did in known.watchers:
        own = logistic(intercept + slope * math.log(1 + c))
        spoke *= own if did else 1 - own
        nobody *= 1 - own
    return spoke if known.told_otherwise else spoke / (1 - nobody)


def event(
    parameters: Parameters, figures: Sequence[Figure], cap: int, *, rising: bool = False, known: Known = NOTHING_ELSE
) -> Event:
    """Tabulate all factors of an event for the counts 0..cap.

    Raises
    ------
    ValueError
        If the figures break a rule of the law.
    """
    check(figures)
    tables: dict[Figure, Array] = {}
    for figure in figures:
        tables[figure] = np.array([statement_likelihood(figure, parameters, c) for c in range(cap + 1)])
    spoken = [figure for figure in figures if figure.is_statement]
    copying = replace(parameters, copying=0.0) if known.independent else parameters
    found = scenarios(spoken, copying, tables.__getitem__)

    factors = np.ones((FINAL + 1, cap + 1))
    for figure in figures:
        if figure.wording == FLOOR:
            # Whoever is known by name cannot be counted away later.
            factors[figure.bin :] *= tables[figure]
    if known.at_risk is not None:
        factors[:, known.at_risk + 1 :] = 0.0
    for b, number in known.counted:
        factors[b, np.arange(cap + 1) != number] = 0.0
    if known.watchers:
        factors[known.watched_to] *= [watched(known, c) for c in range(cap + 1)]
    for group in known.groups:
        factors[group.bin] *= group_factor(group, parameters, cap)
    factors[FINAL] *= numbers_factor(spoken, parameters, cap)

    floor = max((figure.number for figure in figures if figure.wording == FLOOR), default=0)
    if known.toll is not None:
        factors[FINAL] *= toll_factor(parameters, known, floor, cap)

    numeric_bins = [figure.bin for figure in figures if figure.is_numeric and not figure.withdrawn]
    # Without a number nobody can have said that it will rise.
    rises_from = max(numeric_bins) if rising and numeric_bins else FINAL
    latest = max((figure.bin for figure in figures), default=FINAL)
    return Event(
        found=[Scenario(scenario.weight, scenario.likelihood * factors) for scenario in found],
        steps=[Step(parameters, j, cap, rising=j >= rises_from, falling=j in known.falling) for j in range(FINAL)],
        prior=size_prior(parameters, cap),
        now=latest if known.by_now is None else known.by_now,
        floor=floor,
    )


def log_marginal_likelihood(
    parameters: Parameters, figures: Sequence[Figure], cap: int, *, rising: bool = False, known: Known = NOTHING_ELSE
) -> float:
    """Return the log of the probability of all that is said of an event.

    Parameters
    ----------
    parameters : Parameters
    figures : sequence of Figure
        At most one statement per source and bin that was not withdrawn, at most one floor per bin.
    cap : int
        The largest toll possible.
    rising : bool
        Whether a figure of the latest bin says that the number will rise.
    known : Known

    Returns
    -------
    float
        Minus infinity where the figures are impossible.

    Raises
    ------
    ValueError
        If the figures break a rule of the law.
    """
    made = event(parameters, figures, cap, rising=rising, known=known)
    observations = sum(scenario.weight * float(made.prior @ made.passed_up(scenario)) for scenario in made.found)
    return math.log(observations) if observations > 0 else -math.inf


def posterior(
    parameters: Parameters,
    figures: Sequence[Figure],
    cap: int,
    *,
    rising: bool = False,
    known: Known = NOTHING_ELSE,
    largest_total: int | None = None,
) -> dict[str, Array]:
    """Return the laws of the toll given all figures of an event.

    Parameters
    ----------
    parameters : Parameters
    figures : sequence of Figure
    cap : int
        The largest documentable toll possible.
    rising : bool
        Whether a figure of the latest bin says that the number will rise.
    known : Known
    largest_total : int or None
        The largest full toll to list; None lists none.

    Returns
    -------
    dict of str to array
        Of what the accounts hold ``in_the_end`` (C) and ``now`` (C_j), of the adjudicated toll ``documented`` (V) and
        ``by_now`` (V_j), each of shape (cap + 1,), and, where asked for, ``total`` (N, shape (largest_total + 1,)), which
        lacks 1 what lies above largest_total.

    Raises
    ------
    ValueError
        If the figures break a rule of the law or are impossible.
    """
    made = event(parameters, figures, cap, rising=rising, known=known)
    in_the_end, now = np.zeros(cap + 1), np.zeros(cap + 1)
    for scenario in made.found:
        in_the_end += scenario.weight * made.prior * made.passed_up(scenario)
        now += scenario.weight * made.expected(scenario, made.now) * made.passed_up(scenario, made.now)
    if in_the_end.sum() == 0:
        raise ValueError("these figures are impossible under these parameters; raise the cap or an error share")

    laws = {"in_the_end": in_the_end / in_the_end.sum(), "now": now / now.sum()}
    most = cap if known.at_risk is None else min(cap, known.at_risk)
    for law, count in (("documented", "in_the_end"), ("by_now", "now")):
        laws[law] = adjudicated_law(laws[count], parameters, known.distance, made.floor, most)
    if largest_total is not None:
        laws["total"] = total_law(laws["documented"], parameters.kappa, largest_total)
    return laws


def probability_of_growth(
    parameters: Parameters, figures: Sequence[Figure], cap: int, *, rising: bool = False, known: Known = NOTHING_ELSE
) -> float:
    """Return the probability that the count by now is above that of the end, given all that is said."""
    made = event(parameters, figures, cap, rising=rising, known=known)
    pairs = sum(scenario.weight * made.together(scenario, made.now) for scenario in made.found)
    return float(np.tril(pairs, -1).sum() / np.sum(pairs))


# The undocumented remainder ------------------------------------------------------------------------------------------


def remainder(c: int, kappa: float, largest: int) -> Array:
    """Return P(N = 0..largest | C = c)."""
    at_least = np.ones(largest + 2)
    n = np.arange(c + 1, largest + 2)
    if c == 0:
        at_least[1:] = 0
    elif len(n):
        with np.errstate(over="ignore"):  # an infinite ratio has probability 0, as it should
            ratio = ((n - 0.5) / c) ** (1 / max(kappa, 1e-3))
            at_least[n] = -0.65 * np.expm1(-np.exp(-(ratio - 1) / (0.2 + 1.8 / c)))
    return at_least[:-1] - at_least[1:]


def total_law(documented: Array, kappa: float, largest: int) -> Array:
    """Return P(N = 0..largest) when C follows a law; rows that cannot be seen in the last digit are left out."""
    total = np.zeros(largest + 1)
    for c in np.flatnonzero(documented > 1e-20):
        total += documented[c] * remainder(int(c), kappa, largest)
    return total
