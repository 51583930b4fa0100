"""What overlapping lists of names say of how many people there are, for users: one call, and what it returns."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from estimates.lists.findings import CLASSES, FEWEST_LISTS, Findings
from estimates.lists.latent import sample_classes
from estimates.lists.overlaps import read_overlaps
from estimates.lists.page import terminal_text, write_page
from estimates.lists.said import notes_of
from estimates.models.lists.graphs import MOST_LISTS, GraphPosterior, graph_posterior
from estimates.models.lists.profile import profile_of
from estimates.progress import Progress
from estimates.text import line_of

__all__ = ["Captured", "capture"]


class Captured(Findings):
    """What overlapping lists say of how many people there are; made by `capture`.

    Print it for the terminal, or write it with `document`. ``headline`` is None where the lists do not identify the
    number, and ``open_because`` says why.
    """

    @property
    def notes(self) -> tuple[str, ...]:
        """What was assumed, and what was left out and why."""
        return notes_of(self)

    def record(self) -> dict[str, Any]:
        """All of this as plain dicts, lists and numbers, for JSON.

        Returns
        -------
        dict

        Examples
        --------
        >>> rows = [{"A": 1, "B": 0, "count": 30}, {"A": 1, "B": 1, "count": 10}]
        >>> capture(rows).record()["n"]
        40
        """
        rows = self.ranges().astype(object).where(self.ranges().notna(), None).to_dict("records")
        return {
            "n": self.n,
            "headline": self.headline,
            "open_because": list(self.open_because),
            "ranges": rows,
            "notes": list(self.notes),
            "provenance": self.provenance,
        }

    def document(self, path: str | os.PathLike[str]) -> Path:
        """Write all of this to a page, whole or not at all.

        Parameters
        ----------
        path : path
            Ending in .html or .htm for a self-contained page, in .md or .markdown for Markdown.

        Returns
        -------
        Path
            The file written.

        Raises
        ------
        EstimatesError
            If the ending is another one, or the file cannot be written there.

        Examples
        --------
        >>> capture("lists.csv").document("lists.html")  # doctest: +SKIP
        PosixPath('lists.html')
        """
        return write_page(self, path)

    def __repr__(self) -> str:
        headline = "no headline" if self.headline is None else "{:,} to {:,}".format(*self.headline)
        return line_of("Captured", f"{self.n:,} people on {len(self.overlaps.lists)} lists, {headline}")

    def __str__(self) -> str:
        """All of this as text for a terminal."""
        return terminal_text(self)


def capture(
    table: object,
    *,
    lists: Sequence[str] | None = None,
    seed: int = 0,
    latent: bool = True,
    progress: Progress | None = None,
) -> Captured:
    """Say what overlapping lists of names exclude of the number of people, and what they do not.

    Parameters
    ----------
    table : path, "-", file object, DataFrame or list of dict
        One row per pattern with a column ``count``, or one row per person without it. Every other column is a list, and
        holds 1 for those on it, 0 for the others.
    lists : sequence of str, optional
        The columns that are lists; without it all but the count.
    seed : int
        Keys every random number.
    latent : bool
        Whether the latent class posterior is sampled, which takes most of the time.
    progress : callable, optional
        Told how many of its draws are made and how many there are.

    Returns
    -------
    Captured

    Raises
    ------
    ReportsError
        With everything that is wrong with the table.

    Examples
    --------
    >>> rows = [{"A": 1, "B": 0, "count": 30}, {"A": 0, "B": 1, "count": 20}, {"A": 1, "B": 1, "count": 10}]
    >>> found = capture(rows)
    >>> found.n, found.headline
    (60, None)
    """
    overlaps = read_overlaps(table, lists)
    if len(overlaps.lists) < FEWEST_LISTS:
        return Captured(overlaps, (), None, (), seed)

    patterns, counts = overlaps.patterns, overlaps.counts
    profiles = tuple(profile_of(patterns, counts, classes, seed) for classes in CLASSES)
    graphs: tuple[GraphPosterior, ...] = ()
    if len(overlaps.lists) <= MOST_LISTS:
        priors = (1.0, 2.0 ** -len(overlaps.lists))
        graphs = tuple(graph_posterior(patterns, counts, prior_cell) for prior_cell in priors)
    classes = sample_classes(overlaps, seed, progress) if latent else None
    return Captured(overlaps, profiles, classes, graphs, seed)
