# Sourced by the Makefile and the other scripts: messages, timing, and the
# installation of missing Debian packages.
# shellcheck shell=bash

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." # everything runs from the repository's root

say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
fail() {
    printf '\033[1mstopped:\033[0m %s\n' "$*" >&2
    exit 1
}

# step NAME COMMAND…: runs it and prints how long it took.
step() {
    local name=$1 start=$SECONDS
    shift
    say "$name"
    "$@" || fail "$name failed after $((SECONDS - start)) s"
    say "$name: $((SECONDS - start)) s"
}

as_root() {
    if ((EUID == 0)); then
        "$@"
    else
        sudo "$@"
    fi
}

# install_packages PACKAGE…: from Debian, without starting a service or creating
# a PostgreSQL cluster: only the programs in these packages are needed.
install_packages() {
    command -v apt-get >/dev/null || fail "please install: $*"
    if ((EUID != 0)) && ! command -v sudo >/dev/null; then
        fail "no right to install packages: as root, run apt-get install $*"
    fi
    say "installing $* (Debian packages)"
    as_root bash -s -- "$@" <<'ROOT'
        set -euo pipefail
        export DEBIAN_FRONTEND=noninteractive
        policy=/usr/sbin/policy-rc.d
        cluster=/etc/postgresql-common/createcluster.d/passage-no-cluster.conf
        had_cluster_dir=$([[ -d /etc/postgresql-common ]] && echo yes || echo no)
        made_policy=no
        if [[ ! -e $policy ]]; then
            printf '#!/bin/sh\nexit 101\n' >"$policy"
            chmod 755 "$policy"
            made_policy=yes
        fi
        mkdir -p "${cluster%/*}"
        echo 'create_main_cluster = false' >"$cluster"
        tidy() {
            rm -f "$cluster"
            if [[ $made_policy == yes ]]; then rm -f "$policy"; fi
            if [[ $had_cluster_dir == no ]]; then
                rmdir --ignore-fail-on-non-empty -p "${cluster%/*}" 2>/dev/null || true
            fi
        }
        trap tidy EXIT
        apt-get update -qq </dev/null
        apt-get install -qq -y --no-install-recommends "$@" </dev/null >/dev/null
        # Not started now; not at the next boot either.
        for service in redis-server prometheus; do
            if [[ " $* " == *" $service "* ]]; then
                update-rc.d "$service" disable >/dev/null 2>&1 || true
            fi
        done
ROOT
}

# need COMMAND PACKAGE…: installs the packages if the command is missing.
need() {
    local command=$1
    shift
    command -v "$command" >/dev/null || install_packages "$@"
}

# npm_packages FOLDER: fetches what its package-lock.json pins, once.
npm_packages() {
    local wanted=$1/package-lock.json got=$1/node_modules/.package-lock.json
    need npm nodejs npm
    if [[ ! -e $got || $wanted -nt $got ]]; then
        (cd "$1" && npm ci --no-audit --no-fund --loglevel=error) && touch "$got"
    fi
}

# A port of the loopback address that nobody has.
free_port() {
    local port
    for _ in {1..50}; do
        port=$((20000 + RANDOM % 12000))
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            echo "$port"
            return
        fi
    done
    fail "no free port found between 20000 and 32000"
}

# Where tools fetched only for this repository are kept between runs.
tools_dir() {
    local dir="${CARGO_TARGET_DIR:-target}/tools"
    mkdir -p "$dir"
    (cd "$dir" && pwd)
}

# Where the Debian package of this version is made.
debian_package() {
    local id
    id=$(cargo pkgid)
    echo "target/package/passage_${id##*[#@]}-1_$(dpkg --print-architecture).deb"
}
