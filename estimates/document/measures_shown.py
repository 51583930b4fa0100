"""Which of the figures kept by the measures a report shows, and in which words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Wanted:
    """One figure that is shown.

    Attributes
    ----------
    measure, what : str
        The row of the figures kept.
    says : str
        The same for readers.
    promised : int
        The level of the ranges, in per cent, where the figure is how many of them held; 0 where it is not.
    of : str
        The row that says of how many events; empty where the events are not counted.
    p : str
        The row that gives the p of a share, where it does not stand behind the share.
    place : int
        Which one, where a value lists several shares.
    rivals : str
        A pattern of the rows of simple rules whose errors stand beside the figure; its group is the rule's name, and
        the last number of such a row is its error.
    no_rivals : tuple of str
        Names that the pattern finds and that are no simple rules.
    """

    measure: str
    what: str
    says: str
    promised: int = 0
    of: str = ""
    p: str = ""
    place: int = 0
    rivals: str = ""
    no_rivals: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """The figures of one set of events; ``headline`` is the one that the sentence above them tells."""

    name: str
    events: str
    truth: str
    headline: Wanted
    rows: tuple[Wanted, ...]
    remark: str


# Famous events --------------------------------------------------------------------------------------------------------

_CHOSEN = (
    "These events are famous, and some were chosen because their tolls were revised a lot: growth is larger among them "
    "than in an average event. Reports and later tolls share a chain of information."
)


def _famous_ranges(name: str, level: int) -> Wanted:
    says = f"{level}% ranges that held the later toll"
    return Wanted("rivals", f"{name}: held by the {level}% range (p)", says, level, of=f"{name}: events")


def _by_age(name: str, age: str, says: str) -> Wanted:
    what = f"90% ranges that held it, from the figures of {says}"
    return Wanted("ages", f"{age}, {name}: held by the 90% range (p)", what, 90, of=f"{age}, {name}: events")


def _famous(name: str, title: str, events: str) -> Group:
    """The modern events of a class, their first 48 hours, each left out of what the profile was learned from."""
    ranges = [_famous_ranges(name, level) for level in (50, 80, 95)]
    ages = [_by_age(name, "24 h", "the first day"), _by_age(name, "7 d", "the first week")]

    rules, variant = rf"{name}: model minus (.+) \(CRPS of the rival\)", ("model, as not chosen",)
    beside = "the same beside the best of the simple rules"
    errors = [
        Wanted("rivals", f"{name}: CRPS", "error (CRPS)"),
        Wanted("rivals", f"{name}: CRPS", beside, rivals=rules, no_rivals=variant),
        Wanted("rivals", "all: CRPS over that of the best of its class", "error over that of the best rule, all"),
        Wanted("paired", f"{name}: CRPS of the model less that of the former model", "error less the former model's"),
    ]

    whose = f"{events}, made from the figures of the first 48 hours"
    truth = "the toll that was established later"
    return Group(title, whose, truth, _famous_ranges(name, 80), (*ranges, *ages, *errors), _CHOSEN)


_MIDDLE = Wanted(
    "historical",
    "middle of the adjudicated range inside the 80% range",
    "80% ranges that hold the middle of the range that a historian settled on",
    80,
    of="disasters",
)
_HISTORICAL = Group(
    "Historical disasters (steamboats and a tornado)",
    "historical disasters, made from all reports",
    "the middle of the range that a historian settled on",
    _MIDDLE,
    (
        _MIDDLE,
        Wanted(
            "historical",
            "whole adjudicated range inside the 80% range",
            "80% ranges that hold the whole of that range",
            of="disasters",
        ),
        Wanted("historical", "log width of the 80% range, median", "width of the 80% range, as a logarithm"),
    ),
    "The historian weighed the very sources that are listed: these ranges are not independent of the reports.",
)

FAMOUS: Mapping[str, tuple[Group, ...]] = {
    "violence": (_famous("violence", "Famous attacks", "famous attacks"),),
    "disasters": (_famous("disasters", "Famous disasters", "famous disasters"), _HISTORICAL),
}

#: Types of the events behind these figures and those of ordinary events.
MEASURED_TYPES = frozenset(
    {
        "attack", "bombing", "shooting",
        "building_collapse", "crowd", "earthquake", "explosion", "fire", "flood", "ship", "storm",
    }
)  # fmt: skip

# Ordinary events ------------------------------------------------------------------------------------------------------

_ATTACKS_90 = Wanted(
    "attacks",
    "coverage of the 90% range",
    "attacks: 90% ranges that held the last later figure",
    90,
    of="attacks of a single day",
    p="p of that coverage",
)

ORDINARY: Mapping[str, tuple[Group, ...]] = {
    "violence": (
        Group(
            "Ordinary attacks and shootings",
            "ordinary attacks, made from the figures of the first two days",
            "the last later figure",
            _ATTACKS_90,
            (
                _ATTACKS_90,
                Wanted("attacks", "mean PIT", "attacks: where the figure lies in its range (PIT), mean"),
                Wanted(
                    "attacks", "log width of the 90% range, mean", "attacks: width of the 90% range, as a logarithm"
                ),
                Wanted("attacks", "rises expected", "attacks: tolls expected to rise"),
                Wanted("attacks", "rises seen", "attacks: tolls that rose"),
                Wanted(
                    "attacks",
                    "CRPS",
                    "attacks: error (CRPS) beside the best of the simple rules",
                    rivals="CRPS of (.+)",
                ),
                Wanted("shootings", "rises expected", "shootings: tolls expected to rise"),
                Wanted("shootings", "rises seen", "shootings: tolls that rose"),
                Wanted("shootings", "CRPS", "shootings: error (CRPS)"),
                Wanted("shootings", "CRPS", "shootings: the same beside a simple rule", rivals="CRPS of (.+)"),
            ),
            "Late figures of these attacks are reports with errors of their own, and no verified tolls.",
        ),
    )
}

# Lists of the missing, totals, declared coverage ----------------------------------------------------------------------


def _pages(level: int, place: int) -> Wanted:
    says = f"{level}% ranges that held the later toll"
    what = "first pages: held by 50, 80, 90% (p)"
    return Wanted("missing", what, says, level, of="first pages, pages", place=place)


LISTS = Group(
    "Numbers of people missing",
    "events whose first page gave people missing beside the dead",
    "the later toll",
    _pages(80, 1),
    (
        *(_pages(level, place) for place, level in enumerate((50, 80, 90))),
        Wanted("missing", "first pages: CRPS with the list", "error (CRPS)"),
        Wanted("missing", "first pages: CRPS without it", "error without the list"),
        Wanted(
            "missing",
            "first pages: CRPS with the list",
            "error beside the best of the simple rules",
            rivals="first pages: CRPS of (.+)",
        ),
        Wanted(
            "missing", "dead or missing in one figure, reports: CRPS", "error where one figure counts dead and missing"
        ),
    ),
    "The priors of lists were set after these pages had been seen, so these figures are in sample. All are famous "
    "events, and none is an air strike.",
)


def _totals(level: int) -> Wanted:
    return Wanted("totals", f"held by the {level}% range", f"{level}% ranges that held the summed figures", level)


TOTALS = Group(
    "Totals over events",
    "totals of random sets of ordinary attacks",
    "the sum of their later figures",
    _totals(80),
    (
        *(_totals(level) for level in (50, 80, 95)),
        Wanted("totals", "median over summed toll", "median over the summed figures"),
        Wanted("totals", "its 90% bootstrap interval", "the same, 90% range over events"),
    ),
    "Late figures of these attacks are reports with errors of their own, and no verified tolls.",
)


def _declared(way: str, says: str) -> Wanted:
    what = f"{way}: 90% intervals of the total that hold it"
    return Wanted("coverage", what, f"90% ranges of the total that hold it: {says}", 90)


DECLARED_COVERAGE = Group(
    "Declared coverage, in simulated worlds",
    "totals of reported events with coverage declared",
    "the total",
    _declared("reported events, declared", "reported events"),
    (
        _declared("reported events, declared", "reported events"),
        _declared("reported events, undeclared", "reported events, nothing declared"),
        _declared("all events, declared", "all events"),
        _declared("all events, declared, learned", "all events, readiness of sources learned"),
    ),
    "In these worlds all but the tolls is known, and what is declared is true.",
)
