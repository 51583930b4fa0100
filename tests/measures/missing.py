"""What lists of people missing are worth: pages that give the missing beside the dead, and the later toll.

Each page stands alone: the dead, the missing and what the event is. No event has seen its own toll: those that the
default profile would have learned from are taken out of a fit of the same anchors. The priors of the lists were set
after these events had been seen, so the figures with lists are in sample; those without lists are not.

    python tests/measures/missing.py --data FOLDER    the folder with dead_missing_injured.csv
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from _common import Figure, record
from _data import find, parser
from scipy.optimize import minimize
from scipy.special import betaln, gammaln
from scipy.stats import binomtest

from estimates import estimate, read_reports
from estimates.evaluation.baselines import RELATIVE_WIDTH, distribution_of_ratios
from estimates.evaluation.scores import Prediction, crps
from estimates.fitting.anchors import shipped_anchors
from estimates.fitting.counts import shipped_counts
from estimates.fitting.fitting import fit
from estimates.fitting.leave_one_out import LeavingOut
from estimates.models.grid import make_grid, quantiles
from estimates.profile.priors import VIOLENCE
from estimates.profile.profile import SourceProfile

SEED = 20_261_126
#: Pages of later days are left out: the law is of lists of the first week.
LAST_DAY = 8
LEVELS = (50, 80, 90)
#: Events that the anchors have under another name.
ANCHORS = {
    "CAMPFIRE18": "Camp Fire, California 2018",
    "WESTGATE13": "Westgate mall attack, Nairobi 2013",
    "CROCUS24": "Crocus City Hall attack 2024",
    "GENOA18": "Morandi bridge collapse, Genoa 2018",
    "BRUMADINHO19": "Brumadinho dam collapse 2019",
    "ECUADOR16": "Ecuador earthquake 2016",
    "GHOSTSHIP16": "Ghost Ship warehouse fire, Oakland 2016",
}


@dataclass(frozen=True)
class Page:
    """One page: what it says, and the later toll."""

    event: str
    event_type: str
    happened: date
    day: int
    dead: tuple[int, int] | None
    missing: tuple[int, int]
    basis: str
    toll: int

    @property
    def group(self) -> str:
        """In which line of the table its score counts."""
        if self.event_type in VIOLENCE:
            return "attacks"
        return "manifests" if self.basis == "manifest" else "reports"

    def rows(self, *, with_list: bool = True, basis: str | None = None) -> list[dict[str, Any]]:
        """Its rows as a recorder would code them."""
        common = {
            "event": self.event, "source": "page", "event_type": self.event_type, "event_date": str(self.happened),
            "reported_at": str(self.happened + timedelta(days=self.day)),
        }  # fmt: skip
        rows = []
        if self.dead is not None:
            rows.append({**common, **_figure(self.dead), "outcome": "killed"})
        if with_list:
            rows.append({**common, **_figure(self.missing), "outcome": "missing", "missing_basis": basis or self.basis})
        return rows


def _figure(ends: tuple[int, int]) -> dict[str, Any]:
    low, high = ends
    if low == high:
        return {"figure": str(low)}
    return {"wording": "range", "low": low, "high": high}


def read_pages(path: Path) -> list[Page]:
    """The pages with a number of people missing, up to the last day that counts."""
    with path.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["missing"] and int(row["day"]) <= LAST_DAY]
    return [
        Page(
            row["event_id"], row["event_type"], date.fromisoformat(row["date"]), int(row["day"]),
            (int(row["dead_low"]), int(row["dead_high"])) if row["dead"] else None,
            (int(row["missing_low"]), int(row["missing_high"])),
            "reports" if row["missing_basis"] == "estimate" else row["missing_basis"], int(row["final"]),
        )
        for row in rows
    ]  # fmt: skip


# The model ------------------------------------------------------------------------------------------------------------


@cache
def learned() -> LeavingOut:
    """A fit of what ships, and what takes events out of it."""
    counts = shipped_counts()
    profile = fit(
        shipped_anchors(), seed=SEED, method="fast", draws=4_000, chosen_for_size=True,
        counts=[asdict(each) for each in counts], name="anchors",
    )  # fmt: skip
    return LeavingOut(profile, shipped_anchors(), chosen_for_size=True, counts=counts)


@cache
def profile_for(event: str) -> SourceProfile:
    """A profile that has not seen an event."""
    name = ANCHORS.get(event)
    return learned().without([name] if name else []).profile


def model(page: Page, rows: Sequence[Mapping[str, Any]]) -> Prediction:
    """The toll of the end by the package."""
    found = estimate(read_reports(list(rows)), profile=profile_for(page.event))
    mass = found.mass(page.event, "killed")
    return Prediction(make_prediction_grid(mass["count"], mass["width"]), mass["probability"].to_numpy())


def make_prediction_grid(start: Any, width: Any) -> Any:
    """The grid of a table of probabilities."""
    from estimates.models.grid import Grid

    return Grid(np.append(start.to_numpy(), start.iloc[-1] + width.iloc[-1]).astype(np.int64))


# Rivals ---------------------------------------------------------------------------------------------------------------


def ratio(number: float, pages: Sequence[Page], of: Callable[[Page], float]) -> Prediction:
    """A number times the ratios of toll to it of other events."""
    ratios = np.array([np.log((page.toll + 0.5) / (of(page) + 0.5)) for page in pages])
    grid = make_grid([round(number)], relative_width=RELATIVE_WIDTH)
    places = np.log(np.maximum(grid.edges - 0.5, 0.25) / (number + 0.5))
    reached = distribution_of_ratios(places, ratios)
    reached[0], reached[-1] = 0.0, 1.0
    return Prediction(grid, np.diff(reached))


def normal(number: float, pages: Sequence[Page], of: Callable[[Page], float]) -> Prediction:
    """A number as it is, with the root mean square of its errors in other events."""
    errors = np.array([np.log((page.toll + 0.5) / (of(page) + 0.5)) for page in pages])
    from scipy.stats import norm

    spread = float(np.sqrt(np.mean(errors**2)))
    grid = make_grid([round(number)], relative_width=RELATIVE_WIDTH)
    reached = norm.cdf(np.log(np.maximum(grid.edges - 0.5, 0.25) / (number + 0.5)) / spread)
    reached[0], reached[-1] = 0.0, 1.0
    return Prediction(grid, np.diff(reached))


def beta_binomial(page: Page, pages: Sequence[Page]) -> Prediction:
    """The dead and a Beta-binomial share of the missing, fitted to other events; no more than both can have died."""
    found = np.array([np.clip(other.toll - dead(other), 0, missing(other)) for other in pages])
    listed = np.array([missing(other) for other in pages])

    def loss(logs: Any) -> float:
        a, b = np.exp(logs)
        return -float(np.sum(_beta_binomial(found, listed, a, b)))

    a, b = np.exp(minimize(loss, np.zeros(2), method="Nelder-Mead").x)
    share = np.exp(_beta_binomial(np.arange(missing(page) + 1), missing(page), a, b))
    from estimates.models.grid import Grid

    first = round(dead(page))
    grid = Grid(np.concatenate([np.arange(first), np.arange(first, first + missing(page) + 2)]).astype(np.int64))
    return Prediction(grid, np.concatenate([np.zeros(first), share / share.sum()]))


def _beta_binomial(found: Any, listed: Any, a: float, b: float) -> Any:
    chosen = gammaln(listed + 1) - gammaln(found + 1) - gammaln(listed - found + 1)
    return chosen + betaln(found + a, listed - found + b) - betaln(a, b)


def dead(page: Page) -> float:
    """The dead that a page counts."""
    return 0.0 if page.dead is None else float(np.sqrt(max(page.dead[0], 0.5) * max(page.dead[1], 0.5)))


def missing(page: Page) -> int:
    """The missing that it lists."""
    return round(np.sqrt(page.missing[0] * page.missing[1]))


def both(page: Page) -> float:
    """The dead and the missing."""
    return dead(page) + missing(page)


def rivals(page: Page, others: Sequence[Page]) -> dict[str, Prediction]:
    """What somebody says who knows the first pages of all other events and their tolls."""
    return {
        "Beta-binomial share of the missing": beta_binomial(page, others),
        "dead and missing x ratio": ratio(both(page), others, both),
        "dead and missing": normal(both(page), others, both),
        "latest dead": normal(dead(page), [other for other in others if other.dead], dead),
    }


# Scores ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scored:
    """A score of a page, and which ranges hold the toll."""

    page: Page
    crps: float
    held: dict[int, bool]


def scored(page: Page, prediction: Prediction) -> Scored:
    """The score of one prediction."""
    held = {}
    for level in LEVELS:
        tail = (1.0 - level / 100.0) / 2.0
        low, high = quantiles(prediction.grid, prediction.mass, np.array([tail, 1.0 - tail]))
        held[level] = bool(low <= page.toll <= high)
    return Scored(page, crps(prediction, page.toll), held)


def mean_by_event(found: Sequence[Scored]) -> float:
    """Mean score, every event of equal weight."""
    of_event: dict[str, list[float]] = {}
    for each in found:
        of_event.setdefault(each.page.event, []).append(each.crps)
    return float(np.mean([np.mean(scores) for scores in of_event.values()]))


def coverage(found: Sequence[Scored]) -> str:
    """Shares that the ranges hold, with the p values of binomial tests."""
    told = []
    for level in LEVELS:
        held = sum(each.held[level] for each in found)
        p = binomtest(held, len(found), level / 100.0).pvalue
        told.append(f"{held / len(found):.2f} ({p:.2f})")
    return ", ".join(told)


def first_pages(pages: Sequence[Page]) -> list[Page]:
    """The first page of each event."""
    first: dict[str, Page] = {}
    for page in sorted(pages, key=lambda page: page.day):
        first.setdefault(page.event, page)
    return list(first.values())


def main() -> None:
    path = find(parser(__doc__ or "").parse_args().data, "dead_missing_injured.csv")
    if path is None:
        return
    pages = read_pages(path)
    first = first_pages(pages)

    said = {page: scored(page, model(page, page.rows())) for page in pages}
    without = {page: scored(page, model(page, page.rows(with_list=False))) for page in pages if page.dead}
    of_rivals: dict[str, dict[Page, Scored]] = {}
    for page in pages:
        others = [other for other in first if other.event != page.event]
        for name, prediction in rivals(page, others).items():
            of_rivals.setdefault(name, {})[page] = scored(page, prediction)

    for page in pages:
        bare = f"{without[page].crps:.3f}" if page in without else "-"
        print(f"{page.event:15s} {page.group:9s} day {page.day} dead {page.dead} missing {page.missing}: "
              f"{said[page].crps:.3f} without {bare} toll {page.toll}")  # fmt: skip
    record("missing", _figures(pages, first, said, without, of_rivals), __file__)


def _figures(
    pages: Sequence[Page],
    first: Sequence[Page],
    said: Mapping[Page, Scored],
    without: Mapping[Page, Scored],
    of_rivals: Mapping[str, Mapping[Page, Scored]],
) -> list[Figure]:
    figures = [Figure("first pages, pages", f"{len(first)}, {len(pages)}")]
    bare = [without[page] for page in first if page in without]
    figures += [
        Figure("first pages: CRPS with the list", mean_by_event([said[page] for page in first]), must="<= .30"),
        Figure("first pages: CRPS without it", mean_by_event(bare)),
        Figure("first pages: held by 50, 80, 90% (p)", coverage([said[page] for page in first]), must="p >= .02"),
        Figure("first pages: held without the list (p)", coverage(bare)),
        Figure("all pages, equal weight an event: CRPS", mean_by_event(list(said.values())), must="<= .22"),
        Figure("all pages: CRPS without the list", mean_by_event(list(without.values()))),
    ]
    for what, chosen in (("first pages", first), ("all pages", pages)):
        scores = {name: mean_by_event([of[page] for page in chosen]) for name, of in of_rivals.items()}
        figures += [Figure(f"{what}: CRPS of {name}", score) for name, score in scores.items()]
        ratio_to_best = mean_by_event([said[page] for page in chosen]) / min(scores.values())
        figures.append(Figure(f"{what}: over the best rival", ratio_to_best, must="<= .9"))

    for group, must in (("manifests", "<= .20"), ("reports", "<= .36"), ("attacks", "not worse than without the list")):
        chosen = [page for page in first if page.group == group]
        figures.append(Figure(f"first pages, {group}: events", len(chosen)))
        figures.append(Figure(f"first pages, {group}: CRPS", mean_by_event([said[page] for page in chosen]), must=must))
        bare = [without[page] for page in chosen if page in without]
        figures.append(Figure(f"first pages, {group}: CRPS without the list", mean_by_event(bare)))
    return [*figures, *_dead_or_missing(first)]


def _dead_or_missing(first: Sequence[Page]) -> list[Figure]:
    """The same pages told as one figure of dead or missing."""
    figures = []
    for basis, must in (("manifest", "<= .12"), ("reports", "<= .33"), ("part", "")):
        chosen = [page for page in first if page.basis == basis and page.dead]
        found = []
        for page in chosen:
            rows = page.rows()
            both_ends = tuple(round(d + m) for d, m in zip(page.dead or (0, 0), page.missing, strict=True))
            one = {**rows[-1], **_figure((both_ends[0], both_ends[1])), "outcome": "dead_or_missing"}
            found.append(scored(page, model(page, [one])))
        figures.append(Figure(f"dead or missing in one figure, {basis}: CRPS", mean_by_event(found), must=must))
    return figures


if __name__ == "__main__":
    sys.exit(main())
