#!/usr/bin/env bash
# tools/test.sh [FILTER…]: every test, on both databases, at the depth set by
# PASSAGE_DEPTH (light, the default, or soak).
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

export PASSAGE_DEPTH=${PASSAGE_DEPTH:-light}
# A snapshot that differs fails; nothing is written beside it.
export INSTA_UPDATE=no
profile=()
# The long tests print what they counted: after hours of waiting, one wants to read it.
shown=()
case $PASSAGE_DEPTH in
light)
    say "on two cores: builds the tests (4 min, from nothing), runs them on both databases (13 min)," \
        "then the verifiers in Python, Node and a browser (1 min)"
    say "depth: light (the full figures are tried by hand: make soak)"
    ;;
soak)
    say "depth: soak, in release mode (hours)"
    profile=(--release)
    shown=(-- --show-output)
    ;;
*) fail "PASSAGE_DEPTH is light or soak, not '$PASSAGE_DEPTH'" ;;
esac

# built NAME: the path of this profile's program.
built() { realpath "${CARGO_TARGET_DIR:-target}/$([[ $PASSAGE_DEPTH == soak ]] && echo release || echo debug)/$1"; }

need cc build-essential
# faketime sets the clock of the real program in the tests that kill and restart it.
need faketime faketime
# openssl makes the certificates that are looked at, and serves them.
need openssl openssl
# promtool reads the metrics and the alerts.
need promtool prometheus
# A provider of OpenID Connect that tests sign in with.
step "packages of the provider" npm_packages tests/oidc/provider
# Built first: if the program does not compile, no server is needed.
tests=(cargo test --locked --features failpoints "${profile[@]}")
step "building the tests" "${tests[@]}" --no-run
if (($# == 0)); then
    # It mostly waits, so it runs beside the tests.
    trial_log=$(mktemp)
    PASSAGE_BIN=$(built passage) tools/with-servers.sh tools/try-operator.sh >"$trial_log" 2>&1 &
    trial=$!
    # Under errexit, a kill that finds nothing would be the script's own status.
    trap 'kill "$trial" 2>/dev/null || true; rm -f "$trial_log"' EXIT
fi
step "tests" tools/with-servers.sh "${tests[@]}" --no-fail-fast "$@" "${shown[@]}"
if (($# == 0)); then
    wait "$trial" || { cat "$trial_log" >&2 && fail "the operator's trial failed"; }
    say "$(grep -c '==>' "$trial_log") answers of the operator's trial, beside the tests: all of it held"
fi
if (($# == 0)); then
    PASSAGE_BIN=$(built passage) step "verifiers" tools/verifiers.sh
    PASSAGE_BIN=$(built passage) step "FranceConnect and ProConnect in a browser" tools/try-franceconnect.sh
fi
if (($# == 0)) && [[ $PASSAGE_DEPTH == soak ]]; then
    if ((EUID == 0)); then tools/container.sh; else say "skipped: the image is built as root (make container)"; fi
fi
