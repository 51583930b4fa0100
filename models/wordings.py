"""What the words of a figure say about the number a source holds: the vocabulary (model: likelihood of each form)."""

from __future__ import annotations

#: Forms that carry a number the source holds.
NUMERIC_WORDINGS = ("exactly", "range", "at_least", "more_than", "nearly", "up_to", "at_most", "about", "vague")
#: Forms without a number. Silence, denial and refusal to comment are kept apart from zero and from one another.
WORDLESS_WORDINGS = ("none", "denial", "no_comment", "not_confirmed")
#: All forms; ``named`` is a verified list of names and acts as a floor.
WORDINGS = (*NUMERIC_WORDINGS, *WORDLESS_WORDINGS, "named")

#: Vague words as trapezoids of usage: membership rises from 0 at the first number to 1 at the second, stays to the
#: third and falls to 0 at the fourth. Judged from usage and coding rules; see docs/decisions/priors.md.
VAGUE_WORDS: dict[str, tuple[int, int, int, int]] = {
    "couple": (2, 2, 2, 3),
    "few": (2, 3, 4, 8),
    "several": (2, 3, 7, 13),
    "handful": (2, 3, 6, 12),
    "tens": (15, 20, 90, 130),
    "dozens": (15, 24, 80, 130),
    "scores": (25, 40, 100, 200),
    "hundreds": (110, 200, 900, 1_500),
    "thousands": (1_000, 2_000, 9_000, 15_000),
    "tens of thousands": (15_000, 20_000, 90_000, 130_000),
    "hundreds of thousands": (110_000, 200_000, 900_000, 1_500_000),
}
