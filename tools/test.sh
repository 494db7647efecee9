#!/usr/bin/env bash
# tools/test.sh [FILTER…]: every test, on both databases, at the depth that
# PASSAGE_DEPTH names (light, the default, or soak).
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

export PASSAGE_DEPTH=${PASSAGE_DEPTH:-light}
profile=()
# What a trial has counted is shown where it is long: who waits for hours wants to read it.
shown=()
case $PASSAGE_DEPTH in
light) say "depth: light (the full figures are tried by hand: make soak)" ;;
soak)
    say "depth: soak, in release mode (hours)"
    profile=(--release)
    shown=(-- --show-output)
    ;;
*) fail "PASSAGE_DEPTH is light or soak, not '$PASSAGE_DEPTH'" ;;
esac

# built NAME: where this profile's program is.
built() { realpath "${CARGO_TARGET_DIR:-target}/$([[ $PASSAGE_DEPTH == soak ]] && echo release || echo debug)/$1"; }

need cc build-essential
# The clock of the real program is set from outside when it is killed and started again.
need faketime faketime
# Built first: a program that does not compile needs no server.
tests=(cargo test --locked --features failpoints "${profile[@]}")
step "building the tests" "${tests[@]}" --no-run
step "tests" tools/with-servers.sh "${tests[@]}" --no-fail-fast "$@" "${shown[@]}"
if (($# == 0)); then
    PASSAGE_BIN=$(built passage) step "verifiers" tools/verifiers.sh
fi
