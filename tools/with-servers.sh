#!/usr/bin/env bash
# tools/with-servers.sh COMMAND…: runs the command with its own PostgreSQL and
# Redis, on free loopback ports, and leaves nothing behind.
#
#   PASSAGE_TEST_POSTGRES   postgres://…/postgres, a superuser
#   PASSAGE_TEST_REDIS      redis://127.0.0.1:PORT
#   PASSAGE_POSTGRES_BIN    where its programs are (pgbench)
#
# If either address is set beforehand, it is used and no server is started for it.
# PASSAGE_DURABLE=1: PostgreSQL flushes each commit, as in production; for
# measuring. PASSAGE_SKIP_SERVERS=1 starts neither: tests that need them are skipped, with a message.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

place=
servers=()
# How a server is started: it dies with this script, even if the script is killed.
lend=(setpriv --pdeathsig=INT)

tidy() {
    local server
    for server in "${servers[@]}"; do
        kill -INT "$server" 2>/dev/null || true
    done
    for server in "${servers[@]}"; do
        wait "$server" 2>/dev/null || true
    done
    if [[ -n $place ]]; then rm -rf "$place"; fi
}
trap tidy EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# PostgreSQL refuses to run as root, so root starts both servers under another account.
make_place() {
    local account=nobody
    place=$(mktemp -d "${TMPDIR:-/tmp}/passage-servers.XXXXXX")
    if ((EUID == 0)); then
        if id postgres >/dev/null 2>&1; then account=postgres; fi
        chown "$account:" "$place"
        lend+=("--reuid=$account" "--regid=$(id -g "$account")" --clear-groups)
    fi
}

# launch LOG COMMAND…: from a folder that this account can enter.
launch() {
    local log=$place/$1
    shift
    (cd "$place" && exec "${lend[@]}" "$@" >>"$log" 2>&1) &
    servers+=($!)
}

# answers COMMAND…: waits until it succeeds, or until the last launched server has ended.
answers() {
    for _ in {1..300}; do
        if "$@" >/dev/null 2>&1; then return 0; fi
        kill -0 "${servers[-1]}" 2>/dev/null || return 1
        sleep 0.1
    done
    return 1
}

newest_postgres() {
    compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -n 1 | xargs -r dirname
}

start_postgres() {
    local bin password port data=$place/postgres flushing=()
    bin=$(newest_postgres)
    password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    echo "$password" >"$place/password"
    chmod 644 "$place/password" # its folder is not readable for others
    (cd "$place" && "${lend[@]}" "$bin/initdb" --pgdata="$data" --username=postgres \
        --pwfile="$place/password" --auth=password --encoding=UTF8 --locale=C.UTF-8 \
        --no-sync) >"$place/initdb.log" 2>&1 ||
        fail "initdb: $(tail -n 5 "$place/initdb.log")"
    if [[ -z ${PASSAGE_DURABLE:-} ]]; then
        # These data need not survive a crash of the machine: nothing is flushed.
        flushing=(-c fsync=off -c synchronous_commit=off -c full_page_writes=off)
    fi
    for _ in 1 2 3; do
        port=$(free_port)
        launch postgres.log "$bin/postgres" -D "$data" -p "$port" -h 127.0.0.1 -k '' \
            "${flushing[@]}" -c max_connections=300 -c timezone=UTC
        if answers "$bin/pg_isready" -q -h 127.0.0.1 -p "$port"; then
            export PASSAGE_TEST_POSTGRES="postgres://postgres:$password@127.0.0.1:$port/postgres"
            export PASSAGE_POSTGRES_BIN=$bin
            say "$("$bin/postgres" --version) on port $port"
            return
        fi
    done
    fail "PostgreSQL did not start: $(tail -n 5 "$place/postgres.log")"
}

start_redis() {
    local port
    for _ in 1 2 3; do
        port=$(free_port)
        launch redis.log redis-server --port "$port" --bind 127.0.0.1 --save '' --appendonly no
        if answers redis-cli -p "$port" ping; then
            export PASSAGE_TEST_REDIS="redis://127.0.0.1:$port"
            say "Redis $(redis-server --version | grep -o 'v=[0-9.]*') on port $port"
            return
        fi
    done
    fail "Redis did not start: $(tail -n 5 "$place/redis.log")"
}

start_servers() {
    local missing=()
    if [[ -z ${PASSAGE_TEST_POSTGRES:-} && -z $(newest_postgres) ]]; then
        missing+=(postgresql)
    fi
    if [[ -z ${PASSAGE_TEST_REDIS:-} ]] && ! command -v redis-server >/dev/null; then
        missing+=(redis-server)
    fi
    if ((${#missing[@]})); then install_packages "${missing[@]}"; fi
    make_place
    if [[ -z ${PASSAGE_TEST_POSTGRES:-} ]]; then start_postgres; fi
    if [[ -z ${PASSAGE_TEST_REDIS:-} ]]; then start_redis; fi
}

if (($# == 0)); then fail "usage: tools/with-servers.sh COMMAND…"; fi
if [[ -n ${PASSAGE_SKIP_SERVERS:-} ]]; then
    unset PASSAGE_TEST_POSTGRES PASSAGE_TEST_REDIS
    say "skipped: everything on PostgreSQL and Redis, because PASSAGE_SKIP_SERVERS is set"
else
    start_servers
fi
"$@"
