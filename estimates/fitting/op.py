"""The log marginal likelihood of a corpus as one operation of PyTensor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytensor.tensor as pt
from pytensor.graph.basic import Apply
from pytensor.graph.op import Op

from estimates.fitting.corpora import Sums


class LogMarginalLikelihood(Op):  # type: ignore[misc]
    """Log marginal likelihood of a corpus as a function of its parameter vector, computed along with its gradient.

    Attributes
    ----------
    corpus : Corpus, or what stands for one
        May be replaced by another of the same layout and the same idle parameters: the compiled model stays.
    """

    __props__ = ()

    def __init__(self, corpus: Sums) -> None:
        self.corpus = corpus

    def make_node(self, vector: Any) -> Apply:
        """One vector in; a number and its gradient out."""
        vector = pt.as_tensor_variable(vector)
        return Apply(self, [vector], [pt.dscalar(), pt.dvector()])

    def perform(self, node: Apply, inputs: Sequence[Any], outputs: Sequence[Any]) -> None:
        """Run the compiled sums; where they are not finite the result is minus infinity."""
        value, gradient = self.corpus.evaluate(inputs[0])
        if not np.isfinite(value):
            value, gradient = -np.inf, np.zeros_like(gradient)
        outputs[0][0] = np.asarray(value, dtype=float)
        outputs[1][0] = np.nan_to_num(gradient)

    def pullback(self, inputs: Sequence[Any], outputs: Sequence[Any], cotangents: Sequence[Any]) -> list[Any]:
        """Chain rule; the gradient itself is not differentiated again."""
        return [cotangents[0] * outputs[1]]
