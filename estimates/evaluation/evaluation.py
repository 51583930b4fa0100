"""Are the ranges right? Scores of the model and of simple baselines, from early reports of events with a known toll."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from estimates.errors import EstimatesError
from estimates.evaluation import baselines, pictures, scores, summaries
from estimates.evaluation.baselines import Known
from estimates.evaluation.cases import ScoredCase, reports_of_other_days, same_day, scored_cases
from estimates.evaluation.notes import reader_notes
from estimates.evaluation.scores import SCORED_LEVELS, Prediction
from estimates.evaluation.summaries import METHODS, MODEL
from estimates.files import write_whole
from estimates.models.grid import Grid
from estimates.profile.priors import generator
from estimates.profile.profile import DEFAULT_PROFILE, SourceProfile, named_profile
from estimates.results.estimates import estimate
from estimates.table.marks import event_marks
from estimates.table.reports import Reports, read_reports
from estimates.version import __version__
from estimates.vocabulary import ESTIMATED_OUTCOMES

__all__ = ["Evaluation", "evaluate"]

#: What can be scored against a verified toll.
SCORED_LAYERS = ("documented", "total")

_ENDS = tuple(f"{end}_{level}" for level in SCORED_LEVELS for end in ("low", "high"))

#: Learns a profile from the reports of other events, with a seed.
type Fitter = Callable[[Reports, int], SourceProfile]


def evaluate(
    reports: Reports | pd.DataFrame | Sequence[Mapping[str, Any]] | str | Path,
    *,
    profile: SourceProfile | None = None,
    leave_one_out: bool = False,
    within_days: float = 2.0,
    seed: int = 0,
    layer: str = "documented",
    outcome: str = "killed",
    draws: int = 1_000,
) -> Evaluation:
    """Score the ranges of events whose toll is verified, from their early reports alone, beside simple baselines.

    The model and the baselines are shown the reports that are younger than ``within_days`` for certain; reports of
    unknown age are left out. Every event is estimated by itself, from the figures of this one outcome. Baselines that
    need other events get those of other days: events of one day may be parts of one another, or one disaster in two
    countries.

    Parameters
    ----------
    reports : Reports, DataFrame, list of dicts or path
        Anything :func:`read_reports` accepts. Events with ``verified`` and a figure young enough are scored.
    profile : SourceProfile, optional
        What is known of the sources; by default what :func:`estimate` uses.
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

    Returns
    -------
    Evaluation

    Raises
    ------
    ReportsError
        If the table has faults.
    EstimatesError
        If nothing can be scored, or an argument cannot be used.
    """
    table = read_reports(reports)
    fitter = _leave_one_out(table, outcome, seed, draws) if leave_one_out else None

    return evaluated(
        table,
        profile=profile,
        fitter=fitter,
        within_days=within_days,
        seed=seed,
        layer=layer,
        outcome=outcome,
    )


@dataclass(frozen=True, eq=False, repr=False)
class Evaluation:
    """Scores of the model and of the baselines on events whose toll is verified.

    Attributes
    ----------
    provenance : dict
        Seed, profile, hash of the data, versions and what was scored.
    notes : tuple of str
        What the reader of the scores must know.
    """

    _events: pd.DataFrame = field(repr=False)
    provenance: dict[str, Any]
    notes: tuple[str, ...] = ()

    @property
    def events(self) -> pd.DataFrame:
        """One row per event and method; a fresh copy at each access.

        ``event, event_type, toll_low, toll_high`` (missing where the toll is a lower bound), ``figures, sources`` (how
        many), ``largest`` figure, ``age`` of the last figure in days, ``in_sample``, ``method``, ``median``, ``low_50,
        high_50`` and so on, ``pit``, ``crps`` and ``wis`` on the scale of log(1 + count), ``wis_count``, ``log_score``,
        and ``log_width`` of the 90% range. What a method does not give is missing.
        """
        return self._events.copy(deep=False)  # pandas copies on write

    def table(self) -> pd.DataFrame:
        """One row per method, the model first.

        Returns
        -------
        DataFrame
            ``method, events``; for each level ``coverage_50``, the share of tolls in the central range, with ``p_50``,
            the exact two-sided binomial p-value of that share; mean ``crps`` with ``crps_difference`` from the model on
            the same events (above 0: worse than the model) and its paired standard error; mean ``wis``, ``wis_count``
            and ``log_score`` (larger is better), ``ruled_out``, how many tolls were given no probability at all, and
            the median ``log_width``.
        """
        return summaries.summed_up(self._events)

    def by(self, what: str) -> pd.DataFrame:
        """The rows of :meth:`table` for each group of events.

        Parameters
        ----------
        what : {"event_type", "size", "age", "sources"}
            ``size`` is that of the largest figure reported early, not of the toll: sorted by what came true, every
            honest forecast looks too low for the large and too high for the small. ``age`` is that of the last figure.

        Raises
        ------
        EstimatesError
            If ``what`` is none of these.
        """
        return summaries.summed_up_by(self._events, what)

    def summary(self) -> pd.DataFrame:
        """The table in few columns for the eye, numbers as text."""
        return summaries.readable(self.table())

    def records(self) -> dict[str, Any]:
        """Provenance, notes, methods and events as plain objects for JSON; what is missing or infinite is None."""
        return {
            "provenance": self.provenance,
            "notes": list(self.notes),
            "methods": summaries.plain_rows(self.table()),
            "events": summaries.plain_rows(self._events),
        }

    def plot(self, path: str | Path) -> Path:
        """Draw calibration and errors: the model's transforms, shares of tolls in ranges, errors of all methods.

        Parameters
        ----------
        path : path
            A .png, .svg or .pdf file.

        Returns
        -------
        Path
            The file written.

        Raises
        ------
        EstimatesError
            If the ending is none of these, or the file cannot be written.
        """
        target = pictures.check_picture(path)
        form = target.suffix.lower().removeprefix(".")
        write_whole(target, pictures.drawn(self._events, self.table(), form))
        return target

    def _repr_html_(self) -> str:
        from html import escape

        notes = "".join(f"<li>{escape(note)}</li>" for note in self.notes)
        return self.summary().to_html(index=False, escape=True, border=0) + (f"<ul>{notes}</ul>" if notes else "")

    def __repr__(self) -> str:
        head = f"<Evaluation of {self.provenance['outcome']} in {self.provenance['events']} events>"
        return f"{head}\n{self.summary().to_string(index=False)}"


def _leave_one_out(table: Reports, outcome: str, seed: int, draws: int) -> Fitter:
    """Profiles without one event: one fit of all, reweighted; another fit where the weights fail."""
    from estimates.fitting.fitting import fit
    from estimates.fitting.leave_one_out import LeavingOut

    anchors = table.rows(table.table["verified_low"].notna() & (table.table["outcome"] == outcome))

    def fitted(reports: Reports) -> SourceProfile:
        return fit(reports, method="fast", seed=seed, draws=draws, chosen_for_size=True, progress=False)

    @cache
    def every() -> LeavingOut:
        return LeavingOut(fitted(anchors), anchors, chosen_for_size=True)

    def fitter(others: Reports, seed: int) -> SourceProfile:
        kept = set(others.table["event"])
        reduced = every().without(sorted(set(anchors.table["event"]) - kept))
        return reduced.profile if reduced.reliable else fitted(others)

    return fitter


def evaluated(
    reports: Reports,
    *,
    profile: SourceProfile | None,
    fitter: Fitter | None,
    within_days: float,
    seed: int,
    layer: str,
    outcome: str,
) -> Evaluation:
    """Do what `evaluate` does; with a ``fitter`` it learns a profile for every event from the others."""
    _check(profile, fitter, within_days, seed, layer, outcome)
    cases, marks = scored_cases(reports, outcome, within_days), event_marks(reports.reports)
    given = profile if isinstance(profile, SourceProfile) else named_profile(profile or DEFAULT_PROFILE, seed)

    rows: list[dict[str, Any]] = []
    used: list[SourceProfile] = []
    for case in cases:
        learned = given if fitter is None else fitter(reports_of_other_days(reports, case, outcome), seed)
        known = learned.knows(case.event, marks[case.event])
        estimates = estimate(case.shown, profile=_knowing(learned, case.shown) if known else learned, seed=seed)
        used.append(learned)

        others = [Known(other.figures, other.log_toll) for other in cases if not same_day(other.date, case.date)]
        predicted = baselines.predictions(case.figures, others, seed)
        predicted[MODEL] = _prediction(estimates.mass(case.event, outcome, layer))

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


def _knowing(profile: SourceProfile, shown: Reports) -> SourceProfile:
    """The profile, which was learned from an event as a whole, as one that knows the part of it that is shown."""
    return replace(profile, learned_from=profile.learned_from.union(event_marks(shown.reports).values()))


def _check(
    profile: SourceProfile | None, fitter: Fitter | None, within_days: float, seed: int, layer: str, outcome: str
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
