"""What overlapping lists of names say of how many people there are, and when a range may be headlined."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from estimates.lists.latent import LatentClasses
from estimates.lists.overlaps import Overlaps
from estimates.models.lists.graphs import GraphPosterior
from estimates.models.lists.profile import Profile
from estimates.models.types import Floats
from estimates.version import __version__

__all__ = ["CLASSES", "FEWEST_LISTS", "Findings"]

#: Models that differ by more than this factor leave the number open, and so does a profile without an end within the
#: second factor of its lower end.
LARGEST_DIFFERENCE, LARGEST_SPAN = 1.5, 4.0
#: Fewer lists than this cannot show how far they depend on each other.
FEWEST_LISTS = 3
CLASSES = (2, 3)
_WORDS = {2: "two", 3: "three"}


@dataclass(frozen=True)
class Findings:
    """What overlapping lists say of how many people there are, as numbers.

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
            return (
                f"there are {len(self.overlaps.lists)} lists, and {FEWEST_LISTS} are the fewest that bound it above",
            )

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

        Examples
        --------
        >>> from estimates import capture
        >>> rows = [{"A": 1, "B": 0, "C": 0, "count": 9}, {"A": 0, "B": 1, "C": 0, "count": 7}]
        >>> rows += [{"A": 0, "B": 0, "C": 1, "count": 8}, {"A": 1, "B": 1, "C": 1, "count": 4}]
        >>> capture(rows, latent=False).log_factor([28.0, 100.0]).shape
        (2,)
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

        Examples
        --------
        >>> from estimates import capture
        >>> capture([{"A": 1, "B": 0, "count": 30}, {"A": 1, "B": 1, "count": 10}]).ranges()["model"].tolist()
        ['on any list']
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

    def table(self) -> pd.DataFrame:
        """The patterns that somebody has: a column of 0 and 1 per list, and how many people have it.

        Returns
        -------
        DataFrame

        Examples
        --------
        >>> from estimates import capture
        >>> len(capture([{"A": 1, "B": 0, "count": 30}, {"A": 1, "B": 1, "count": 10}]).table())
        2
        """
        frame = pd.DataFrame(self.overlaps.patterns, columns=list(self.overlaps.lists))
        return frame.assign(**{"count": self.overlaps.counts})
