"""What overlapping lists of names say of how many people there are: ranges that they support, and where they end."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from estimates.lists.latent import LatentClasses, sample_classes
from estimates.lists.overlaps import Overlaps, read_overlaps
from estimates.models.lists.graphs import MOST_LISTS, GraphPosterior, graph_posterior
from estimates.models.lists.profile import Profile, profile_of
from estimates.models.types import Floats
from estimates.version import __version__

__all__ = ["Captured", "capture"]

#: Models that differ by more than this factor leave the number open, and so does a profile without an end within the
#: second factor of its lower end.
LARGEST_DIFFERENCE, LARGEST_SPAN = 1.5, 4.0
#: Fewer lists than this cannot show how far they depend on each other.
FEWEST_LISTS = 3
CLASSES = (2, 3)


@dataclass(frozen=True)
class Captured:
    """What overlapping lists say of how many people there are; made by `capture`.

    Attributes
    ----------
    overlaps : Overlaps
        Who is on which lists.
    profiles : tuple of Profile
        The profile likelihood under two and three classes of people; empty for fewer than three lists.
    latent : LatentClasses or None
        The latent class posterior, or why it is refused; None for fewer than three lists, or if it was not asked for.
    graphs : tuple of GraphPosterior
        Averages over decomposable graphs with d = 1 and d = 2^-k; empty for fewer than three lists or more than six.
    seed : int
    """

    overlaps: Overlaps
    profiles: tuple[Profile, ...]
    latent: LatentClasses | None
    graphs: tuple[GraphPosterior, ...]
    seed: int

    @property
    def n(self) -> int:
        """How many people are on any list."""
        return self.overlaps.people

    @property
    def names(self) -> int:
        """How many people are known by name: those on any list. No toll lies below it."""
        return self.n

    @property
    def lower_bound(self) -> int:
        """The fewest people there can be: those on any list."""
        return self.n

    @cached_property
    def open_because(self) -> tuple[str, ...]:
        """Why no interval is headlined; empty where one is."""
        if not self.profiles:
            return (f"there are {len(self.overlaps.lists)} lists, and {FEWEST_LISTS} are the fewest that bound it above",)

        found = []
        for profile in self.profiles:
            classes = f"under {_WORDS[profile.classes]} classes of people the profile"
            if profile.high is None:
                found.append(f"{classes} has no upper end")
            elif profile.high > LARGEST_SPAN * profile.low:
                found.append(f"{classes} has no upper end within a factor of {LARGEST_SPAN:.0f} of its lower end")

        middles = self._middles
        if max(middles) > LARGEST_DIFFERENCE * min(middles):
            found.append(
                f"the models differ by a factor of {max(middles) / min(middles):.1f} "
                f"({min(middles):,} to {max(middles):,}), more than {LARGEST_DIFFERENCE}"
            )
        if self.latent is not None and self.latent.refused:
            found.append("the latent class posterior is refused")
        return tuple(found)

    @property
    def headline(self) -> tuple[int, int] | None:
        """The range that both profiles leave, where the lists identify the number; None where they do not."""
        if self.open_because:
            return None
        highs = [profile.high for profile in self.profiles if profile.high is not None]
        return min(profile.low for profile in self.profiles), max(highs)

    @property
    def _middles(self) -> list[int]:
        """What each model takes for most likely, or for its median."""
        middles = [profile.best for profile in self.profiles] + [graph.median for graph in self.graphs]
        drawn = self.latent is not None and not self.latent.refused
        return middles + ([self.latent.quantile(0.5)] if drawn and self.latent is not None else [])

    @property
    def notes(self) -> tuple[str, ...]:
        """What was assumed, and what was left out and why."""
        from estimates.lists.said import notes_of

        return notes_of(self)

    @property
    def provenance(self) -> dict[str, Any]:
        """What someone needs in order to make the same ranges again: versions, the seed, and a hash of the data."""
        from importlib.metadata import version

        versions = {name: version(name) for name in ("numpy", "scipy", "pandas", "pymc", "arviz")}
        made = {"estimates": __version__, "python": platform.python_version(), **versions}
        return made | {
            "table": self.overlaps.name,
            "data_hash": self.overlaps.data_hash,
            "lists": list(self.overlaps.lists),
            "seed": self.seed,
            "latent": self.latent is not None,
        }

    def log_factor(self, totals: Sequence[float] | Floats, classes: int = 3) -> Floats:
        """Evidence of the lists on a toll: the log profile likelihood of numbers of people, relative to the best.

        Parameters
        ----------
        totals : array, shape (numbers,)
            Numbers of people.
        classes : int
            Under so many classes of people, 2 or 3; three hold two as a special case and exclude less.

        Returns
        -------
        array, shape (numbers,)
            Minus infinity below those listed. With fewer than three lists zero from there on.

        Raises
        ------
        ValueError
            For another number of classes.
        """
        numbers = np.asarray(totals, dtype=float)
        if classes not in CLASSES:
            raise ValueError(f"classes is {classes}, and the profile is of {CLASSES[0]} or {CLASSES[1]} classes")
        for profile in self.profiles:
            if profile.classes == classes:
                return profile.log_factor(numbers)
        return np.where(numbers < self.n, -np.inf, 0.0)

    def ranges(self) -> pd.DataFrame:
        """One row per model, in the order in which they count: those listed, profiles, latent classes, graphs.

        Returns
        -------
        DataFrame
            Columns model, middle (most likely number, or median), low, high (missing where there is no upper end), and
            what the ends are.
        """
        rows: list[tuple[str, int | None, int | None, int | None, str]]
        rows = [("on any list", self.n, self.n, None, "counted")]
        for profile in self.profiles:
            name = f"profile, {_WORDS[profile.classes]} classes"
            rows.append((name, profile.best, profile.low, profile.high, "2 log units"))

        if self.latent is not None:
            if self.latent.refused:
                rows.append(("latent classes", None, None, None, "refused"))
            else:
                low, middle, high = (self.latent.quantile(share) for share in (0.025, 0.5, 0.975))
                rows.append(("latent classes", middle, low, high, "95%"))
        for graph in self.graphs:
            rows.append((f"graphs, d = {graph.prior_cell:g}", graph.median, graph.low, graph.high, "95%"))

        frame = pd.DataFrame(rows, columns=["model", "middle", "low", "high", "ends"])
        return frame.astype({name: "Int64" for name in ("middle", "low", "high")})

    def record(self) -> dict[str, Any]:
        """All of this as plain dicts, lists and numbers, for JSON.

        Returns
        -------
        dict
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

    def table(self) -> pd.DataFrame:
        """The patterns that somebody has: a column of 0 and 1 per list, and how many people have it.

        Returns
        -------
        DataFrame
        """
        frame = pd.DataFrame(self.overlaps.patterns, columns=list(self.overlaps.lists))
        return frame.assign(**{"count": self.overlaps.counts})

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
        """
        from estimates.lists.page import write_page

        return write_page(self, path)

    def __str__(self) -> str:
        """All of this as text for a terminal."""
        from estimates.lists.page import terminal_text

        return terminal_text(self)


_WORDS = {2: "two", 3: "three"}


def capture(
    table: object, *, lists: Sequence[str] | None = None, seed: int = 0, latent: bool = True
) -> Captured:  # fmt: skip
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
    graphs = ()
    if len(overlaps.lists) <= MOST_LISTS:
        priors = (1.0, 2.0 ** -len(overlaps.lists))
        graphs = tuple(graph_posterior(patterns, counts, prior_cell) for prior_cell in priors)
    return Captured(overlaps, profiles, sample_classes(overlaps, seed) if latent else None, graphs, seed)
