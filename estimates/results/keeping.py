"""What is kept of estimates, or handed to other tools: a tree for ArviZ, and a file to load them from again."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from estimates.errors import EstimatesError
from estimates.files import check_target
from estimates.inference.provenance import provenance_of
from estimates.results.ranging import Ranging

if TYPE_CHECKING:
    from xarray import DataTree


@dataclass(frozen=True, eq=False, repr=False)
class Keeping(Ranging):
    """The part of :class:`estimates.Estimates` that keeps them and hands them on.

    Attributes
    ----------
    reports : Reports
        The table the estimates are made from.
    as_of : str or None
        The date or time asked for.
    """

    @cached_property
    def provenance(self) -> dict[str, Any]:
        """Versions, seed, hashes and how the draws were weighted."""
        return provenance_of(self._solved, self.reports, self.as_of)

    def to_datatree(self, *, replicates: int = 100) -> DataTree:
        """Everything estimated as ArviZ reads it: an xarray DataTree; see docs/objects.md.

        Parameters
        ----------
        replicates : int
            How often what the sources said is drawn anew, for posterior predictive checks; 0 leaves that out.

        Returns
        -------
        DataTree
            ``posterior`` and ``prior`` hold ``toll``, of dimensions ``chain`` (of length one), ``draw``, ``case`` and
            ``layer``; a case is an outcome of an event. ``observed_data`` and ``posterior_predictive`` hold the
            ``number`` of each ``report`` of everybody hit, ``sample_stats`` the weights of the profile's draws for each
            ``event``, and ``constant_data`` what is known of cases and reports. Attributes are the provenance.

        Raises
        ------
        EstimatesError
            If ``replicates`` is no whole number of zero or more.

        Examples
        --------
        >>> tree = found.to_datatree(replicates=0)
        >>> tree["posterior"]["toll"].dims
        ('chain', 'draw', 'case', 'layer')
        >>> toll = tree["posterior"]["toll"].sel(case="Idlib airstrikes, killed", layer="documented")
        >>> int(toll.median())
        21
        """
        from estimates.results.tree import estimates_tree

        if isinstance(replicates, bool) or not isinstance(replicates, int) or replicates < 0:
            raise EstimatesError(f"replicates {replicates!r}: write a whole number of zero or more")
        return estimates_tree(self._solved, self.reports, self.as_of, replicates)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the estimates to a file, from which ``load_estimates`` gives them back to the last bit.

        The file is netCDF and holds the table of reports and the profile too; it needs nothing beside it. It is written
        whole or not at all.

        Parameters
        ----------
        path : path
            Of any ending; ".nc" is usual.

        Returns
        -------
        Path
            Where it was written.

        Raises
        ------
        EstimatesError
            If the file cannot be written there.

        Examples
        --------
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     found.save(Path(folder) / "idlib.nc").name
        'idlib.nc'
        """
        from estimates.results.storage import save_estimates

        check_target(path)
        return save_estimates(self, path)
