"""Claims put to small events: thirty with known answers, order, agreement with `probability`, and what they take.

    python tests/measures/claims.py

The answers are sums over every integer by tests/oracles/brute_force.py, which shares no code with the package, for tolls
that tests/helpers/claims.py writes down by hand. Times are of a second call in one process: processor time of all threads, which
is what a call takes at most where nothing else runs.
"""

from __future__ import annotations

import numpy as np
from _common import Figure, record, seconds
from helpers.claims import EVENTS, KNOWN, estimated

from estimates import estimate, load_example
from estimates.vocabulary import LAYERS

#: An answer within this is right: the sums stop at 450.
TOLERANCE = 2e-4
NUMBERS = (*range(1, 60), *np.unique(np.geomspace(60, 1e7, 60).astype(int)).tolist())


def known() -> list[Figure]:
    """Claims with known answers."""
    found = [estimated().claim(claim.event, claim.words) for claim in KNOWN]
    errors = [
        abs(each.layers[LAYERS.index(claim.layer)].probability - claim.answer)
        for claim, each in zip(KNOWN, found, strict=True)
    ]
    right = sum(error <= TOLERANCE for error in errors)
    return [
        Figure("claims with known answers, right", f"{right} of {len(KNOWN)}", must="all"),
        Figure("largest error of their probability", float(max(errors)), must=f"<= {TOLERANCE:g}"),
    ]


def ordered() -> list[Figure]:
    """Chances of "at least n" as n rises, and beside those of `probability`."""
    rises, apart = 0, 0.0
    for event in EVENTS:
        claims = [estimated().claim(event, f"at least {n}").layers for n in NUMBERS]
        for place, layer in enumerate(LAYERS):
            chances = np.array([layers[place].probability for layers in claims])
            asked = [estimated().probability(at_least=n, layer=layer)[event] for n in NUMBERS]
            rises += int((np.diff(chances) > 1e-12).sum())
            apart = max(apart, float(np.abs(chances - asked).max()))
    pairs = len(EVENTS) * len(LAYERS) * (len(NUMBERS) - 1)
    return [
        Figure("pairs n < m with P(at least m) above P(at least n)", f"{rises} of {pairs}", must="0"),
        Figure("largest distance from `probability`", apart, must="<= 1e-9"),
    ]


def timed() -> list[Figure]:
    """Seconds of a claim and of what_would_help about the Idlib table."""
    found = estimate(load_example())
    calls = {
        "a claim": lambda: found.claim("Idlib airstrikes", "500 killed"),
        "what_would_help": lambda: found.what_would_help("Idlib airstrikes"),
    }
    figures = []
    for what, call in calls.items():
        call()
        took = min(seconds(call).processor for _ in range(3))
        figures.append(Figure(f"{what}, processor time", took, "s", "< 3"))
    return figures


if __name__ == "__main__":
    record("claims", [*known(), *ordered(), *timed()], __file__)
