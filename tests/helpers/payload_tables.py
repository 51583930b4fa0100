"""Estimates with a payload in every field at once, and their harmless twin; and the marks by which text steers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import cycle
from typing import Any, NamedTuple
from unicodedata import category

from helpers.payloads import PAYLOADS

from estimates.document.about import LABELS, About, about_of
from estimates.results.estimates import Estimates, estimate
from estimates.table.reports import Reports, read_reports

#: Controls but the line feed, breaks of Unicode, marks of direction, what has no width, fillers, tags and halves.
STEERS = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ud800-\udfff\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)
#: All payloads in one text, for tests that must be cheap.
TOGETHER = " ".join(PAYLOADS.values())
HARMLESS = "a harmless text"
PLAIN = {"event": "Plain", "source": "B", "figure": "4", "event_date": "2020-01-20", "event_type": "attack"}
SAFE_ADDRESS = "https://example.org/a"


class Case(NamedTuple):
    """What one payload, or several, made of a table, and what its author says."""

    estimates: Estimates
    about: About


def rows(text: str, address: str) -> list[dict[str, Any]]:
    """Reports of one event with a text in every field that takes any, and the address as their link."""
    event = {"event": text, "event_date": "2020-01-15", "event_type": "attack", "place": text, "note": text}
    event |= {"url": address, "population": text, f"{text} {text!r}": text, "reported_at": "2020-01-15"}
    return [
        event | {"source": text, "figure": text, "wording": "exactly", "low": 5},
        event | {"source": "B", "figure": "at least 6", "quotes": text, "reported_at": "2020-01-16"},
        event | {"source": "C", "figure": "3", "group": text, "url": SAFE_ADDRESS},
        event | {"source": "D", "figure": "dozens", "reported_at": "2020-01-17", "url": None, "provisional": "yes"},
        event | {"source": f"{text} too", "figure": text, "wording": "no_comment"},
        event | {"source": text, "figure": "2", "outcome": "strikes"},
        event | {"source": text, "figure": "40", "scope": "period", "period_start": "2020-01-01", "period_end": "2020-02-01"},
    ]  # fmt: skip


def reports_of(texts: Sequence[str], address: str | None = None) -> Reports:
    """Reports of an event of each text and of a plain one; sources are declared to have watched, one in silence.

    The table is called by the first of them.
    """
    watched = [
        {"source": source, "place": text, "from": "2020-01-01", "to": "2020-03-01"}
        for text in texts
        for source in (text, f"{text} unheard")
    ]
    told = [row for text in texts for row in rows(text, text if address is None else address)]
    return replace(read_reports([*told, PLAIN], coverage=watched), name=texts[0])


def about(texts: Sequence[str]) -> About:
    """An author who says one text after another; one field is an address."""
    said = {key: text for key, text in zip(LABELS, cycle(texts), strict=False) if key not in ("url", "date_published")}
    return about_of(said | {"url": SAFE_ADDRESS, "date_published": "2020-02-01"})


def case(texts: Sequence[str], address: str | None = None) -> Case:
    """The estimates of such reports, and an author who says the same."""
    return Case(estimate(reports_of(texts, address)), about(texts))


@cache
def hostile() -> Case:
    """All payloads at once."""
    return case([TOGETHER])


@cache
def twin(events: int = 1) -> Case:
    """The same with a harmless text, or with so many."""
    return case([HARMLESS, *(f"{HARMLESS} {number}" for number in range(1, events))], SAFE_ADDRESS)


def as_shown(text: str) -> str:
    """What a reader must see of a text: all of it but what steers and what is no character, with single spaces."""
    seen = STEERS.sub("", " ".join(text.split()))
    return " ".join("".join(c for c in seen if category(c) not in ("Co", "Cn", "Cc")).split())
