"""How good the ranges are on events whose toll was established later; writes docs/evaluation.md.

First the figures of the first 48 hours of the modern anchors, each event with a profile learned from all others, next to
sixteen rivals. Then the historical disasters, all their reports, with a profile learned from the modern ones alone.

    python tests/measures/anchors.py            both, some ten minutes
    python tests/measures/anchors.py --default  the shipped profile instead, which has seen these events
"""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
import paired
import pandas as pd
from _common import Figure, record
from rivals import figures_of

from estimates import estimate, evaluate, load_example
from estimates.evaluation import comparisons
from estimates.fitting.counts import shipped_counts
from estimates.fitting.fitting import fit
from estimates.profile.profile import SourceProfile
from estimates.table.reports import Reports

ROOT = Path(__file__).resolve().parents[2]
CAVEAT = (
    "These events are famous, and some were chosen because their tolls were revised a lot: growth is larger among them "
    "than in an average event. Reports and later tolls share a chain of information."
)


def killed(name: str) -> Reports:
    """The reports of killed in one of the two tables of anchors."""
    reports = load_example(f"anchors/{name}")
    return reports.rows(reports.table["outcome"] == "killed")


def settled(reports: Reports) -> Reports:
    """Without wholes whose parts are in the table, and without tolls open by more than a factor of three."""
    rows = reports.table
    wide = rows["verified_low"].notna() & (
        rows["verified_high"].astype(float) > 3.0 * rows["verified_low"].astype(float)
    )
    return reports.rows(~wide & ~rows["event"].isin({"Norway attacks 2011", "Paris attacks 2015"}))


def historical(profile: SourceProfile, reports: Reports | None = None) -> pd.DataFrame:
    """The 80% range of every historical disaster from all its reports, or of some of them, and where its toll lies."""
    reports = killed("historical") if reports is None else reports
    found = estimate(reports, profile=profile).ranges((80,), ("documented",)).set_index("event")
    table = reports.table.dropna(subset=["verified_low"]).groupby("event").first()
    result = found.loc[table.index, ["sources", "reported_low", "reported_high", "low_80", "median", "high_80"]].copy()
    result["toll_low"] = table["verified_low"].astype(int)
    result["toll_high"] = table["verified_high"].astype(int)
    result["inside"] = (result["low_80"] <= result["toll_low"]) & (result["toll_high"] <= result["high_80"])
    result["overlaps"] = (result["low_80"] <= result["toll_high"]) & (result["toll_low"] <= result["high_80"])
    middle = np.sqrt((result["toll_low"].astype(float) + 0.5) * (result["toll_high"].astype(float) + 0.5))
    result["middle_inside"] = (result["low_80"].astype(float) <= middle) & (middle <= result["high_80"].astype(float))
    result["width"] = np.log((result["high_80"].astype(float) + 1) / (result["low_80"].astype(float) + 1))
    result["width_reported"] = np.log(
        (result["reported_high"].astype(float) + 1) / (result["reported_low"].astype(float) + 1)
    )
    return result


def _figures_of_historical(old: pd.DataFrame) -> list[Figure]:
    """Figures of the historical disasters, by a profile learned from the modern anchors alone."""
    return [
        Figure("disasters", len(old)),
        Figure("middle of the adjudicated range inside the 80% range", int(old["middle_inside"].sum()), must=">= 8"),
        Figure("whole adjudicated range inside the 80% range", int(old["inside"].sum())),
        Figure("log width of the 80% range, median", float(old["width"].median()), must="<= 1.0"),
        Figure("log width from the lowest to the highest report, median", float(old["width_reported"].median())),
    ]


def main() -> None:
    """Print both tables and write them down."""
    shipped = "--default" in sys.argv[1:]
    if shipped:
        found, profile = evaluate(killed("modern")), None
    else:
        found = evaluate(killed("modern"), leave_one_out=True, draws=600, counts="default")
        counts = [asdict(each) for each in shipped_counts()]
        profile = fit(settled(killed("modern")), method="fast", chosen_for_size=True, counts=counts, draws=600)
    table = found.table()
    by_type = found.by("event_type")
    old = historical(profile) if profile is not None else None
    lines = [
        "# Evaluation on events whose toll is known",
        "",
        "Written by `tests/measures/anchors.py`" + (" --default" if shipped else "") + ". " + CAVEAT,
        "",
        "## The first 48 hours: modern anchors",
        "",
        "Every event with a profile learned from all others by the fast fit."
        if not shipped
        else "The shipped profile, in sample.",
        "",
        "```text",
        table.to_string(index=False),
        "",
        comparisons.told(found.events),
        "",
        by_type.to_string(index=False),
        "```",
    ]
    if old is not None:
        median_width, reported = float(old["width"].median()), float(old["width_reported"].median())
        lines += [
            "",
            "## Historical disasters with many conflicting newspaper tolls",
            "",
            "All reports of each event, with a profile learned from the modern anchors alone.",
            "",
            "```text",
            old.round(2).to_string(),
            "```",
            "",
            f"- The adjudicated range lies inside the 80% range in {old['inside'].mean():.0%} of {len(old)} events; its (geometric) middle in "
            f"{old['middle_inside'].mean():.0%}; the two overlap in {old['overlaps'].mean():.0%}.",
            f"- Median log-width of the 80% range {median_width:.2f}, of the reports' own minimum to maximum {reported:.2f}.",
        ]
    if old is not None:
        record("historical", _figures_of_historical(old), __file__)
    if not shipped:
        record("rivals", figures_of(found), __file__)
        record("paired", paired.figures_of(found.events), __file__)
    text = "\n".join(lines) + "\n"
    print(text)
    if not shipped:
        (ROOT / "docs" / "evaluation.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
