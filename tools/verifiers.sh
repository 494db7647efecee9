#!/usr/bin/env bash
# tools/verifiers.sh: tests the two verifiers outside the program: Python and the browser page. Fetches what
# the tests need (pinned npm packages, py_ecc in a venv), runs them, and checks that the committed
# page equals the result of its build. With PASSAGE_BIN=path/to/passage, the program runs the same tests.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

PY_ECC_VERSION=8.0.0

export PASSAGE_DEPTH=${PASSAGE_DEPTH:-light}
case $PASSAGE_DEPTH in light | soak) ;; *) fail "PASSAGE_DEPTH is light or soak, not '$PASSAGE_DEPTH'" ;; esac

packages() {
    npm_packages verifier || return
    venv=$(tools_dir)/verifiers
    if [[ ! -e $venv/ready-$PY_ECC_VERSION ]]; then
        if ! python3 -c 'import venv, ensurepip' 2>/dev/null; then
            install_packages python3 python3-venv
        fi
        python3 -m venv --clear "$venv"
        "$venv/bin/pip" install --quiet --disable-pip-version-check "py-ecc==$PY_ECC_VERSION"
        touch "$venv/ready-$PY_ECC_VERSION"
    fi
}

in_python() {
    PYTHONPATH=verifier:verifier/test "$venv/bin/python" -m unittest test_verify
}

in_node() {
    (cd verifier && node --test --test-reporter=spec test/verify.test.mjs)
}

in_browser() {
    need chromium chromium
    (cd verifier && node test/browser.mjs)
}

need python3 python3
need openssl openssl
step "packages of the verifiers" packages
step "the committed page is what the build gives" node verifier/build.mjs --check
step "the verifier in Python" in_python
step "the verifier in JavaScript, and all of them together" in_node
step "the page in a browser" in_browser
