"""Names for the arrays that the mathematics is written in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: Real numbers. In the models an array of parameters has shape (draws,) and a table over counts shape (cells, draws):
#: draws lie next to each other in memory, so that a range of cells is one block.
type Floats = NDArray[np.float64]
#: Counts.
type Integers = NDArray[np.int64]
#: Which of several hold.
type Booleans = NDArray[np.bool_]
