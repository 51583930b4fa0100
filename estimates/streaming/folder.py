"""The folder in which answers to parts are kept until all are there."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from estimates.errors import EstimatesError
from estimates.files import write_whole
from estimates.streaming.part import PartAnswer
from estimates.streaming.settings import Settings
from estimates.streaming.split import Part

#: Files of a folder: what the parts are worked out with, in full and in words.
SETTINGS, PLAN = "settings.npz", "plan.json"


class Folder:
    """Answers to parts, each under the mark of its rows; one is there once its facts are, which are written last.

    Parameters
    ----------
    path : Path
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def beside(cls, target: Path) -> Folder:
        """The folder of the table that is written to a path."""
        return cls(target.with_name(target.name + ".parts"))

    # Beginning and taking up again -----------------------------------------------------------------------------------

    def begin(self, settings: Settings) -> None:
        """Make the folder, or take up again what was begun with the same settings.

        Raises
        ------
        EstimatesError
            If something else was begun there, or the folder cannot be made.
        """
        try:
            self.path.mkdir(exist_ok=True)
        except OSError as error:
            raise EstimatesError(f"{self.path}: there can be no such folder ({error.strerror or error})") from None

        plan = self.path / PLAN
        if plan.exists():
            self._check_same(settings, _read_json(plan))
        elif others := sorted(each.name for each in self.path.iterdir() if not _is_ours(each.name)):
            raise EstimatesError(
                f"{self.path} holds other files ({', '.join(others[:3])}); parts are kept there, so move them"
            )
        write_whole(plan, json.dumps(settings.told, indent=1).encode())
        write_whole(self.path / SETTINGS, settings.to_bytes())

    def _check_same(self, settings: Settings, before: dict[str, Any] | None) -> None:
        if before is None:
            return  # never finished being written
        now = json.loads(json.dumps(settings.told))
        differing = [name for name in now if before.get(name) != now[name]]
        if differing:
            told = ", ".join(
                f"{name.replace('_', ' ')} {before.get(name)!s:.40} and now {now[name]!s:.40}" for name in differing
            )
            raise EstimatesError(
                f"{self.path} holds parts of an interrupted run that was made with other settings ({told}); "
                "go on with the same ones, or delete the folder to begin anew"
            )

    # Answers ---------------------------------------------------------------------------------------------------------

    def keep(self, mark: str, answer: PartAnswer) -> None:
        """Keep the answer to a part, its facts last."""
        write_whole(self.ranges(mark), answer.ranges)
        if answer.kept:
            write_whole(self.kept(mark), answer.kept)
        write_whole(self.path / f"facts-{mark[:24]}.json", json.dumps({"mark": mark, **answer.facts}).encode())

    def ranges(self, mark: str) -> Path:
        """The file of the ranges of a part."""
        return self.path / f"ranges-{mark[:24]}.parquet"

    def kept(self, mark: str) -> Path:
        """The file of what totals are made of."""
        return self.path / f"kept-{mark[:24]}.parquet"

    def facts(self, mark: str) -> dict[str, Any] | None:
        """The facts of a part whose answer is there; None where it is not, or not whole."""
        found = _read_json(self.path / f"facts-{mark[:24]}.json")
        whole = found is not None and found.get("mark") == mark and self.ranges(mark).exists()
        return found if whole else None

    def strangers(self, parts: list[Part]) -> int:
        """How many answers there are to parts of other reports."""
        known = {f"facts-{part.mark[:24]}.json" for part in parts}
        return sum(each.name not in known for each in self.path.glob("facts-*.json"))

    def remove(self) -> None:
        """Delete the folder."""
        shutil.rmtree(self.path, ignore_errors=True)


def _is_ours(name: str) -> bool:
    """Whether a file may be one of an earlier run: locks and files that were being written begin with a point."""
    return name.startswith((".", "rows-", "ranges-", "kept-", "facts-")) or name in (SETTINGS, "totals")


def _read_json(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None
