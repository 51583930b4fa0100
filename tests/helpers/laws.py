"""Whether drawn counts come from a law."""

from __future__ import annotations

import numpy as np
from scipy import stats


def agrees(sample: np.ndarray, law: np.ndarray) -> None:
    """Fail where a sample of counts does not come from a law on 0..len(law)-1 (the rest above), by a chi-square test."""
    counts = np.bincount(np.minimum(sample, len(law)), minlength=len(law) + 1).astype(float)
    expected = np.append(law, max(0.0, 1.0 - law.sum())) * len(sample)
    if (law == 1.0).any():
        assert (sample == np.argmax(law)).all()
        return
    order = np.argsort(expected)
    counts, expected = counts[order], expected[order]
    # Rare counts are taken together, until as many are expected as the test takes for granted.
    small = max(np.searchsorted(expected, 5.0), np.searchsorted(np.cumsum(expected), 8.0) + 1)
    counts = np.append(counts[:small].sum(), counts[small:])
    expected = np.append(expected[:small].sum(), expected[small:])
    assert stats.chisquare(counts, expected * counts.sum() / expected.sum()).pvalue > 1e-4
