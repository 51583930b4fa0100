"""What every part of a table is worked out with, as it is kept on disk and sent to other processes."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from estimates.errors import EstimatesError
from estimates.inference.undocumented import UndocumentedLayer
from estimates.profile.profile import SourceProfile
from estimates.results.packing import (
    as_bytes,
    coverage_of,
    from_bytes,
    layer_of,
    profile_in,
    profile_of,
    told_coverage,
    told_layer,
)
from estimates.table.coverage import Coverage
from estimates.table.layout import Layout, layout_of
from estimates.version import __version__


@dataclass(frozen=True, eq=False)
class Settings:
    """What every part of a table is worked out with.

    Attributes
    ----------
    name : str
        Where the table came from.
    profile : SourceProfile
    undocumented : UndocumentedLayer
    coverage : Coverage or None
    seed : int
    as_of : str or None
    levels : tuple of float
        In per cent.
    layers : tuple of str
    draws : int
        Of the profile, that every event begins with.
    effective : int
        Effective draws that every event should be left with; zero for as many as its weights need.
    totals : bool
        Whether what totals are made of is kept as well.
    layout : dict
        The arguments with which the table is read.
    """

    name: str
    profile: SourceProfile
    undocumented: UndocumentedLayer
    coverage: Coverage | None
    seed: int
    as_of: str | None
    levels: tuple[float, ...]
    layers: tuple[str, ...]
    draws: int
    effective: int
    totals: bool
    layout: dict[str, Any]

    @cached_property
    def told(self) -> dict[str, Any]:
        """All that an answer depends on, beside the reports, in words and numbers."""
        laws = {
            "profile": self.profile.name,
            "profile_hash": self.profile.fingerprint,
            "undocumented": self.undocumented.name,
            "undocumented_hash": self.undocumented.fingerprint,
            "coverage_hash": None if self.coverage is None else _hash_of(told_coverage(self.coverage)),
        }

        return {
            "version": __version__,
            **laws,
            "seed": self.seed,
            "as_of": self.as_of,
            "levels": list(self.levels),
            "layers": list(self.layers),
            "draws": self.draws,
            "effective": self.effective,
            "totals": self.totals,
            "layout": self.layout,
        }

    @property
    def fingerprint(self) -> str:
        """Hash of all that an answer depends on, beside the reports."""
        return _hash_of(self.told)

    @property
    def read_as(self) -> Layout:
        """How the table is read."""
        return layout_of(**self.layout)

    def to_bytes(self) -> bytes:
        """The settings as bytes that :func:`settings_of` reads; no code is kept in them."""
        content = io.BytesIO()
        rest = {name: getattr(self, name) for name in _PLAIN}
        np.savez(
            content,
            allow_pickle=False,
            profile=profile_in(self.profile),
            undocumented=as_bytes(told_layer(self.undocumented)),
            coverage=as_bytes(told_coverage(self.coverage)),
            rest=as_bytes(rest),
        )
        return content.getvalue()


_PLAIN = ("name", "seed", "as_of", "levels", "layers", "draws", "effective", "totals", "layout")


def settings_of(content: bytes) -> Settings:
    """The settings of their bytes."""
    with np.load(io.BytesIO(content), allow_pickle=False) as stored:
        rest = from_bytes(stored["rest"])
        return Settings(
            profile=profile_of(stored["profile"]),
            undocumented=layer_of(from_bytes(stored["undocumented"])),
            coverage=coverage_of(from_bytes(stored["coverage"])),
            **{**rest, "levels": tuple(rest["levels"]), "layers": tuple(rest["layers"])},
        )


def known_draws(draws: int, profile: SourceProfile) -> int:
    """A number of draws of a profile that events begin with.

    Raises
    ------
    EstimatesError
        If it is no whole number from 100 to those that the profile holds.
    """
    if isinstance(draws, bool) or not isinstance(draws, int) or not _FEWEST_DRAWS <= draws <= profile.draws:
        most = f"{profile.draws:,}, which the profile {profile.name!r} holds"
        raise EstimatesError(f"draws {draws!r}: write a whole number from {_FEWEST_DRAWS} to {most}")
    return draws


def known_effective(effective: int | None, profile: SourceProfile) -> int:
    """A number of effective draws that events should be left with; zero where none is asked for.

    Raises
    ------
    EstimatesError
        If it is no whole number from 100 to the draws that the profile holds.
    """
    if effective is None:
        return 0
    if isinstance(effective, bool) or not isinstance(effective, int) or not _FEWEST_DRAWS <= effective <= profile.draws:
        most = f"{profile.draws:,}, the draws that the profile {profile.name!r} holds"
        raise EstimatesError(f"effective {effective!r}: write a whole number from {_FEWEST_DRAWS} to {most}")
    return effective


_FEWEST_DRAWS = 100


def _hash_of(told: Any) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()
