"""Made-up events of five sources, as a fit sees them."""

from __future__ import annotations

import numpy as np

from estimates.models.corpus.layout import CorpusEvent
from estimates.models.corpus.likelihood import Corpus, Layout
from estimates.models.event import Floor, Observations, Statement
from estimates.models.growth import STEPS
from estimates.models.wording import Words

SOURCES = [
    ("a", "un", "neutral"),
    ("b", "rescue", "neutral"),
    ("c", "government", "own"),
    ("d", "other", "neutral"),
    ("e", "other", "neutral"),
]
NUMBERS = tuple(range(len(SOURCES)))
EVENT_TYPES = ["airstrike", "earthquake"]
LAYOUT = Layout(len(SOURCES), len(EVENT_TYPES), len(EVENT_TYPES))
SAID = [
    *(Words("exactly", number, number) for number in (1, 3, 18, 18, 18, 100, 1_500)),
    Words("range", 10, 20), Words("range", 0, 4), Words("at_least", 18, 18), Words("at_least", 300, 300),
    Words("more_than", 50, 50), Words("nearly", 30, 30), Words("up_to", 40, 40), Words("at_most", 12, 12),
    Words("about", 20, 20), Words("vague", word="dozens"), Words("vague", word="hundreds"), Words("none"),
]  # fmt: skip
TOLLS = [None, None, (20, 20), (15, 40), (100, -1)]


def random_observations(rng: np.random.Generator) -> Observations:
    """Up to five statements of five sources in some bins, ties and updates among them, now and then with a floor."""
    statements: list[Statement] = []
    place, last, taken = 0, -1, set()
    for bin_index in sorted(rng.integers(0, 6, rng.integers(1, 6)).tolist()):
        if bin_index != last or rng.random() < 0.4:
            place += 1
        last = bin_index
        source = int(rng.integers(len(SOURCES)))
        if {(source, "place", place), (source, "bin", bin_index)} & taken:
            continue
        taken |= {(source, "place", place), (source, "bin", bin_index)}
        statements.append(Statement(bin_index, place, source, SAID[rng.integers(len(SAID))]))
    latest = max(statement.bin for statement in statements)
    floors = (Floor(statements[0].bin, 5, 0.02),) if rng.random() < 0.3 else ()
    return Observations(tuple(sorted(statements)), floors, latest if rng.random() < 0.4 else STEPS, latest)


def mixed_corpus() -> Corpus:
    """Thirty events with uncertain ages, known tolls, and some chosen for their size."""
    rng = np.random.default_rng(2)
    observations = [random_observations(rng) for _ in range(31)]
    return Corpus(
        [
            CorpusEvent(
                ((0.3, observations[i]), (0.7, observations[i + 1])),
                NUMBERS,
                i % 2,
                i % 2,
                (None, (20, 20), (15, 40))[i % 3],
                selected_from=10 if i % 3 == 1 else 0,
            )
            for i in range(30)
        ],
        LAYOUT,
    )
