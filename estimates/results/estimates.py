"""What users hold: posterior draws and exact grids per event and outcome, and the questions one asks of them."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from estimates.errors import EstimatesError
from estimates.inference import posterior as estimation
from estimates.inference.cases import Case, Cases, gather
from estimates.inference.posterior import Answer, Solution
from estimates.inference.timeline import Arrival, arrivals, case_then
from estimates.inference.undocumented import UndocumentedLayer, known_layer
from estimates.models import grid as grids
from estimates.models.types import Floats, Integers
from estimates.profile.priors import generator
from estimates.profile.profile import DEFAULT_PROFILE, SourceProfile, named_profile
from estimates.table.dates import parse_time
from estimates.table.reports import Reports, read_reports
from estimates.version import __version__
from estimates.vocabulary import ESTIMATED_OUTCOMES, INTERVAL_LEVELS, LAYER_NAMES, LAYERS

#: Share of the range below half of every figure from which a note warns of it.
DISBELIEF = 0.2
#: Totals over events need the undocumented remainders of different events either independent or all alike.
REMAINDERS = ("independent", "common")
_HISTORY_COLUMNS = ("median", "low_80", "high_80", "low_95", "high_95")


def estimate(
    reports: Reports | pd.DataFrame | Sequence[Mapping[str, Any]] | str | Path,
    *,
    profile: SourceProfile | str | None = None,
    seed: int = 0,
    as_of: str | None = None,
    undocumented: UndocumentedLayer | str = "elicited",
) -> Estimates:
    """Posterior ranges of every event and outcome in a table of reports.

    Parameters
    ----------
    reports : Reports, DataFrame, list of dicts or path
        Anything :func:`read_reports` accepts. Rows in any order give the same answer to the last bit.
    profile : SourceProfile or str, optional
        What is known of the sources, or the name of a profile that comes with the package, "default" or "published"
        (see :func:`estimates.profile.profile.named_profile`).
    seed : int
        Keys every random number; the same seed and table give the same answer.
    as_of : str, optional
        A date or time; reports made later are left out, and "by now" means then.
    undocumented : UndocumentedLayer or str
        How the full toll follows from the documented one: "elicited" from judgements of coders, "none" (nobody is
        missing), or a layer made with :class:`estimates.inference.undocumented.UndocumentedLayer`.

    Returns
    -------
    Estimates

    Raises
    ------
    ReportsError
        If the table has faults; all of them are listed.
    ProfileError
        If no profile has that name.
    EstimatesError
        If the seed, the date or the layer cannot be used.
    """
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise EstimatesError(f"seed {seed!r}: write a whole number of zero or more")
    table = reports if isinstance(reports, Reports) else read_reports(reports)
    try:
        cut = None if as_of is None else parse_time(str(as_of))
    except ValueError as error:
        raise EstimatesError(f"as_of: {error}") from None
    profile = _known_profile(profile, seed)
    layer = known_layer(undocumented)
    cases = gather(table.estimated_reports, profile.bin_shares, cut)
    solution = estimation.solve(cases.cases, profile, seed)
    solution = layer.applied_to(solution, profile.kappa, seed)
    return Estimates(table, profile, seed, None if as_of is None else str(as_of), layer, cases, solution)


@dataclass(frozen=True, eq=False, repr=False)
class Estimates:
    """Posterior of the documented and the true toll for every event and outcome.

    Three lines are kept apart and never blended: what is documentable by now, what will be documented in the end
    (layer ``documented``), and the full toll with what is never documented (layer ``total``); the floor is a fourth.

    Attributes
    ----------
    reports : Reports
        The table the estimates are made from.
    profile : SourceProfile
        What was known of the sources.
    seed : int
    as_of : str or None
    undocumented : UndocumentedLayer
        What leads from the documented to the full toll.
    """

    reports: Reports
    profile: SourceProfile
    seed: int
    as_of: str | None
    undocumented: UndocumentedLayer
    _cases: Cases = field(repr=False)
    _solution: Solution = field(repr=False)

    # Ranges ---------------------------------------------------------------------------------------------------------

    def ranges(
        self, levels: Sequence[float] = INTERVAL_LEVELS, layers: Sequence[str] = ("documented", "total")
    ) -> pd.DataFrame:
        """Median, mean and central credible intervals.

        Parameters
        ----------
        levels : sequence of float
            In per cent.
        layers : sequence of str
            Out of "by_now", "documented" and "total".

        Returns
        -------
        DataFrame
            One row per event, outcome and layer: ``event, outcome, layer, floor, reported_low, reported_high, sources,
            median, mean``, and ``low_50, high_50`` and so on for each level.
        """
        for level in levels:
            if not 0 < level < 100:
                raise EstimatesError(f"interval level {level!r}: write per cent between 0 and 100, such as 80")
        rows = []
        for index, answer in enumerate(self._solution.answers):
            for layer in layers:
                rows.append({**_heading(answer.case, layer), **_range(answer.grid, self._mass(index, layer), levels)})
        columns = ["event", "outcome", "layer", "floor", "reported_low", "reported_high", "sources", "median", "mean"]
        columns += [f"{end}_{level:g}" for level in levels for end in ("low", "high")]
        frame = pd.DataFrame(rows, columns=columns)
        return frame.astype({name: "Int64" for name in ("floor", "reported_low", "reported_high", "median")})

    def records(self, levels: Sequence[float] = INTERVAL_LEVELS) -> list[dict[str, Any]]:
        """Rows of :meth:`ranges` as plain objects for JSON, the intervals as ``{"50": [low, high], ...}``."""
        result = []
        for answer in self._solution.answers:
            for layer, mass in (("documented", answer.documented), ("total", answer.total)):
                row = _range(answer.grid, mass, levels)
                intervals = {f"{level:g}": [row.pop(f"low_{level:g}"), row.pop(f"high_{level:g}")] for level in levels}
                result.append({**_heading(answer.case, layer), **row, "intervals": intervals})
        return result

    def summary(self) -> pd.DataFrame:
        """One row an event and outcome: floor, figures reported, and each line's median with its 80% range.

        ``attrs["undocumented"]`` names the layer that leads to the full toll.
        """
        rows = []
        for index, answer in enumerate(self._solution.answers):
            case = answer.case
            masses = {layer: self._mass(index, layer) for layer in LAYERS}
            lines = {LAYER_NAMES[layer]: _in_words(_range(answer.grid, mass, (80,))) for layer, mass in masses.items()}
            rows.append(
                {
                    "event": case.event,
                    "outcome": case.outcome,
                    "floor": "" if case.floor is None else f"{case.floor:,}",
                    "reported": case.reported,
                    "sources": len(case.sources),
                    **lines,
                }
            )
        frame = pd.DataFrame(rows, columns=["event", "outcome", "floor", "reported", "sources", *LAYER_NAMES.values()])
        frame.attrs["undocumented"] = self.undocumented.name
        return frame

    def draws(self, event: str, outcome: str = "killed", layer: str = "documented") -> Integers:
        """Posterior draws of one toll, int64; draw ``i`` uses the same shared parameters in every event.

        Draws of "by_now" come from its posterior over all parameters, coupled to those of "documented" by rank:
        neither differences between these two layers nor sums of "by_now" over events are joint.
        """
        index = self._index(event, outcome)
        answer = self._solution.answers[index]
        if layer == "documented":
            return answer.documented_draws
        if layer == "total":
            return answer.total_draws
        mass = self._mass(index, layer)
        ranks = np.argsort(np.argsort(answer.documented_draws, kind="stable"), kind="stable")
        return grids.quantiles(answer.grid, mass, (ranks + 0.5) / len(ranks))

    def probability(self, outcome: str = "killed", *, at_least: int, layer: str = "documented") -> pd.Series:
        """P(toll of ``at_least`` or more) for every event with this outcome, a series indexed by event."""
        _known(outcome, ESTIMATED_OUTCOMES, "outcome")
        values = {
            answer.case.event: grids.probability_at_least(answer.grid, self._mass(index, layer), at_least)
            for index, answer in enumerate(self._solution.answers)
            if answer.case.outcome == outcome
        }
        return pd.Series(values, name=f"P({outcome} >= {at_least}), {layer}", dtype=float)

    def mass(self, event: str, outcome: str = "killed", layer: str = "documented") -> pd.DataFrame:
        """The exact posterior on its grid: ``count`` (first integer of each cell), ``width`` and ``probability``."""
        index = self._index(event, outcome)
        cells = self._solution.answers[index].grid
        return pd.DataFrame({"count": cells.start, "width": cells.width, "probability": self._mass(index, layer)})

    # Totals and influence -------------------------------------------------------------------------------------------

    def total(
        self, outcome: str = "killed", by: str | None = None, levels: Sequence[float] = INTERVAL_LEVELS
    ) -> pd.DataFrame:
        """Totals over events, summed within each draw so that shared error does not average out.

        Parameters
        ----------
        outcome : str
        by : str, optional
            A column of the table that is constant within events, such as ``place`` or ``event_type``.
        levels : sequence of float

        Returns
        -------
        DataFrame
            One row a group and layer. The full toll has two: undocumented remainders ``independent`` between events,
            and one ``common`` quantile for all; how much they share is not known, the truth lies between.
        """
        _known(outcome, ESTIMATED_OUTCOMES, "outcome")
        groups: dict[str, list[Answer]] = {}
        for answer in self._solution.answers:
            if answer.case.outcome == outcome:
                groups.setdefault(self._group(answer.case.event, by), []).append(answer)
        common = generator(self.seed, "common remainder").random(self.profile.draws)
        kappa = self.profile.kappa[self._solution.parents]
        rows: list[dict[str, Any]] = []
        for name, answers in sorted(groups.items()):
            tolls = np.sum([answer.documented_draws for answer in answers], axis=0)
            alike = np.sum(
                [self.undocumented.quantile(common, answer.documented_draws, kappa, self.seed) for answer in answers],
                axis=0,
            )
            apart = np.sum([answer.total_draws for answer in answers], axis=0)
            lines = (("documented", "", tolls), ("total", REMAINDERS[0], apart), ("total", REMAINDERS[1], alike))
            for layer, remainder, drawn in lines:
                heading = {by or "group": name, "outcome": outcome, "events": len(answers)}
                rows.append({**heading, "layer": layer, "remainder": remainder, **_range_of_draws(drawn, levels)})
        return pd.DataFrame(rows)

    def influence(self, events: Sequence[str] | None = None) -> pd.DataFrame:
        """Each event again without each of its sources in turn.

        Parameters
        ----------
        events : sequence of str, optional
            Only these events; by default all.

        Returns
        -------
        DataFrame
            One row per event, outcome, source left out and layer, with the range then: ``event, outcome, without,
            layer, median, low_80, high_80``, and ``shift``, the median then divided by the median with all sources.
        """
        queue: list[tuple[int, str, Case]] = []
        for index, answer in enumerate(self._solution.answers):
            case = answer.case
            if events is not None and case.event not in events:
                continue
            as_of_bin = self._cases.as_of_bins[index]
            for source in case.sources:
                reduced = case.without(source, self.profile.bin_shares, as_of_bin)
                queue.append((index, source, reduced))
        rows: list[dict[str, Any]] = []
        solved = estimation.documented([item[2] for item in queue], self.profile) if queue else iter(())
        for (index, source, reduced), (log_marginal_likelihood, table) in zip(queue, solved, strict=True):
            _, masses = self._instead(index, reduced, log_marginal_likelihood, table)
            cells = estimation.case_grid(reduced)
            whole = self._solution.answers[index]
            for layer, mass in masses.items():
                found = _range(cells, mass, (80,))
                before = _range(whole.grid, self._mass(index, layer), (80,))
                rows.append(
                    {
                        "event": reduced.event,
                        "outcome": reduced.outcome,
                        "without": source,
                        "layer": layer,
                        "median": found["median"],
                        "low_80": found["low_80"],
                        "high_80": found["high_80"],
                        "shift": (found["median"] + 0.5) / (before["median"] + 0.5),
                    }
                )
        columns = ["event", "outcome", "without", "layer", "median", "low_80", "high_80", "shift"]
        return pd.DataFrame(rows, columns=columns)

    def history(self, events: Sequence[str] | None = None, outcome: str = "killed") -> pd.DataFrame:
        """The range after each new report, in the order of time.

        Each range is estimated from the reports of the event made by then; what other events say of the sources is
        taken as it is known today, and the draws are weighted by the evidence where they are today. With that, in a
        table of one event it is the range of :func:`estimate` with ``as_of``. Reports made at one time share one range.

        Parameters
        ----------
        events : sequence of str, optional
            Only these events; by default all.
        outcome : str

        Returns
        -------
        DataFrame
            One row a report with a figure: ``event, outcome, time, as_of, source, words``, and for each of the layers
            ``by_now``, ``documented`` and ``total`` its ``median, low_80, high_80, low_95, high_95``, such as
            ``documented_low_80``. ``time`` is that of the report and ``as_of`` the moment of the range. Reports of
            unknown time come last, with ``time`` and ``as_of`` missing and the range of today.
        """
        _known(outcome, ESTIMATED_OUTCOMES, "outcome")
        reports = self.reports.estimated_reports
        cut = None if self.as_of is None else parse_time(self.as_of)
        queue: list[tuple[int, Arrival, Case]] = []
        for index, case in enumerate(self.cases):
            if case.outcome != outcome or (events is not None and case.event not in events):
                continue
            mine = [report for report in reports if (report.event, report.outcome) == (case.event, outcome)]
            for arrival in arrivals(mine, cut):
                then = case
                if arrival.time is not None:
                    then = case_then(reports, case, self.profile.bin_shares, arrival.time)
                queue.append((index, arrival, then))
        rows: list[dict[str, Any]] = []
        solved = estimation.documented([item[2] for item in queue], self.profile) if queue else iter(())
        # Where the draws are not weighted, what is documentable by now takes one pass as well.
        weight, alike = self._solution.weights.values, not self._solution.weights.updated
        now = estimation.by_now([item[2] for item in queue], self.profile, weight) if queue and alike else []
        for number, ((index, arrival, then), (logs, table)) in enumerate(zip(queue, solved, strict=True)):
            weight, masses = self._instead(index, then, logs, table)
            masses["by_now"] = now[number] if alike else estimation.by_now([then], self.profile, weight)[0]
            found = _wide(then, masses)
            for report in arrival.reports:
                heading = {"event": then.event, "outcome": outcome, "time": report.reported_at}
                said = {"as_of": arrival.as_of, "source": report.source, "words": report.words}
                rows.append({**heading, **said, **found})
        columns = ["event", "outcome", "time", "as_of", "source", "words"]
        columns += [f"{layer}_{name}" for layer in LAYERS for name in _HISTORY_COLUMNS]
        return pd.DataFrame(rows, columns=columns)

    def decompose(self, events: Sequence[str] | None = None) -> pd.DataFrame:
        """Where the width of each range comes from: the variance of the logarithm of one plus the toll, in parts.

        Parameters
        ----------
        events : sequence of str, optional
            Only these events; by default all.

        Returns
        -------
        DataFrame
            One row per event, outcome and layer: ``event, outcome, layer, variance``, and shares that sum to one:
            ``share_parameters`` from what is shared between events (sources, sizes, growth), ``share_event`` that
            would stay if these were known, and ``share_undocumented`` from those never documented, with the strength
            of that remainder. Figures of the event can only lessen the first two.
        """
        from estimates.inference.sensitivity import decompose

        return decompose(self, events)

    def sensitivity(self, events: Sequence[str] | None = None, scales: Sequence[float] = (0.5, 2.0)) -> pd.DataFrame:
        """How much of each range is prior, and which prior.

        Parameters
        ----------
        events : sequence of str, optional
            Only these events; by default all.
        scales : sequence of float
            Where the profile is made of published priors, everything is estimated anew with the standard deviations of
            each group of priors multiplied by each of these; empty to leave that out, which takes long for many events.

        Returns
        -------
        DataFrame
            Tidy: ``event, outcome, layer, how, what``, the range ``median, low_80, high_80``, its ``log_width``
            ``log((1 + high_80) / (1 + low_80))``, ``share_of_width``, ``pull`` and ``prior_share``. By ``how``:

            - "as estimated": the range itself; ``prior_share`` is the share of its variance from shared parameters and
              from those never documented (see :meth:`decompose`).
            - "strength": the full toll under one strength of the elicited remainder; zero adds nobody.
            - "scale": estimated anew with the standard deviations of a group of priors multiplied.
            - "power": no range, but the ``pull`` of a group of priors: the cumulative Jensen-Shannon distance by which
              the range moves when the priors are raised to a power, for each doubling of the power; above .05 a range
              counts as sensitive (Kallioinen et al. 2024).

            ``share_of_width`` is the part of the range's own log width that is gone then, negative where it is wider.
        """
        from estimates.inference.sensitivity import sensitivity

        return sensitivity(self, events, scales)

    # Provenance and output ------------------------------------------------------------------------------------------

    @property
    def notes(self) -> tuple[str, ...]:
        """What the reader of a range must know: of the table, of the weighting, and of events without figures."""
        notes = [*self.reports.notes, *self._cases.notes]
        if self.reports.table["verified"].notna().any():
            notes.append("verified tolls serve to fit and to evaluate; they do not enter the ranges")
        if not self._solution.weights.updated and any(a.case.has_figure for a in self._solution.answers):
            notes.append(
                "profile not updated by these events: too few of its draws agree with all of them "
                f"(effective draws {self._solution.weights.effective_draws:.0f}, "
                f"Pareto shape {self._solution.weights.pareto_shape:.2f}); fit a profile to them to learn from them"
            )
        if self.undocumented.name != "elicited":
            notes.append(f"undocumented layer {self.undocumented.name!r}: {self.undocumented.description}")
        for answer in self._solution.answers:
            if not answer.case.has_figure:
                notes.append(f"{answer.case.event}, {answer.case.outcome}: no figure, the range is prior only")
                continue
            if not answer.case.has_statement:
                notes.append(f"{answer.case.event}, {answer.case.outcome}: only a floor, prior-dominated")
            if (note := _disbelief(answer)) is not None:
                notes.append(note)
        return tuple(notes)

    @cached_property
    def provenance(self) -> dict[str, Any]:
        """Versions, seed, hashes and how the draws were weighted."""
        weights = self._solution.weights
        return {
            "estimates": __version__,
            "python": platform.python_version(),
            "numpy": np.__version__,
            "pandas": pd.__version__,
            "scipy": _version("scipy"),
            "table": self.reports.name,
            "data_hash": self.reports.data_hash,
            "profile": self.profile.name,
            "profile_hash": self.profile.fingerprint,
            "draws": self.profile.draws,
            "seed": self.seed,
            "as_of": self.as_of,
            "undocumented": self.undocumented.name,
            "undocumented_hash": self.undocumented.fingerprint,
            "profile_updated": weights.updated,
            "effective_draws": round(weights.effective_draws, 1),
            "pareto_shape": round(weights.pareto_shape, 3) if np.isfinite(weights.pareto_shape) else None,
        }

    @property
    def cases(self) -> tuple[Case, ...]:
        """What was asked: one per event and outcome, with the rows that count."""
        return self._cases.cases

    def document(self, path: str | Path) -> Path:
        """Write the uncertainty report; HTML or Markdown by the ending of the path."""
        from estimates.document.document import write_document

        return write_document(self, path)

    def _repr_html_(self) -> str:
        notes = "".join(f"<li>{_escape(note)}</li>" for note in self.notes)
        return self.summary().to_html(index=False, escape=True, border=0) + (f"<ul>{notes}</ul>" if notes else "")

    def __repr__(self) -> str:
        head = f"<Estimates of {len(self._solution.answers)} outcomes, seed {self.seed}"
        head += f", undocumented layer {self.undocumented.name}>"
        return f"{head}\n{self.summary().to_string(index=False)}"

    def __len__(self) -> int:
        return len(self._solution.answers)

    # Inner workings -------------------------------------------------------------------------------------------------

    @cached_property
    def _by_now(self) -> list[Floats]:
        return estimation.by_now(self._cases.cases, self.profile, self._solution.weights.values)

    def _instead(
        self, index: int, case: Case, log_marginal_likelihood: Floats, table: NDArray[np.float32]
    ) -> tuple[Floats, dict[str, Floats]]:
        """Weights of the draws and masses per layer, had ``question`` been asked instead of the one at ``index``."""
        weight = self._solution.weights.values
        # Where the call's own weights could not be used, neither are these: ranges stay comparable.
        if self._solution.weights.updated:
            changed = self._solution.log_marginal_likelihood.copy()
            changed[index] = log_marginal_likelihood
            weight = estimation.call_weights(self.cases, changed, self.profile).values
        cells = estimation.case_grid(case)
        return weight, {
            "documented": (table @ weight.astype(np.float32)).astype(float),
            "total": self.undocumented.total(table, weight, self.profile.kappa, cells),
        }

    def _mass(self, index: int, layer: str) -> Floats:
        _known(layer, LAYERS, "layer")
        answer = self._solution.answers[index]
        if layer == "by_now":
            return self._by_now[index]
        return answer.documented if layer == "documented" else answer.total

    def _index(self, event: str, outcome: str) -> int:
        for index, answer in enumerate(self._solution.answers):
            if (answer.case.event, answer.case.outcome) == (event, outcome):
                return index
        known = ", ".join(f"({a.case.event!r}, {a.case.outcome!r})" for a in self._solution.answers[:20])
        raise EstimatesError(f"no estimate of {outcome!r} for the event {event!r}; there are: {known}")

    def _group(self, event: str, by: str | None) -> str:
        if by is None:
            return "all events"
        if by == "event":
            return event
        table = self.reports.table
        if by not in table.columns:
            raise EstimatesError(f"no column is called {by!r}; totals can be by {', '.join(map(str, table.columns))}")
        values = {str(value) for value in table.loc[table["event"] == event, by] if value not in (None, "")}
        values = {value for value in values if value not in ("None", "nan", "<NA>")}
        if len(values) > 1:
            raise EstimatesError(f"event {event!r} has several values of {by!r} ({', '.join(sorted(values))}); use one")
        return next(iter(values), "")


def _known_profile(profile: SourceProfile | str | None, seed: int) -> SourceProfile:
    if isinstance(profile, SourceProfile):
        return profile
    if profile is None:
        return named_profile(DEFAULT_PROFILE, seed)
    if isinstance(profile, str):
        return named_profile(profile, seed)
    raise EstimatesError(
        f"profile {profile!r}: give a source profile or the name of one; load_profile reads one from a file"
    )


def _heading(case: Case, layer: str) -> dict[str, Any]:
    return {
        "event": case.event,
        "outcome": case.outcome,
        "layer": layer,
        "floor": case.floor,
        "reported_low": case.reported_low,
        "reported_high": case.reported_high,
        "sources": len(case.sources),
    }


def _wide(case: Case, masses: Mapping[str, Floats]) -> dict[str, Any]:
    """The ranges of several layers in one row."""
    cells = estimation.case_grid(case)
    row: dict[str, Any] = {}
    for layer, mass in masses.items():
        found = _range(cells, mass, (80, 95))
        row |= {f"{layer}_{name}": found[name] for name in _HISTORY_COLUMNS}
    return row


def _range(cells: grids.Grid, mass: Floats, levels: Sequence[float]) -> dict[str, Any]:
    tails = [(1.0 - level / 100.0) / 2.0 for level in levels]
    probabilities = np.array([0.5, *(p for tail in tails for p in (tail, 1.0 - tail))])
    counts = grids.quantiles(cells, mass, probabilities).tolist()
    result = {"median": counts[0], "mean": round(grids.mean(cells, mass), 2)}
    for position, level in enumerate(levels):
        result[f"low_{level:g}"], result[f"high_{level:g}"] = counts[1 + 2 * position], counts[2 + 2 * position]
    return result


def _range_of_draws(drawn: Integers, levels: Sequence[float]) -> dict[str, Any]:
    ordered = np.sort(drawn)

    def at(probability: float) -> int:
        return int(ordered[min(len(ordered) - 1, max(0, int(np.ceil(probability * len(ordered))) - 1))])

    result: dict[str, Any] = {"median": at(0.5), "mean": round(float(ordered.mean()), 2)}
    for level in levels:
        tail = (1.0 - level / 100.0) / 2.0
        result[f"low_{level:g}"], result[f"high_{level:g}"] = at(tail), at(1.0 - tail)
    return result


def _disbelief(answer: Answer) -> str | None:
    """Say where much of the range lies far below every figure, or below a floor: the size law outweighs the reports."""
    case, low = answer.case, answer.case.lowest_said
    if low is None:
        return None
    below = 1.0 - grids.probability_at_least(answer.grid, answer.documented, max(1, low // 2))
    if below < DISBELIEF:
        return None
    return (
        f"{case.event}, {case.outcome}: {below:.0%} of the range lies below half of every figure reported. "
        "Under this profile events of that size are about as rare as gross errors; name the type of event, or fit a "
        "profile to events of such size"
    )


def _in_words(found: dict[str, Any]) -> str:
    return f"{found['median']:,} ({found['low_80']:,} to {found['high_80']:,})"


def _known(name: str, allowed: Sequence[str], what: str) -> None:
    if name not in allowed:
        raise EstimatesError(f"{what} {name!r} is not known; it is one of {', '.join(allowed)}")


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _version(distribution: str) -> str | None:
    from importlib.metadata import PackageNotFoundError, version  # only provenance asks

    try:
        return version(distribution)
    except PackageNotFoundError:
        return None
