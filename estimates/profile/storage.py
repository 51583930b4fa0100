"""Source profiles on disk: netCDF to keep and to look into, or a small .npz to ship; both sealed, neither a pickle.

The last bytes of either file are a seal, the SHA-256 of all bytes before it, so that a file cut short or changed is
told before any of it is interpreted. Readers of netCDF pass over the seal; in the .npz, a zip archive, it is the
archive's comment.
"""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from estimates.errors import ProfileError
from estimates.files import write_whole
from estimates.models.types import Floats
from estimates.profile.checks import check_draws, check_shares
from estimates.profile.content import Content, check_size
from estimates.profile.effects import Effect
from estimates.profile.netcdf import read_netcdf, write_netcdf
from estimates.profile.priors import PRIORS
from estimates.profile.profile import KNOWN_BY_NAME, Learned, SourceProfile, by_name, fingerprint_of
from estimates.profile.seals import SEAL_LENGTH, bytes_of, reason, sealed, unsealed
from estimates.version import __version__

if TYPE_CHECKING:
    from xarray import DataTree

__all__ = ["load_profile", "profile_from_bytes", "profile_to_bytes", "save_profile"]

#: Counts the layouts of these files; raised when an older version could not read a new file.
SCHEMA_VERSION = 6
#: The first layout had two laws of errors, and these parameters of the one that is no more. From the third on files
#: have marks of the events that the profile was learned from, not their names. Up to the fourth, people missing
#: had laws of sizes. Up to the fifth a netCDF had no groups.
_FIRST_LAYOUT, _FIRST_WITH_MARKS, _FIRST_WITH_GROUPS, _RETIRED = 1, 3, 4, ("below", "lower", "upper")
_FIRST_WITH_LISTS, _RETIRED_SIZES = 5, ("size.missing.", "size.dead_or_missing.")
#: What parameters of older layouts are called today.
_RENAMED = {"none_share.party": "none_party", "none_share.other": "none_stated"}


def save_profile(profile: SourceProfile, path: str | os.PathLike[str]) -> Path:
    """Write a source profile, whole or not at all; the same profile gives the same bytes.

    Parameters
    ----------
    profile : SourceProfile
    path : path
        The ending decides the format. ``.nc`` is netCDF4 with every number exact, in the groups that ArviZ reads (see
        `estimates.profile.netcdf`), the chains of a fit among them. ``.npz`` keeps seven digits (float32), no chains,
        and needs NumPy alone to read.

    Returns
    -------
    Path
        Where it was written.

    Raises
    ------
    ProfileError
        If the ending is another, or the profile holds what the file cannot.
    EstimatesError
        If the file cannot be written there.
    """
    target = Path(path)
    form = _form(target)

    try:
        body = _body(profile, form)
    except (ProfileError, TypeError, ValueError) as error:
        raise ProfileError(f"{target}: the profile cannot be saved: {error}") from None
    write_whole(target, sealed(body))
    return target


def _body(profile: SourceProfile, form: _Form) -> bytes:
    """What the file of a profile holds, but for its seal."""
    stored = _build(_content(profile, form.rounded))
    header = {
        "schema_version": SCHEMA_VERSION,
        "package_version": __version__,
        "content_hash": stored.fingerprint,
        **_header(stored),
    }
    return form.write(header, stored, profile.trace)


def profile_to_bytes(profile: SourceProfile) -> bytes:
    """A profile as netCDF to the last bit, to stand in another file; without the chains of its fit."""
    return _body(replace(profile, trace=None), _FORMS[".nc"])


def profile_from_bytes(body: bytes) -> SourceProfile:
    """The profile that :func:`profile_to_bytes` has packed.

    Raises
    ------
    ProfileError
        If it is none.
    """
    return _profile_in(Path("the profile in it"), body, _FORMS[".nc"])


def load_profile(path: str | os.PathLike[str]) -> SourceProfile:
    """Read a source profile that ``SourceProfile.save`` has written.

    Parameters
    ----------
    path : path
        A file ending in ``.nc`` or ``.npz``.

    Returns
    -------
    SourceProfile

    Raises
    ------
    ProfileError
        If there is no such file, it is not a source profile, was changed or damaged since it was written, or was
        written by a newer version.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from estimates.profile.profile import published_profile
    >>> with TemporaryDirectory() as folder:
    ...     load_profile(published_profile().save(Path(folder) / "sources.npz"))
    <SourceProfile published priors: 1,000 draws, learned from 0 sources and 0 events>
    """
    target = Path(path)
    form = _form(target)
    return _profile_in(target, unsealed(target, bytes_of(target), form.first_bytes, form.called), form)


def _profile_in(path: Path, body: bytes, form: _Form) -> SourceProfile:
    """The profile of a file's content, its draws checked."""
    content = _read(path, body, form)
    try:
        check_draws(content.parameters, content.effects)
        return _build(content)
    except Exception as error:
        raise ProfileError(
            f"{path}: this profile cannot be used: {reason(error)}; fit the profile again with this version"
        ) from None


def _read(path: Path, body: bytes, form: _Form) -> Content:
    """What a file holds, in today's layout; refused where it is of another version or not what was written."""
    try:
        content = form.read(body)
        version = int(content.header["schema_version"])
    # The readers of HDF5 and zip raise many kinds of errors, and any of them means the same.
    except Exception as error:
        raise ProfileError(f"{path}: not the layout of a source profile ({reason(error)}); save it again") from None

    if version == _FIRST_LAYOUT:
        content = _from_first_layout(path, content)
    if 0 < version < _FIRST_WITH_GROUPS:
        return _without_retired(content)
    if _FIRST_WITH_GROUPS <= version < _FIRST_WITH_LISTS:
        known = {name: values for name, values in content.parameters.items() if not name.startswith(_RETIRED_SIZES)}
        return content._replace(parameters=known)
    if not _FIRST_LAYOUT < version <= SCHEMA_VERSION:
        when = "a newer" if version > SCHEMA_VERSION else "an unknown"
        raise ProfileError(
            f"{path}: written by {when} version of this package (layout {version}, here {SCHEMA_VERSION}); "
            "install that version, or fit the profile again with this one"
        )
    return content


# What is stored


def _from_first_layout(path: Path, content: Content) -> Content:
    """What the first layout holds, in today's; refused where errors followed the law that is no more."""
    if content.header.get("kernel") != "logistic":
        raise ProfileError(
            f"{path}: was learned with power-law errors, which this version no longer has; "
            "fit the profile again with this version"
        )
    parameters = {name: values for name, values in content.parameters.items() if name not in _RETIRED}
    return content._replace(parameters=parameters)


def _without_retired(content: Content) -> Content:
    """What an older layout holds, without the growth that all types shared; shares of "none" by today's names."""
    old = content.parameters
    kept = {name: values for name, values in old.items() if name in PRIORS}
    renamed = {new: old[name] for name, new in _RENAMED.items() if name in old}
    effects = {effect: values for effect, values in content.effects.items() if effect.kind != "growth"}
    return content._replace(parameters=kept | renamed, effects=effects)


def _rounded(values: Floats) -> Floats:
    """Values as float32 keeps them; rounding carries none onto zero or one, where a probability becomes a certainty."""
    with np.errstate(over="ignore"):
        rounded = values.astype(np.float32)
    for edge in (np.float32(0.0), np.float32(1.0)):
        moved = (rounded == edge) & (values != edge)
        rounded[moved] = np.nextafter(edge, np.where(values[moved] > edge, np.float32(np.inf), np.float32(-np.inf)))
    return rounded.astype(np.float64)


def _exact(values: Floats) -> Floats:
    return values


def _content(profile: SourceProfile, as_kept: Callable[[Floats], Floats]) -> Content:
    """A profile taken apart, its draws as the file keeps them."""
    if not all(isinstance(value, str | int | float) for value in profile.facts.values()):
        raise ProfileError("facts must be texts or numbers")
    return Content(
        _header(profile),
        {str(name): as_kept(np.array(values, dtype=np.float64)) for name, values in profile.parameters.items()},
        {Effect(*effect): as_kept(np.array(values, dtype=np.float64)) for effect, values in profile.effects.items()},
    )


def _header(profile: SourceProfile) -> dict[str, Any]:
    return {
        "name": profile.name,
        "seed": int(profile.seed),
        "bin_shares": [float(share) for share in profile.bin_shares],
        "sources": {
            name: [learned.source_type, int(learned.events), int(learned.reports)]
            for name, learned in profile.sources.items()
        },
        "learned_from": sorted(profile.learned_from),
        "facts": dict(profile.facts),
    }


def _build(content: Content) -> SourceProfile:
    """The profile that a file's content describes, its draws copied out of the file's memory.

    Parameters that it lacks, since they are younger than the file, are drawn from their priors.
    """
    header = content.header
    shares = tuple(float(share) for share in header["bin_shares"])
    check_shares(shares)
    sources = {
        name: Learned(str(source_type), int(events), int(reports))
        for name, (source_type, events, reports) in header["sources"].items()
    }
    name, seed, learned_from = str(header["name"]), int(header["seed"]), frozenset(header["learned_from"])
    everything = by_name(content.parameters, content.effects)
    # The hash of older layouts covers what is no more; the seal has told already that the file is whole.
    if int(header.get("schema_version", _FIRST_LAYOUT)) >= _FIRST_WITH_LISTS:
        found = fingerprint_of(name, seed, shares, learned_from, sources, everything)
        if found != header.get("content_hash"):
            raise ProfileError("it was changed or damaged since it was written (the hash differs)")

    draws = len(next(iter(content.parameters.values())))
    missing = [called for called in PRIORS if called not in content.parameters]
    parameters = {**content.parameters, **{called: PRIORS[called].sample(draws, seed) for called in missing}}
    about = sources, shares, learned_from, _facts(header, missing), content.trace
    return SourceProfile(name, seed, parameters, content.effects, *about)


def _facts(header: Mapping[str, Any], missing: Sequence[str]) -> dict[str, Any]:
    """The facts of a file, with what is to be known of one that is older than this version."""
    facts = dict(header["facts"])
    if missing:
        facts["drawn_from_priors"] = " ".join(missing)
    # What is about to be saved says no version, and is of this one.
    if header["learned_from"] and int(header.get("schema_version", SCHEMA_VERSION)) < _FIRST_WITH_MARKS:
        facts[KNOWN_BY_NAME] = len(header["learned_from"])
    return facts


# npz


def _write_npz(header: dict[str, Any], profile: SourceProfile, _: DataTree | None) -> bytes:
    header = header | {"parameters": list(profile.parameters), "traits": list(profile.effects)}
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        header=np.frombuffer(json.dumps(header).encode("ascii"), dtype=np.uint8),
        draws=np.stack([*profile.parameters.values(), *profile.effects.values()]).astype(np.float32),
    )
    # Room for the seal, so that the archive is a whole one with it.
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.comment = bytes(SEAL_LENGTH)
    return buffer.getvalue()[:-SEAL_LENGTH]


def _read_npz(body: bytes) -> Content:
    with zipfile.ZipFile(io.BytesIO(body + bytes(SEAL_LENGTH))) as archive:
        check_size(sum(member.file_size for member in archive.infolist()))
    with np.load(io.BytesIO(body + bytes(SEAL_LENGTH)), allow_pickle=False) as file:
        header: dict[str, Any] = json.loads(file["header"].tobytes())
        draws = file["draws"].astype(np.float64)
    names = [*header.pop("parameters"), *(Effect(*effect) for effect in header.pop("traits"))]
    everything: Mapping[Any, Floats] = dict(zip(names, draws, strict=True))
    return Content(
        header,
        {name: values for name, values in everything.items() if not isinstance(name, Effect)},
        {name: values for name, values in everything.items() if isinstance(name, Effect)},
    )


class _Form(NamedTuple):
    called: str
    first_bytes: bytes
    rounded: Callable[[Floats], Floats]
    write: Callable[[dict[str, Any], SourceProfile, DataTree | None], bytes]
    read: Callable[[bytes], Content]


_FORMS = {
    ".nc": _Form("netCDF4", b"\x89HDF\r\n\x1a\n", _exact, write_netcdf, read_netcdf),
    ".npz": _Form("NumPy .npz", b"PK\x03\x04", _rounded, _write_npz, _read_npz),
}


def _form(path: Path) -> _Form:
    if path.suffix not in _FORMS:
        raise ProfileError(f"{path}: source profiles are files ending in .nc or .npz; name one of these")
    return _FORMS[path.suffix]
