#!/bin/sh
# Make .venv ready, and do nothing where it already is.
#
#   .ci/setup.sh          the package and what it needs
#   .ci/setup.sh dev      the same with the tools for tests, lint, types and notebooks
#
# PYTHON=path names the Python to use; otherwise one is found by running those there are.
set -eu
cd "$(dirname "$0")/.."
unset PYTHONHOME PYTHONPATH
PIP_USER=0 PIP_DISABLE_PIP_VERSION_CHECK=1
export PIP_USER PIP_DISABLE_PIP_VERSION_CHECK

extras=${1:-}
venv=.venv
interrupted=$venv/.setting-up # there while pip runs: a set-up that was killed starts afresh

say() { printf '%s\n' "$*" >&2; }

# The Pythons PyMC has releases for. Running is the only test: a shim on the path may exist and fail.
suits() {
    "$1" -c 'import sys, venv, ensurepip; sys.exit(not (3, 12) <= sys.version_info < (3, 15))' >/dev/null 2>&1
}

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        suits "$PYTHON" && { printf '%s\n' "$PYTHON"; return; }
        say "PYTHON=$PYTHON is not a Python 3.12, 3.13 or 3.14 with venv; looking for another."
    fi
    for candidate in python3 python3.14 python3.13 python3.12 python \
        "${PYENV_ROOT:-$HOME/.pyenv}"/versions/*/bin/python; do
        suits "$candidate" && { printf '%s\n' "$candidate"; return; }
    done
    return 1
}

create() {
    if python=$(find_python); then
        # The program itself and not a shim, whose choice depends on the folder it is called from.
        python=$("$python" -c 'import sys; print(sys.executable)')
        say "Making $venv with $python"
        "$python" -m venv --clear "$venv"
    elif command -v uv >/dev/null 2>&1; then
        say "No Python 3.12 to 3.14 found; uv fetches one for $venv"
        uv venv --quiet --clear --seed --python 3.12 "$venv"
    else
        say "casualty-estimates needs Python 3.12, 3.13 or 3.14 with its venv module, and none was found."
        say "Install one and run make again:"
        say "  Debian, Ubuntu   sudo apt install python3.12 python3.12-venv"
        say "  Fedora           sudo dnf install python3.12"
        say "  macOS            brew install python@3.12"
        say "  anywhere         pyenv install 3.12, or install uv, which fetches Python itself"
        say "or name one that is elsewhere: make PYTHON=path/to/python3.12 ..."
        exit 1
    fi
}

usable() {
    suits "$venv/bin/python" || return 1
    "$venv/bin/python" -m pip --version >/dev/null 2>&1 || "$venv/bin/python" -m ensurepip >/dev/null 2>&1
}

# What an installation depends on: where the checkout is and what it asks for.
fingerprint() { { pwd; cat pyproject.toml constraints.txt 2>/dev/null || :; } | cksum; }

installed() { [ -f "$venv/.ready$1" ] && [ "$(cat "$venv/.ready$1")" = "$wanted" ]; }

wanted=$(fingerprint)
if [ ! -e "$interrupted" ] && suits "$venv/bin/python"; then
    installed dev && exit 0
    [ -z "$extras" ] && installed "" && exit 0
fi

if [ -e "$interrupted" ]; then
    say "The last set-up was interrupted; starting afresh."
    create
elif ! usable; then
    create
fi

say "Installing into $venv (some minutes the first time)"
rm -f "$venv/.ready" "$venv/.readydev"
trap 'exit 130' INT TERM HUP # keeps the mark, whatever status pip leaves with
: >"$interrupted"
set -- install --quiet --editable ".${extras:+[$extras]}"
[ -f constraints.txt ] && set -- "$@" --constraint constraints.txt
status=0
"$venv/bin/python" -m pip "$@" || status=$?
if [ "$status" -ne 0 ]; then
    [ "$status" -ge 128 ] || rm -f "$interrupted"
    say "The installation failed (see above). Is the network there? Run make again, or 'make clean' first to start afresh."
    exit "$status"
fi
printf '%s\n' "$wanted" >"$venv/.ready$extras"
rm -f "$interrupted"

# The formulas become machine code now and not when somebody waits for the first range.
"$venv/bin/python" -c "import estimates; found = estimates.estimate(estimates.load_example()); found.summary(), found.total()"
