"""Documented tolls beside independent enumerations of the same events, as the learned layer takes them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from estimates.errors import EstimatesError
from estimates.models.types import Integers

__all__ = ["enumerations"]


def enumerations(pairs: pd.DataFrame) -> tuple[Integers, Integers, Integers]:
    """Documented tolls of one or more, and the ends of what was enumerated, each of shape (pairs,)."""
    absent = [name for name in ("documented", "enumerated") if name not in pairs.columns]
    if absent:
        raise EstimatesError(f"pairs: no column {' and no column '.join(absent)}; they have {list(pairs.columns)}")

    documented, enumerated = (_whole_numbers(pairs, name) for name in ("documented", "enumerated"))
    low, high = (_whole_numbers(pairs, name, enumerated) if name in pairs else enumerated for name in ("low", "high"))

    for wrong, what in (
        ((low > enumerated) | (high < enumerated), "an enumeration outside its own low and high"),
        (high < documented, "fewer enumerated than documented, which no remainder can explain; leave them out or "
                            "correct what was documented"),
        ((documented == 0) & (low > 0), "some enumerated where none is documented, which this law cannot explain"),
    ):  # fmt: skip
        if wrong.any():
            raise EstimatesError(f"pairs, rows {np.flatnonzero(wrong).tolist()} (from 0): {what}")

    some = documented > 0
    return documented[some], low[some], high[some]


def _whole_numbers(pairs: pd.DataFrame, name: str, instead: Integers | None = None) -> Integers:
    """A column as whole numbers, shape (pairs,), with other numbers in the place of empty cells if given."""
    values = pd.to_numeric(pairs[name], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    if instead is not None:
        values = np.where(pairs[name].isna(), instead, values)
    wrong = ~((values >= 0) & (values == np.floor(values)) & (values <= 1e12))
    if wrong.any():
        raise EstimatesError(
            f"pairs, column {name}, rows {np.flatnonzero(wrong).tolist()} (from 0): write whole numbers of zero or more"
        )
    return values.astype(np.int64)
