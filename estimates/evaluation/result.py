"""What `evaluate` gives: scores of the model, the baselines and the rivals, and the ways to look at them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from estimates.evaluation import comparisons, pictures, summaries
from estimates.files import write_whole
from estimates.text import clean, cleaned, in_notebook


@dataclass(frozen=True, eq=False, repr=False)
class Evaluation:
    """Scores of the model and of the baselines on events whose toll is verified.

    Attributes
    ----------
    provenance : dict
        Seed, profile, hash of the data, versions and what was scored.
    notes : tuple of str
        What the reader of the scores must know.

    Examples
    --------
    In the examples of the methods ``evaluation`` is made like this:

    >>> from estimates import evaluate
    >>> row = {"event": "a raid", "source": "a paper", "figure": 18, "verified": 21, "event_date": "2020-01-15"}
    >>> evaluation = evaluate([{**row, "reported_at": "2020-01-15"}])
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
            the exact two-sided binomial p-value of that share; ``pit_mean``, one half where the predictions lie neither
            too low (above) nor too high (below); mean ``crps`` with ``crps_difference`` from the model on
            the same events (above 0: worse than the model) and its paired standard error; mean ``wis``, ``wis_count``
            and ``log_score`` (larger is better), ``ruled_out``, how many tolls were given no probability at all, and
            the median ``log_width``.

        Examples
        --------
        >>> evaluation.table().columns[0]
        'method'
        """
        return summaries.summed_up(self._events)

    def by(self, what: str) -> pd.DataFrame:
        """The rows of :meth:`table` for each group of events.

        Parameters
        ----------
        what : {"class", "event_type", "size", "age", "sources"}
            ``class`` is violence or disasters. ``size`` is that of the largest figure reported early, not of the toll:
            sorted by what came true, every honest forecast looks too low for the large and too high for the small.
            ``age`` is that of the last figure, ``sources`` their number.

        Raises
        ------
        EstimatesError
            If ``what`` is none of these.

        Examples
        --------
        >>> evaluation.by("class")["class"].unique().tolist()
        ['disasters']
        """
        return summaries.summed_up_by(self._events, what)

    def against_rivals(self) -> pd.DataFrame:
        """The model beside every baseline and rival, over all events and in each class, the hardest rival first.

        Returns
        -------
        DataFrame
            One row per ``class`` ("all", "violence", "disasters") and ``rival``: on the ``events`` that it predicts,
            mean CRPS of the ``model`` and ``crps`` of the rival; ``difference``, the model's minus the rival's (below
            0: the model is better), with its paired standard error ``difference_se``; and ``ratio``, the model's CRPS
            over the rival's.

        Examples
        --------
        >>> evaluation.against_rivals()["class"].unique().tolist()
        ['all', 'disasters']
        """
        return comparisons.against_rivals(self._events)

    def best_rivals(self) -> pd.DataFrame:
        """The rows of :meth:`against_rivals` for the best rival over all events and in each class.

        The last row sets the best rival of its class against the model in every event. It was chosen after the fact
        among many, so that it is harder than any one of them could have been.

        Examples
        --------
        >>> evaluation.best_rivals().columns[0]
        'class'
        """
        return comparisons.best_rivals(self._events)

    def calibration(self) -> pd.DataFrame:
        """Whether the model's ranges hold what they promise, over all events and in each class.

        Returns
        -------
        DataFrame
            One row per ``class``: ``events, pit_mean``; for each level ``coverage_50`` with ``p_50``, the p-value of
            the exact binomial test; and the median ``log_width`` of the 90% range.

        Examples
        --------
        >>> evaluation.calibration()["events"].tolist()
        [1, 1]
        """
        return comparisons.calibration(self._events)

    def summary(self) -> pd.DataFrame:
        """The table in few columns for the eye, numbers as text.

        Examples
        --------
        >>> evaluation.summary().columns[0]
        'method'
        """
        return summaries.readable(self.table())

    def text(self) -> str:
        """The summary, the calibration by class and the hardest rivals, as the command line prints them.

        Examples
        --------
        >>> evaluation.text().splitlines()[0].split()[0]
        'method'
        """
        return f"{self.summary().to_string(index=False)}\n\n{comparisons.told(self._events)}"

    def records(self) -> dict[str, Any]:
        """Everything as plain objects for JSON: provenance, notes, methods, classes and events.

        What is missing or infinite is None.

        Examples
        --------
        >>> evaluation.records()["provenance"]["events"]
        1
        """
        return {
            "provenance": self.provenance,
            "notes": list(self.notes),
            "methods": summaries.plain_rows(self.table()),
            "calibration": summaries.plain_rows(self.calibration()),
            "against_rivals": summaries.plain_rows(self.against_rivals()),
            "best_rivals": summaries.plain_rows(self.best_rivals()),
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

        Examples
        --------
        >>> evaluation.plot("evaluation.svg")  # doctest: +SKIP
        PosixPath('evaluation.svg')
        """
        target = pictures.check_picture(path)
        form = target.suffix.lower().removeprefix(".")
        write_whole(target, pictures.drawn(self._events, self.table(), form))
        return target

    def _repr_html_(self) -> str:
        from html import escape

        notes = "".join(f"<li>{escape(clean(note))}</li>" for note in self.notes)
        table = cleaned(self.summary()).to_html(index=False, escape=True, border=0)
        return in_notebook(table + (f"<ul>{notes}</ul>" if notes else ""))

    def __repr__(self) -> str:
        return f"<Evaluation of {self.provenance['outcome']} in {self.provenance['events']} events>"

    def __str__(self) -> str:
        return f"{self!r}\n{cleaned(self.summary()).to_string(index=False)}"
