"""What CONTRIBUTING promises: a wording in one file, a parameter in five, an outcome in two; done in a copy, and run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from helpers.copies import ROOT, Changes, change, copy_package

#: "Fewer than y": a source that says so holds three quarters of it or more.
WORDING: Changes = {
    "models/wording.py": [
        (
            '        Wording("vague", (), "{0}", _vague),\n',
            '        Wording("fewer_than", ("high",), "fewer than {0}", _fewer_than, _say_fewer_than),\n'
            '        Wording("vague", (), "{0}", _vague),\n',
        ),
        (
            "def _vague(words: Words)",
            "def _fewer_than(words: Words) -> tuple[Term, ...]:\n"
            "    low, high = max(1, _ceil(0.75 * words.number)), max(1, words.number - 1)\n"
            "    return (Term(1.0 / (high - low + 1), low, high),)\n\n\n"
            "def _say_fewer_than(rng: np.random.Generator, held: int) -> int:\n"
            "    return int(rng.integers(held + 1, held + held // 4 + 2))\n\n\n"
            "def _vague(words: Words)",
        ),
    ],
}  # fmt: skip

#: Where each of the two kinds of loops finds the parameter below.
IMPORTED = "from estimates.models.parameters import REPORTING_PARAMETERS\n"
PLACE = 'ALWAYS_EXACT = REPORTING_PARAMETERS.index("always_exact")\n'
#: The odds of an error in a loop, and with the parameter.
OF_ERROR = "        of_error = power[i] * of_source[i]\n"
OF_ERROR_OR_ALWAYS_EXACT = "        of_error = odds_remaining(power[i] * of_source[i], always[i])\n"
#: A probability ``a`` of holding the toll exactly that does not fall with its size: ``a + (1 - a) rho`` takes the place
#: of ``rho``, and ``(1 - a) O / (1 + a O)`` that of the odds ``O`` of an error.
PARAMETER: Changes = {
    "models/parameters.py": [
        (
            '    Parameter("repeating", "reporting", "share", "copying"),\n',
            '    Parameter("repeating", "reporting", "share", "copying"),\n'
            '    Parameter("always_exact", "reporting", "share", "error"),\n',
        )
    ],
    "estimates/profile/priors.py": [
        (
            '        Prior("repeating", "beta", 6, 4,',
            '        Prior("always_exact", "beta", 2, 18, "judged: for this test"),\n'
            '        Prior("repeating", "beta", 6, 4,',
        )
    ],
    "models/reporting.py": [
        ("    repeating: Floats\n", "    repeating: Floats\n    always_exact: Floats\n"),
        (
            "@formula\ndef part_of_odds(",
            "@formula\n"
            "def odds_remaining(odds: float, always: float) -> float:\n"
            "    return (1.0 - always) * odds / (1.0 + always * odds)\n\n\n"
            "@formula\n"
            "def odds_remaining_slopes(odds: float, always: float) -> tuple[float, float]:\n"
            "    inverse = 1.0 / (1.0 + always * odds)\n"
            "    return (1.0 - always) * inverse * inverse, -odds * inverse * (1.0 + odds) * inverse\n\n\n"
            "@formula\ndef part_of_odds(",
        ),
        ("    heaping: float,\n)", "    heaping: float,\n    always_exact: float = 0.0,\n)"),
        ("        factor = np.exp(bias)", "        exact |= rng.random(size) < always_exact\n        factor = np.exp(bias)"),
    ],
    "models/lanes/reporting.py": [
        ("from estimates.models.reporting import ", IMPORTED + "from estimates.models.reporting import odds_remaining, "),
        ("#: So many intervals", PLACE + "#: So many intervals"),
        ("    odds_of_count = ", "    always, odds_of_count = values.shared[b, ALWAYS_EXACT], "),
        # Of several intervals, and of one.
        ("rounded[data + c], power,", "rounded[data + c], always, power,"),
        ("rounded[data + c], tables.power", "rounded[data + c], always, tables.power"),
        ("rounded, power, of_source, odds, at_half, out", "rounded, always, power, of_source, odds, at_half, out"),
        ("rounded, power, of_source, odds, at_half, first", "rounded, always, power, of_source, odds, at_half, first"),
        ("(len(row)):\n" + OF_ERROR, "(len(row)):\n" + OF_ERROR_OR_ALWAYS_EXACT),
        ("(1.0 + high)\n" + OF_ERROR, "(1.0 + high)\n" + OF_ERROR_OR_ALWAYS_EXACT),
    ],
    "models/corpus/reporting_pass.py": [
        ("from estimates.models.reporting import (\n", IMPORTED + "from estimates.models.reporting import (\n"),
        ("    odds_of_error,\n", "    odds_of_error,\n    odds_remaining,\n    odds_remaining_slopes,\n"),
        ("_SMALLEST_SCALE = ", PLACE + "_SMALLEST_SCALE = "),
        ("        of_error = ", "        always, of_error = values.shared[ALWAYS_EXACT], "),
        ("exactness, slope)\n\n", "exactness, slope)\n            of_error[c] = odds_remaining(of_error[c], always)\n\n"),
        (
            "        of_error, d_of_error = ",
            "        always = values.shared[ALWAYS_EXACT]\n        of_error, d_of_error = ",
        ),
        (
            "exactness, slope)\n        for",
            "exactness, slope)\n            of_error[c] = odds_remaining(of_error[c], always)\n        for",
        ),
        ("d_exactness, d_slope = 0.0, 0.0\n", "d_exactness, d_slope, d_always = 0.0, 0.0, 0.0\n"),
        (
            "            by_log_odds = of_error[c] * d_of_error[c]\n",
            "            odds = odds_of_error(log_count[c], exactness, slope)\n"
            "            by_odds, by_always = odds_remaining_slopes(odds, always)\n"
            "            by_log_odds = odds * by_odds * d_of_error[c]\n"
            "            d_always += by_always * d_of_error[c]\n",
        ),
        ("] += d_slope\n", "] += d_slope\n        d_values.shared[ALWAYS_EXACT] += d_always\n"),
    ],
}  # fmt: skip

#: People detained, with a law of sizes of their own.
OUTCOME: Changes = {
    "estimates/vocabulary.py": [
        ('    "casualties": "people killed or injured",\n', '    "casualties": "people killed or injured",\n    "detained": "people detained",\n')
    ],
    "estimates/profile/priors.py": [
        (
            '    ("any", "campaign"): (',
            '    ("detained", "any"): (1.0, 0.25, 10.0, 0.75, (8, 1), "judged: for this test"),\n    ("any", "campaign"): (',
        )
    ],
}  # fmt: skip


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the package, laid out as in a checkout."""
    return copy_package(tmp_path)


def run(folder: Path, code: str) -> Any:
    """What a program prints in a new Python that finds the copy."""
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.extended
def test_a_wording_is_one_file(copied: Path) -> None:
    """ "Fewer than 20" is read from its codes, said in words, acted out and estimated."""
    assert len(WORDING) == 1
    change(copied, WORDING)
    said, medians, simulated = run(
        copied,
        """
import json
import numpy as np
from estimates import estimate, read_reports
from estimates.models import wording
rows = [{"event": "one", "source": "a", "wording": "fewer_than", "high": 400, "reported_at": "2020-06-01",
         "event_date": "2020-01-01"}]
reports = read_reports(rows)
found = estimate(reports).ranges().query("layer == 'documented'")
low, high = wording.simulate(np.random.default_rng(1), "fewer_than", np.full(200, 60))
print(json.dumps([reports.table["words"][0], [int(m) for m in found["median"]], [int(low.min()), int(low.max())]]))
""",
    )
    assert said == "fewer than 400"
    assert 300 <= medians[0] < 400
    assert simulated == [61, 76]


@pytest.mark.extended
def test_an_outcome_is_two_files(copied: Path) -> None:
    """People detained are read, estimated by a law of sizes of their own and named in the document."""
    assert len(OUTCOME) == 2
    change(copied, OUTCOME)
    medians, notes, named = run(
        copied,
        """
import json
from estimates import estimate
rows = [{"event": "one", "source": s, "figure": "12", "outcome": "detained"} for s in "ab"]
found = estimate(rows)
written = found.document("page.md").read_text()
print(json.dumps([[int(m) for m in found.ranges()["median"]], found.notes, "people detained" in written.lower()]))
""",
    )
    assert all(8 <= median <= 20 for median in medians)
    assert any("size.detained.any" in note for note in notes)
    assert named


PARAMETER_RUN = """
import json
import numpy as np
from estimates import estimate, load_example, simulate
from estimates.evaluation.schedule import Slot
from estimates.evaluation.known import Draws
from estimates.evaluation.statements import HOSPITAL, Speaker, hospital, passed_on
found = estimate(load_example())
draws = found.profile.parameters["always_exact"]
table = simulate(4, 2, seed=1).reports
told = hospital(Draws(found.profile, HOSPITAL.effects), 0)
exact = Speaker(told.key, {**told.parameters, "always_exact": 1.0, "none_share": 0.0, "repeating": 0.0})
slots = [Slot(age, 0, 0, False) for age in range(5)]
said = [words.low for words, _ in passed_on(np.random.default_rng(1), exact, slots, np.arange(1_001, 1_007), 1_006)]
print(json.dumps([found.notes, float(draws.mean()), len(table), said]))
"""


@pytest.mark.extended
def test_a_parameter_is_five_files(copied: Path) -> None:
    """``estimate`` runs with the saved default profile, which lacks it: it is drawn from its prior, and that is noted.

    Sources that a simulation makes act it out.
    """
    assert len(PARAMETER) == 5
    change(copied, PARAMETER)
    notes, mean, rows, said = run(copied, PARAMETER_RUN)
    assert any("always_exact" in note for note in notes)
    assert mean == pytest.approx(0.1, abs=0.02)
    assert rows > 0
    assert said == [1_001, 1_002, 1_003, 1_004, 1_005]


GRADIENT_RUN = """
import json, sys
sys.path[:0] = ["tests", "tests/models"]
from test_corpus import LAYOUT, mixed_corpus, one_draw
_, gradient = mixed_corpus().evaluate(one_draw(7))
print(json.dumps(LAYOUT.unpack(gradient)["always_exact"].tolist()))
"""


@pytest.mark.extended
def test_a_parameter_of_the_copy_is_fitted(copied: Path) -> None:
    """Both kinds of loops agree with the new parameter in them, and its derivative is that of differences, not zero."""
    change(copied, PARAMETER)
    shutil.copytree(ROOT / "tests", copied / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copied)
    environment = {**os.environ, "PYTHONPATH": str(copied), "PYTHONDONTWRITEBYTECODE": "1"}
    tests = ["tests/models/test_corpus.py", "-k", "both_kinds or finite_differences"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests],
        cwd=copied, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert run(copied, GRADIENT_RUN)[0] != 0.0
