"""The figures that the measures kept, ``measured.csv`` among the data: each with what it is held to, met or missed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

#: Whether a figure keeps what it is held to; nothing where it is told only.
MET, MISSED, TOLD = "met", "missed", ""
#: The share of ranges that held is called missed where chance alone gives one as far off with a smaller probability.
LEAST_P = 0.02

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)"


@dataclass(frozen=True)
class KeptFigure:
    """One row of the file, as text.

    Attributes
    ----------
    measure, what, value, unit, must : str
        What was measured, the figure with its unit, and what it is held to; empty where nothing is.
    commit, date, script : str
        The state of the code that was measured, when, and the script of tests/measures that prints it again.
    """

    measure: str
    what: str
    value: str
    unit: str
    must: str
    commit: str
    date: str
    script: str

    @property
    def said(self) -> str:
        """The value with its unit."""
        return f"{self.value} {self.unit}".rstrip()

    @property
    def verdict(self) -> str:
        """Whether the value keeps what it is held to."""
        return verdict_of(self.value, self.must)


@cache
def kept_figures() -> Mapping[tuple[str, str], KeptFigure]:
    """All rows of the file by measure and by what they are a figure of, in the order of the file.

    Returns
    -------
    mapping of (str, str) to KeptFigure
    """
    import csv  # only writers of reports wait for it
    from importlib.resources import files

    text = (files("estimates.data") / "measured.csv").read_text(encoding="utf-8")
    names = KeptFigure.__dataclass_fields__
    rows = csv.DictReader(text.splitlines())
    figures = (KeptFigure(**{name: row[name] for name in names}) for row in rows)
    return {(figure.measure, figure.what): figure for figure in figures}


def verdict_of(value: str, must: str) -> str:
    """Whether a value keeps what it is held to, both as the measures write them.

    Parameters
    ----------
    value : str
        "0.80", "0.76 (0.59)" with a p, "-0.024 ± 0.024" with a standard error, "1.00 to 1.28".
    must : str
        "<= .13", ">= 8", ".43 to .57", "p >= .02" of every p in the value, "holds 1", "below 0 by one standard error",
        or any words that end in "kept" or "MISSED".

    Returns
    -------
    str
        "met" or "missed"; empty where the words are none of these.
    """
    if must.endswith((": kept", ": MISSED")):
        return _named(must.endswith("kept"))

    numbers, limits = numbers_of(value), numbers_of(must)
    if must.startswith("p >="):
        chances = p_values(value)
        return _named(min(map(float, chances)) >= limits[0]) if chances else TOLD
    if must == "below 0 by one standard error":
        return _named(numbers[0] + numbers[1] <= 0.0)
    if must.startswith("holds "):
        return _named(numbers[0] <= limits[0] <= numbers[1])

    if re.match(rf"<= ?{_NUMBER}", must):
        return _named(numbers[0] <= limits[0])
    if re.match(rf">= ?{_NUMBER}", must):
        return _named(numbers[0] >= limits[0])
    if re.match(rf"{_NUMBER} to {_NUMBER}", must):
        return _named(limits[0] <= numbers[0] <= limits[1])
    return TOLD


def numbers_of(text: str) -> list[float]:
    """The numbers in a text, in its order."""
    return [float(number) for number in re.findall(_NUMBER, text)]


def p_values(value: str) -> list[str]:
    """The numbers in brackets behind shares, as they were kept: "0.53 (1.00), 0.79 (1.00)"."""
    return re.findall(rf"\(({_NUMBER})\)", value)


def _named(met: bool) -> str:
    return MET if met else MISSED
