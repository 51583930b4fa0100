"""Are the ranges right? Scores of the model and of simple baselines, from early reports of events with a known toll."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from functools import cache
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from estimates.errors import EstimatesError
from estimates.evaluation import baselines, rivals, scores
from estimates.evaluation.cases import ScoredCase, reports_of_other_days, same_day, scored_cases
from estimates.evaluation.classes import class_of
from estimates.evaluation.notes import reader_notes
from estimates.evaluation.result import Evaluation
from estimates.evaluation.scores import SCORED_LEVELS, Prediction
from estimates.evaluation.summaries import AS_ORDINARY, METHODS, MODEL
from estimates.models.grid import Grid
from estimates.profile.blocks import generator
from estimates.profile.profile import SourceProfile
from estimates.progress import Progress, told
from estimates.results.asked import known_profile
from estimates.results.estimates import estimate
from estimates.table.marks import event_marks
from estimates.table.reports import Reports, read_reports
from estimates.table.source import Source
from estimates.version import __version__
from estimates.vocabulary import ESTIMATED_OUTCOMES

__all__ = ["Evaluation", "evaluate"]

#: What can be scored against a verified toll.
SCORED_LAYERS = ("documented", "total")

_ENDS = tuple(f"{end}_{level}" for level in SCORED_LEVELS for end in ("low", "high"))

#: Early and later counts of ordinary events, as ``fit`` takes them, or "default" for those shipped.
type Counts = str | Path | pd.DataFrame | Sequence[Mapping[str, Any]]
#: Learns a profile from the reports of other events, with a seed.
type Fitter = Callable[[Reports, int], SourceProfile]


def evaluate(
    reports: Reports | Source,
    *,
    profile: SourceProfile | str | Path | None = None,
    leave_one_out: bool = False,
    within_days: float = 2.0,
    seed: int = 0,
    layer: str = "documented",
    outcome: str = "killed",
    draws: int = 1_000,
    counts: Counts | None = None,
    progress: Progress | None = None,
) -> Evaluation:
    """Score the ranges of events whose toll is verified, from their early reports alone, beside baselines and rivals.

    The model and the baselines are shown the reports that are younger than ``within_days`` for certain; reports of
    unknown age are left out. Every event is estimated by itself, from the figures of this one outcome. Baselines that
    need other events get those of other days: events of one day may be parts of one another, or one disaster in two
    countries. Rivals that know the class (`estimates.evaluation.rivals`) get those of them that are of its class.

    Where events are in the table because they were revised or are famous (``chosen``), the model is scored a second
    time as if nothing said so, which is what a reader of today's news gets.

    Parameters
    ----------
    reports : Reports, DataFrame, list of dicts or path
        Anything :func:`read_reports` accepts. Events with ``verified`` and a figure young enough are scored.
    profile : SourceProfile, path or str, optional
        What is known of the sources, the file it is kept in, or its name; by default what :func:`estimate` uses.
    leave_one_out : bool
        Learn a profile for every event anew, from all reports of the other events with a verified toll, those of the
        same day left out.
    within_days : float
        Age in days below which reports are shown; with dates alone, 2 means the day of the event and the next.
    seed : int
        Every random number follows from it.
    layer : {"documented", "total"}
        The layer of the estimate that is scored. ``verified`` is the documented toll; write "total" only where it comes
        from an independent enumeration.
    outcome : str
        What is counted, such as "killed".
    draws : int
        Number of draws of every profile that is learned.
    counts : "default", or as in ``fit``, optional
        Early and later counts of ordinary events that every profile is learned from as well; "default" are those that
        ship with the package.
    progress : callable, optional
        Told how many events are done and how many there are.

    Returns
    -------
    Evaluation

    Raises
    ------
    ReportsError
        If the table has faults.
    EstimatesError
        If nothing can be scored, or an argument cannot be used.

    Examples
    --------
    >>> rows = [
    ...     {"event": "a raid", "source": "a paper", "figure": 18, "verified": 21, "event_date": "2020-01-15"},
    ... ]
    >>> evaluate([{**row, "reported_at": row["event_date"]} for row in rows])
    <Evaluation of killed in 1 events>
    """
    table = read_reports(reports)
    fitter = leave_one_out_fitter(table, outcome, seed, draws, counts) if leave_one_out else None

    return evaluated(
        table,
        profile=profile,
        fitter=fitter,
        within_days=within_days,
        seed=seed,
        layer=layer,
        outcome=outcome,
        progress=progress,
    )


def leave_one_out_fitter(table: Reports, outcome: str, seed: int, draws: int, counts: Counts | None = None) -> Fitter:
    """Profiles without one event: one fit of all, reweighted; another fit where the weights fail."""
    from estimates.fitting.counts import OrdinaryCounts, counts_of, shipped_counts
    from estimates.fitting.fitting import fit
    from estimates.fitting.leave_one_out import LeavingOut

    anchors = table.rows(table.table["verified_low"].notna() & (table.table["outcome"] == outcome))

    if counts is None:
        ordinary: tuple[OrdinaryCounts, ...] = ()
    else:
        ordinary = shipped_counts() if isinstance(counts, str) and counts == "default" else counts_of(counts)

    def fitted(reports: Reports) -> SourceProfile:
        return fit(
            reports, method="fast", seed=seed, draws=draws, chosen_for_size=True,
            counts=[asdict(each) for each in ordinary] or None,
        )  # fmt: skip

    @cache
    def every() -> LeavingOut:
        return LeavingOut(fitted(anchors), anchors, chosen_for_size=True, counts=ordinary)

    @cache
    def without(events: tuple[str, ...]) -> SourceProfile:
        reduced = every().without(list(events))
        return reduced.profile if reduced.reliable else fitted(anchors.rows(~anchors.table["event"].isin(events)))

    def fitter(others: Reports, seed: int) -> SourceProfile:
        return without(tuple(sorted(set(anchors.table["event"]) - set(others.table["event"]))))

    return fitter


def evaluated(
    reports: Reports,
    *,
    profile: SourceProfile | str | Path | None,
    fitter: Fitter | None,
    within_days: float,
    seed: int,
    layer: str,
    outcome: str,
    progress: Progress | None = None,
) -> Evaluation:
    """Do what `evaluate` does; with a ``fitter`` it learns a profile for every event from the others."""
    _check(profile, fitter, within_days, seed, layer, outcome)
    cases, marks = scored_cases(reports, outcome, within_days), event_marks(reports.reports)
    given = known_profile(profile, seed)

    rows: list[dict[str, Any]] = []
    used: list[SourceProfile] = []
    for case in told(cases, len(cases), progress):
        learned = given if fitter is None else fitter(reports_of_other_days(reports, case, outcome), seed)
        known = learned.knows(case.event, marks[case.event])
        estimates = estimate(case.shown, profile=knowing(learned, case.shown) if known else learned, seed=seed)
        used.append(learned)

        predicted = _rivals_of(case, cases, seed)
        predicted[MODEL] = _prediction(estimates.mass(case.event, outcome, layer))
        if case.shown.table["chosen"].any():
            plain = replace(case.shown, _table=case.shown.table.assign(chosen=False))
            usual = estimate(plain, profile=knowing(learned, plain) if known else learned, seed=seed)
            predicted[AS_ORDINARY] = _prediction(usual.mass(case.event, outcome, layer))

        heading = _heading(case, known)
        uniform = float(generator(seed, "pit", outcome, case.event).random())
        scored = {method: _scored(prediction, case, uniform) for method, prediction in predicted.items()}
        rows += [{**heading, "method": method, **scored[method]} for method in METHODS if method in scored]

    events = pd.DataFrame(rows).astype(dict.fromkeys(("toll_high", "median", *_ENDS), "Int64"))
    provenance = {
        **_provenance(reports, used, fitter is not None),
        "seed": seed,
        "within_days": within_days,
        "layer": layer,
        "outcome": outcome,
        "events": len(cases),
    }
    return Evaluation(events, provenance, tuple(reader_notes(reports, cases, events, provenance)))


def _rivals_of(case: ScoredCase, cases: Sequence[ScoredCase], seed: int) -> dict[str, Prediction]:
    """What the baselines, and the rivals that know its class, predict of a case from the others of other days."""
    apart = [other for other in cases if other is not case and not same_day(other.date, case.date)]
    alike = [other for other in apart if class_of(other.event_type) == class_of(case.event_type)]

    found = baselines.predictions(case.figures, [other.known for other in apart], seed)
    if case.highest:
        found |= rivals.predictions(case.figures, [other.known for other in alike])
    return found


def knowing(profile: SourceProfile, shown: Reports) -> SourceProfile:
    """The profile, which was learned from an event as a whole, as one that knows the part of it that is shown."""
    return replace(profile, learned_from=profile.learned_from.union(event_marks(shown.reports).values()))


def _check(
    profile: SourceProfile | str | Path | None,
    fitter: Fitter | None,
    within_days: float,
    seed: int,
    layer: str,
    outcome: str,
) -> None:
    if profile is not None and fitter is not None:
        raise EstimatesError("a profile is given and leave_one_out learns one for every event: choose one of the two")
    if not (isfinite(within_days) and within_days > 0):
        raise EstimatesError(f"within_days {within_days!r}: write a number of days above zero")
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise EstimatesError(f"seed {seed!r}: write a whole number of zero or more")

    for what, value, allowed in (("layer", layer, SCORED_LAYERS), ("outcome", outcome, ESTIMATED_OUTCOMES)):
        if value not in allowed:
            raise EstimatesError(f"{what} {value!r} cannot be scored; it is one of {', '.join(allowed)}")


def _heading(case: ScoredCase, in_sample: bool) -> dict[str, Any]:
    return {
        "event": case.event,
        "event_type": case.event_type,
        "toll_low": case.low,
        "toll_high": case.high,
        "figures": len(case.figures.values),
        "sources": case.sources,
        "largest": int(case.figures.high.max()),
        "age": case.age,
        "in_sample": in_sample,
    }


def _prediction(mass: pd.DataFrame) -> Prediction:
    """The posterior of a case, from a table of cells as ``Estimates.mass`` gives it."""
    count, width, share = (mass[name].to_numpy() for name in ("count", "width", "probability"))
    return Prediction(Grid(np.append(count, count[-1] + width[-1])), share / share.sum())


def _scored(prediction: Prediction, case: ScoredCase, uniform: float) -> dict[str, Any]:
    median, ends = scores.central_ranges(prediction, SCORED_LEVELS)
    limits = dict.fromkeys(_ENDS) if prediction.is_point else dict(zip(_ENDS, ends.ravel().tolist(), strict=True))
    return {"median": median, **limits, **scores.score(prediction, case.low, case.highest, uniform)}


def _provenance(reports: Reports, used: Sequence[SourceProfile], leave_one_out: bool) -> dict[str, Any]:
    name, fingerprint = used[0].name, used[0].fingerprint
    if leave_one_out:
        name = f"{name}, learned for each event from the others"
        fingerprint = hashlib.sha256("".join(profile.fingerprint for profile in used).encode()).hexdigest()[:16]

    return {
        "estimates": __version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "pandas": pd.__version__,
        "table": reports.name,
        "data_hash": reports.data_hash,
        "profile": name,
        "profile_hash": fingerprint,
        "leave_one_out": leave_one_out,
    }
