"""Notes on what is odd in a table and no fault."""

from __future__ import annotations

import pytest
from helpers.written import HEAD, read


@pytest.mark.parametrize(
    ("text", "note"),
    [
        (f"{HEAD},reported_at,event_date\nA,x,18,2020-01-14,2020-01-15\n", "line 2: dated before their event"),
        (f"{HEAD},outcom\nA,x,18,injured\n", "column 'outcom' is not known: kept, not used; did you mean 'outcome'?"),
        (f"{HEAD},quotes\nA,x,18,Ministry\nB,Ministry,18,\n", "line 2: quotes names a source without a report"),
        (f"{HEAD},outcome\nA,x,5,strikes\n", "line 2: strikes, munitions and incidents are shown as context"),
        (f"{HEAD},scope,period_start,period_end\nA,x,5,period,2020,2020\n", "line 2: figures over a period are kept"),
        (f"{HEAD},group\nA,x,3 children,all\n", "line 2: the words are about a part"),
        (f"{HEAD}\nA,x,18\nA,x,18\n", "line 3: the same report as an earlier line"),
        (f"{HEAD}\nA,Reuters,18\nA,reuters,19\n", "'Reuters' and 'reuters' are spelt alike but for capitals"),
        (f"{HEAD},source_type\nA,x,18,un\nA,x,19,ngo\n", "source 'x' has several types: ngo, un"),
        (f"{HEAD},line\nA,x,18,7\n", "column 'line' is worked out anew"),
    ],
)
def test_what_is_odd_and_no_fault_is_noted(text: str, note: str) -> None:
    """Odd but usable tables load, with a note on the line it is about; an ordinary table has none."""
    assert any(note in one_note for one_note in read(text).notes)
    assert read(f"{HEAD}\nA,x,18\nA,y,19\n").notes == ()


def test_a_long_note_counts_the_lines_it_does_not_list() -> None:
    """A note about many rows lists the first ten lines and counts the rest."""
    reports = read(f"{HEAD},outcome\n" + "".join(f"A,s{i},5,strikes\n" for i in range(1200)))
    assert reports.notes[0].startswith("lines 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 1,190 more:")
