#!/usr/bin/env bash
# tools/try-operator.sh: an operator's bad days, on both databases. Each fault is provoked on the real program, and what
# it says is compared: one line for each. `make test` runs it within tools/with-servers.sh; PASSAGE_BIN is the program.
# Each database has its own variables, in a subshell; what it can do is called by those who try both.
# shellcheck disable=SC2030,SC2031,SC2329
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

need faketime faketime
need openssl openssl
need python3 python3
need curl curl

program=$(realpath "${PASSAGE_BIN:-target/debug/passage}")
demo=$(realpath config/demo-prefecture.toml)
clock=$(compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1')
work=$(mktemp -d "${TMPDIR:-/tmp}/passage-operator.XXXXXX")
work=$(realpath "$work")
trap 'rm -rf "$work"' EXIT
password=a-long-password-for-a-trial
started=()
end() {
    local one
    for one in "${started[@]}"; do
        kill -9 "$one" 2>/dev/null || true
        wait "$one" 2>/dev/null || true
    done
    if mountpoint -q "$work/small"; then umount "$work/small"; fi
}

# holds FAULT WORD…: the answer on standard input has each of these words.
holds() {
    local fault=$1 answer word
    shift
    answer=$(cat)
    for word; do
        [[ $answer == *"$word"* ]] || fail "$fault: $word is not in: $answer"
    done
    say "$name, $fault: ${*: -1}"
}

# soon FAULT COMMAND WORD…: within half a minute.
soon() {
    local fault=$1 command=$2 word answer
    shift 2
    for _ in {1..150}; do
        answer=$($command 2>&1) || true
        for word; do [[ $answer == *"$word"* ]] || { sleep 0.2 && continue 2; }; done
        holds "$fault" "$@" <<<"$answer"
        return
    done
    fail "$fault: $* is not in: $answer"
}

passage() { "$program" "$@" 2>&1; }
deep() { env "$@" "$program" check-config --deep 2>&1 || true; }
page() { curl --silent --include --max-time 10 "http://$pages$1"; }
livez() { curl --silent --include --max-time 10 "http://$operators/livez"; }
readyz() { curl --silent --include --max-time 10 "http://$operators/readyz"; }
alarms() { curl --silent --max-time 10 "http://$operators/alarms"; }
front() { page /p/demonstration; }
received() { curl --silent --include --max-time 10 --cookie registered "http://$pages/s/recu"; }
log_page() { page /journal; }
nobody_waits() { page /p/demonstration/renouvellement; }

# serve ROLE [VAR=…]: at the trial's clock, until it is ready. `now` is a time of day: messages leave by day.
serve() {
    local role=$1
    shift
    pages=127.0.0.1:$(free_port) operators=127.0.0.1:$(free_port)
    env "$@" LD_PRELOAD="$clock" TZ=UTC FAKETIME="@$now" NO_FAKE_STAT=1 FAKETIME_DONT_FAKE_MONOTONIC=1 \
        DONT_FAKE_MONOTONIC=1 PASSAGE__HTTP__LISTEN="$pages" PASSAGE__OPERATORS__LISTEN="$operators" \
        "$program" serve --role "$role" 2>>served.log &
    pid=$!
    started+=("$pid")
    for _ in {1..150}; do
        if [[ $(readyz) == *' 200 '* ]]; then return; fi
        kill -0 "$pid" 2>/dev/null || fail "it does not serve: $(tail -n 5 served.log)"
        sleep 0.2
    done
    fail "it is not ready: $(readyz)"
}

# stop: within ten seconds, with the code 0.
stop() {
    local before=$SECONDS
    kill -TERM "$pid"
    wait "$pid" || fail "a stop ended with $?: $(tail -n 5 served.log)"
    ((SECONDS - before <= 10)) || fail "a stop took $((SECONDS - before)) s"
}

# sign_in PASSWORD: as marie, from a page of ours.
sign_in() {
    curl --silent --include --max-time 10 "http://$pages/agent/connexion" --data "login=marie-trefle&password=$1"
}

# register NAME: through the form, as a browser does; the browser keeps what it is given.
register() {
    local form=/p/demonstration/premiere-demande/inscription key site
    key=$(page $form | grep -o 'name="cle" value="[^"]*' | cut -d'"' -f4)
    site=$(page $form | grep -o 'name="sites" value="[^"]*' | head -n 1 | cut -d'"' -f4)
    curl --silent --include --max-time 10 --cookie-jar jar "http://$pages$form" --data-urlencode "cle=$key" \
        --data-urlencode "birth_name=$1" --data 'given_names=Usager&birth_date=05/01/1990&phone=0639980042' \
        --data "language=fr&sites=$site&weekdays=0&weekdays=1&halves=morning&notice_days=5"
}

certificate() { openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "$@" 2>/dev/null; }

# register_of_numbers: at $register, for whoever has a certificate of its authority. It knows nobody.
register_of_numbers() {
    local port
    port=$(free_port)
    certificate -subj /CN=authority -keyout authority.key -out authority.pem
    certificate -subj /CN=localhost -CA authority.pem -CAkey authority.key -addext subjectAltName=DNS:localhost \
        -addext basicConstraints=critical,CA:FALSE -keyout register.key -out register.pem
    certificate -subj /CN=passage -CA authority.pem -CAkey authority.key -addext basicConstraints=critical,CA:FALSE \
        -keyout client.key -out client.crt
    cat client.key client.crt >client.pem
    python3 - "$port" <<'PYTHON' &
import http.server, ssl, sys

class Register(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        body = b'{"person": null}'
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_):
        pass

context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile="authority.pem")
context.load_cert_chain("register.pem", "register.key")
context.verify_mode = ssl.CERT_REQUIRED
server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Register)
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
PYTHON
    started+=($!)
    until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do sleep 0.1; done
    register=https://localhost:$port/numeros
}

# gateway refuses|hangs: a gateway of SMS on $gateway.
gateway() {
    gateway=127.0.0.1:$(free_port)
    python3 - "$1" "${gateway#*:}" <<'PYTHON' &
import http.server, sys, time

class Gateway(http.server.BaseHTTPRequestHandler):
    def answer(self):
        if sys.argv[1] == "hangs" and self.command == "POST":
            print("asked", flush=True)
            time.sleep(60)
        body = b'{"code": 20003, "message": "Authenticate"}'
        self.send_response(401)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    do_GET = do_POST = answer
    def log_message(self, *_):
        pass

http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), Gateway).serve_forever()
PYTHON
    started+=($!)
    until (exec 3<>"/dev/tcp/127.0.0.1/${gateway#*:}") 2>/dev/null; do sleep 0.1; done
    by_gateway=(PASSAGE__NOTICES__SMS__GATEWAY=twilio "PASSAGE__NOTICES__SMS__BASE_URL=http://$gateway"
        PASSAGE__NOTICES__SMS__ACCOUNT=AC42 PASSAGE__NOTICES__SMS__TOKEN=0123456789abcdef)
}

as_postgres() { "$PASSAGE_POSTGRES_BIN/psql" --quiet --tuples-only --no-align "$PASSAGE_TEST_POSTGRES" --command "$1"; }
in_database() { "$PASSAGE_POSTGRES_BIN/psql" --quiet --tuples-only --no-align "$PASSAGE__DATABASE__URL" --command "$1"; }

# Before anything serves: what the deep check says of each neighbour.
neighbours() {
    local closed
    closed=127.0.0.1:$(free_port)
    deep | holds 'no database yet' 'database.url' 'passage migrate'
    passage migrate >>served.log
    passage prefecture import "$demo" >/dev/null
    echo "$password" |
        passage staff add marie-trefle --prefecture demonstration --role manager --password-stdin >/dev/null
    deep | holds 'all is well' 'the configuration can be used'
    local before
    before=$("$contents")
    deep PASSAGE__LIMITS__REDIS_URL="redis://$closed/" | holds 'Redis is down' 'limits.redis_url' 'start it'
    deep PASSAGE__DRAWS__SOURCE=drand PASSAGE__DRAWS__RELAYS="http://$closed" |
        holds 'the beacon is out of reach' 'draws.relays'
    gateway refuses
    deep "${by_gateway[@]}" | holds 'the gateway refuses' 'notices.sms' 'token'
    certificate -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout tls.key -out tls.pem
    local secure
    secure=$(free_port)
    openssl s_server -accept "127.0.0.1:$secure" -key tls.key -cert tls.pem -quiet 2>/dev/null </dev/null &
    started+=($!)
    until (exec 3<>"/dev/tcp/127.0.0.1/$secure") 2>/dev/null; do sleep 0.1; done
    deep PASSAGE__HTTP__PUBLIC_URL="https://localhost:$secure" |
        holds 'an untrusted certificate' 'http.public_url' 'SSL_CERT_FILE'
    register_of_numbers
    deep PASSAGE__REGISTER__URL="$register" PASSAGE__REGISTER__CERTIFICATE_FILE=client.pem \
        PASSAGE__REGISTER__AUTHORITY_FILE=authority.pem |
        holds 'a register that knows this certificate' 'the configuration can be used'
    deep PASSAGE__REGISTER__URL="$register" PASSAGE__REGISTER__TOKEN=a-token \
        PASSAGE__REGISTER__AUTHORITY_FILE=authority.pem | holds 'a register that wants a certificate' 'register.url'
    deep PASSAGE__LOG__FILE=/nowhere/passage.log | holds 'a log without a folder' 'log.file' 'make its folder'
    chmod 644 var/master.key
    deep | holds 'a key that others may read' 'vault.master_key_file' 'chmod 600'
    chmod 600 var/master.key
    deep PASSAGE__ENVIRONMENT=production PASSAGE__HTTP__PUBLIC_URL=https://rdv.example |
        holds 'production without a word of its proxy' 'http.trusted_proxies' 'behind_proxy = false'
    if ((EUID == 0)) && mkdir -p "$work/small" && mount -t tmpfs -o size=1m tmpfs "$work/small" 2>/dev/null; then
        head --bytes=1040000 /dev/zero >"$work/small/full"
        deep PASSAGE__LOG__FILE="$work/small/passage.log" | holds 'a full disk' 'make room'
        umount "$work/small"
    else
        say "skipped: a full disk for the deep check needs a mount (root)"
    fi
    [[ $("$contents") == "$before" ]] || fail "the deep check has changed the database"
    say "$name, the deep checks: the database is as before"
}

# Serving: who lives, who is ready, what is stored and what is said when nothing can be.
days() {
    serve all PASSAGE__LOG__FILE="$PWD/passage.log"
    livez | holds 'it lives' ' 200 '
    readyz | holds 'it is ready' ' 200 '
    alarms | holds 'nothing is wrong' '0 alarm(s)'
    register 'Canari Trêfle' | holds 'somebody registers' ' 303 '
    mv jar registered
    sign_in a-wrong-password | holds 'a wrong password' ' 422 '
    local session
    session=$(sign_in "$password" | grep --ignore-case '^set-cookie: __Host-passage=' | cut -d' ' -f2 | cut -d';' -f1)
    curl --silent --include --max-time 10 --header "cookie: $session" "http://$pages/gestion/comptes" --data x=1 |
        holds 'somebody who is signed in is refused' ' 400 '
    "$cannot_write"
    soon 'nothing can be written: pages are read' front ' 200 '
    register 'Démo Perdue' | holds 'nothing can be written: no promise' ' 503 ' 'retry-after'
    soon 'nothing can be written: not ready' readyz ' 503 '
    soon 'nothing can be written: an alarm' alarms writes_fail
    livez | holds 'nothing can be written: it lives' ' 200 '
    "$can_write"
    soon 'there is room again' readyz ' 200 '
    received | holds 'there is room again: who was accepted is there' ' 200 ' 'class="reference"'
    register 'Démo Retrouvée' | holds 'there is room again: somebody registers' ' 303 '
    mv passage.log passage.log.1
    kill -HUP "$pid"
    soon 'the log was moved away' 'cat passage.log' log.reopened
    stop
}

# A gateway that refuses is an alarm; one that hangs holds up no stop.
gateways() {
    serve all "${by_gateway[@]}"
    soon 'the gateway refuses: an alarm' alarms gateway
    stop
    gateway hangs >asked
    serve all "${by_gateway[@]}"
    register 'Démo Attente' >/dev/null
    soon 'the gateway hangs' 'cat asked' asked
    stop
    say "$name, the gateway hangs: a stop within ten seconds"
}

# A copy is taken back: a witness has seen more, and says so; life goes on.
rollback() {
    local key witness
    seen() { curl --silent "http://$witness/etat.json"; }
    key=$(passage keys log)
    witness=127.0.0.1:$(free_port)
    "$program" witness --listen "$witness" --data seen --log-key "$key" >/dev/null 2>&1 &
    started+=($!)
    export PASSAGE__WITNESSES__URLS=http://$witness
    now='2027-01-08 10:00:00'
    serve all
    soon 'a witness follows' log_page 'Il est à jour'
    "$copies" copy
    local held
    held=$(seen)
    register 'Démo Oubliée' | holds 'registered after the copy' ' 303 '
    stop
    now='2027-01-08 10:05:00'
    serve all
    for _ in {1..150}; do
        if [[ $(seen) != "$held" ]]; then break; fi
        sleep 0.2
    done
    soon 'the witness has seen more than the copy' log_page 'Il est à jour'
    stop
    "$takes_back" copy | holds 'the copy is taken back' 'Restored.' 'Witnesses'
    now='2027-01-08 10:10:00'
    deep | holds 'taken back: sound' 'the configuration can be used'
    serve all
    soon 'the witness contradicts: an alarm' alarms witness_contradicts
    soon 'the witness contradicts: the public page' log_page 'rétablie depuis une copie'
    for n in 1 2 3 4 5; do register "Démo Nouvelle $n" | holds "life goes on ($n)" ' 303 '; done
    stop
    # The hour of a freeze, in Paris.
    now='2027-01-08 17:00:30'
    serve all
    soon 'the witness itself says it' "curl --silent http://$witness/alarmes.json" fork
    soon 'a list is frozen' 'cat served.log' draw.step
    stop
}

# What all of this has left behind.
traces() {
    cat served.log passage.log passage.log.1 >all.log
    holds 'what was done is in the log' program.starting program.stopped database.migrated staff.signed_in \
        staff.sign_in_refused request.refused draw.announced draw.step <all.log
    grep 'request.refused' all.log | holds 'a refusal names the account and the reason' 'staff=0' 'why="expired"'
    ! grep --ignore-case $'\e\|canari\|trefle\|trêfle\|démo \|39980042\|'"$password" all.log ||
        fail "the log has colours or personal data"
    ! find var seen copy passage.log* -type f -perm /077 | grep . || fail "others may read these"
    say "$name, what is left behind: no personal data in the log, and files of one account alone"
}

on_sqlite() {
    limit() { prlimit --pid="$pid" --fsize="$1"; }
    full() { limit 4096:unlimited; }
    room() { limit unlimited:unlimited; }
    copy() { passage backup "$1"; }
    take_back() {
        mkdir -p away
        mv var/passage.db* away/
        passage restore "$1"
    }
    dump() { python3 -c 'import sqlite3; print(*sqlite3.connect("var/passage.db").iterdump())'; }
    cannot_write=full can_write=room copies=copy takes_back=take_back contents=dump
    # A write beyond the limit fails, as on a full disk, and does not end the program.
    trap '' XFSZ
    neighbours
    days
    gateways
    rollback
    traces
    cp var/passage.db newer.db
    python3 - <<'PYTHON'
import sqlite3
with sqlite3.connect("newer.db") as db:
    db.execute("""INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
        VALUES (9999, 'newer', TRUE, x'00', 0)""")
PYTHON
    chmod 600 newer.db*
    deep PASSAGE__DATABASE__URL=sqlite:newer.db | holds 'a database of a newer program' 9999 'newer program'
    if [[ -n ${PASSAGE_TEST_POSTGRES:-} ]]; then
        as_postgres 'CREATE DATABASE operator_moved'
        local moved=${PASSAGE_TEST_POSTGRES%/*}/operator_moved
        passage move --to "$moved" | holds 'moved to PostgreSQL' 'are moved'
        export PASSAGE__DATABASE__URL=$moved
        deep | holds 'moved: sound' 'the configuration can be used'
        serve all
        register 'Démo Déménagée' | holds 'moved: somebody registers' ' 303 '
        stop
        as_postgres 'DROP DATABASE operator_moved WITH (FORCE)'
    fi
}

on_postgres() {
    local database=operator
    cut_off() { as_postgres "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '$database'" >/dev/null; }
    read_only() { as_postgres "ALTER DATABASE $database SET default_transaction_read_only = on" && cut_off; }
    writable() { as_postgres "ALTER DATABASE $database SET default_transaction_read_only = off" && cut_off; }
    copy() { (umask 077 && "$PASSAGE_POSTGRES_BIN/pg_dump" --format=custom --file="$1" "$PASSAGE__DATABASE__URL"); }
    take_back() {
        as_postgres "DROP DATABASE $database WITH (FORCE)"
        as_postgres "CREATE DATABASE $database"
        "$PASSAGE_POSTGRES_BIN/pg_restore" --dbname="$PASSAGE__DATABASE__URL" "$1"
        passage restore
    }
    # Each dump has a word of its own, against another's commands.
    dump() { "$PASSAGE_POSTGRES_BIN/pg_dump" "$PASSAGE__DATABASE__URL" | grep --invert-match '^.\(un\)\?restrict '; }
    cannot_write=read_only can_write=writable copies=copy takes_back=take_back contents=dump
    export PASSAGE__DATABASE__URL=${PASSAGE_TEST_POSTGRES%/*}/$database
    deep | holds 'the database is not there' 'database.url' 'start its server, or mend the address'
    if passage prefecture import --check "$demo" >/dev/null; then fail "compared with a database that is not there"; fi
    as_postgres "CREATE DATABASE $database"
    neighbours
    days
    gateways

    # The server is away, and comes back; a worker dies, and the pages go on.
    serve all
    as_postgres "ALTER DATABASE $database ALLOW_CONNECTIONS false" && cut_off
    soon 'PostgreSQL is away' front ' 503 ' 'retry-after'
    # The trial shares its two cores: the quickest of five.
    local quick=no
    for _ in {1..5}; do
        if curl --silent --output /dev/null --max-time 1 "http://$pages/p/demonstration"; then quick=yes; fi
    done
    [[ $quick == yes ]] || fail "PostgreSQL is away: not said within a second"
    readyz | holds 'PostgreSQL is away: not ready' ' 503 '
    as_postgres "ALTER DATABASE $database ALLOW_CONNECTIONS true"
    soon 'PostgreSQL is back' front ' 200 '
    { passage restore || true; } | holds 'a restore under a process that serves' 'other connection' 'stop every process'
    "$PASSAGE_POSTGRES_BIN/psql" --quiet "$PASSAGE__DATABASE__URL" \
        --command 'BEGIN; LOCK TABLE session, entry, notice, draw, component_health; SELECT pg_sleep(30)' >/dev/null 2>&1 &
    started+=($!)
    sleep 2
    stop
    cut_off
    say "$name, the database stalls: a stop within ten seconds"
    serve worker
    kill -9 "$pid"
    wait "$pid" 2>/dev/null || true
    serve web
    in_database "UPDATE component_health SET checked_at = checked_at - INTERVAL '10 minutes',
        healthy_at = healthy_at - INTERVAL '10 minutes' WHERE kind = 'job'"
    soon 'the worker died: an alarm' alarms job_silent draws
    readyz | holds 'the worker died: pages are served' ' 200 '

    in_database "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
        VALUES (9999, 'newer', TRUE, '', 0)"
    deep | holds 'a database of a newer program' 9999 'newer program'
    soon 'a database of a newer program: not ready' readyz ' 503 ' newer
    stop
    in_database 'DELETE FROM _sqlx_migrations WHERE version = 9999'
    rollback
    traces
    as_postgres "DROP DATABASE $database WITH (FORCE)"
}

# on NAME COMMAND: in a folder of its own, with a new key and nothing from outside.
on() {
    (
        trap end EXIT
        name=$1 now='2027-01-08 09:30:00'
        mkdir "$work/$1"
        cd "$work/$1"
        passage keys init var/master.key >/dev/null
        "$2"
    )
}

while IFS= read -r one; do unset "$one"; done < <(compgen -e PASSAGE__ || true)
on SQLite on_sqlite
if [[ -n ${PASSAGE_TEST_POSTGRES:-} ]]; then
    on PostgreSQL on_postgres
else
    say "skipped on PostgreSQL: PASSAGE_TEST_POSTGRES is not set (tools/with-servers.sh sets it)"
fi
say "the operator's trial: all of it held"
