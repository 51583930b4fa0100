"""The figures that count towards a case."""

from __future__ import annotations

import math
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from estimates.models.wording import Words
from estimates.profile.effects import SourceKey
from estimates.table.dates import Time
from estimates.table.report import Report

#: The group of everybody hit.
EVERYBODY = "all"


class CountedFigure(NamedTuple):
    """A figure that counts towards one case.

    Unlike a ``Report`` it always says something of a number, and what a report leaves open is resolved: it stands
    under the source it goes back to and not under whoever passed it on, its words are those of the likelihood, and
    its age is given as bins. Several reports of one source can become one such figure.

    Attributes
    ----------
    key : SourceKey
    words : Words
    first_bin, last_bin : int
        First and last age bin it may belong to.
    reported : Time or None
        When the report was made.
    group : str
        Whom it counts: :data:`EVERYBODY`, or the group of those hit that a part or a list of names is about.
    provisional : bool
        Whether the source said that the number would rise.
    withdrawn : bool
        Whether the source took it back: it is no evidence, but others may have copied it.
    is_bare : bool
        Whether it was given as a number without words.
    is_certain_part : bool
        Whether the words say that others were hit beside the group.
    passed_on_by : str
        Who made the report, where not the source itself. Empty once the source's newest figure is found.
    turn : int
        Place of the report among those of whoever made it, the newest last. Zero once the newest figure is found.
    sum_of : tuple of str
        Groups that a figure of everybody was added up from.
    of_missing : str
        The law of a number of people missing, one of ``models.missing.LIST_LAWS``; empty for figures of the outcome.
    missing_basis : str or None
        Where a number of people missing comes from, as far as the table says it.
    """

    key: SourceKey
    words: Words
    first_bin: int
    last_bin: int
    reported: Time | None
    group: str = EVERYBODY
    provisional: bool = False
    withdrawn: bool = False
    is_bare: bool = False
    is_certain_part: bool = False
    passed_on_by: str = ""
    turn: int = 0
    sum_of: tuple[str, ...] = ()
    of_missing: str = ""
    missing_basis: str | None = None

    @classmethod
    def of(
        cls, report: Report, source: str, source_type: str, *, turn: int = 0, population: str | None = None
    ) -> CountedFigure:
        """The figure of a report that counts, under the source it goes back to.

        Where the case is about a ``population``, figures of it are those of everybody.
        """
        words = report.said
        assert words is not None, "only reports that count become figures"
        key = SourceKey(source, source_type, report.affiliation)

        passed_on_by = "" if report.source == source else report.source
        return cls(
            key, words, *report.age_bins, report.reported, group_of(report, population),
            provisional=report.provisional,
            withdrawn=report.withdrawn,
            is_bare=report.is_bare_number,
            is_certain_part=report.is_certain_part,
            passed_on_by=passed_on_by,
            turn=turn,
            missing_basis=report.missing_basis,
        )  # fmt: skip

    # What it counts ---------------------------------------------------------------------------------------------------

    @property
    def is_named(self) -> bool:
        """Whether it is a list of names or bodies, which binds from below."""
        return self.words.wording == "named" and not self.of_missing

    @property
    def says_missing(self) -> bool:
        """Whether it counts people missing."""
        return bool(self.of_missing)

    @property
    def is_whole(self) -> bool:
        """Whether it is a figure of everybody hit."""
        return self.group == EVERYBODY and self.words.wording != "named" and not self.of_missing

    @property
    def is_part(self) -> bool:
        """Whether it is a figure of a group."""
        return self.group != EVERYBODY and self.words.wording != "named" and not self.of_missing

    # What it says -----------------------------------------------------------------------------------------------------

    @property
    def dated(self) -> bool:
        """Whether its age bin is known."""
        return self.first_bin == self.last_bin

    @property
    def slot(self) -> tuple[int, int]:
        """First and last age bin it may belong to."""
        return self.first_bin, self.last_bin

    @property
    def says_none(self) -> bool:
        """Whether it says that nobody was hit."""
        return self.words.wording == "none"

    @property
    def gives_number(self) -> bool:
        """Whether it is evidence that somebody was hit."""
        return not self.withdrawn and not self.says_none

    @property
    def allows_none(self) -> bool:
        """Whether it is a range from zero, which leaves open whether anybody was hit."""
        return self.words.wording == "range" and self.words.low == 0

    @property
    def middle(self) -> float | None:
        """Its number, of a range the geometric middle; None where it says nobody or a vague word."""
        if self.words.wording in ("none", "vague"):
            return None
        return math.sqrt(max(1, self.words.low) * self.words.high)


class Placed(NamedTuple):
    """A figure in one age bin and its rank in time, equal for tied ones."""

    figure: CountedFigure
    bin: int
    place: int


def group_of(report: Report, population: str | None = None) -> str:
    """The group that a report is about, in one writing; a population that the case is not about is such a group."""
    group = _plain(report.group) or EVERYBODY
    if report.population is None or report.population == population:
        return group
    return _plain(report.population) if group == EVERYBODY else f"{group} of {_plain(report.population)}"


@lru_cache(4096)
def _plain(name: str) -> str:
    return " ".join(name.lower().split())


def canonical(figure: CountedFigure) -> tuple[object, ...]:
    """Key of an order of figures that does not depend on the order of the table."""
    time = figure.reported
    when = (time.start, time.end) if time else (datetime.min, datetime.min)
    said = (figure.words, figure.group, figure.provisional, figure.withdrawn, figure.is_bare, figure.is_certain_part)
    return (figure.key, *figure.slot, when, *said, figure.sum_of, figure.of_missing, figure.missing_basis or "")
