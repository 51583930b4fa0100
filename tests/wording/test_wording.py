"""Figures are read as worded, or refused; never guessed."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
import pytest
from helpers.phrases import HEADLINES, PHRASES, Accepted
from helpers.refusals import REFUSED
from helpers.timing import growth_of_time
from hypothesis import given
from hypothesis import strategies as st

from estimates.errors import FigureError
from estimates.vocabulary import LARGEST_COUNT, OUTCOMES, VAGUE_WORDS, WORDINGS
from estimates.wording.figure import Figure, parse_figure

HEDGES = {
    "at least": "at_least",
    "more than": "more_than",
    "nearly": "nearly",
    "up to": "up_to",
    "at most": "at_most",
    "about": "about",
}


def row(words: str, outcome: str, figure: Figure) -> Accepted:
    """Put a figure into the form of the tables."""
    return words, outcome, figure.wording, figure.low, figure.high, figure.word, figure.flags, figure.group


def spell(number: int) -> str:
    """Spell a number out in English, independently of the parser's tables."""
    ones = "x one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()
    ones += "seventeen eighteen nineteen".split()
    tens = "x x twenty thirty forty fifty sixty seventy eighty ninety".split()
    if number < 20:
        return ones[number]
    if number < 100:
        return tens[number // 10] + (f"-{ones[number % 10]}" if number % 10 else "")
    size, name = next((s, n) for s, n in ((10**6, "million"), (1_000, "thousand"), (100, "hundred")) if number >= s)
    rest = number % size
    joint = " and " if 0 < rest < 100 else " "
    return f"{spell(number // size)} {name}" + (joint + spell(rest) if rest else "")


@pytest.mark.parametrize("expected", PHRASES + HEADLINES, ids=lambda expected: f"{expected[0][:60]} ({expected[1]})")
def test_accepted(expected: Accepted) -> None:
    """Every form of news English is read into its wording, bounds, word, flags and group."""
    words, outcome, *_ = expected
    figure = parse_figure(words, outcome)
    assert row(words, outcome, figure) == expected
    assert figure.words == words


@pytest.mark.parametrize(("words", "outcome", "message"), REFUSED)
def test_refused(words: str, outcome: str, message: str) -> None:
    """What cannot be read without guessing is refused, with the reason and what to write instead."""
    with pytest.raises(FigureError) as refusal:
        parse_figure(words, outcome)
    assert message in str(refusal.value)
    assert ";" in str(refusal.value)


def test_tables_are_large_enough() -> None:
    """The tables hold enough phrases, no phrase twice, and every form but a list of names."""
    accepted = PHRASES + HEADLINES
    assert len(accepted) >= 130
    assert len(HEADLINES) >= 40
    assert len(REFUSED) >= 40
    assert len({(words, outcome) for words, outcome, *_ in accepted}) == len(accepted)
    assert {wording for _, _, wording, *_ in accepted} == set(WORDINGS) - {"named"}


@pytest.mark.parametrize("count", [18, 18.0, np.int64(18), np.float32(18.0)])
def test_a_number_is_exactly_that_count(count: float) -> None:
    """A whole number of any numeric type is exactly that count."""
    figure = parse_figure(count)
    assert (figure.wording, figure.low, figure.high) == ("exactly", 18, 18)
    assert type(figure.low) is int


@pytest.mark.parametrize("count", [0, 0.0])
def test_the_number_zero_is_none(count: float) -> None:
    """Zero says that there was nobody."""
    assert parse_figure(count) == Figure("none", 0, 0, words=str(count))


def test_a_year_as_a_number_is_a_count() -> None:
    """Only text can look like a year."""
    assert parse_figure(2020).value == 2020


@pytest.mark.parametrize(
    "count", [18.5, -1, float("nan"), float("inf"), True, np.bool_(True), LARGEST_COUNT + 1, None, [18], 1 + 0j]
)
def test_numbers_that_are_no_counts_are_refused(count: object) -> None:
    """Fractions, negative, endless and boolean values, and what is no number at all, are refused as figures."""
    with pytest.raises(FigureError, match="cannot read"):
        parse_figure(count)  # type: ignore[arg-type]


@pytest.mark.parametrize("word", VAGUE_WORDS)
def test_every_vague_word_stands_alone(word: str) -> None:
    """Each vague word of the vocabulary is read when it is the whole figure."""
    figure = parse_figure(word)
    assert (figure.wording, figure.word) == ("vague", word)


@pytest.mark.parametrize(
    ("words", "value"),
    [("18", 18), ("at least 18", 18), ("up to 18", 18), ("18-21", None), ("dozens", None), ("none", 0)],
)
def test_value_is_the_one_number_said(words: str, value: int | None) -> None:
    """The value is the number said where there is one."""
    assert parse_figure(words).value == value


@given(st.integers(1, 10**6))
def test_numbers_round_trip(number: int) -> None:
    """A number with separators or in words is read as itself."""
    assert parse_figure(f"{number:,}").value == number
    assert parse_figure(spell(number)).value == number
    assert parse_figure(f"{spell(number)} people were killed").value == number


@given(st.integers(1, 10**6), st.sampled_from(sorted(HEDGES)), st.sampled_from([str.upper, str.title, str.lower]))
def test_hedges_do_not_depend_on_case_or_spaces(number: int, hedge: str, case) -> None:  # type: ignore[no-untyped-def]
    """Case and surrounding spaces change nothing, and a hedge keeps its number."""
    plain = parse_figure(f"{hedge} {number:,} people")
    shown = parse_figure(case(f"  {hedge}\t {number:,}\u00a0people \n"))
    assert (plain.wording, plain.value) == (HEDGES[hedge], number)
    assert (shown.wording, shown.low, shown.high) == (plain.wording, plain.low, plain.high)


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_ranges_keep_their_ends_or_are_refused(low: int, high: int) -> None:
    """A range is read with both ends, and refused when it runs downwards."""
    words = f"between {low:,} and {high:,}"
    if low > high:
        with pytest.raises(FigureError, match="downwards"):
            parse_figure(words)
    else:
        assert (parse_figure(words).low, parse_figure(words).high) == (low, high)


PIECES = sorted(
    {piece for words, *_ in PHRASES + HEADLINES for piece in words.split()}
    | {"-", ",", ";", "/", "%", "1", "1.5", "half", "of"}
)


@given(st.text() | st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join), st.sampled_from(OUTCOMES))
def test_nothing_but_a_figure_or_a_figure_error(words: str, outcome: str) -> None:
    """Any text at all yields a well-formed figure or a FigureError."""
    try:
        figure = parse_figure(words, outcome)
    except FigureError:
        return
    numbers = [number for number in (figure.low, figure.high) if number is not None]
    assert figure.wording in WORDINGS
    assert all(0 <= number <= LARGEST_COUNT for number in numbers)
    assert numbers == sorted(numbers)
    assert (figure.word in VAGUE_WORDS) == (figure.wording == "vague")
    assert bool(numbers) == (figure.wording not in ("vague", "denial", "no_comment", "not_confirmed"))
    assert figure.subset == (figure.group != "all")


LONG = [
    "at least ", "18 killed ", "18 killed ; toll will rise ", "18 were ", "deaths rises ", "18 killed, ", "1,", "no ",
    "(", "one hundred and ", "18-", "of them ", "and ", "death toll rises ", "a", "1", "toll will rise ",
    "between 1 and ", "-", "18 people, including 5 children and 3 women ", "kill 18 from 3 by ", " ", "most ",
    "kills and ", "18 of them, ",
]  # fmt: skip


@pytest.mark.extended
@pytest.mark.parametrize("piece", LONG)
def test_time_is_linear_in_the_length(piece: str) -> None:
    """A text four times as long is answered in about four times the time, whatever it repeats."""

    def read(length: int) -> None:
        with suppress(FigureError):
            parse_figure((piece * length)[:length])

    assert growth_of_time(read, 10_000) < 8


def test_a_quadratic_reader_would_be_found() -> None:
    """The measure of growth tells a reader that looks back over the whole text from one that does not."""

    def look_back(length: int) -> int:
        text = "-" * length
        return sum(text[:place].count("+") for place in range(0, length, 5))

    assert growth_of_time(look_back, 10_000) > 8


@pytest.mark.parametrize(
    "words", ["Israeli strikes kill 18 Palestinians", "Blast kills 12 miners", "40 passengers dead"]
)
def test_who_was_hit_is_not_a_part_of_who_was_hit(words: str) -> None:
    """Nationality, faith or the reason to be there names all those hit, so the figure is the toll and not a floor."""
    assert not parse_figure(words).subset


@pytest.mark.parametrize(
    "words", ["18 civilians killed", "3 children killed", "one of their own members", "12 soldiers killed"]
)
def test_a_part_of_those_hit_is_a_floor(words: str) -> None:
    """Civilians, children, members or soldiers may not be all of the dead."""
    assert parse_figure(words).subset
