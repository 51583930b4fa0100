"""Putting a claim to estimates: the words read, beside every layer, and what would have to be true for it to hold."""

from __future__ import annotations

from typing import Any

from estimates.inference.cases import Case
from estimates.inference.claimed import ClaimedTolls, at_least, claimed_tolls
from estimates.inference.needed import Medians, needs_of, source_needs
from estimates.inference.ranges import Range, range_of_mass
from estimates.inference.solved import Solved, check_known
from estimates.inference.supposed import chance_of_remainder, suppose
from estimates.models.grid import Grid, probability_at_least
from estimates.models.types import Floats
from estimates.results.claims import Claim, ClaimedLayer
from estimates.vocabulary import ESTIMATED_OUTCOMES, INTERVAL_LEVELS, LAYERS


def put_claim(solved: Solved, event: str, words: str | int | float, outcome: str) -> Claim:
    """A claim beside the estimate of one case, as `Estimates.claim` gives it.

    Raises
    ------
    EstimatesError
        If the outcome or the event has no estimate, or the words cannot be put.
    """
    check_known(outcome, ESTIMATED_OUTCOMES, "outcome")
    position = solved.position(event, outcome)
    tolls, case = claimed_tolls(words, outcome), solved.cases.cases[position]

    masses = {layer: solved.mass_of_one(position, layer) for layer in LAYERS}
    ranges = {layer: range_of_mass(case.grid, mass, INTERVAL_LEVELS) for layer, mass in masses.items()}
    layers = tuple(_layer(layer, case.grid, masses[layer], ranges[layer], tolls) for layer in LAYERS)
    medians = Medians(*(ranges[layer].median for layer in LAYERS))

    supposed = suppose(solved, position, tolls)
    number = tolls.nearest(medians.documented)
    sources = source_needs(case, supposed.biases, number)
    of_remainder = chance_of_remainder(solved, position, number, medians.documented)
    needs = needs_of(case, number, medians, sources, supposed, of_remainder)

    read: dict[str, Any] = {name: getattr(tolls, name) for name in ("words", "wording", "reading", "low", "high")}
    known: dict[str, Any] = {name: getattr(case, name) for name in ("event", "outcome", "floor", "at_risk")}
    impossible, verified = _verified(case, tolls)

    return Claim(
        **known,
        **read,
        impossible=impossible,
        verified=verified,
        layers=layers,
        sources=sources,
        needs=needs,
        as_estimated=supposed.as_estimated,
        suppositions=supposed.suppositions,
        undocumented=solved.undocumented.of(outcome).name,
    )


def _layer(layer: str, grid: Grid, mass: Floats, found: Range, tolls: ClaimedTolls) -> ClaimedLayer:
    """The claim beside one layer, from the probabilities of its cells, shape (cells,)."""
    number = tolls.named_number(found.median)
    inside = {f"{level}": low <= number <= high for level, (low, high) in found.intervals.items()}
    return ClaimedLayer(
        layer=layer,
        probability=float(mass @ tolls.shares(grid) / mass.sum()),
        at_least=probability_at_least(grid, mass, tolls.low),
        at_most=1.0 if tolls.high is None else float(mass @ (1.0 - at_least(grid, tolls.high + 1)) / mass.sum()),
        number=number,
        lies=_place(number, found),
        inside=inside,
        median=found.median,
        intervals={f"{level}": ends for level, ends in found.intervals.items()},
    )


def _place(number: int, found: Range) -> str:
    """Where a number lies: inside the narrowest range that holds it, below or above the widest."""
    for level, (low, high) in sorted(found.intervals.items()):
        if low <= number <= high:
            return f"inside the {level}% range"
    widest = max(found.intervals)
    return f"{'below' if number < found.intervals[widest][0] else 'above'} the {widest}% range"


def _verified(case: Case, tolls: ClaimedTolls) -> tuple[bool, str]:
    """Whether lists of names, or the people at risk, exclude a claim, and what they do to it in a sentence."""
    floor, at_risk = case.floor or 0, case.at_risk
    if tolls.high is not None and tolls.high < floor:
        return True, f"Impossible: verified lists name {floor:,}, more than the claim allows."
    if at_risk is not None and tolls.low > at_risk:
        return True, f"Impossible: no more than {at_risk:,} were at risk, fewer than the claim needs."
    if floor and tolls.low <= floor and tolls.high is None:
        return False, f"Certain: verified lists name {floor:,}."
    return False, ""
