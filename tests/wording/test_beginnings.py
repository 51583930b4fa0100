"""Words with which no quantity begins are passed over without being looked at closer."""

from __future__ import annotations

from unittest import mock

from hypothesis import given
from hypothesis import strategies as st

from estimates.vocabulary import VAGUE_WORDS
from estimates.wording import lexicon, quantities
from estimates.wording.tokens import UnreadableError

#: Numbers, and words that are part of how numbers are said.
SAID = (
    "another",
    "between",
    "couple",
    "few",
    "halfdozen",
    "many",
    "millions",
    "several",
    "18",
    "1,200",
    "2014",
    "-",
    "+",
)
WORDS = sorted({*lexicon.EVERY_WORD, *SAID, *(part for word in VAGUE_WORDS for part in word.split())})


def told(tokens: list[str]) -> object:
    """The quantities and the words between them, or why they cannot be read."""
    try:
        items = quantities.quantities(list(tokens))
    except UnreadableError as error:
        return str(error)
    return [item if isinstance(item, str) else [getattr(item, name) for name in item.__slots__] for item in items]


@given(st.lists(st.sampled_from(WORDS) | st.sampled_from(SAID), max_size=6))
def test_looking_closer_at_every_word_finds_nothing_more(tokens: list[str]) -> None:
    """In any order of words and numbers the same quantities are found, and refused for the same reason."""
    with mock.patch.object(quantities, "_may_begin", return_value=True):
        closer = told(tokens)
    assert told(tokens) == closer
