"""Small events whose tolls are known by sums over every integer, and thirty claims about them with their answers.

Every draw of the profile is the same here, so that one set of parameters is the whole truth and `oracles.brute_force`,
which shares no code with the package, can work out the probability of every toll.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from helpers.tables import exactly, report
from oracles import brute_force
from oracles.brute_force import FINAL, Figure, Known, Parameters

from estimates import Estimates, SourceProfile, estimate
from estimates.inference.cases import Case
from estimates.inference.claims import kind_of
from estimates.models.wording import kind_of_none
from estimates.profile.profile import published_profile

#: The largest documented and the largest full toll in the sums.
CAP, LARGEST = 450, 1_500
#: Of the profile, all alike.
DRAWS = 100
_KINDS = ("party", "stated", "coded")


@cache
def one_law() -> SourceProfile:
    """A profile whose draws are all the same: the middle of the published priors."""
    values = {name: np.full(DRAWS, float(np.median(array))) for name, array in published_profile(0).parameters.items()}
    values |= {name: np.zeros(DRAWS) for name in values if "spread" in name}
    # Tolls beyond the sums are as rare as the law of sizes can have them.
    values |= {name: np.full(DRAWS, 2.0) for name in values if name.startswith("size.") and name.endswith(".shape")}
    return SourceProfile("one law", 0, values)


EVENTS = {
    "one source": [exactly("a", 18)],
    "two sources": [report("a", "at_least", 18), report("b", "about", 21, 21)],
    "they grew": [exactly("a", 9), exactly("b", 14, reported_at="2020-01-17")],
    "small": [exactly("a", 3), exactly("b", 4)],
    "nobody": [report("a", "none"), report("b", "none", reported_at="2020-01-16")],
    "named": [exactly("a", 14), exactly("list", 12, wording="named")],
    "at risk": [exactly("a", 25, at_risk=30)],
}


@cache
def estimated() -> Estimates:
    """The estimates of all of these events."""
    rows = [{**row, "event": event} for event, of_event in EVENTS.items() for row in of_event]
    return estimate(rows, profile=one_law())


# By brute force -------------------------------------------------------------------------------------------------------


def parameters_of(profile: SourceProfile, case: Case) -> Parameters:
    """The parameters of the first draw, as the sums over every integer take them; all sources count alike here."""
    model = profile.reporting(*case.keys[0])
    growth, size = profile.growth(case.event_type), profile.size(case.outcome, case.event_type)
    of_sources = {name: float(values[0]) for name, values in vars(model).items()}
    shared = {
        "shared_factor": of_sources.pop("shared_error_factor"),
        "shared_base": of_sources.pop("shared_error_base"),
    }
    of_growth = {
        name: float(getattr(growth, name)[0])
        for name in ("low_share", "low_shape", "over_share", "over_shape", "rising", "falling", "fallen")
    }
    return Parameters(
        positive=float(size.positive[0]),
        size_shape=float(size.shape[0]),
        size_scale=float(size.scale[0]),
        complete_logit=tuple(growth.complete_logit[0].tolist()),
        complete_slope=float(growth.slope[0]),
        shape=tuple(growth.shape[0].tolist()),
        kappa=float(profile.kappa[0]),
        **of_sources,
        **shared,
        **of_growth,
    )


def figures_of(case: Case) -> list[Figure]:
    """What is said of a case whose ages are all known."""
    ((_, observations),) = case.alternatives
    kinds = {figure.key: _KINDS[kind_of(figure)] for figure in case.whole_figures}
    said = []
    for statement in observations.statements:
        words, kind, early = statement.words, kinds[case.keys[statement.source]], False
        if words.wording == "none":
            early = kind != "party" and not kind_of_none(words)[1]
        ends = (None, None) if words.wording in ("none", "vague") else (words.low or None, words.high or None)
        said.append(
            Figure(
                str(statement.source),
                words.wording,
                *ends,
                words.word if words.wording == "vague" else None,
                bin=statement.bin,
                place=statement.place,
                kind=kind,
                early=early,
            )
        )
    floors = [
        Figure(f"list {floor.number}", "named", floor.number, floor.number, bin=floor.bin, place=99)
        for floor in observations.floors
    ]
    return [*said, *floors]


@dataclass(frozen=True, eq=False)
class Sums:
    """One event by sums over every integer.

    Attributes
    ----------
    laws : dict of str to array
        P(toll = 0, 1, ...) for each layer.
    pairs : array, shape (CAP + 1, CAP + 1)
        P(count by now, count in the end).
    errors : array, shape (CAP + 1, CAP + 1)
        P(documented toll | count in the end).
    remainders : array, shape (CAP + 1, LARGEST + 1)
        P(full toll | documented toll).
    """

    laws: dict[str, np.ndarray]
    pairs: np.ndarray
    errors: np.ndarray
    remainders: np.ndarray


@cache
def sums_of(event: str) -> Sums:
    """Every law of one of the events, and how its counts hang together."""
    (case,) = (case for case in estimated().cases if case.event == event)
    ((_, observations),) = case.alternatives
    parameters, figures = parameters_of(one_law(), case), figures_of(case)
    known = Known(at_risk=observations.at_risk, distance=observations.distance, by_now=observations.by_now)
    laws = brute_force.posterior(parameters, figures, CAP, known=known, largest_total=LARGEST)

    made = brute_force.event(parameters, figures, CAP, known=known)
    pairs = np.sum([scenario.weight * made.together(scenario, made.now) for scenario in made.found], axis=0)
    errors = np.zeros((CAP + 1, CAP + 1))
    most = float("inf") if known.at_risk is None else known.at_risk
    for n in range(CAP + 1):
        if n == 0 or max(made.floor, 1) <= n <= most:
            for toll, chance in brute_force.adjudicated(parameters, known.distance, n, made.floor, most).items():
                errors[n, min(toll, CAP)] += chance
    remainders = np.array([brute_force.remainder(c, parameters.kappa, LARGEST) for c in range(CAP + 1)])
    assert made.now <= FINAL
    return Sums(laws, pairs / pairs.sum(), errors, remainders)


# Claims ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class KnownClaim:
    """A claim with the degree to which it holds for every toll, written by hand.

    Attributes
    ----------
    event, words, layer : str
    holds : callable
        From a toll to a truth, or to a share for vague words.
    """

    event: str
    words: str | int
    layer: str
    holds: Callable[[int], float]

    @property
    def answer(self) -> float:
        """Its probability, by the sum over every integer."""
        law = sums_of(self.event).laws[self.layer]
        return float(sum(chance * self.holds(toll) for toll, chance in enumerate(law.tolist())))


def fits(word: str, toll: int) -> float:
    """How many eighths of a vague word's trapezoid a toll reaches, on the scale of its logarithm."""
    feet = {"dozens": (15, 24, 80, 130), "several": (2, 3, 7, 13), "few": (2, 3, 4, 8)}[word]
    if toll == 0:
        return 0.0
    ends = np.log([feet[0] - 0.5, feet[1], feet[2], feet[3] + 0.5])
    membership = float(np.interp(np.log(toll), ends, [0.0, 1.0, 1.0, 0.0], left=0.0, right=0.0))
    return sum(membership >= (number + 0.5) / 8 - 1e-12 for number in range(8)) / 8


KNOWN = [
    KnownClaim("one source", "18 killed", "by_now", lambda n: n == 18),
    KnownClaim("one source", 18, "documented", lambda n: n == 18),
    KnownClaim("one source", "at least 18", "documented", lambda n: n >= 18),
    KnownClaim("one source", "at least 30 people were killed", "documented", lambda n: n >= 30),
    KnownClaim("one source", "more than 18", "documented", lambda n: n > 18),
    KnownClaim("one source", "at least 20", "by_now", lambda n: n >= 20),
    KnownClaim("one source", "at least 40", "total", lambda n: n >= 40),
    KnownClaim("one source", "500 killed", "documented", lambda n: n == 500),
    KnownClaim("two sources", "18 to 21", "documented", lambda n: 18 <= n <= 21),
    KnownClaim("two sources", "between 18 and 21 dead", "by_now", lambda n: 18 <= n <= 21),
    KnownClaim("two sources", "fewer than 20", "documented", lambda n: n < 20),
    KnownClaim("two sources", "no more than 20 killed", "documented", lambda n: n <= 20),
    KnownClaim("two sources", "up to 30", "total", lambda n: n <= 30),
    KnownClaim("two sources", "dozens killed", "documented", lambda n: fits("dozens", n)),
    KnownClaim("two sources", "dozens", "total", lambda n: fits("dozens", n)),
    KnownClaim("two sources", "about 20", "documented", lambda n: 18 <= n <= 22),  # a round number: 13% either way
    KnownClaim("two sources", "about 21", "documented", lambda n: 20 <= n <= 22),  # an unround one: 6%
    KnownClaim("two sources", "nearly 40", "documented", lambda n: 34 <= n <= 39),  # from 85% of it
    KnownClaim("they grew", "at least 14", "documented", lambda n: n >= 14),
    KnownClaim("they grew", "9 killed", "documented", lambda n: n == 9),
    KnownClaim("they grew", "14 killed, toll expected to rise", "documented", lambda n: n >= 14),
    KnownClaim("small", "several people were killed", "documented", lambda n: fits("several", n)),
    KnownClaim("small", "a few killed", "total", lambda n: fits("few", n)),
    KnownClaim("small", "nobody was killed", "documented", lambda n: n == 0),
    KnownClaim("nobody", "none", "documented", lambda n: n == 0),
    KnownClaim("nobody", "at least one dead", "total", lambda n: n >= 1),
    KnownClaim("named", "at most 11", "documented", lambda _: 0.0),  # twelve are known by name
    KnownClaim("named", "at least 12", "total", lambda _: 1.0),
    KnownClaim("at risk", "more than 30 killed", "documented", lambda _: 0.0),  # thirty were at risk
    KnownClaim("at risk", "at most 30", "documented", lambda _: 1.0),
]
