"""docs/measured.md says what data/measured.csv holds, and figures are replaced measure by measure."""

from __future__ import annotations

from pathlib import Path

import pytest
from measures import _common, _written
from measures._common import Figure, record

ROOT = Path(__file__).resolve().parents[1]


def test_the_document_is_made_from_the_figures() -> None:
    """docs/measured.md is, to the letter, what `tests/measures/_written.py` makes of data/measured.csv."""
    assert _written.document_of(_written.read_figures()) == _written.DOCUMENT.read_text(encoding="utf-8")


def test_every_figure_has_its_script() -> None:
    """The script that is named exists, and within a measure no two figures have one name."""
    rows = _written.read_figures()
    names = [(row["measure"], row["what"]) for row in rows]
    assert len(set(names)) == len(names)
    assert [row for row in rows if not (ROOT / "tests" / "measures" / row["script"]).exists()] == []


def test_a_measure_replaces_its_own_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows of other measures stay, those of the measure are replaced, and what a figure was first stays beside it."""
    figures, document = tmp_path / "measured.csv", tmp_path / "measured.md"
    for part in (_common, _written):
        monkeypatch.setattr(part, "FIGURES", figures)
        monkeypatch.setattr(part, "DOCUMENT", document)

    record("width", [Figure("all", 1.57, must="<= 1.1"), Figure("gone", 3)], "width.py")
    record("errors", [Figure("CRPS", 0.444)], "errors.py")
    record("width", [Figure("all", 1.0, must="<= 1.1"), Figure("new", "a | b", "days")], "width.py")

    rows = {(row["measure"], row["what"]): row for row in _written.read_figures()}
    assert set(rows) == {("errors", "CRPS"), ("width", "all"), ("width", "new")}
    assert (rows["width", "all"]["first"], rows["width", "all"]["value"]) == ("1.57", "1")
    text = document.read_text(encoding="utf-8")
    assert text == _written.document_of(list(_written.read_figures()))
    assert "| all | 1.57 | 1 | <= 1.1 |" in text
    assert "| new | a \\| b days | a \\| b days |  |" in text
