"""Measure: biases of the parties to a war, learned from the claims that Radford et al. (PNAS 2023) collected.

The data are read from ``--data FOLDER`` or the environment variable ``ESTIMATES_DATA``; without them the script says so
and ends.

The reduction. An event is the military deaths of one side up to a day (``--days 14``: up to a fortnight): of the
cumulative claims the last of each source in it, for days on which two sources or more made one. A row with a lower and
one with an upper bound by one source on one day are one range; other bounds are "at least" and "at most". Events are of
the type "campaign"; all claims count as about the final number (growth is left out), so nothing is learned of
documentation. Ukraine and Russia speak of their own and of the enemy's losses, all others are neutral, and every
neutral source is two, one for each side, since in the published model each has a bias about each side. Totals of
consecutive days are taken for independent, which they are not: the ranges are too narrow.

Two priors. ``package``: own losses are told too low and the enemy's too high, as in docs/decisions/priors.md, which
cites the very study. ``zero``: as in the published model the bias of each source about each side has mean zero, whose
losses they may be, and standard deviations are half-normal with scale 1; what comes out is from the claims and from the
assumption that sources are right on average. The level is prior under both.
"""

from __future__ import annotations

import time
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
from _data import find, parser
from heldout import told

from estimates import read_reports
from estimates.profile.profile import SourceProfile, published_profile

FILE = "radford_ukraine.csv"
FIRST_DAY = pd.Timestamp("2022-02-24")

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
#: Published multipliers of what a source says of the losses of a side (reviewers' letter 2, figure 1 of the paper), in
#: ascending order.
PUBLISHED = {
    ("Russia", "government", "own"): 0.28,
    ("Ukraine", "government", "own"): 0.99,
    ("Ukraine", "government", "enemy"): 1.94,
    ("Russia", "government", "enemy"): 4.33,
}
#: What ``fit`` takes for the prior of the published model. A location of zero is one with a small deviation.
ZERO_MEAN = {f"bias.{kind}": (0.0, 0.01) for kind in ("own", "enemy", "other", "monitor", "un")} | {
    "bias.spread": (0.0, 1.0),
    "bias.spread.affiliated": (0.0, 1.0),
}
PRIORS = {"package": None, "zero": ZERO_MEAN}

type Key = tuple[str, str, str]


def reduce(path: Path, days: int = 1) -> pd.DataFrame:
    """One row per side, period and source, in the package's columns."""
    rows = pd.read_csv(path)
    rows = rows[(rows["quantity"] == "military_deaths") & (rows["note"] == "Cumulative")]
    day, period = pd.to_datetime(rows["reported_at"]), pd.Timedelta(days=days)
    rows = rows.assign(
        side=rows["event_name"].str.extract(r"Deaths-(\w+)", expand=False),
        period=(FIRST_DAY + (day - FIRST_DAY) // period * period).dt.strftime("%Y-%m-%d"),
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
            "event": [f"{first['side']} by {first['period']}"],
            "source": name if own_side else f"{name} on {first['side']}",
            "wording": "exactly" if wording == "range" and low == high else wording,
            "low": int(low) if wording != "at_most" else None,
            "high": int(high) if wording != "at_least" else None,
            "source_type": source_type,
            "affiliation": affiliation,
            "event_type": "campaign",
            # Two months before: of the final age, so that growth plays no part.
            "event_date": (pd.Timestamp(first["period"]) - pd.Timedelta(days=60)).strftime("%Y-%m-%d"),
            "reported_at": first["reported_at"],
        }
    )


def multipliers(profile: SourceProfile, key: Key) -> np.ndarray:
    """Draws of exp(mean log error) of a source's errors: gross ones, which lie around the toll, included."""
    reporting = profile.reporting(*key)
    return np.asarray(np.exp((1.0 - reporting.outlier) * reporting.bias))


def shown(draws: np.ndarray) -> str:
    """Median and central 90% range."""
    low, middle, high = np.quantile(draws, [0.05, 0.5, 0.95])
    return f"{middle:5.2f}  {low:5.2f} to {high:5.2f}"


def compare(fitted: dict[str, SourceProfile], before: SourceProfile, claims: Counter[Key]) -> None:
    """Print the multipliers of every source, their order and the level left out."""
    print(
        f"  {'source':38s} {'losses':8s} claims published" + "".join(f"   {name:23s}" for name in (*fitted, "before"))
    )
    for key, count in sorted(claims.items()):
        published = f"{PUBLISHED[key]:.2f}" if key in PUBLISHED else ""
        columns = [shown(multipliers(profile, key)) for profile in (*fitted.values(), before)]
        print(f"  {key[0]:38s} {key[2]:8s} {count:6d} {published:>9s}" + "".join(f"   {text:23s}" for text in columns))
    mean = np.exp(np.mean(np.log(list(PUBLISHED.values()))))
    for method, profile in fitted.items():
        four = {key: multipliers(profile, key) for key in PUBLISHED}
        level = np.prod(list(four.values()), axis=0) ** (1.0 / len(four))
        chances = [float(np.mean(four[one] < four[other])) for one, other in pairwise(PUBLISHED)]
        print(
            f"  {method}: chances that each of the four lies below the next "
            + ", ".join(f"{chance:.2f}" for chance in chances)
            + "; published and learned over the geometric mean of the four: "
            + ", ".join(f"{PUBLISHED[key] / mean:.2f} and {np.median(four[key] / level):.2f}" for key in PUBLISHED)
        )
        for name in ("size.any.campaign.shape", "size.any.campaign.scale", "bias.spread.affiliated", "bias.spread"):
            print(f"  {method}: {name} {shown(profile.parameters[name])}; before {shown(before.parameters[name])}")
    if len(fitted) == 2:
        medians = [
            {key: np.quantile(np.log(multipliers(profile, key)), [0.05, 0.5, 0.95]) for key in claims}
            for profile in fitted.values()
        ]
        moved = [abs(medians[0][key][1] - medians[1][key][1]) for key in claims]
        widths = [np.ptp(medians[0][key]) / np.ptp(medians[1][key]) for key in claims]
        print(
            f"  {' and '.join(fitted)}: medians differ by a factor of {np.exp(np.mean(moved)):.2f} on average and "
            f"{np.exp(np.max(moved)):.2f} at most; log-widths of 90% ranges of {' over '.join(fitted)} "
            f"{np.min(widths):.2f} to {np.max(widths):.2f}"
        )


def main() -> None:
    """Print the measure."""
    arguments_of = parser(__doc__ or "")
    arguments_of.add_argument("--methods", nargs="+", choices=("fast", "nuts"), default=["fast"])
    arguments_of.add_argument("--priors", nargs="+", choices=tuple(PRIORS), default=list(PRIORS))
    arguments_of.add_argument("--days", type=int, default=1, help="claims of so many days are about one total")
    arguments_of.add_argument("--cores", type=int, default=2, help="chains run at a time")
    arguments_of.add_argument("--seed", type=int, default=0)
    arguments = arguments_of.parse_args()
    path = find(arguments.data, FILE)
    if path is None:
        return
    table = reduce(path, arguments.days)
    reports = read_reports(table)
    print(f"{len(table)} claims about {table['event'].nunique()} totals, military deaths of two sides")
    from estimates.fitting.fitting import fit

    claims: Counter[Key] = Counter(zip(table["source"], table["source_type"], table["affiliation"], strict=True))
    for name in arguments.priors:
        print(f"priors: {name}")
        options = {"seed": arguments.seed, "priors": PRIORS[name], "cores": arguments.cores}
        fitted = {}
        for method in arguments.methods:
            start = time.perf_counter()
            fitted[method] = fit(reports, method=method, **options)
            print(f"  {method} in {time.perf_counter() - start:.0f} s: {told(fitted[method])}")
        before = published_profile(arguments.seed, priors=PRIORS[name])
        compare(fitted, before, claims)


if __name__ == "__main__":
    main()
