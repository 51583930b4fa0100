"""Source profiles: posterior (or prior) draws of all that is shared between events, kept apart from the events."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from estimates.errors import ProfileError
from estimates.profile.laws import Laws
from estimates.profile.learned import KNOWN_BY_NAME, Learned, by_name, fingerprint_of
from estimates.profile.priors import PRIORS, changed_priors
from estimates.text import cleaned, in_notebook, line_of, plural

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from xarray import DataTree

    from estimates.evaluation.checking import Check

__all__ = [
    "ALL_DRAWS",
    "DEFAULT_PROFILE",
    "DEFAULT_PROFILE_FILE",
    "DRAWS",
    "KNOWN_BY_NAME",
    "PROFILE_NAMES",
    "Learned",
    "SourceProfile",
    "by_name",
    "fingerprint_of",
    "named_profile",
    "published_profile",
    "told_priors",
]

#: Number of draws of the published priors: as many as suffice for most events, and all that there are.
DRAWS, ALL_DRAWS = 1_000, 4_000
#: Profiles that can be asked for by name, and the one that is used where none is given.
PROFILE_NAMES = ("default", "published")
DEFAULT_PROFILE = "default"
#: The file of the default profile, among the package's data.
DEFAULT_PROFILE_FILE = "default_profile.npz"


@dataclass(frozen=True, eq=False, repr=False)
class SourceProfile(Laws):
    """Draws of source, size, growth and wording parameters; draw ``m`` of every parameter belongs together.

    Attributes
    ----------
    name : str
    seed : int
        Keys the draws of sources that the profile does not know.
    parameters : mapping of str to array, shape (draws,)
        By the names of ``estimates.profile.priors.PRIORS``.
    effects : mapping of Effect to array, shape (draws,)
        Standard scores of the sources and types of event the profile was learned from; all others are drawn anew.
    sources : mapping of str to Learned
        The sources it was learned from.
    bin_shares : tuple of float
        Shares of ages for figures of unknown age.
    learned_from : frozenset of str
        Marks (``table.marks``) of the events the profile was learned from; they carry no weight when estimated with it.
        Names of events where the profile is of an older file: ``facts`` say so.
    facts : mapping of str to str, int or float
        How it was learned: method, data hash, versions, diagnostics.
    before : int
        How many draws of the profile that this is a part of come before its own (see :meth:`between`).
    ends : tuple of int
        Further ends of the blocks in which effects are drawn anew (see :meth:`in_blocks`).
    trace : DataTree or None
        The chains of a fit by "nuts", in the groups ``posterior`` and ``sample_stats``; None for others, and where the
        profile was kept in an .npz.

    Examples
    --------
    In the examples of the methods ``profile`` is the one that comes with the package:

    >>> from estimates.profile.profile import named_profile
    >>> profile = named_profile("default")
    >>> profile
    <SourceProfile anchors: 4,000 draws, learned from 9 sources and 36 events>
    """

    trace: DataTree | None = None

    def __post_init__(self) -> None:
        missing = sorted(set(PRIORS) - set(self.parameters))
        if missing:
            raise ProfileError(f"profile {self.name!r} lacks the parameters {', '.join(missing)}")

        everything = self._everything
        shapes = {np.shape(values) for values in everything.values()}
        if len(shapes) != 1 or len(next(iter(shapes))) != 1:
            raise ProfileError(f"profile {self.name!r}: every parameter needs one number a draw, found shapes {shapes}")

        bad = sorted(name for name, values in everything.items() if not np.isfinite(values).all())
        if bad:
            raise ProfileError(f"profile {self.name!r} has incomplete draws (NaN or infinite) in {', '.join(bad)}")
        for values in everything.values():
            values.setflags(write=False)

    def save(self, path: str | Path) -> Path:
        """Write the profile to a file: netCDF (``.nc``), or NumPy (``.npz``, rounded to single precision).

        Raises
        ------
        ProfileError
            If the ending is neither, or the file cannot be written.

        Examples
        --------
        >>> profile.save("my_sources.nc")  # doctest: +SKIP
        PosixPath('my_sources.nc')
        """
        from estimates.profile.storage import save_profile

        return save_profile(self, path)

    def summary(self) -> pd.DataFrame:
        """One row a source and type: bias, exactness, error, over-reporting, copying and how much is still prior.

        Examples
        --------
        >>> profile.summary().query("source == 'AP'")[["source_type", "events"]].values.tolist()
        [['international_media', 6]]
        """
        from estimates.profile.summary import summary

        return summary(self)

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw the biases of :meth:`summary` with their 90% ranges on Matplotlib's axes, by default of a new figure.

        Examples
        --------
        >>> axes = profile.plot()
        >>> axes.figure.savefig("sources.png")  # doctest: +SKIP
        """
        from estimates.plots import sources

        return sources(self, axes)

    def to_datatree(self) -> DataTree:
        """The profile as ArviZ reads it: a tree of its posterior, its priors and what it was learned from.

        Returns
        -------
        DataTree
            ``posterior`` and ``prior`` have the dimensions ``chain`` (of length one), ``draw`` and what a parameter is
            of: ``source_type``, ``affiliation``, ``size_law``, ``growth_group``, ``step``, ``list_law``; ``effect`` for
            standard scores, and ``source`` for the parameters of each source that it was learned from. What these were
            learned from is ``constant_data``. See docs/objects.md.

        Examples
        --------
        >>> from estimates.profile.profile import named_profile
        >>> tree = named_profile("default").to_datatree()
        >>> list(tree.children)
        ['posterior', 'prior', 'constant_data']
        >>> dict(tree["posterior"]["source_bias"].sizes)
        {'chain': 1, 'draw': 4000, 'source': 9}
        """
        from estimates.profile.tree import profile_tree

        return profile_tree(self)

    def check(self, reports: Any, *, replicates: int = 200, seed: int = 0) -> Check:
        """Hold a table against replicated ones, to see whether these sources would make such a table.

        In each replicate the same sources speak of the same events, at the same times and in the same forms; the
        numbers are drawn anew, under one draw of the profile (see `estimates.evaluation.replicates`).

        Parameters
        ----------
        reports : Reports, DataFrame, list of dicts or path
            The table that the profile was learned from, or one that is to be estimated with it.
        replicates : int
        seed : int

        Returns
        -------
        Check
            With a feature each for ties between sources, their spread, hedges, and revisions: what is observed, the
            median and the central 90% of the replicates, and the tail probability. ``frame()`` has them as a table.

        Raises
        ------
        ReportsError
            If the table has faults.
        EstimatesError
            If no two of its figures can be compared.

        Examples
        --------
        >>> from estimates import load_example
        >>> from estimates.profile.profile import named_profile
        >>> named_profile().check(load_example(), replicates=50).frame()["feature"].tolist()
        ['ties', 'spread', 'hedges']
        """
        from estimates.evaluation.checking import check_profile

        return check_profile(self, reports, replicates=replicates, seed=seed)

    def _repr_html_(self) -> str:
        from html import escape

        learned = cleaned(self.summary().drop(columns=["events"]).round(3))
        table = learned.to_html(index=False, escape=True, border=0, na_rep="")
        return in_notebook(f"<p>{escape(repr(self))}</p>{table}")

    def __repr__(self) -> str:
        told = f"{plural(self.draws, 'draw')}, learned from {plural(len(self.sources), 'source')}"
        return line_of("SourceProfile", f"{told} and {plural(len(self.learned_from), 'event')}", self.name)


def published_profile(
    seed: int = 0,
    *,
    draws: int = DRAWS,
    scales: Mapping[str, float] | None = None,
    priors: Mapping[str, Sequence[float]] | None = None,
) -> SourceProfile:
    """Profile made of draws from the published priors: what is assumed before any source has been checked.

    Parameters
    ----------
    seed : int
    draws : int
    scales : mapping of str to float, optional
        Factors on the standard deviations of priors by name, for sensitivity.
    priors : mapping of str to two numbers, optional
        Priors that the analyst sets, as in ``fit``.
    """
    changed = dict(scales or {})

    unknown = sorted(set(changed) - set(PRIORS))
    if unknown:
        raise ProfileError(f"no prior is called {', '.join(unknown)}; known are {', '.join(sorted(PRIORS))}")

    if not priors:
        return _published(seed, draws, tuple(sorted(changed.items())))
    laws = changed_priors(priors)
    parameters = {name: prior.sample(draws, seed, changed.get(name, 1.0)) for name, prior in laws.items()}
    return SourceProfile("published priors, some set by the analyst", seed, parameters, facts=told_priors(priors))


def told_priors(priors: Mapping[str, Sequence[float]] | None) -> dict[str, str]:
    """What a profile's facts say of the priors that were set."""
    if not priors:
        return {}
    return {"priors": json.dumps({name: [float(number) for number in priors[name]] for name in sorted(priors)})}


@lru_cache(maxsize=8)
def _published(seed: int, draws: int, scales: tuple[tuple[str, float], ...]) -> SourceProfile:
    factors = dict(scales)
    parameters = {name: prior.sample(draws, seed, factors.get(name, 1.0)) for name, prior in PRIORS.items()}
    return SourceProfile("published priors", seed, parameters)


def named_profile(name: str = DEFAULT_PROFILE, seed: int = 0) -> SourceProfile:
    """Profile that comes with the package.

    Parameters
    ----------
    name : {"default", "published"}
        "default" was learned from events with a verified toll; "published" are draws from the published priors.
    seed : int
        Keys the draws from the published priors; the default profile has its own.

    Returns
    -------
    SourceProfile

    Raises
    ------
    ProfileError
        If no profile has that name, or the file of the default profile is missing or damaged.
    """
    if name == "published":
        return published_profile(seed, draws=ALL_DRAWS)
    if name == "default":
        return _default()
    raise ProfileError(
        f"no profile is called {name!r}; names are {' and '.join(PROFILE_NAMES)}, and a saved profile is read from its "
        ".nc or .npz file"
    )


@lru_cache(maxsize=1)
def _default() -> SourceProfile:
    from importlib.resources import as_file, files  # published priors need no file

    from estimates.profile.storage import load_profile

    with as_file(files("estimates.data") / DEFAULT_PROFILE_FILE) as path:
        if not path.is_file():
            raise ProfileError(
                f"{path} is missing: the default profile is not part of this installation; install the package again, "
                'or use the profile "published"'
            )
        return load_profile(path)
