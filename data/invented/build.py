"""Write incidents.csv, 200 invented incidents as a recorder's spreadsheet has them, and tolls.csv, how many died.

Nothing in it happened. Places, dates, sources and tolls are drawn at random, with one seed; what each source says of a
toll follows from how readily it hears of the dead, how it rounds, and how late it speaks.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

SEED, INCIDENTS = 1, 200
FIRST_DAY, DAYS = date(2019, 1, 1), 181
#: Invented districts, with the share of the incidents in each.
PLACES = {"Tavelle": 0.34, "Norrin": 0.24, "Keswold": 0.18, "Orvey": 0.14, "Hallam Ford": 0.10}
KINDS = {"airstrike": 0.3, "shelling": 0.35, "shooting": 0.2, "landmine": 0.15}
#: Type, share of incidents it speaks of, share of the dead it hears of, doubt about it, and days until it speaks.
SOURCES = {
    "Valley Monitor": ("monitor", 0.75, 0.95, 0.10, 1),
    "Civil Rescue Service": ("rescue", 0.55, 0.90, 0.15, 0),
    "District hospital": ("health", 0.40, 0.85, 0.10, 1),
    "Radio Tavelle": ("local_media", 0.50, 1.00, 0.30, 0),
    "Ministry of Defence": ("party", 0.20, 0.60, 0.40, 2),
}
COLUMNS = ["incident", "date", "district", "type", "source", "source_type", "reported", "dead", "wounded"]


def incidents(random: np.random.Generator) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """Rows of the spreadsheet, in the order of the incidents, and the toll of each."""
    rows: list[dict[str, object]] = []
    tolls: list[dict[str, object]] = []
    for number, days in enumerate(sorted(random.integers(DAYS, size=INCIDENTS).tolist()), start=1):
        day = FIRST_DAY + timedelta(days=days)
        place, kind = (str(random.choice(list(law), p=list(law.values()))) for law in (PLACES, KINDS))
        dead = int(random.negative_binomial(1, 0.25)) + int(random.random() < 0.04) * int(random.integers(10, 60))
        wounded = int(random.poisson(1.8 * dead + 0.8))

        told = {"incident": f"V-{number:03d}", "date": day.isoformat(), "district": place, "type": kind}
        speakers = [name for name, law in SOURCES.items() if random.random() < law[1]] or ["Valley Monitor"]
        rows += [{**told, **said(name, day, dead, wounded, random)} for name in speakers]
        tolls.append({"incident": told["incident"], "district": place, "dead": dead})
    return rows, tolls


def said(name: str, day: date, dead: int, wounded: int, random: np.random.Generator) -> dict[str, object]:
    """What one source says of an incident."""
    kind, _, hears, doubt, delay = SOURCES[name]
    heard = int(random.binomial(dead, min(hears, 1.0)) * np.exp(doubt * random.normal() * (random.random() < 0.4)))
    hurt = int(random.binomial(wounded, hears)) if random.random() < 0.7 else None
    later = day + timedelta(days=delay + int(random.random() < 0.3))
    return {
        "source": name, "source_type": kind, "reported": later.isoformat(),
        "dead": worded(heard, random), "wounded": "" if hurt is None else worded(hurt, random),
    }  # fmt: skip


def worded(count: int, random: np.random.Generator) -> str:
    """A count in the words of reporters."""
    if count == 0:
        return "none"
    chance = random.random()
    if count >= 12 and chance < 0.15:
        return f"about {5 * round(count / 5)}"
    return f"at least {count}" if chance < 0.3 else str(count)


if __name__ == "__main__":
    rows, tolls = incidents(np.random.default_rng(SEED))
    folder = Path(__file__).parent
    pd.DataFrame(rows, columns=COLUMNS).to_csv(folder / "incidents.csv", index=False)
    pd.DataFrame(tolls).to_csv(folder / "tolls.csv", index=False)
