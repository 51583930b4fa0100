"""Measure: each change of the model taken away alone, and the profile learned anew without it.

Each fit is one of the shipped anchors and counts, as ``data/anchors/build.py`` learns the default profile, by the fast
method. Modern anchors and historical disasters are each left out of it by weights (``LeavingOut``), also where few
draws carry the weight: how many do is told, and a second fit with all changes tells how much the seed does. Attacks
and shootings are estimated by the fit as it is, whose counts are made from the same files, so that the errors on them
are in sample but for the row without counts.

What taking a change away takes is text of the package that is changed in a copy of it (``helpers.copies``), columns of
the anchors, counts, or a prior. Every fit is a process of its own. Finished ones are kept in the folder ``--work``, if
one is given, and the measure goes on where it stopped.

    python tests/measures/refits.py [--work FOLDER] [--jobs 2] [--data FOLDER] [--only "the shared error" ...]
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
from _common import ROOT, Figure, record
from _data import find, parser
from _halves import in_halves
from _maverick import FILE as ATTACKS
from _maverick_tolls import read as read_attacks
from _shootings import FILE as SHOOTINGS
from _shootings import read as read_shootings
from anchors import historical, killed
from helpers.copies import Changes, change, copy_package

from estimates import estimate, load_example
from estimates.evaluation.classes import CLASSES, class_of
from estimates.evaluation.evaluation import evaluated
from estimates.evaluation.summaries import MODEL
from estimates.fitting.anchors import shipped_anchors
from estimates.fitting.counts import OrdinaryCounts, shipped_counts
from estimates.fitting.fitting import fit
from estimates.fitting.leave_one_out import LeavingOut
from estimates.profile.profile import SourceProfile
from estimates.table.reports import Reports

SEED, DRAWS = 0, 600
#: Sources heard in fewer events keep no traits of their own in the default profile.
FEWEST_EVENTS = 3
WHOLE, AGAIN = "nothing", "nothing, another seed"


def _all(counts: OrdinaryCounts) -> bool:
    return True


def _none(counts: OrdinaryCounts) -> bool:
    return False


def _with_dead(counts: OrdinaryCounts) -> bool:
    return counts.early > 0


@dataclass(frozen=True)
class Away:
    """What taking a change away takes.

    Attributes
    ----------
    text : mapping of str to sequence of (str, str)
        Text of the package and what stands in its place.
    columns : tuple of str
        Columns of the anchors that are set to "no".
    counts : callable
        Which counts of ordinary events stay.
    priors : mapping of str to two numbers
        As ``fit`` takes them.
    seed : int
        Of the fit.
    """

    text: Changes = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    counts: Callable[[OrdinaryCounts], bool] = _all
    priors: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    seed: int = SEED


_GROUPS = """    if event_type in ("other", "unknown"):
        return GROWTH_GROUPS
    return (ORDINARY,) if event_type in VIOLENCE else (DISASTROUS,)
"""

AWAY: dict[str, Away] = {
    WHOLE: Away(),
    AGAIN: Away(seed=SEED + 1),
    "groups of growth": Away(text={"estimates/profile/priors.py": [(_GROUPS, "    return (ORDINARY,)\n")]}),
    "chosen": Away(columns=("chosen",)),
    "counts of ordinary events": Away(counts=_none),
    "the shared error": Away(priors={"shared_error": (1.0, 1e6)}),
    "copies removed": Away(columns=("copies_removed",)),
    "gross errors that fall faster than sizes": Away(
        text={
            "models/reporting.py": [("GROSS_FALL = 2.5\n", "GROSS_FALL = 1.0\n")],
            "models/size.py": [("LARGEST_SHAPE = GROSS_FALL - 0.5\n", "LARGEST_SHAPE = 1e9\n")],
        }
    ),
    # What is left of "none" is that nobody says it of an event with dead, and that a number may be a phantom.
    "parts, and none said of the end": Away(
        text={"estimates/inference/observed.py": [("        parts=parts_of(parts, number),\n", "        parts=(),\n")]},
        counts=_with_dead,
        priors=dict.fromkeys(("none_party", "none_stated", "none_coded"), (1.0, 1e6)),
    ),
}


# One fit, in the process of a copy ------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Learned:
    """A fit of the anchors without a change, and the profiles that leave events out of it."""

    profile: SourceProfile
    leaving: LeavingOut
    unreliable: set[str]

    @classmethod
    def without(cls, away: Away) -> Learned:
        """The fit."""
        counts = [each for each in shipped_counts() if away.counts(each)]
        anchors = cleared(shipped_anchors(), away.columns)
        profile = fit(
            anchors, method="fast", seed=away.seed, draws=DRAWS, chosen_for_size=True, priors=away.priors,
            counts=[asdict(each) for each in counts] or None,
        )  # fmt: skip
        return cls(profile, LeavingOut(profile, anchors, chosen_for_size=True, counts=counts), set())

    def leave_out(self, events: Sequence[str]) -> SourceProfile:
        """The profile without some events; notes where few draws carry the weight."""
        reduced = self.leaving.without(events)
        if not reduced.reliable:
            self.unreliable.add(", ".join(sorted(events)))
        return reduced.profile

    @property
    def shipped(self) -> SourceProfile:
        """The profile as it would ship: without the traits of sources that were heard in few events."""
        known = {name: one for name, one in self.profile.sources.items() if one.events >= FEWEST_EVENTS}
        effects = {
            effect: values
            for effect, values in self.profile.effects.items()
            if effect.kind == "growth" or effect.of in known
        }
        return replace(self.profile, sources=known, effects=effects)


def cleared(reports: Reports, columns: Sequence[str]) -> Reports:
    """The reports with some columns of yes and no set to no."""
    return replace(reports, _table=reports.table.assign(**dict.fromkeys(columns, False)))


def told(away: Away, data: Path | None) -> dict[str, Any]:
    """All figures without one change, as plain objects."""
    started = time.perf_counter()
    learned = Learned.without(away)
    fitted = time.perf_counter()

    modern = cleared(killed("modern"), away.columns)
    every = set(modern.table["event"])

    def others_only(others: Reports, seed: int) -> SourceProfile:
        return learned.leave_out(sorted(every - set(others.table["event"])))

    found = evaluated(
        modern, profile=None, fitter=others_only, within_days=2.0, seed=SEED, layer="documented", outcome="killed"
    ).events
    model = found[found["method"] == MODEL]

    old = cleared(killed("historical"), away.columns)
    events = sorted(set(old.table["event"]))
    disasters = pd.concat(
        historical(learned.leave_out([each]), old.rows(old.table["event"] == each)) for each in events
    )

    return {
        "events": model[["event", "event_type", "crps", "pit", "log_width"]].to_dict("list"),
        "inside": int(disasters["middle_inside"].sum()),
        "disasters": len(disasters),
        "width": float(disasters["width"].median()),
        "idlib": idlib(learned.shipped),
        "unreliable": sorted(learned.unreliable),
        "parameters": {name: float(np.median(values)) for name, values in learned.profile.parameters.items()},
        "ordinary": ordinary(learned.shipped, data),
        "seconds of the fit": round(fitted - started),
        "seconds": round(time.perf_counter() - started),
    }


def idlib(profile: SourceProfile) -> str:
    """What is documented in the end of the airstrikes on Idlib."""
    rows = estimate(load_example(), profile=profile, seed=0).ranges((80, 95), ("documented",))
    row = rows.query("event == 'Idlib airstrikes' and outcome == 'killed'").iloc[0]
    return f"{row['median']}; {row['low_80']} to {row['high_80']}; {row['low_95']} to {row['high_95']}"


def ordinary(profile: SourceProfile, data: Path | None) -> dict[str, float]:
    """Attacks and shootings by one profile."""
    figures: dict[str, float] = {}
    if (path := find(data, ATTACKS)) is not None:
        found = in_halves(read_attacks(path, days=2, only_single_days=True), lambda half, others: profile, 2.0)
        figures["attacks: mean PIT"] = float(found.of()["pit"].mean())
        figures["attacks: log width of the 90% range, mean"] = float(found.of()["log_width"].mean())
        figures[f"attacks: rises expected, for {found.seen} seen"] = found.expected
    if (path := find(data, SHOOTINGS)) is not None:
        table = read_shootings(path)
        table = table[table["figure"] != "0"].reset_index(drop=True)
        found = in_halves(table, lambda half, others: profile, 1_000.0)
        figures[f"shootings: rises expected, for {found.seen} seen"] = found.expected
        figures["shootings: CRPS"] = float(found.of()["crps"].mean())
    return figures


# All fits -------------------------------------------------------------------------------------------------------------


def run(name: str, work: Path, data: Path | None) -> dict[str, Any]:
    """The figures without one change, from where they are kept or from a process in a copy."""
    kept = work / f"{name.replace(' ', '_').replace(',', '')}.json"
    if kept.exists():
        return dict(json.loads(kept.read_text(encoding="utf-8")))

    text = AWAY[name].text
    folder = work / kept.stem
    shutil.rmtree(folder, ignore_errors=True)
    copy_package(folder, compiled=not any(file.startswith("models/") for file in text))
    shutil.copytree(ROOT / "tests", folder / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    change(folder, text)

    environment = {**os.environ, "PYTHONPATH": str(folder), "OMP_NUM_THREADS": "1"}
    script = folder / "tests" / "measures" / Path(__file__).name
    arguments = ["--alone", name, *(["--data", str(data)] if data else [])]
    done = subprocess.run(
        [sys.executable, str(script), *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"without {name}: {done.stderr}")

    kept.write_text(done.stdout.splitlines()[-1] + "\n", encoding="utf-8")
    shutil.rmtree(folder)
    return dict(json.loads(kept.read_text(encoding="utf-8")))


def figures_of(found: Mapping[str, Mapping[str, Any]]) -> list[Figure]:
    """Figures of every fit that is done, and the errors without each change less those with all."""
    whole = pd.DataFrame(found[WHOLE]["events"]).set_index("event")
    return [figure for name, result in found.items() for figure in _of_one(name, result, whole)]


def _of_one(name: str, result: Mapping[str, Any], whole: pd.DataFrame) -> list[Figure]:
    events = pd.DataFrame(result["events"]).set_index("event")
    classes = events["event_type"].map(class_of)
    figures: list[Figure] = []
    for each in CLASSES:
        own = events[classes == each]
        more = (own["crps"] - whole["crps"].loc[own.index]).to_numpy()
        beside = "" if name == WHOLE else f" ({more.mean():+.3f} ± {more.std(ddof=1) / np.sqrt(len(more)):.3f})"
        figures.append(Figure(f"CRPS of {each} (less that with all)", f"{own['crps'].mean():.3f}{beside}"))

    figures += [
        Figure("mean PIT, modern", float(events["pit"].mean())),
        Figure("historical, middle inside 80%", f"{result['inside']} of {result['disasters']}"),
        Figure("historical, log width of the 80% range, median", float(result["width"])),
        Figure("Idlib, documented in the end, median; 80%; 95%", str(result["idlib"])),
        *(Figure(what, value) for what, value in result["ordinary"].items()),
        Figure(
            "left out by weights that few draws carry",
            f"{len(result['unreliable'])} of {len(events) + result['disasters']}",
        ),
    ]
    title = {WHOLE: "with all changes", AGAIN: "with all changes, another seed"}.get(name, f"without {name}")
    return [figure._replace(what=f"{title}: {figure.what}") for figure in figures]


def main() -> None:
    """Run what is not done yet, print the measure and keep it."""
    arguments_of = parser(__doc__ or "")
    arguments_of.add_argument("--work", type=Path, help="folder in which finished fits are kept")
    arguments_of.add_argument("--jobs", type=int, default=2, help="processes")
    arguments_of.add_argument("--only", nargs="+", choices=list(AWAY), default=list(AWAY), help="changes taken away")
    arguments_of.add_argument("--alone", choices=list(AWAY), help="print the figures of this one from this checkout")
    arguments = arguments_of.parse_args()
    data = Path(arguments.data) if arguments.data else None
    if arguments.alone:
        print(json.dumps(told(AWAY[arguments.alone], data)))
        return

    names = list(dict.fromkeys([WHOLE, *arguments.only]))
    with TemporaryDirectory() as passing, ThreadPoolExecutor(arguments.jobs) as pool:
        work = arguments.work or Path(passing)
        work.mkdir(parents=True, exist_ok=True)
        found = dict(zip(names, pool.map(lambda name: run(name, work, data), names), strict=True))
    record("refits", figures_of(found), __file__)


if __name__ == "__main__":
    main()
