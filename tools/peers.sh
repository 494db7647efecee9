#!/usr/bin/env bash
# tools/peers.sh: compares our program with programs from PyPI. The same matchings, to
# check how many people can be seated and to compare times; and the cost of an assignment
# in a waiting list that is in daily use. Needs the network once.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# python NAME: an interpreter with the packages of benches/peers/requirements-NAME.txt.
python() {
    local name=$1 venv wanted=benches/peers/requirements-$1.txt
    venv=$(tools_dir)/peers-$name
    if ! cmp -s "$wanted" "$venv/installed.txt"; then
        if ! python3 -c 'import venv, ensurepip' 2>/dev/null; then
            install_packages python3 python3-venv
        fi
        python3 -m venv --clear "$venv"
        "$venv/bin/pip" install --quiet --requirement "$wanted" >&2
        cp "$wanted" "$venv/installed.txt"
    fi
    echo "$venv/bin/python"
}

matching=$(tools_dir)/matching
step "our matchings" cargo bench --locked --bench draw -- --matching "$matching"
step "the same with OR-tools and scipy" "$(python matching)" benches/peers/matching_compare.py "$matching"
PASSAGE_DURABLE=1 step "the cost of an assignment, with pretix" \
    tools/with-servers.sh "$(python pretix)" benches/peers/pretix_waitinglist.py
