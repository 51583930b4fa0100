# Every target does its own set-up: on a fresh machine only make and Python 3.12 (or uv) are needed.
# `make help` lists the targets. PYTHON=path chooses the Python; ARGS="..." is passed on to pytest.

export PYTHON
python := .venv/bin/python
tests := tests estimates --doctest-modules --ignore=estimates/data --ignore=tests/measures
report := out/idlib_2020.html

.NOTPARALLEL:
.PHONY: help estimate test test-extended test-slow lint format types docs notebooks measures calibrate wheel constraints clean setup setup-dev

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

estimate: setup ## estimate the Idlib example: ranges on the screen, the full report in out/
	@mkdir -p out
	@.venv/bin/estimates report data/idlib_2020.csv -o $(report)
	@echo "The full report is in $(report); open it in a browser."

test: setup-dev ## run the fast tests and the doctests, on all cores
	@$(python) -m pytest $(tests) --numprocesses auto --dist worksteal $(ARGS)

test-extended: setup-dev ## run the tests that take many seconds: they compile afresh, fit, run notebooks or count large grids
	@$(python) -m pytest tests -m extended --numprocesses auto --dist worksteal $(ARGS)

test-slow: setup-dev ## run the tests that sample for long
	@$(python) -m pytest tests -m slow $(ARGS)

lint: setup-dev ## check style and formatting
	@$(python) -m ruff check
	@$(python) -m ruff format --check

format: setup-dev ## mend style and formatting where that is safe
	@$(python) -m ruff check --fix-only
	@$(python) -m ruff format

types: setup-dev ## check types, strictly
	@$(python) -m mypy

docs: setup-dev ## build the documentation as a site in out/docs, warnings as errors
	@NO_MKDOCS_2_WARNING=1 $(python) -m mkdocs build --strict --quiet
	@echo "The documentation is in out/docs; open out/docs/index.html in a browser."

notebooks: setup-dev ## run the notebooks again and keep their outputs
	@$(python) -c "from nbclient.cli import main; main()" --inplace notebooks/*.ipynb

measures: setup-dev ## print the measured figures (half an hour); writes docs/decisions/priors.md and docs/evaluation.md anew
	@set -e; for script in tests/measures/[!_]*.py; do echo "== $$script"; $(python) "$$script"; done

calibrate: setup-dev ## fit simulated tables and rank the truth; takes half an hour, goes on where it stopped
	@$(python) tests/measures/calibration.py --method fast --corpora 500 $(ARGS)
	@$(python) tests/measures/calibration.py --method nuts --corpora 60 $(ARGS)

wheel: setup-dev ## build the wheel and run the main job from it, apart from the checkout
	@$(python) .ci/wheel_check.py

constraints: setup-dev ## write down the versions now installed, for constraints.txt
	@$(python) .ci/constraints.py

clean: ## remove everything that was made
	rm -rf .venv out build dist *.egg-info .pytest_cache .hypothesis .mypy_cache .ruff_cache
	find estimates models data notebooks tests .ci -name __pycache__ -prune -exec rm -rf {} +

setup:
	@sh .ci/setup.sh

setup-dev:
	@sh .ci/setup.sh dev
