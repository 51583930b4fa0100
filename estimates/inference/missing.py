"""What is said of people missing, as the models take it: of which law each number is, and which of them count.

One list of an event counts: that of the latest age bin in which anybody gives one. It says nothing of a campaign or an
epidemic, whose dead are no closed group, nor thirty days after an event and later, when lists are no longer kept.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from estimates.inference.figures import EVERYBODY, CountedFigure
from estimates.models.growth import FINAL
from estimates.models.missing import (
    BOTH_BY_REPORTS,
    BOTH_ON_MANIFEST,
    MANIFEST,
    PART,
    REPORTS,
    WITH_THE_DEAD,
    PeopleMissing,
)
from estimates.models.wording import Words
from estimates.profile.priors import CAMPAIGN, VIOLENCE
from estimates.table.report import Report, numbers_said
from estimates.vocabulary import MISSING_OUTCOMES

#: The outcome that people missing say something of.
KILLED = "killed"
#: Types of event whose people are known: lists are manifests where the table does not say otherwise.
CLOSED_PLACES = frozenset({"ship", "aircraft", "train", "mine_accident"})
#: Types of event of which the missing say nothing.
WITHOUT_LISTS = frozenset({CAMPAIGN, "epidemic"})

#: How words are said from the other end: at least so many were saved, so at most the others are dead.
_MIRRORED = {"at_least": "at_most", "more_than": "at_most", "up_to": "at_least", "at_most": "at_least"}


def as_missing(figure: CountedFigure, outcome: str, event_type: str, at_risk: int | None) -> CountedFigure | None:
    """A figure of people missing, dead or missing, or saved as one that bears on the killed; None where it cannot.

    Parameters
    ----------
    figure : CountedFigure
    outcome : str
        What it counts: "missing", "dead_or_missing" or "survivors".
    event_type : str
    at_risk : int or None
        How many people were there; without it, survivors say nothing of the others.
    """
    if outcome == "survivors":
        others = None if at_risk is None else _others(figure.words, at_risk)
        return None if others is None else figure._replace(words=others, of_missing=BOTH_ON_MANIFEST)

    law = figure.missing_basis or default_basis(figure.group, event_type)
    if outcome == "dead_or_missing":
        law = BOTH_ON_MANIFEST if law == MANIFEST else BOTH_BY_REPORTS
    return figure._replace(of_missing=law)


def move_missing(figures: dict[str, list[CountedFigure]], reports: Sequence[Report]) -> list[str]:
    """Make figures of people missing, dead or missing, or saved, figures of the killed; notes on those that are none.

    Changes ``figures``, by outcome.
    """
    first, at_risk = reports[0], at_risk_of(reports, KILLED)
    given = [(outcome, figures.pop(outcome)) for outcome in MISSING_OUTCOMES if outcome in figures]
    notes = []
    for outcome, counted in given:
        if outcome == "survivors" and at_risk is None and counted:
            notes.append(f"{first.event}: survivors say nothing of the killed without at_risk, how many were there")
        found = [as_missing(figure, outcome, first.event_type, at_risk) for figure in counted]
        figures.setdefault(KILLED, []).extend(figure for figure in found if figure is not None)
    return notes


def at_risk_of(reports: Sequence[Report], outcome: str) -> int | None:
    """How many could have been hit at most; those who were there when people went missing could have been killed."""
    outcomes = (outcome, *MISSING_OUTCOMES) if outcome == KILLED else (outcome,)
    given = [report.at_risk for report in reports if report.at_risk is not None and report.outcome in outcomes]
    return max(given, default=None)


def default_basis(group: str, event_type: str) -> str:
    """Where a number of people missing comes from if the table does not say it."""
    if group != EVERYBODY:
        return PART
    return MANIFEST if event_type in CLOSED_PLACES else REPORTS


def other_reading(figure: CountedFigure) -> CountedFigure:
    """The same figure by the law that it would have if it came from elsewhere: reports for a manifest, and back."""
    other = {
        MANIFEST: REPORTS, REPORTS: MANIFEST, PART: REPORTS,
        BOTH_ON_MANIFEST: BOTH_BY_REPORTS, BOTH_BY_REPORTS: BOTH_ON_MANIFEST,
    }  # fmt: skip
    return figure._replace(of_missing=other[figure.of_missing])


def _others(words: Words, at_risk: int) -> Words | None:
    """How many are left of those who were there, in words; None for words that are no number."""
    if words.wording in ("vague", "none"):
        return None
    low, high = max(0, at_risk - words.high), max(0, at_risk - words.low)
    wording = _MIRRORED.get(words.wording, words.wording)
    if not high:
        return Words("none")
    return Words("range", max(1, low), high) if low < high else Words(wording, high, high)


# Those that count -----------------------------------------------------------------------------------------------------


def lists_of(heard: Sequence[tuple[CountedFigure, int]], event_type: str) -> tuple[PeopleMissing, ...]:
    """The numbers of people missing that count, sorted.

    Parameters
    ----------
    heard : sequence of (CountedFigure, int)
        All figures of a case, each with its age bin.
    event_type : str
    """
    standing = [(figure, b) for figure, b in heard if not figure.withdrawn]
    lists = [(figure, b) for figure, b in standing if figure.says_missing and b < FINAL]
    if not lists or event_type in WITHOUT_LISTS:
        return ()

    latest = max(b for _, b in lists)
    counts = [(figure, b) for figure, b in standing if figure.is_whole and b <= latest]
    return tuple(
        sorted(
            PeopleMissing(
                figure.of_missing,
                figure.words,
                0 if figure.of_missing in WITH_THE_DEAD else _counted_by(figure, counts),
                is_violence=figure.of_missing == REPORTS and event_type in VIOLENCE,
            )
            for figure, b in lists
            if b == latest
        )
    )


def _counted_by(figure: CountedFigure, counts: Sequence[tuple[CountedFigure, int]]) -> int:
    """The dead counted when a list was told: the source's own latest number, else the median of the latest ones."""
    own = [(other, b) for other, b in counts if other.key.source == figure.key.source]
    asked = own or counts
    if not asked:
        return 0
    latest = max(b for _, b in asked)
    return round(float(np.median([_number(other) for other, b in asked if b == latest])))


def _number(figure: CountedFigure) -> float:
    low, high = min(numbers_said(figure.words), default=0), max(numbers_said(figure.words), default=0)
    return math.sqrt(max(low, 1) * high) if high else 0.0
