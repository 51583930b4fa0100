"""Source profiles as netCDF, in groups as ArviZ reads them; and how the older layouts are read.

The groups are those of `estimates.profile.tree`: ``posterior``, ``constant_data``, and ``trace`` with the chains of a
fit. All else are attributes, texts as they are and anything more as JSON. Up to the fifth layout there were no groups:
a variable of dimension ``draw`` for each parameter, and ``traits`` with whose and what they are.
"""

from __future__ import annotations

import io
import json
import math
import re
import sys
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from estimates.errors import ProfileError
from estimates.models.types import Floats
from estimates.profile.content import Content, check_size
from estimates.profile.effects import Effect
from estimates.profile.groups import DIMENSIONS, names_of
from estimates.profile.laws import Laws

if TYPE_CHECKING:
    from xarray import DataTree

__all__ = ["escaped", "read_netcdf", "unescaped", "write_netcdf"]

#: Attributes that are texts and not JSON.
_TEXTS = {"name", "kernel", "content_hash", "package_version"}
#: Names that mean something else in the file than a parameter.
_RESERVED = {"chain", "draw", "effect", "effects", "source", *DIMENSIONS}
#: Variables of the older layouts that are no parameters: effects and whose they are.
_TRAITS, _TRAIT_OF, _TRAIT_WHAT = "traits", "trait_of", "trait_what"
#: What HDF5 cannot hold in a text: NUL and halves of surrogate pairs; and the backslash that stands in for them.
_NOT_IN_HDF5 = re.compile("[\\\\\0\ud800-\udfff]")


def write_netcdf(header: dict[str, Any], profile: Laws, trace: DataTree | None) -> bytes:
    """A profile as netCDF; the same profile gives the same bytes.

    Raises
    ------
    ProfileError
        If the name of a parameter of somebody's own cannot stand in netCDF.
    """
    from xarray import DataTree

    from estimates.profile.tree import draws_dataset, known_dataset

    unfit = [name for name in profile.parameters if not re.fullmatch(r"\w[\w.]*", name, re.ASCII)]
    unfit += sorted(_RESERVED & set(profile.parameters))
    if unfit:
        raise ProfileError(f"these names of parameters cannot stand in netCDF: {', '.join(map(repr, unfit))}")

    parameters = {name: values[None] for name, values in profile.parameters.items()}
    effects = {effect: values[None] for effect, values in profile.effects.items()}
    groups = {
        "posterior": draws_dataset(parameters, effects, escaped),
        "constant_data": known_dataset(profile, escaped),
    }
    if trace is not None:
        groups |= {f"trace/{name}": _with_texts(group.to_dataset(), escaped) for name, group in trace.children.items()}

    tree = DataTree.from_dict(groups)
    tree.attrs = {
        name: escaped(value) if isinstance(value, str) else json.dumps(value) for name, value in header.items()
    }
    with _on_this_machine():
        return bytes(tree.to_netcdf(None, engine="h5netcdf"))


def _on_this_machine() -> AbstractContextManager[Any]:
    """Where a Dask cluster is in use, xarray would ask it for a lock on what is written, also in memory."""
    if "dask" not in sys.modules:
        return nullcontext()
    import dask

    found: AbstractContextManager[Any] = dask.config.set(scheduler="single-threaded")
    return found


def read_netcdf(body: bytes) -> Content:
    """What a file holds, of whichever layout.

    Raises
    ------
    ProfileError
        If it would fill the memory. What is no such file raises whatever the reader of HDF5 does.
    """
    import h5netcdf

    with h5netcdf.File(io.BytesIO(body), "r") as file:
        check_size(_bytes_of(file))
        header = {
            str(name): unescaped(value) if name in _TEXTS else json.loads(value) for name, value in file.attrs.items()
        }
        if "posterior" not in file.groups:
            return _flat(header, file)
        parameters, effects = _posterior(file["posterior"], file["constant_data"])
        has_trace = "trace" in file.groups
    return Content(header, parameters, effects, _trace(body) if has_trace else None)


def _bytes_of(group: Any) -> int:
    """How much the variables of a group and of those in it hold when unpacked."""
    own: int = sum(variable.dtype.itemsize * math.prod(variable.shape) for variable in group.variables.values())
    return own + sum(_bytes_of(inner) for inner in group.groups.values())


def _posterior(posterior: Any, known: Any) -> tuple[dict[str, Floats], dict[Effect, Floats]]:
    """Parameters and effects, shape (draws,) each, of the one chain."""
    parameters: dict[str, Floats] = {}
    for variable in posterior.variables.values():
        if "parameter" in variable.attrs:
            labels = {each: posterior.variables[each][...] for each in variable.dimensions[2:]}
            texts = {each: [unescaped(label) for label in some.tolist()] for each, some in labels.items()}
            values = variable[0].reshape(variable.shape[1], math.prod(variable.shape[2:])).T
            template = unescaped(variable.attrs["parameter"])
            found = zip(names_of(template, texts), values, strict=True)
            parameters |= {called: np.ascontiguousarray(draws) for called, draws in found}

    if "effects" not in posterior.variables:
        return parameters, {}
    of, what = (map(unescaped, known.variables[f"effect_{part}"][...].tolist()) for part in ("of", "what"))
    scores = posterior.variables["effects"][0].T
    keys = zip(of, what, strict=True)
    return parameters, {Effect(*key): np.ascontiguousarray(draws) for key, draws in zip(keys, scores, strict=True)}


def _trace(body: bytes) -> DataTree:
    """The chains of a fit."""
    import xarray

    with xarray.open_datatree(io.BytesIO(body), engine="h5netcdf", group="trace") as opened:
        groups = {name: _with_texts(group.to_dataset().load(), unescaped) for name, group in opened.children.items()}
    return xarray.DataTree.from_dict(groups)


def _with_texts(dataset: Any, change: Any) -> Any:
    """A dataset with every label that is a text changed, and without what the file knew of its storage."""
    texts = {
        name: np.array([change(text) for text in coordinate.to_numpy().tolist()])
        for name, coordinate in dataset.coords.items()
        if coordinate.dtype.kind in "OUT"
    }
    return dataset.assign_coords(texts).drop_encoding()


def _flat(header: dict[str, Any], file: Any) -> Content:
    """What a file of the older layouts holds."""
    draws: dict[str, NDArray[Any]] = {name: variable[...] for name, variable in file.variables.items()}
    effects: dict[Effect, Floats] = {}
    if _TRAITS in draws:
        scores = draws.pop(_TRAITS)
        of, what = (map(unescaped, draws.pop(name).tolist()) for name in (_TRAIT_OF, _TRAIT_WHAT))
        effects = {Effect(*effect): row for *effect, row in zip(of, what, scores, strict=True)}
    return Content(header, draws, effects)


def escaped(text: str) -> str:
    """A text as HDF5 can hold it."""
    return _NOT_IN_HDF5.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def unescaped(text: str | bytes) -> str:
    """A text that was :func:`escaped`."""
    text = text.decode() if isinstance(text, bytes) else text
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)
