"""Python's collector of cycles is paused for as long as many objects are made, and no longer."""

from __future__ import annotations

import gc

import pytest

from estimates.collecting import without_collecting


@pytest.mark.parametrize("was_on", [True, False])
def test_the_collector_is_afterwards_as_it_was(was_on: bool) -> None:
    """It is off within, whatever it was before, and as before at the end, be that an error."""
    before = gc.isenabled()
    try:
        (gc.enable if was_on else gc.disable)()
        assert without_collecting()(gc.isenabled)() is False
        with pytest.raises(ZeroDivisionError):
            without_collecting()(lambda: 1 / 0)()
        assert gc.isenabled() == was_on
    finally:
        (gc.enable if before else gc.disable)()
