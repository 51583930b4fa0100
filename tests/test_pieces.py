"""Pieces of a long work are found again whole or not at all, by the same work alone, and hold nothing that can run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from estimates import EstimatesError
from estimates.pieces import ARRAYS, JSON, LEDGER, NOTHING_KEPT, TEXT, Pieces, digest_of


def test_what_was_kept_is_found_by_the_same_work(tmp_path: Path) -> None:
    """All kinds of content come back as they were, numbers to the last bit, and are not made again."""
    kinds = {
        "rows": (JSON, [{"t": 0.1 + 0.2, "median": 2**60, "layer": "tötal"}]),
        "sums": (ARRAYS, {"a": np.arange(3), "b": np.array([0.1, np.nan], dtype=np.float32)}),
        "index": (TEXT, "<p>ä\r\n</p>"),
    }
    first = Pieces.taken_up(tmp_path, "work")
    assert first.names == []
    for name, (packing, content) in kinds.items():
        assert first.once(name, packing, lambda content=content: content) is content

    again = Pieces.taken_up(tmp_path, "work")
    assert again.names == list(kinds)
    for name, (packing, content) in kinds.items():
        found = again.once(name, packing, lambda: pytest.fail("made again"))
        if name == "sums":
            assert {key: (array.dtype, array.tobytes()) for key, array in found.items()} == {
                key: (array.dtype, array.tobytes()) for key, array in content.items()
            }
        else:
            assert found == content


def test_pieces_of_another_work_are_thrown_away(tmp_path: Path) -> None:
    """Nothing is left of it but what was to be spared; nor of what lies there without a ledger."""
    (tmp_path / ".lock").touch()
    Pieces.taken_up(tmp_path, "work", [".lock"]).keep("a", b"1")
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "page").touch()
    assert Pieces.taken_up(tmp_path, "other", [".lock"]).names == []
    assert sorted(each.name for each in tmp_path.iterdir()) == [".lock", LEDGER]

    (tmp_path / LEDGER).unlink()
    (tmp_path / "a").touch()
    assert Pieces.taken_up(tmp_path, "other", [".lock"]).found("a") is None
    assert sorted(each.name for each in tmp_path.iterdir()) == [".lock", LEDGER]


@pytest.mark.parametrize("damage", ["cut", "changed", "gone", "empty"])
def test_a_damaged_piece_is_as_good_as_none(tmp_path: Path, damage: str) -> None:
    """Whatever does not agree with its digest is made again; the others are found."""
    pieces = Pieces.taken_up(tmp_path, "work")
    for name in ("a", "b"):
        pieces.keep(name, b"content")
    if damage == "gone":
        (tmp_path / "a").unlink()
    else:
        (tmp_path / "a").write_bytes({"cut": b"conten", "changed": b"Content", "empty": b""}[damage])

    again = Pieces.taken_up(tmp_path, "work")
    assert (again.has("a"), again.has("b")) == (False, True)
    assert again.once("a", TEXT, lambda: "anew") == "anew"
    assert Pieces.taken_up(tmp_path, "work").found("a") == b"anew"


def test_a_kill_while_the_ledger_is_written_costs_one_piece(tmp_path: Path) -> None:
    """Wherever its last line was cut off, the pieces before it are found, and so is what is kept after it."""
    pieces = Pieces.taken_up(tmp_path, "work")
    for name in ("a", "b"):
        pieces.keep(name, name.encode())
    whole = (tmp_path / LEDGER).read_bytes()
    before = whole.rindex(b"\n", 0, len(whole) - 1)

    for end in range(before, len(whole) - 1):
        (tmp_path / LEDGER).write_bytes(whole[:end])
        again = Pieces.taken_up(tmp_path, "work")
        assert (again.has("a"), again.has("b")) == (True, False)
        again.keep("c", b"c")
        assert Pieces.taken_up(tmp_path, "work").found("c") == b"c"


def test_nothing_that_can_run_is_kept(tmp_path: Path) -> None:
    """Objects cannot be packed, and packed by somebody else they are not read."""
    objects = {"a": np.array([object()], dtype=object)}
    with pytest.raises(ValueError, match="pickle"):
        ARRAYS.pack(objects)
    np.savez(tmp_path / "a.npz", allow_pickle=True, **objects)
    with pytest.raises(ValueError, match="pickle"):
        ARRAYS.unpack((tmp_path / "a.npz").read_bytes())


def test_kept_nowhere_everything_is_made() -> None:
    """Without a folder nothing is found, and nothing is packed."""
    assert NOTHING_KEPT.once("a", TEXT, lambda: "1") == "1"
    assert NOTHING_KEPT.once("a", TEXT, lambda: "2") == "2"
    assert (NOTHING_KEPT.names, NOTHING_KEPT.are_kept) == ([], False)


def test_a_folder_that_cannot_be_written_is_a_plain_error(tmp_path: Path) -> None:
    """The message names the folder and says what to check."""
    pieces = Pieces.taken_up(tmp_path, "work")
    with pytest.raises(EstimatesError, match="cannot be written"):
        pieces.keep("no/such/folder", b"")
    with pytest.raises(EstimatesError, match="cannot be written"):
        Pieces.taken_up(tmp_path / "none", "work")


def test_names_come_from_what_is_asked() -> None:
    """The same objects give the same name, others another, whatever is in them."""
    assert digest_of([1, "a\ud800"]) == digest_of([1, "a\ud800"])
    assert len({digest_of(each) for each in ([1, 2], [[1], 2], ["1", 2], [1.5])}) == 4
