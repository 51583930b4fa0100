"""Measure: biases of the parties to a war, learned from the claims that Radford et al. (PNAS 2023) collected.

The data are read from ``--data FOLDER`` or the environment variable ``ESTIMATES_DATA``; without them the script says so
and ends.

The reduction. An event is the military deaths of one side up to a fortnight: of the cumulative claims the latest of each
source in it, for fortnights in which two sources or more made one. Within a fortnight the true number moves little
after the first, and much less than the sources differ. A row with a lower and one with an upper bound by one source on
one day are one range; other bounds are "at least" and "at most". All claims count as about the final number (growth is
left out), so nothing is learned of documentation. Whose losses they are to the source is the affiliation: Ukraine and
Russia speak of their own and of the enemy's losses, all others are neutral.

What is learned is relative: the level is held by the priors of the neutral sources and of the two parties, the same way
as in the published model. The law of sizes is that of events with a few deaths, which totals of a war are not: its
shape is learned along the way, and what it costs shows in the biases of all sources alike.
"""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
from _data import find, parser
from heldout import told

from estimates import read_reports
from estimates.profile import SourceProfile, published_profile

FILE = "radford_ukraine.csv"
FIRST_DAY, FORTNIGHT = pd.Timestamp("2022-02-24"), pd.Timedelta(days=14)

#: The file's sources: name, type, and the side whose losses are its own.
SOURCES = {
    "UA Source": ("Ukraine", "government", "Ukraine"),
    "RU Source": ("Russia", "government", "Russia"),
    "US Source": ("United States", "government", None),
    "GB Source": ("United Kingdom", "government", None),
    "United Nations": ("United Nations", "un", None),
    "OSI": ("open-source investigators", "monitor", None),
    "Other": ("others", "other", None),
}
#: Published multipliers of what a source says of the losses of a side (reviewers' letter 2, figure 1 of the paper).
PUBLISHED = {
    ("Russia", "own"): 0.28,
    ("Russia", "enemy"): 4.33,
    ("Ukraine", "enemy"): 1.94,
    ("Ukraine", "own"): 0.99,
}


def reduce(path: Path) -> pd.DataFrame:
    """One row per side, fortnight and source, in the package's columns."""
    rows = pd.read_csv(path)
    rows = rows[(rows["quantity"] == "military_deaths") & (rows["note"] == "Cumulative")]
    day = pd.to_datetime(rows["reported_at"])
    rows = rows.assign(
        side=rows["event_name"].str.extract(r"Deaths-(\w+)", expand=False),
        fortnight=(FIRST_DAY + (day - FIRST_DAY) // FORTNIGHT * FORTNIGHT).dt.strftime("%Y-%m-%d"),
    )
    claims = [_claim(group) for _, group in rows.groupby(["side", "reported_at", "source"], sort=True)]
    table = pd.concat(claims, ignore_index=True).drop_duplicates(["event", "source"], keep="last")
    return table[table.groupby("event")["source"].transform("nunique") >= 2].reset_index(drop=True)


def _claim(group: pd.DataFrame) -> pd.DataFrame:
    """What one source says of one side on one day: its last claim, or the range that its two bounds make."""
    first = group.iloc[0]
    by_bound = {bound: part.iloc[-1] for bound, part in group.groupby("bound")}
    if "exact" in by_bound:
        wording, low = "exactly", by_bound["exact"]["value"]
        high = low
    else:
        lows = [by_bound["at_least"]["value_low"]] if "at_least" in by_bound else []
        highs = [by_bound["at_most"]["value_high"]] if "at_most" in by_bound else []
        wording = "range" if lows and highs else "at_least" if lows else "at_most"
        low, high = min(lows + highs), max(lows + highs)
    name, source_type, own_side = SOURCES[first["source"]]
    affiliation = "neutral" if own_side is None else "own" if own_side == first["side"] else "enemy"
    return pd.DataFrame(
        {
            "event": [f"{first['side']} in the fortnight from {first['fortnight']}"],
            "source": name,
            "wording": "exactly" if wording == "range" and low == high else wording,
            "low": int(low) if wording != "at_most" else None,
            "high": int(high) if wording != "at_least" else None,
            "source_type": source_type,
            "affiliation": affiliation,
            "event_type": "campaign",
            # Two months before: of the final age, so that growth plays no part.
            "event_date": (pd.Timestamp(first["fortnight"]) - pd.Timedelta(days=60)).strftime("%Y-%m-%d"),
            "reported_at": first["reported_at"],
        }
    )


def multipliers(profile: SourceProfile, source: str, source_type: str, affiliation: str) -> np.ndarray:
    """Draws of exp(mean log error) of a source's errors: its location and the asymmetry of the kernel."""
    accounting = profile.accounting(source, source_type, affiliation)
    mean = accounting.bias
    if accounting.kernel == "power_law":
        mean = mean - accounting.below / accounting.lower + (1.0 - accounting.below) / accounting.upper
    return np.asarray(np.exp((1.0 - accounting.outlier) * mean))


def shown(draws: np.ndarray) -> str:
    """Median and central 90% range."""
    low, middle, high = np.quantile(draws, [0.05, 0.5, 0.95])
    return f"{middle:5.2f}  {low:5.2f} to {high:5.2f}"


def main() -> None:
    """Print the measure."""
    arguments_of = parser(__doc__ or "")
    arguments_of.add_argument("--method", choices=("fast", "nuts"), default="fast")
    arguments_of.add_argument("--kernel", choices=("power_law", "logistic"), default="logistic")
    arguments_of.add_argument("--seed", type=int, default=0)
    arguments = arguments_of.parse_args()
    path = find(arguments.data, FILE)
    if path is None:
        return
    table = reduce(path)
    reports = read_reports(table)
    print(f"{len(table)} claims about {table['event'].nunique()} totals, military deaths of two sides by fortnights")
    from estimates.fitting import fit

    start = time.perf_counter()
    learned = fit(reports, seed=arguments.seed, method=arguments.method, kernel=arguments.kernel, progress=False)
    print(f"fit in {time.perf_counter() - start:.0f} s: {told(learned)}")
    prior = published_profile(arguments.seed, kernel=arguments.kernel)
    print("source                     losses    claims  published   learned, 90% range      before, 90% range")
    sources = Counter(zip(table["source"], table["source_type"], table["affiliation"], strict=True))
    for (source, source_type, affiliation), count in sorted(sources.items()):
        published = PUBLISHED.get((source, affiliation))
        after = multipliers(learned, source, source_type, affiliation)
        before = multipliers(prior, source, source_type, affiliation)
        print(
            f"{source:26s} {affiliation:8s} {count:7d}  {'' if published is None else f'{published:.2f}':>9s}   "
            f"{shown(after)}   {shown(before)}"
        )
    known = {key[::2]: key for key in sources if key[::2] in PUBLISHED}
    level = np.prod([multipliers(learned, *key) for key in known.values()], axis=0) ** (1.0 / len(known))
    published_level = np.prod(list(PUBLISHED.values())) ** (1.0 / len(PUBLISHED))
    print("the level left out: each over the geometric mean of the four      published   learned, 90% range")
    for (source, affiliation), key in known.items():
        relative = PUBLISHED[source, affiliation] / published_level
        print(f"{source:26s} {affiliation:8s} {relative:39.2f}   {shown(multipliers(learned, *key) / level)}")
    for name in ("size.any.campaign.shape", "size.any.campaign.scale", "bias.spread.affiliated"):
        print(f"{name}: learned {shown(learned.parameters[name])}; before {shown(prior.parameters[name])}")


if __name__ == "__main__":
    main()
