"""What the cases of plain events say, written from their rows: no class, no cache and no clever way of the package.

An event is plain here where each source speaks once, of everybody killed, on a day that is known, and nothing is said
beside its figure: as in `helpers.small_events`. Words and bins are read anew, by the few forms that such tables have.
"""

from __future__ import annotations

import math
import re
from datetime import date
from statistics import fmean, median
from typing import Any

PARTIES = {"government", "security", "party", "armed_group"}
AUTHORITIES = {"government", "health", "rescue", "security", "un"}
FIRST_DAYS = (0, 1, 2, 3, 7, 30)

type Row = dict[str, Any]


def said(text: str) -> tuple[str, int, int, str]:
    """Wording, lowest and highest number, and the vague word."""
    numbers = [int(number.replace(",", "")) for number in re.findall("[0-9][0-9,]*", text)]
    if text == "none" or numbers == [0]:
        return "none", 0, 0, ""
    if not numbers:
        return "vague", 0, 0, text
    if len(numbers) == 2:
        return "range", *numbers, ""
    begins = {"at least": "at_least", "about": "about", "more than": "more_than"}
    wording = next((wording for words, wording in begins.items() if text.startswith(words)), "exactly")
    return wording, numbers[0], numbers[0], ""


def kind(row: Row) -> int:
    """Parties and states, others in words, others by a bare number: which of the three says it."""
    if row["source_type"] in PARTIES:
        return 0
    return 2 if re.fullmatch("[0-9,]+", row["figure"]) else 1


def age_bin(row: Row) -> int:
    days = (date.fromisoformat(row["reported_at"]) - date.fromisoformat(row["event_date"])).days
    return max(number for number, first in enumerate(FIRST_DAYS) if first <= days)


def case(rows: list[Row]) -> dict[str, Any]:
    """What the case of one event says, by what `cases.Case` and `event.Observations` call it."""
    rows = sorted(rows, key=lambda row: row["source"])
    moments = sorted({(age_bin(row), row["reported_at"]) for row in rows})
    statements = []
    for number, row in enumerate(rows):
        wording, low, high, word = said(row["figure"])
        word = ("party", "stated", "coded")[kind(row)] if wording == "none" else word
        place = moments.index((age_bin(row), row["reported_at"]))
        statements.append((age_bin(row), place, number, (wording, low, high, word), False))

    words = [said(row["figure"]) for row in rows]
    numbers = [(low, high) for wording, low, high, _ in words if wording != "vague"]
    giving = [kind(row) for row, (wording, *_) in zip(rows, words, strict=True) if wording != "none"]
    return {
        "keys": [(row["source"], row["source_type"], "neutral") for row in rows],
        "statements": sorted(statements),
        "numbers_given": tuple(giving.count(each) for each in range(3)),
        "by_now": max(map(age_bin, rows)),
        "distance": distance(rows),
        "reported_low": min((low for low, _ in numbers), default=None),
        "reported_high": max((high for _, high in numbers), default=None),
    }


def distance(rows: list[Row]) -> float:
    """How far the numbers of the latest bin lie apart; of the latest that two speak in where a layman is alone last."""
    of_bin: dict[int, list[float]] = {}
    alone: dict[int, str] = {}
    for row in rows:
        wording, low, high, _ = said(row["figure"])
        if wording not in ("none", "vague"):
            of_bin.setdefault(age_bin(row), []).append(math.log(math.sqrt(low * high)))
            alone[age_bin(row)] = row["source_type"]

    shared = [heard for heard, found in of_bin.items() if len(found) > 1]
    if not shared or (len(of_bin[max(of_bin)]) == 1 and alone[max(of_bin)] in AUTHORITIES):
        return 0.0
    logs = of_bin[max(shared)]
    return min(0.5, fmean(abs(each - median(logs)) for each in logs))
