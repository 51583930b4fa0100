"""Are the ranges right? Early reports of events whose toll is known by now, the model's answer, and simple rivals'."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from math import isfinite, nan, sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from estimates.errors import EstimatesError
from estimates.evaluation import baselines, scores
from estimates.evaluation.baselines import BASELINES, Figures, Known
from estimates.evaluation.scores import SCORED_LEVELS, Prediction
from estimates.files import check_target, write_whole
from estimates.models.grid import Grid
from estimates.models.growth import age_bin
from estimates.profile.priors import generator
from estimates.profile.profile import SourceProfile
from estimates.results.estimates import estimate
from estimates.table.checks import parsed_time
from estimates.table.dates import overlap
from estimates.table.report import Report, numbers_said
from estimates.table.reports import Reports, read_reports
from estimates.version import __version__
from estimates.vocabulary import ESTIMATED_OUTCOMES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Evaluation", "evaluate"]

MODEL = "model"
METHODS = (MODEL, *BASELINES)
#: What can be scored against a verified toll.
SCORED_LAYERS = ("documented", "total")
SCORES = ("pit", "crps", "wis", "wis_count", "log_score", "log_width")
#: Below so many events a share of ranges that hold the toll says little.
FEW_EVENTS = 30

_EVENTS_NAMED = 10
_AGES = ("day 0 to 1", "day 1 to 2", "day 2 to 3", "day 3 to 7", "day 7 to 30", "day 30 and later")
_SIZES = ((10, "below 10"), (100, "10 to 99"), (1_000, "100 to 999"), (np.inf, "1,000 and more"))
_SOURCES = ((2, "1"), (3, "2"), (5, "3 to 4"), (np.inf, "5 and more"))
#: Rivals that are drawn beside the model: those with the smallest errors among those that give ranges.
_BASELINES_DRAWN = 3
_PICTURES = (".pdf", ".png", ".svg")

#: Learns a profile from the reports of other events.
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
    """Score the ranges of events whose toll is verified, from their early reports alone, beside simple rivals.

    The model and the rivals are shown the reports that are younger than ``within_days`` for certain; reports of unknown
    age are left out. Every event is estimated by itself, from the figures of this one outcome. Rivals that need other
    events get those of other days: events of one day may be parts of one another, or one disaster in two countries.

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
        Keys every random number.
    layer : {"documented", "total"}
        The line of the estimate that is scored. ``verified`` is the documented toll; write "total" only where it comes
        from an independent enumeration.
    outcome : str
    draws : int
        Of every profile that is learned.

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
    table = reports if isinstance(reports, Reports) else read_reports(reports)
    return evaluated(
        table,
        profile=profile,
        fitter=_leave_one_out(table, outcome, seed, draws) if leave_one_out else None,
        within_days=within_days,
        seed=seed,
        layer=layer,
        outcome=outcome,
    )


def _leave_one_out(table: Reports, outcome: str, seed: int, draws: int) -> Fitter:
    """Profiles without one event: one fit of all, reweighted; another fit where the weights fail."""
    from estimates.fitting.fitting import fit
    from estimates.fitting.leave_one_out import LeavingOut

    def fitted(reports: Reports) -> SourceProfile:
        return fit(reports, method="fast", seed=seed, draws=draws, chosen_for_size=True, progress=False)

    anchors = table.rows(table.table["verified_low"].notna() & (table.table["outcome"] == outcome))

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
    cases = _cases(reports, outcome, within_days)
    rows: list[dict[str, Any]] = []
    used: list[SourceProfile] = []
    for case in cases:
        learned = profile if fitter is None else fitter(_others(reports, case, outcome), seed)
        estimates = estimate(case.shown, profile=learned, seed=seed)
        used.append(estimates.profile)
        mass = estimates.mass(case.event, outcome, layer)
        known = [Known(other.figures, other.log_toll) for other in cases if not _same_day(other.date, case.date)]
        predicted = {MODEL: _prediction(mass), **baselines.predictions(case.figures, known, seed)}
        uniform = float(generator(seed, "pit", outcome, case.event).random())
        in_sample = case.event in estimates.profile.learned_from
        rows += [
            {**_heading(case), "in_sample": in_sample, "method": method, **_scored(predicted[method], case, uniform)}
            for method in METHODS
            if method in predicted
        ]
    frame = pd.DataFrame(rows).astype(dict.fromkeys(("toll_high", "median", *_ENDS), "Int64"))
    provenance = _provenance(reports, used, fitter is not None)
    provenance |= {"seed": seed, "within_days": within_days, "layer": layer, "outcome": outcome, "events": len(cases)}
    return Evaluation(frame, provenance, tuple(_notes(reports, cases, frame, provenance)))


@dataclass(frozen=True, eq=False, repr=False)
class Evaluation:
    """Scores of the model and of its rivals on events whose toll is verified.

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
        return _summary(self._events)

    def by(self, what: str) -> pd.DataFrame:
        """The rows of :meth:`table` for each group of events.

        Parameters
        ----------
        what : {"event_type", "size", "age", "sources"}
            ``size`` is that of the largest figure reported early, not of the toll: sorted by what came true, every
            honest forecast looks too low for the large and too high for the small. ``age`` is that of the last figure.
        """
        if what not in _GROUPS:
            raise EstimatesError(f"scores can be by {', '.join(_GROUPS)}; {what!r} is none of these")
        groups = _GROUPS[what](self._events)
        order = [name for name in _ORDER.get(what, sorted(set(groups))) if name in set(groups)]
        tables = [_summary(self._events[groups == name]) for name in order]
        for name, table in zip(order, tables, strict=True):
            table.insert(0, what, name)
        return pd.concat(tables, ignore_index=True)

    def summary(self) -> pd.DataFrame:
        """The table in few columns for the eye, numbers as text."""
        table = self.table()
        shown = pd.DataFrame({"method": table["method"], "events": table["events"].astype(str)})
        for level in SCORED_LEVELS:
            pairs = zip(table[f"coverage_{level}"], table[f"p_{level}"], strict=True)
            shown[f"{level}% (p)"] = ["" if pd.isna(share) else f"{share:.2f} ({_p_value(p)})" for share, p in pairs]
        shown["CRPS"] = _numbers(table["crps"])
        differences = zip(table["crps_difference"], table["crps_difference_se"], strict=True)
        shown["difference"] = ["" if pd.isna(gap) else f"{gap:+.3f} ± {error:.3f}" for gap, error in differences]
        for title, column in (("WIS", "wis"), ("log score", "log_score"), ("log width 90%", "log_width")):
            shown[title] = _numbers(table[column])
        return shown

    def records(self) -> dict[str, Any]:
        """Provenance, notes, methods and events as plain objects for JSON; what is missing or infinite is None."""
        return {
            "provenance": self.provenance,
            "notes": list(self.notes),
            "methods": _plain(self.table()),
            "events": _plain(self._events),
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
        target = check_picture(path)
        write_whole(target, _picture(self, target.suffix.lower().removeprefix(".")))
        return target

    def _repr_html_(self) -> str:
        from html import escape

        notes = "".join(f"<li>{escape(note)}</li>" for note in self.notes)
        return self.summary().to_html(index=False, escape=True, border=0) + (f"<ul>{notes}</ul>" if notes else "")

    def __repr__(self) -> str:
        head = f"<Evaluation of {self.provenance['outcome']} in {self.provenance['events']} events>"
        return f"{head}\n{self.summary().to_string(index=False)}"


def check_picture(path: str | Path) -> Path:
    """Refuse a path where no picture can be put, before work is spent on it.

    Raises
    ------
    EstimatesError
        If the ending is none that is drawn, or no file can be put there.
    """
    target = Path(path)
    if target.suffix.lower() not in _PICTURES:
        raise EstimatesError(f"{target}: pictures are drawn as {', '.join(_PICTURES)}; name the file so")
    check_target(target)
    return target


# ------------------------------------------------------------------------------------------ from reports to cases


@dataclass(frozen=True, eq=False)
class _Case:
    """One event to be scored: what is shown of it, and its toll."""

    event: str
    event_type: str
    date: str | None
    low: int
    high: int | None
    shown: Reports
    figures: Figures
    sources: int
    age: float

    @property
    def log_toll(self) -> float:
        """The toll as one number on the log scale."""
        return float(np.log1p([self.low, self.low if self.high is None else self.high]).mean())


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


def _cases(reports: Reports, outcome: str, within_days: float) -> list[_Case]:
    table = reports.table
    asked = (table["outcome"] == outcome) & (table["scope"] == "event")
    verified = sorted(set(table.loc[asked & table["verified_low"].notna(), "event"]))
    if not verified:
        raise EstimatesError(
            f"{reports.name}: no event has a verified toll of {outcome}; write it in the column verified, once an event"
        )
    found = (_case(reports.rows(asked & (table["event"] == event)), event, within_days) for event in verified)
    cases = [case for case in found if case is not None]
    if not cases:
        raise EstimatesError(
            f"{reports.name}: no verified event has a figure younger than {within_days:g} days; give event_date and "
            "reported_at, or allow more days"
        )
    return cases


def _case(rows: Reports, event: str, within_days: float) -> _Case | None:
    """The event as it is shown; None where nothing is said of it so early."""
    shown = rows.rows(rows.table["age_high"] < within_days)  # never so where the age is unknown
    rows_shown = zip(shown.table.to_dict("records"), shown.reports, strict=True)
    records = [(record, ends) for record, report in rows_shown if (ends := _ends(report)) is not None]
    if not records:
        return None
    records.sort(key=lambda found: (found[0]["reported_at"], found[0]["source"], found[1]))  # whatever the rows' order
    first = records[0][0]
    figures = Figures(
        np.array([low for _, (low, _) in records], dtype=float),
        np.array([high for _, (_, high) in records], dtype=float),
        _moments([record["reported_at"] for record, _ in records]),
        tuple(record["source_type"] for record, _ in records),
    )
    return _Case(
        event,
        first["event_type"],
        first["event_date"],
        first["verified_low"],
        first["verified_high"],
        shown,
        figures,
        len({record["source"] for record, _ in records}),
        max(record["age_low"] for record, _ in records),
    )


def _ends(report: Report) -> tuple[int, int] | None:
    """Lowest and highest number that a report says about the whole event; None where it says none."""
    if not report.speaks_of_all:
        return None
    low, high = numbers_said(report.said)
    return low, high


def _moments(reported: Sequence[str]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Order in time; on a day on which any report lacks a clock time, all reports of the day are tied."""
    times = [parsed_time(text) for text in reported]
    unclocked = {time.start.date() for time in times if not time.has_clock}

    def moment(day: date, minutes: int) -> float:
        return day.toordinal() + (0.0 if day in unclocked else minutes / (24.0 * 60.0))

    return np.array([moment(time.start.date(), time.start.hour * 60 + time.start.minute) for time in times])


def _same_day(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and overlap(parsed_time(one), parsed_time(other))


def _others(reports: Reports, case: _Case, outcome: str) -> Reports:
    """All reports of one outcome of the events with a verified toll, but for those of the event's own day."""
    table = reports.table
    anchors = set(table.loc[table["verified_low"].notna(), "event"])
    dates = dict(zip(table["event"], table["event_date"], strict=True))
    apart = {event for event in anchors if not _same_day(dates[event], case.date)}
    if not apart:
        raise EstimatesError(
            f"{case.event}: no event of another day has a verified toll to learn from; give a profile instead"
        )
    return reports.rows(table["event"].isin(apart) & (table["outcome"] == outcome))


# ----------------------------------------------------------------------------------------------- from cases to scores

_ENDS = tuple(f"{end}_{level}" for level in SCORED_LEVELS for end in ("low", "high"))


def _heading(case: _Case) -> dict[str, Any]:
    return {
        "event": case.event,
        "event_type": case.event_type,
        "toll_low": case.low,
        "toll_high": case.high,
        "figures": len(case.figures.values),
        "sources": case.sources,
        "largest": int(case.figures.high.max()),
        "age": case.age,
    }


def _prediction(mass: pd.DataFrame) -> Prediction:
    count, width = mass["count"].to_numpy(), mass["width"].to_numpy()
    share = mass["probability"].to_numpy()
    return Prediction(Grid(np.append(count, count[-1] + width[-1])), share / share.sum())


def _scored(prediction: Prediction, case: _Case, uniform: float) -> dict[str, Any]:
    median, ends = scores.central_ranges(prediction, SCORED_LEVELS)
    limits = dict.fromkeys(_ENDS) if prediction.is_point else dict(zip(_ENDS, ends.ravel().tolist(), strict=True))
    high = case.low if case.high is None else case.high
    return {"median": median, **limits, **scores.score(prediction, case.low, high, uniform)}


def _summary(events: pd.DataFrame) -> pd.DataFrame:
    """One row per method; errors are compared on the events that a method and the model both have."""
    model = events[events["method"] == MODEL].set_index("event")["crps"]
    rows = []
    for method in METHODS:
        own = events[events["method"] == method].set_index("event")
        if own.empty:
            continue
        row: dict[str, Any] = {"method": method, "events": len(own)}
        pits = own["pit"].dropna().to_numpy()
        for level in SCORED_LEVELS:
            hits = scores.covered(pits, level)
            row[f"coverage_{level}"] = hits / len(pits) if len(pits) else nan
            row[f"p_{level}"] = scores.coverage_p_value(hits, len(pits), level) if len(pits) else nan
        gaps = (own["crps"] - model.loc[own.index]).to_numpy()
        row["crps"] = own["crps"].mean()
        row["crps_difference"] = nan if method == MODEL else gaps.mean()
        several = method != MODEL and len(gaps) > 1
        row["crps_difference_se"] = gaps.std(ddof=1) / sqrt(len(gaps)) if several else nan
        row |= {name: own[name].mean() for name in ("wis", "wis_count", "log_score")}
        row["ruled_out"] = int(np.isneginf(own["log_score"]).sum()) if len(pits) else None
        row["log_width"] = own["log_width"].median()
        rows.append(row)
    return pd.DataFrame(rows).astype({"ruled_out": "Int64"})


def _classes(limits: Sequence[tuple[float, str]], values: pd.Series[Any]) -> pd.Series[Any]:
    return values.map(lambda value: next(name for limit, name in limits if value < limit))


_GROUPS: dict[str, Callable[[pd.DataFrame], pd.Series[Any]]] = {
    "event_type": lambda events: events["event_type"],
    "size": lambda events: _classes(_SIZES, events["largest"]),
    "age": lambda events: events["age"].map(lambda age: _AGES[age_bin(age)]),
    "sources": lambda events: _classes(_SOURCES, events["sources"]),
}
_ORDER: dict[str, Sequence[str]] = {
    "size": [name for _, name in _SIZES],
    "age": _AGES,
    "sources": [name for _, name in _SOURCES],
}


def _provenance(reports: Reports, used: Sequence[SourceProfile], leave_one_out: bool) -> dict[str, Any]:
    prints = [profile.fingerprint for profile in used]
    joined = hashlib.sha256("".join(prints).encode()).hexdigest()[:16]
    return {
        "estimates": __version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "pandas": pd.__version__,
        "table": reports.name,
        "data_hash": reports.data_hash,
        "profile": f"{used[0].name}, learned for each event from the others" if leave_one_out else used[0].name,
        "profile_hash": joined if leave_one_out else prints[0],
        "leave_one_out": leave_one_out,
    }


def _notes(
    reports: Reports, cases: Sequence[_Case], frame: pd.DataFrame, provenance: Mapping[str, Any]
) -> Iterator[str]:
    table = reports.table
    asked = (table["outcome"] == provenance["outcome"]) & (table["scope"] == "event")
    verified = set(table.loc[asked & table["verified_low"].notna(), "event"])
    learned = set(frame.loc[frame["in_sample"], "event"])
    days = f"{provenance['within_days']:g} days"
    about = {
        f"without a figure younger than {days}, not scored": verified - {case.event for case in cases},
        "toll a lower bound, scored as that number": {case.event for case in cases if case.high is None},
        "toll a range, scored against the whole of it": {
            case.event for case in cases if case.high is not None and case.high > case.low
        },
        "of the same day as another, not used for one another": {
            case.event for case in cases for other in cases if other is not case and _same_day(case.date, other.date)
        },
        "among those the profile was learned from, which flatters their scores": learned,
    }
    for what, events in about.items():
        if events:
            more = f" and {len(events) - _EVENTS_NAMED:,} more" if len(events) > _EVENTS_NAMED else ""
            yield (
                f"{len(events)} event{'s' * (len(events) != 1)} {what}: "
                f"{', '.join(sorted(events)[:_EVENTS_NAMED])}{more}"
            )
    if len(cases) < FEW_EVENTS:
        yield f"{len(cases)} events are few: shares of tolls in ranges are uncertain, see their p-values"


# ------------------------------------------------------------------------------------------------------------- output


def _numbers(values: pd.Series[float]) -> list[str]:
    return ["" if pd.isna(value) else f"{value:.3f}" for value in values]


def _p_value(p: float) -> str:
    return f"{p:.2f}" if p >= 0.005 else "<.01"


def _plain(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): _json(value) for name, value in row.items()} for row in frame.to_dict("records")]


def _json(value: Any) -> Any:
    if value is None or value is pd.NA or (isinstance(value, float) and not isfinite(value)):
        return None
    return value.item() if isinstance(value, np.generic) else value


def _picture(evaluation: Evaluation, form: str) -> bytes:
    """Three panels on one page, without the state that matplotlib keeps for interactive use."""
    from io import BytesIO

    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context({"svg.hashsalt": "estimates", "font.size": 9.0}):
        figure = Figure(figsize=(12.0, 4.2), layout="constrained")
        transforms, shares, errors = figure.subplots(1, 3, width_ratios=(1.0, 1.0, 1.3))
        _draw_transforms(transforms, evaluation)
        _draw_shares(shares, evaluation)
        _draw_errors(errors, evaluation)
        content = BytesIO()
        undated = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(form)  # the same scores, the same file
        figure.savefig(content, format=form, dpi=150, metadata=undated)
    return content.getvalue()


def _draw_transforms(axes: Axes, evaluation: Evaluation) -> None:
    from matplotlib.ticker import MaxNLocator

    events = evaluation.events
    pits = events.loc[events["method"] == MODEL, "pit"].to_numpy()
    axes.hist(pits, bins=np.linspace(0.0, 1.0, 11).tolist(), color="#4477aa", edgecolor="white")
    axes.axhline(len(pits) / 10.0, color="black", linewidth=0.8, linestyle="--")
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set(xlim=(0, 1), xlabel="place of the toll in its predicted distribution", ylabel="events")
    axes.set_title("Model: flat where it is right")


def _draw_shares(axes: Axes, evaluation: Evaluation) -> None:
    table, events = evaluation.table(), evaluation.events
    ranges = table[table["coverage_50"].notna() & (table["method"] != MODEL)]
    best = ranges.sort_values("crps", kind="stable")["method"].tolist()[:_BASELINES_DRAWN]
    axes.plot([0, 1], [0, 1], color="black", linewidth=0.8, linestyle="--")
    for method, colour in zip((MODEL, *best), ("#4477aa", "#ee6677", "#228833", "#bbaa33"), strict=False):
        pits = events.loc[events["method"] == method, "pit"].dropna()
        levels = np.sort(np.abs(2.0 * pits.to_numpy() - 1.0))
        steps = np.arange(len(levels) + 1) / len(levels)
        width = 2.0 if method == MODEL else 1.0
        axes.step([0.0, *levels, 1.0], [*steps, 1.0], where="post", color=colour, label=method, linewidth=width)
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="central range", ylabel="share of tolls in it")
    axes.set_title("Tolls in ranges: on the line where right")
    axes.legend(frameon=False, loc="upper left")


def _draw_errors(axes: Axes, evaluation: Evaluation) -> None:
    table = evaluation.table().sort_values("crps", kind="stable", ascending=False)
    places = np.arange(len(table))
    colours = ["#4477aa" if method == MODEL else "#888888" for method in table["method"]]
    bars = 2.0 * table["crps_difference_se"].fillna(0.0)
    axes.errorbar(table["crps"], places, xerr=bars, fmt="none", ecolor="#bbbbbb", elinewidth=2.0)
    axes.scatter(table["crps"], places, c=colours, zorder=3)
    model = table.loc[table["method"] == MODEL, "crps"].iloc[0]
    axes.axvline(model, color="#4477aa", linewidth=0.8, linestyle="--")
    axes.set_yticks(places, table["method"].tolist())
    axes.set(xlabel="mean CRPS of log(1 + toll); smaller is better", xlim=(0.0, None))
    axes.set_title("Errors; bars: twice the SE of the difference")
