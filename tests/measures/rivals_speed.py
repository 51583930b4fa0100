"""Measure: seconds an event beside rivals: NumPy's extremes, a published law, passes of exp, and PyMC written by hand.

1, 100, 1,000 and 10,000 small events (``helpers/small_events.py``), all in one process on one core, each method warm
and with what it needs in memory: reading the table is left out for all. In one and the same run are timed

- the smallest and the largest number said of each event (NumPy);
- quantiles of the undocumented remainder of the largest number said, at the ends of 50, 80 and 95% (NumPy): the Gumbel
  law fitted to the coders' judgements behind the reported-value-inflated Gumbel of Vesco, Randahl, Hegre et al. (arXiv
  2409.08779), with the constants of ``models/undocumented.py`` and a strength of one;
- one pass of ``numpy.exp`` over as many doubles as the grids of these events have cells, times 1,000 draws, in pieces
  that stay in the cache: the floor of every method that sums over grids and draws;
- `estimate` with its ranges, 1,000 draws and both layers;
- `estimate_to` into a file, 250 draws and both layers;
- up to 100 events, a PyMC model written by hand (``_written_by_hand.py``): sampling it, and building and sampling it;
  PyTensor's cache of compiled functions is left as it is.

Rivals answer less: the first three know nothing of who said a number, the first has no range and nothing undocumented,
the last has neither reliability of single sources nor the full toll, and no coverage of any of them was measured here.

Short calls are repeated until they fill a fifth of a second. The median of three turns counts, in each of which one
method follows another; the model written by hand is sampled once. Ratios are of processor time within a turn: their
median, and the smallest and the largest. The exponent is the slope of the logarithm of processor time over that of the
number of events, from 100 on. ``--larger`` adds numbers of events for the first three alone.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from measures import _written_by_hand as by_hand
from measures._common import Figure, Seconds, record, seconds, small_events

from estimates import Reports, estimate, estimate_to, read_reports
from estimates.inference.cases import gather
from estimates.models.types import Floats, Integers
from estimates.models.undocumented import COMPLETE_SHARE, SCALE_CONSTANT, SCALE_SHARE
from estimates.models.wording import VAGUE_WORDS
from estimates.results.asked import known_profile

SIZES = (1, 100, 1_000, 10_000)
#: Sampled by hand up to so many events; the exponent from so many on.
MOST_BY_HAND, FROM = 100, 100
TURNS, FILLED = 3, 0.2
#: The ends of the ranges at 50, 80 and 95%, and the median.
SHARES = np.array([0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975])
DRAWS, FEWER_DRAWS = 1_000, 250
#: Doubles of a piece that the exponential is taken of: 256 kB, and as much for the results.
PIECE = 32_768
#: Tables of more events are read in parts of so many.
PART = 5_000

#: Seconds of each method, in every turn.
type Times = dict[str, list[Seconds]]

EXTREMES, GUMBEL, EXP = "NumPy minimum and maximum", "Gumbel quantiles", "one pass of exp"
ESTIMATE, ESTIMATE_TO = "estimate", "estimate_to, 250 draws"
SAMPLED, BUILT = "PyMC by hand, sampling", "PyMC by hand, built and sampled"


@dataclass(frozen=True, eq=False)
class Said:
    """What was said of some events, as rivals take it.

    Attributes
    ----------
    low, high : arrays, shape (reports,)
        The ends of what each report says, the reports of an event beside each other; ``high`` is infinite for "at
        least" and "more than".
    starts : integer array, shape (events,)
        The first report of each event.
    cells : int
        Of the grids of all events together.
    """

    low: Floats
    high: Floats
    starts: Integers
    cells: int

    @property
    def named(self) -> Floats:
        """The largest number that each report names, shape (reports,)."""
        return np.where(np.isfinite(self.high), self.high, self.low)

    @property
    def event(self) -> Integers:
        """The number of each report's event, shape (reports,)."""
        return np.repeat(np.arange(len(self.starts)), np.diff([*self.starts, len(self.low)]))

    def joined(self, other: Said) -> Said:
        """What was said of these events, and then of others."""
        return Said(
            np.concatenate([self.low, other.low]),
            np.concatenate([self.high, other.high]),
            np.concatenate([self.starts, len(self.low) + other.starts]),
            self.cells + other.cells,
        )


def said_in(reports: Reports) -> Said:
    """What a table of reports says, an event's rows beside each other and in the order of events."""
    table = reports.table
    known = table["word"].map({word: (rise, fall) for word, (_, rise, fall, _) in VAGUE_WORDS.items()})
    low = table["low"].where(table["word"].isna(), known.str[0]).astype(float).to_numpy()
    high = table["high"].where(table["word"].isna(), known.str[1]).astype(float).fillna(np.inf).to_numpy()
    low = low + (table["wording"] == "more_than").to_numpy()

    cases = gather(reports.estimated_reports, known_profile(None, 0).bin_shares, None).cases
    starts = np.flatnonzero((table["event"] != table["event"].shift()).to_numpy())
    return Said(low, high, starts, sum(len(case.grid) for case in cases))


# The rivals in NumPy --------------------------------------------------------------------------------------------------


def extremes(said: Said, named: Floats) -> tuple[Floats, Floats]:
    """The smallest and the largest number said of each event: shape (events,) each.

    Parameters
    ----------
    said : Said
    named : array, shape (reports,)
        ``said.named``, worked out before.
    """
    return np.minimum.reduceat(said.low, said.starts), np.maximum.reduceat(named, said.starts)


def gumbel_quantiles(reported: Floats, shares: Floats) -> Floats:
    """Quantiles of the full toll behind a reported number: shape (events, shares).

    The toll is the number reported with the probability that nothing is missing, and otherwise Gumbel around it, no
    less than it, rounded to the nearest whole number; of nobody reported nobody is made.

    Parameters
    ----------
    reported : array, shape (events,)
    shares : array, shape (shares,)
        Probabilities of a toll up to the quantile, each above zero and below one.
    """
    missing = np.maximum((shares - COMPLETE_SHARE) / (1.0 - COMPLETE_SHARE), 1e-300)
    scale = SCALE_SHARE * reported + SCALE_CONSTANT
    toll = reported[:, None] - scale[:, None] * np.log(-np.log(missing))
    toll = np.floor(np.maximum(toll, reported[:, None]) + 0.5)
    return np.where(reported[:, None] > 0.0, toll, 0.0)


def exp_pass(doubles: int, numbers: Floats, result: Floats) -> None:
    """Take so many exponentials of ``numbers`` into ``result``, both of shape (piece,), again and again."""
    whole, rest = divmod(doubles, len(numbers))
    for _ in range(whole):
        np.exp(numbers, out=result)
    np.exp(numbers[:rest], out=result[:rest])


def calls_in_numpy(said: Said) -> dict[str, Callable[[], object]]:
    """The three rivals that take no sampling."""
    named = said.named
    numbers = -np.random.default_rng(0).random(PIECE)
    result = np.empty_like(numbers)
    return {
        EXTREMES: lambda: extremes(said, named),
        GUMBEL: lambda: gumbel_quantiles(np.maximum.reduceat(named, said.starts), SHARES),
        EXP: lambda: exp_pass(said.cells * DRAWS, numbers, result),
    }


# Timing ---------------------------------------------------------------------------------------------------------------


def timed(call: Callable[[], object]) -> Seconds:
    """Seconds of one call, the mean over as many as fill a fifth of a second."""
    once = seconds(call)
    if once.processor >= FILLED:
        return once
    times = int(np.ceil(FILLED / max(once.processor, 1e-7)))

    def repeated() -> None:
        for _ in range(times):
            call()

    spent = seconds(repeated)
    return Seconds(spent.processor / times, spent.wall / times)


def in_turns(calls: Mapping[str, Callable[[], object]]) -> Times:
    """Seconds of each call, one call after another in every turn."""
    turns = [{name: timed(call) for name, call in calls.items()} for _ in range(TURNS)]
    return {name: [turn[name] for turn in turns] for name in calls}


def middle(spent: Sequence[Seconds]) -> Seconds:
    """The medians over turns."""
    return Seconds(*(statistics.median(values) for values in zip(*spent, strict=True)))


def say(text: str) -> None:
    """A line of progress, on standard error."""
    print(f"[{time.strftime('%H:%M:%S')}] {text}", file=sys.stderr, flush=True)


def beside_each_other(events: int, folder: Path) -> tuple[Said, Times, by_hand.Sampled | None]:
    """What was said of so many events, the seconds of every method, and how the model written by hand sampled."""
    reports = read_reports(small_events(events))
    said = said_in(reports)
    calls = calls_in_numpy(said) | {
        ESTIMATE: lambda: estimate(reports).ranges(),
        ESTIMATE_TO: lambda: estimate_to(reports, folder / "ranges.parquet", draws=FEWER_DRAWS, cores=1),
    }
    found = in_turns(calls)
    if events > MOST_BY_HAND:
        return said, found, None

    sampled = by_hand.sampled(said.low, said.high, said.event)
    both = Seconds(*np.add(sampled.building, sampled.sampling).tolist())
    return said, found | {SAMPLED: [sampled.sampling], BUILT: [both]}, sampled


def in_numpy_alone(events: int) -> tuple[Said, Times]:
    """The same without what sums, weights or samples; the table is read in parts."""
    table = small_events(events)
    number = pd.factorize(table["event"])[0] // PART
    said = reduce(Said.joined, (said_in(read_reports(part)) for _, part in table.groupby(number)))
    return said, in_turns(calls_in_numpy(said))


# Figures --------------------------------------------------------------------------------------------------------------


def told(value: float) -> str:
    """A number in four digits, and in all of them where it has more before the point."""
    return f"{value:,.0f}" if value >= 1_000 else f"{value:.4g}"


def ratios(ours: Sequence[Seconds], theirs: Sequence[Seconds]) -> str:
    """How many times as long one method takes as another: median, smallest and largest over the turns."""
    found = np.array([spent.processor for spent in ours]) / np.array([spent.processor for spent in theirs])
    return f"{told(np.median(found))} ({told(found.min())} to {told(found.max())})"


def figures_of_size(events: int, said: Said, found: Times) -> list[Figure]:
    """Seconds an event, and how many times as long the package takes."""
    named = f"{events:,} event{'s' if events > 1 else ''}"
    figures = [Figure(f"{named}: cells of the grids", round(said.cells / events, 1), "an event")]
    for name, spent in found.items():
        processor, wall = (told(1e6 * value / events) for value in middle(spent))
        figures.append(Figure(f"{named}: {name}, processor (wall)", f"{processor} ({wall})", "µs an event"))

    for ours in (ESTIMATE, ESTIMATE_TO):
        figures += [
            Figure(f"{named}: {ours} over {rival}", ratios(found[ours], spent), "times")
            for rival, spent in found.items()
            if ours in found and rival not in (ESTIMATE, ESTIMATE_TO)
        ]
    return figures


def figures_of_sampling(events: int, sampled: by_hand.Sampled) -> list[Figure]:
    """How well the model written by hand sampled."""
    what = f"{events:,} event{'s' if events > 1 else ''}: PyMC by hand"
    return [
        Figure(f"{what}, smallest effective sample size", round(sampled.effective)),
        Figure(f"{what}, largest R-hat", sampled.largest_r_hat),
        Figure(f"{what}, divergent draws", f"{sampled.divergences} of {len(sampled.tolls)}"),
    ]


def exponents(found: Mapping[int, Times]) -> list[Figure]:
    """How processor time grows with the number of events, by method."""
    figures = []
    for name in (EXTREMES, GUMBEL, EXP, ESTIMATE, ESTIMATE_TO):
        points = [
            (size, middle(spent[name]).processor) for size, spent in found.items() if size >= FROM and name in spent
        ]
        if len(points) > 1:
            slope = float(np.polyfit(*np.log(points).T, 1)[0])
            figures.append(Figure(f"{name}: exponent from {FROM} to {points[-1][0]:,}", slope))
    return figures


def on_one_core() -> None:
    """Keep this process and its threads on one core, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the measure, and keep it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="numbers of events")
    parser.add_argument("--larger", type=int, nargs="+", default=(), help="numbers of events for NumPy alone")
    parser.add_argument("--no-record", action="store_true", help="print only")
    asked = parser.parse_args(arguments)

    on_one_core()
    figures: list[Figure] = []
    times: dict[int, Times] = {}
    with tempfile.TemporaryDirectory() as folder:
        warm = read_reports(small_events(30, seed=1))
        estimate(warm).ranges()
        estimate_to(warm, Path(folder) / "warm.parquet", draws=FEWER_DRAWS, cores=1)
        for events in sorted(asked.sizes):
            said, times[events], sampled = beside_each_other(events, Path(folder))
            figures += figures_of_size(events, said, times[events])
            figures += figures_of_sampling(events, sampled) if sampled else []
            say(
                f"{events:,} events: "
                + ", ".join(f"{name} {middle(spent).processor:.3g} s" for name, spent in times[events].items())
            )

    for events in sorted(asked.larger):
        said, times[events] = in_numpy_alone(events)
        figures += figures_of_size(events, said, times[events])
    figures += exponents(times)
    if asked.no_record:
        for figure in figures:
            print(figure.what, figure.value, figure.unit)
    else:
        record("speed beside rivals", figures, __file__)


if __name__ == "__main__":
    main()
