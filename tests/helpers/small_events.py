"""Ordinary small events: what a monitor's archive is made of, as a seeded table of reports.

One to five of 48 sources speak of an event (2.8 on average), a few of the sources far more often than the others. The
median toll is 2, its tail is heavy, now and then nobody died. Nearly all words are exact numbers; the others are "at
least", "about", a range, a vague word or "none". Sources of different types err differently often, some figures are
round, and most reports are made on the day of the event. No part of this is the package's own mechanism.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

#: Sources by type, 48 in all, most of them heard rarely.
SOURCES = [
    (f"{name} {number + 1}", source_type)
    for name, source_type, count in (
        ("News agency", "international_media", 6),
        ("Local daily", "local_media", 12),
        ("Monitor", "monitor", 5),
        ("Aid organisation", "ngo", 5),
        ("Ministry", "government", 5),
        ("Police of district", "security", 4),
        ("Hospital", "health", 4),
        ("Rescue service", "rescue", 3),
        ("United Nations mission", "un", 2),
        ("Party paper", "party", 1),
        ("Armed group", "armed_group", 1),
    )
    for number in range(count)
]
EVENT_TYPES = (
    "airstrike", "shelling", "shooting", "bombing", "vehicle", "attack", "landmine", "fire", "flood",
)  # fmt: skip
TYPE_SHARES = (0.22, 0.20, 0.20, 0.10, 0.08, 0.08, 0.06, 0.03, 0.03)
#: How many sources speak of an event, one to five: 2.8 on average.
SPEAKING_SHARES = (0.15, 0.28, 0.30, 0.16, 0.11)
PROVINCES = tuple(f"Province {number}" for number in range(1, 15))
#: Days after the event on which a report is made: first and last day, and its share.
LAGS, LAG_SHARES = ((0, 0), (1, 1), (2, 2), (3, 6), (7, 29), (30, 120)), (0.62, 0.16, 0.06, 0.08, 0.05, 0.03)
FIRST_DAY, DAYS = date(2019, 1, 1), 730
NOBODY, TAIL, SCALE, LARGEST = 0.03, 1.3, 2.0, 3_000
COLUMNS = ["event", "source", "figure", "source_type", "reported_at", "event_date", "event_type", "place"]

# How often each source is heard, and how often what it holds is not the toll.
_HEARD = 1.0 / (1.0 + np.random.default_rng(48).permutation(len(SOURCES)))
_HEARD /= _HEARD.sum()
_WRONG = np.random.default_rng(84).uniform(0.1, 0.5, len(SOURCES))


def small_events(count: int, seed: int = 0) -> pd.DataFrame:
    """Reports of ``count`` small events; the first events of a longer table of the same seed are the same."""
    return pd.DataFrame([row for number in range(count) for row in _event(number, seed)], columns=COLUMNS)


def _event(number: int, seed: int) -> list[dict[str, str]]:
    rng = np.random.default_rng((seed, number))
    happened = FIRST_DAY + timedelta(days=int(rng.integers(DAYS)))
    toll = 0 if rng.random() < NOBODY else _toll(rng)
    known = {
        "event": f"event {number:06d}",
        "event_date": happened.isoformat(),
        "event_type": str(rng.choice(EVENT_TYPES, p=TYPE_SHARES)),
        "place": str(rng.choice(PROVINCES)),
    }

    speaking = 1 + int(rng.choice(len(SPEAKING_SHARES), p=SPEAKING_SHARES))
    rows = []
    for source in rng.choice(len(SOURCES), speaking, replace=False, p=_HEARD):
        first, last = LAGS[rng.choice(len(LAGS), p=LAG_SHARES)]
        reported = happened + timedelta(days=int(rng.integers(first, last + 1)))
        name, source_type = SOURCES[source]
        figure = _words(rng, _held(rng, toll, float(_WRONG[source])))
        rows.append(
            known | {"source": name, "source_type": source_type, "figure": figure, "reported_at": reported.isoformat()}
        )
    return rows


def _toll(rng: np.random.Generator) -> int:
    """One or more: median 2, every hundredth above 60."""
    return min(1 + int(SCALE * (rng.random() ** (-1.0 / TAIL) - 1.0)), LARGEST)


def _held(rng: np.random.Generator, toll: int, wrong: float) -> int:
    """What a source counts: the toll, or a number near it, large ones now and then rounded."""
    if toll == 0 or rng.random() >= wrong:
        return toll
    held = max(1, round(toll * float(np.exp(rng.normal(-0.1, 0.4)))))
    return round(held, -1) if held >= 20 and rng.random() < 0.4 else held


def _words(rng: np.random.Generator, held: int) -> str:
    """How a source puts what it holds; thousands with a comma, since 2019 alone would be read as a year."""
    if held == 0:
        return "none" if rng.random() < 0.7 else "0"

    chance = rng.random()
    if chance < 0.72 or (chance >= 0.90 and held < 3):
        return f"{held:,}"
    if chance < 0.84:
        return f"at least {held:,}"
    if chance < 0.90:
        return f"about {held:,}"
    if chance < 0.93:
        return f"{held:,} to {held + max(1, held // 4):,}"
    return _vague(held) if chance < 0.97 else f"more than {held - 1:,}"


def _vague(held: int) -> str:
    return "several" if held < 15 else "dozens" if held < 110 else "hundreds" if held < 1_000 else "thousands"
