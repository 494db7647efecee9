#!/usr/bin/env bash
# tools/try-franceconnect.sh [FOLDER]: somebody registers through FranceConnect, and an agent signs in with ProConnect, in
# a real browser: the real program, the providers of the tests, and what stands between, content security policy included. With a folder, pictures are kept there.
# PASSAGE_BIN is the program.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

need chromium chromium
need curl curl
npm_packages tests/oidc/provider
npm_packages verifier

program=$(realpath "${PASSAGE_BIN:-target/debug/passage}")
demo=$(realpath config/demo-prefecture.toml)
folder=$(realpath tests/oidc/provider)
browsers=$(realpath verifier/test)
pictures=${1:+$(realpath "$1")}
work=$(mktemp -d "${TMPDIR:-/tmp}/passage-franceconnect.XXXXXX")
started=()
tidy() {
    local one
    for one in "${started[@]}"; do
        kill "$one" 2>/dev/null || true
        wait "$one" 2>/dev/null || true
    done
    rm -rf "$work"
}
trap tidy EXIT
# waited WHAT COMMAND…: until it succeeds, for half a minute.
waited() {
    local what=$1
    shift
    for _ in {1..300}; do
        if "$@" 2>/dev/null; then return; fi
        sleep 0.1
    done
    fail "$what does not answer: $(cat ./*.log 2>/dev/null)"
}
# provider KIND RETURN LEFT: starts one, and waits for it. Its issuer is `issuer`.
provider() {
    (cd "$folder" && KIND=$1 CLIENT_ID=passage CLIENT_SECRET=a-secret-of-this-trial REDIRECT_URIS=$pages$2 \
        LOGOUT_URIS=$pages$3 exec node provider.mjs >"$work/$1.log" 2>&1) &
    started+=($!)
    waited "the provider $1" grep --quiet 'http://' "$1.log"
    issuer=$(grep --only-matching 'http://.*' "$1.log")
}
cd "$work"

while IFS= read -r one; do unset "$one"; done < <(compgen -e PASSAGE__ || true)
port=$(free_port)
pages=http://localhost:$port
provider franceconnect /fc/retour /fc/sortie
export PASSAGE__FRANCECONNECT__ISSUER=$issuer PASSAGE__FRANCECONNECT__CLIENT_ID=passage \
    PASSAGE__FRANCECONNECT__CLIENT_SECRET=a-secret-of-this-trial
provider proconnect /agent/proconnect/retour /agent/proconnect/sortie
export PASSAGE__PROCONNECT__ISSUER=$issuer PASSAGE__PROCONNECT__CLIENT_ID=passage \
    PASSAGE__PROCONNECT__CLIENT_SECRET=a-secret-of-this-trial
export PASSAGE__HTTP__PUBLIC_URL=$pages PASSAGE__HTTP__LISTEN=127.0.0.1:$port PASSAGE__OPERATORS__LISTEN=off
"$program" keys init var/master.key >/dev/null
"$program" prefecture import "$demo" >/dev/null
password="quatre cigognes sous la pluie"
"$program" staff add agente --prefecture demonstration --role agent --password-stdin <<<"$password" >/dev/null
"$program" check-config --deep >/dev/null || fail "the deep check does not hold"
"$program" serve >served.log 2>&1 &
started+=($!)
waited "Passage" curl --silent --fail --output /dev/null "$pages/healthz"
export PASSAGE_URL=$pages PASSAGE_PASSWORD=$password
for one in franceconnect proconnect; do
    node "$browsers/$one.mjs" ${pictures:+"$pictures"} || { cat served.log >&2 && fail "$one in a browser"; }
done
