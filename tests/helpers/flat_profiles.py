"""Source profiles in netCDF without groups, as the first to the fifth layout had them, written apart from the package."""

from __future__ import annotations

import hashlib
import io
import json
import re
from pathlib import Path
from typing import Any

import h5netcdf
import numpy as np

from estimates import SourceProfile

_TEXTS = ("name", "content_hash", "kernel", "package_version")


def sealed(body: bytes) -> bytes:
    """The bytes of a file and its seal, written down apart from the code that writes them."""
    return body + b"\nestimates source profile, SHA-256 " + hashlib.sha256(body).hexdigest().encode()


def flat_netcdf(header: dict[str, Any], parameters: dict[str, Any], effects: dict[Any, Any] | None = None) -> bytes:
    """Attributes, a variable for each parameter, and the traits; a dimension for each length there is."""
    buffer = io.BytesIO()
    with h5netcdf.File(buffer, "w") as file:
        for name, values in parameters.items():
            dimension = f"draw{values.size}"
            if dimension not in file.dimensions:
                file.dimensions[dimension] = values.size or None
            file.create_variable(name, (dimension,), data=values.ravel())

        if effects:
            draws = np.stack(list(effects.values()))
            file.dimensions["trait"] = len(effects)
            file.create_variable("traits", ("trait", f"draw{draws.shape[1]}"), data=draws)
            text = np.dtype("O", metadata={"vlen": str})
            for place, name in enumerate(("trait_of", "trait_what")):
                file.create_variable(name, ("trait",), dtype=text)[:] = [effect[place] for effect in effects]

        for name, value in header.items():
            file.attrs[name] = value if name in _TEXTS and isinstance(value, str) else json.dumps(value)
    return buffer.getvalue()


def flat_profile(profile: SourceProfile, version: int) -> bytes:
    """A profile as a file of one of the older layouts; of the first with the parameters of a law that is no more."""
    header = {
        "schema_version": version,
        "package_version": "0.1.0",
        "content_hash": profile.fingerprint,
        "name": profile.name,
        "seed": profile.seed,
        "bin_shares": list(profile.bin_shares),
        "sources": {name: [each.source_type, each.events, each.reports] for name, each in profile.sources.items()},
        "learned_from": sorted(profile.learned_from),
        "facts": dict(profile.facts),
    }
    parameters = dict(profile.parameters)
    if version == 1:
        header["kernel"] = "logistic"
        parameters |= {name: np.full(profile.draws, 2.0) for name in ("below", "lower", "upper")}
    return sealed(flat_netcdf(header, parameters, dict(profile.effects)))


def header_and_parameters(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a saved .nc says in its attributes, and its parameters, by the templates that its variables name."""
    body = path.read_bytes()[: -len(sealed(b""))]
    with h5netcdf.File(io.BytesIO(body), "r") as file:
        header = {
            name: value if name in _TEXTS else json.loads(value)
            for name, value in file.attrs.items()
            if name != "package_version"
        }
        parameters = {}
        for variable in file["posterior"].variables.values():
            if "parameter" not in variable.attrs:
                continue
            values = variable[0]
            for place in np.ndindex(values.shape[1:]):
                labels = [
                    file["posterior"][name][...][at] for name, at in zip(variable.dimensions[2:], place, strict=True)
                ]
                texts = [label.decode() if isinstance(label, bytes) else str(label) for label in labels]
                name = re.sub(r"{\w+}", "{}", variable.attrs["parameter"]).format(*texts)
                parameters[name] = values[(slice(None), *place)]
    return header, parameters
