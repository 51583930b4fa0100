"""Score the reading of figures: strings of the field marked by two readers, and phrases of a folder of cases.

    python tests/measures/phrases.py [--cases FOLDER]

The strings are with the tests (helpers/figure_strings.py says where they are from). FOLDER holds phrases.csv, with the
columns phrase, expected_wording, expected_low, expected_high, expected_group, outcome, also_right.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

from _common import Figure, record
from helpers.figure_strings import OPEN, SEALED, score, strings

from estimates import parse_figure
from estimates.errors import FigureError


def _of_strings(name: str, path: Path) -> list[Figure]:
    """Score one file of strings."""
    rows = strings(path)
    result = score(rows)
    for said in (*result.wrong, *result.read_though_not_plain):
        print("misread:", said)

    plain = result.right + result.missed + len(result.wrong)
    misread = len(result.wrong) + len(result.read_though_not_plain)
    return [
        Figure(f"{name}: strings with one plain toll, right", f"{result.right} of {plain}", must=">= 90%"),
        Figure(f"{name}: read wrong, of all strings", f"{misread} of {len(rows)}", must="<= 1%"),
        Figure(f"{name}: refused where a careful coder refuses", result.refused_rightly),
    ]


def _of_cases(path: Path) -> list[Figure]:
    """Score a table of phrases, each with the reading that is right."""
    right = missed = wrong = 0
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            verdict = _verdict(row)
            right, missed, wrong = right + (verdict == 1), missed + (verdict == 0), wrong + (verdict == -1)
            if verdict != 1:
                print("misread:" if verdict else "refused:", row["phrase"])
    total = right + missed + wrong
    return [
        Figure("phrases of cases: right", f"{right} of {total}", must=">= 85%"),
        Figure("phrases of cases: silently misread", wrong, must="0"),
    ]


def _verdict(row: dict[str, str]) -> int:
    """One for a right reading, zero for a refusal of what could be read, minus one for a misreading."""
    expected, also = row["expected_wording"], row.get("also_right") or ""
    try:
        figure = parse_figure(row["phrase"], row.get("outcome") or "killed")
    except FigureError:
        return 1 if expected == "refused" else 0

    if figure.wording != expected and not (also and figure.wording in also):
        return -1
    numbers = [str(number) for number in (figure.low, figure.high) if number is not None]
    agrees = all(not row[end] or row[end] in numbers for end in ("expected_low", "expected_high"))
    whole = row["expected_group"] != "all" or figure.group == "all"
    return 1 if agrees and whole else -1


def main() -> None:
    """Print and keep the scores."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--cases", type=Path, metavar="FOLDER", help="folder with phrases.csv")
    arguments = parser.parse_args()

    figures = _of_strings("open", OPEN)
    if SEALED.exists():
        figures += _of_strings("sealed", SEALED)
    if arguments.cases is not None:
        figures += _of_cases(arguments.cases / "phrases.csv")
    for figure in figures:
        print(f"{figure.what}: {figure.value} (must {figure.must or 'be told'})")
    record("phrases", figures, "phrases.py")


if __name__ == "__main__":
    main()
