"""Made-up events of five sources, as a fit sees them."""

from __future__ import annotations

from functools import cache

import numpy as np

from estimates.models.corpus.layout import CorpusEvent
from estimates.models.corpus.likelihood import Corpus
from estimates.models.event import Counted, Floor, Observations, Part, Statement
from estimates.models.growth import FINAL, STEPS
from estimates.models.wording import NONE_KINDS, Words, none
from estimates.profile.effects import GrowthLaw, SourceKey, layout_of
from estimates.profile.priors import size_law
from estimates.profile.profile import published_profile

SOURCES = [
    SourceKey("a", "un", "neutral"),
    SourceKey("b", "rescue", "neutral"),
    SourceKey("c", "government", "own"),
    SourceKey("d", "other", "neutral"),
    SourceKey("e", "other", "neutral"),
]
NUMBERS = tuple(range(len(SOURCES)))
SIZE_LAWS = [size_law("killed", event_type) for event_type in ("airstrike", "earthquake")]
#: Laws of growth, and those that each of three types of event may follow: one of a group, or one of each.
GROWTH_LAWS = [
    GrowthLaw("airstrike", "ordinary", False), GrowthLaw("earthquake", "disasters", False),
    GrowthLaw("other", "ordinary", True), GrowthLaw("other", "disasters", True),
]  # fmt: skip
GROWTHS = [((0, 0),), ((1, 1),), ((2, 0), (3, 1))]
LAYOUT = layout_of(SOURCES, SIZE_LAWS, GROWTH_LAWS)
NONES = [none(kind, too_early=early) for kind in NONE_KINDS for early in (False, True)]
SAID = [
    *(Words("exactly", number, number) for number in (1, 3, 18, 18, 18, 100, 1_500)),
    Words("range", 10, 20), Words("range", 0, 4), Words("at_least", 18, 18), Words("at_least", 300, 300),
    Words("more_than", 50, 50), Words("nearly", 30, 30), Words("up_to", 40, 40), Words("at_most", 12, 12),
    Words("about", 20, 20), Words("vague", word="dozens"), Words("vague", word="hundreds"), *NONES,
]  # fmt: skip
TOLLS = [None, None, (20, 20), (15, 40), (12, -1)]
#: A count that the floors and the numbers at risk of these events allow, and these.
FITTING, FLOORS, AT_RISK = 12, (3, 5), 90


@cache
def vectors_of_priors(draws: int) -> np.ndarray:
    """Parameters of the sources and laws at so many draws of the published priors, shape (draws, LAYOUT.size)."""
    return published_profile(0, draws=draws).vectors(SOURCES, SIZE_LAWS, GROWTH_LAWS)


def random_observations(rng: np.random.Generator) -> Observations:
    """Up to five statements of five sources in some bins, ties and updates among them, and what may be known beside."""
    statements = _random_statements(rng, SAID)
    latest = max(statement.bin for statement in statements)
    floors = tuple(Floor(b, number) for b, number in zip((statements[0].bin, FINAL), FLOORS, strict=True))
    counted = (Counted(int(rng.integers(FINAL)), FITTING), Counted(FINAL, FITTING))
    return Observations(
        statements,
        floors=floors[: int(rng.integers(3))],
        parts=_random_parts(rng) if rng.random() < 0.4 else (),
        counted=counted if rng.random() < 0.2 else (),
        numbers_given=(int(rng.integers(2)), int(rng.integers(3)), int(rng.choice([0, 1, 40]))),
        rising_from=latest if rng.random() < 0.4 else STEPS,
        falling=tuple(range(int(rng.integers(3)), 3)) if rng.random() < 0.4 else (),
        by_now=latest,
        distance=float(rng.choice([0.0, 0.1, 0.5])),
        at_risk=AT_RISK if rng.random() < 0.3 else None,
        independent=bool(rng.random() < 0.2),
    )


def _random_statements(rng: np.random.Generator, words: list[Words]) -> tuple[Statement, ...]:
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
        withdrawn = bool(statements and rng.random() < 0.1)
        statements.append(Statement(bin_index, place, source, words[rng.integers(len(words))], withdrawn))
    return tuple(sorted(statements))


def _random_parts(rng: np.random.Generator) -> tuple[Part, ...]:
    """A group that may be everybody, one that is not, or two that exclude each other."""
    one, other = (
        _random_statements(rng, [Words("exactly", 3, 3), Words("at_least", 5, 5), NONES[0]]) for _ in range(2)
    )
    latest, numbers = max(each.bin for each in (*one, *other)), (0, len(one), 1)
    kind = int(rng.integers(3))
    if kind == 2:
        return (Part(latest, one, numbers, others=other, others_given=(1, 0, 0)),)
    return (Part(latest, one, numbers, is_certain=kind == 1),)


def random_event(rng: np.random.Generator, observations: Observations, number: int) -> CorpusEvent:
    """An event of one of three types with one or two assignments of ages."""
    other = random_observations(rng)
    alternatives = ((0.3, observations), (0.7, other)) if number % 3 == 0 else ((1.0, observations),)
    return CorpusEvent(alternatives, NUMBERS, number % 2, GROWTHS[number % 3])


def mixed_corpus() -> Corpus:
    """Forty events with uncertain ages and laws, known tolls and counts, and some chosen for their size."""
    rng = np.random.default_rng(2)
    events = []
    for number in range(30):
        event = random_event(rng, random_observations(rng), number)
        events.append(
            CorpusEvent(
                event.alternatives, NUMBERS, event.size_law, event.growth, TOLLS[number % len(TOLLS)],
                selected_from=10 if number % 3 == 1 else 0,
            )
        )  # fmt: skip
    for number in range(10):
        counted = tuple(Counted(b, int(rng.integers(1, 30))) for b in (int(rng.integers(FINAL)), FINAL))
        known = Observations((), counted=counted, rising_from=number)
        events.append(CorpusEvent(((1.0, known),), (), number % 2, GROWTHS[number % 3], given=True))
    return Corpus(events, LAYOUT)
