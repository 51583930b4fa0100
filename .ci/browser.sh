#!/bin/sh
# Chromium for the tests of the page, where it is not there and apt-get can install it. It never fails: without a
# browser these tests are passed over, and say so.
set -u

there() {
    for name in chromium chromium-browser google-chrome; do
        "$name" --version 2>/dev/null && return
    done
    return 1
}

there && exit 0
if command -v apt-get >/dev/null 2>&1; then
    as_root="env DEBIAN_FRONTEND=noninteractive"
    [ "$(id -u)" -eq 0 ] || as_root="sudo -n $as_root"
    # With letters: a system without a font has none to show.
    packages="chromium fonts-dejavu-core"
    $as_root apt-get -qq update && $as_root apt-get -qq install -y --no-install-recommends $packages
fi >/dev/null 2>&1
there || echo "no Chromium here and none could be installed: the tests in a browser are passed over"
