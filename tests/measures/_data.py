"""Where the measure scripts find the published data that may not be kept with the package."""

from __future__ import annotations

import argparse
import os
from pathlib import Path


def parser(description: str) -> argparse.ArgumentParser:
    """Command line of a measure that reads published data."""
    made = argparse.ArgumentParser(description=description.splitlines()[0])
    made.add_argument(
        "--data",
        type=Path,
        default=os.environ.get("ESTIMATES_DATA"),
        metavar="FOLDER",
        help="folder with the published data; default: the environment variable ESTIMATES_DATA",
    )
    return made


def find(folder: Path | str | None, name: str) -> Path | None:
    """The data file, or None after one line that says how to give it."""
    if folder is not None and (Path(folder) / name).is_file():
        return Path(folder) / name
    place = "no folder was given" if folder is None else f"it is not in {folder}"
    print(f"left out: {name} is needed and {place}; give its folder with --data FOLDER or ESTIMATES_DATA")
    return None
