#!/usr/bin/env bash
# tools/try-package.sh: installs the package in a fresh Debian, boots it, and follows docs/operating.md step by step: the
# service under its hardened unit, nginx with TLS before it, a reload, a stop; then PostgreSQL, and a process for each
# role. As root; uses ports 80, 443, 5432 and 8080 to 8085.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

((EUID == 0)) || fail "a Debian in a folder needs root"
need debootstrap debootstrap
need systemd-nspawn systemd-container
package=$(debian_package)
[[ -e $package ]] || fail "$package is missing: run make package first"

root=$(mktemp -d /var/tmp/passage-debian.XXXXXX)
chmod 755 "$root" # it becomes a /
trap 'rm -rf "$root"' EXIT
step "a fresh Debian" debootstrap --variant=minbase --include=systemd,systemd-sysv,dbus bookworm "$root" >/dev/null
cp "$package" "$root/root/passage.deb"
step "installing" chroot "$root" env DEBIAN_FRONTEND=noninteractive bash -c \
    'apt-get update -qq && apt-get install -qq -y --no-install-recommends nginx-light postgresql openssl curl ca-certificates /root/passage.deb' >/dev/null

cat >"$root/root/trial" <<'TRIAL'
#!/bin/bash
set -exuo pipefail
name=rendez-vous.example.gouv.fr

# The unit holds, and its key is root's alone.
systemd-analyze verify passage.service
systemd-analyze security passage.service --threshold=15 >/dev/null
[[ $(stat -c '%U %a' /etc/passage/master.key) == 'root 600' ]]

# As docs/operating.md says.
echo 'PASSAGE__NOTICES__SMS__TOKEN=0123456789abcdef0123456789abcdef' >>/etc/passage/environment
{ passage-admin check-config 2>&1 || true; } | grep notices.sms.account
sed -i 's/AC0*"/AC42424242424242424242424242424242"/' /etc/passage/passage.toml
passage-admin check-config
{ passage staff list 2>&1 || true; } | grep passage-admin
sed 's/^slug = "demonstration"/slug = "essai"/; s/^name = "Préfecture de Démonstration"/name = "Préfecture d’Essai"/' \
    /usr/share/doc/passage/demo-prefecture.toml >/etc/passage/prefecture.toml
passage-admin prefecture import /etc/passage/prefecture.toml
link=$(passage-admin staff add marie --prefecture essai --role manager | grep -o '/agent/lien/[^ ]*')
passage-admin staff add jeanne --prefecture essai --role manager | grep /agent/lien/
systemctl enable --now passage
systemctl is-active passage
passage health

# TLS, by an authority of this machine.
mkdir -p /etc/ssl/passage
certificate() { openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 "$@"; }
certificate -subj '/CN=An authority' -keyout authority.key -out /usr/local/share/ca-certificates/authority.crt
certificate -subj "/CN=$name" -CA /usr/local/share/ca-certificates/authority.crt -CAkey authority.key \
    -addext "subjectAltName=DNS:$name" -addext basicConstraints=critical,CA:FALSE \
    -keyout /etc/ssl/passage/privkey.pem -out /etc/ssl/passage/fullchain.pem
update-ca-certificates >/dev/null
echo "127.0.0.1 $name" >>/etc/hosts
cp /usr/share/doc/passage/nginx.conf /etc/nginx/sites-enabled/passage
systemctl restart nginx
ask() { curl --silent --show-error --fail "$@"; }
page=$(ask "https://$name/p/essai")
[[ $page == *'Première demande'* && $page == *'Préfecture d’Essai'* ]]
[[ $(ask -o /dev/null -w '%{http_code}' --http1.1 "https://$name/agent/connexion") == 200 ]]

# A manager opens the link, chooses a password, and is asked for a second factor.
ask "https://$name$link" | grep marie
password=a-long-password-for-a-trial
ask -o /dev/null "https://$name$link" --data "password=$password&password_again=$password"
ask --location --cookie-jar jar "https://$name/agent/connexion" --data "login=marie&password=$password" | grep 'second-facteur'

# The deep check: this machine has no internet, so no relay of the beacon and no gateway. Nothing else is wrong.
faults=$(passage-admin check-config --deep 2>&1) || true
[[ $faults == *notices.sms:* && $faults == *draws.relays:* ]]
if grep -v '^notices.sms: \|^draws.relays: ' <<<"$faults"; then exit 1; fi

# Its files are its own, and nothing else of the machine.
[[ $(stat -L -c %a /var/lib/passage/passage.db) == 600 ]]
pid=$(systemctl show --property=MainPID --value passage)
[[ $(awk '/^CapEff/ { print $2 }' "/proc/$pid/status") == 0000000000000000 ]]
[[ $(awk '/^Uid/ { print $2 }' "/proc/$pid/status") != 0 ]]

# A reload keeps it; a kill brings it back; a stop is quick; the command line then has the database.
systemctl reload passage
[[ $(systemctl show --property=MainPID --value passage) == "$pid" ]]
kill -9 "$pid"
for _ in {1..100}; do passage health && break || sleep 0.2; done
ask -o /dev/null "https://$name/p/essai"
before=$SECONDS
systemctl stop passage
((SECONDS - before <= 10))
passage-admin staff list | grep marie
passage-admin backup /root/copy.db
[[ $(stat -c '%U %a' /root/copy.db) == 'root 600' ]]
rm /var/lib/passage/passage.db*
passage-admin restore /root/copy.db
passage-admin staff list | grep marie
chmod 644 /etc/passage/environment /var/lib/passage/passage.db
{ passage-admin check-config --deep || true; } | grep -c 'chmod 600' | grep 2
chmod 600 /etc/passage/environment /var/lib/passage/passage.db

# The same on PostgreSQL, with two processes for the pages and one for the draws; one of the pages' may go.
runuser -u postgres -- psql -q -c "create role passage login password 'trial'" -c 'create database passage owner passage'
echo 'PASSAGE__DATABASE__URL=postgres://passage:trial@localhost/passage' >>/etc/passage/environment
passage-admin prefecture import /etc/passage/prefecture.toml
echo ROLE=web >>/etc/passage/environment
printf '%s\n' ROLE=web PASSAGE__HTTP__LISTEN=127.0.0.1:8082 PASSAGE__OPERATORS__LISTEN=127.0.0.1:8083 >/etc/passage/web2.environment
printf '%s\n' ROLE=worker PASSAGE__OPERATORS__LISTEN=127.0.0.1:8085 >/etc/passage/worker.environment
systemctl start passage passage@web2 passage@worker
for port in 8081 8083 8085; do passage health http://127.0.0.1:$port; done
sed -i 's|server 127.0.0.1:8080;|&\n    server 127.0.0.1:8082;|' /etc/nginx/sites-enabled/passage
systemctl restart nginx
for _ in {1..4}; do ask -o /dev/null "https://$name/p/essai"; done
# The worker writes what its jobs did once a minute, and whenever it is asked.
for _ in {1..100}; do
    ask -o /dev/null http://127.0.0.1:8085/alarms
    seen=$(ask http://127.0.0.1:8083/metrics | grep '^passage_job_last_success_timestamp_seconds{job="draws"}') && break || sleep 0.2
done
[[ -n $seen ]]
systemctl stop passage
for _ in {1..4}; do ask -o /dev/null "https://$name/p/essai"; done

# An update restarts them all; removing it stops them, and keeps its key and its data.
before=$(systemctl show --property=MainPID --value passage@web2)
apt-get install -qq -y --reinstall /root/passage.deb >/dev/null
[[ $(systemctl show --property=MainPID --value passage@web2) != "$before" ]]
for unit in passage@web2 passage@worker; do systemctl is-active "$unit"; done
apt-get purge -qq -y passage >/dev/null
for unit in passage@web2 passage@worker; do if systemctl is-active "$unit"; then exit 1; fi; done
[[ -s /etc/passage/master.key && -s /var/lib/passage/passage.db ]]
echo 'all of it held' >/root/done
TRIAL
chmod +x "$root/root/trial"
cat >"$root/etc/systemd/system/trial.service" <<'UNIT'
[Unit]
After=network.target nginx.service
[Service]
Type=oneshot
ExecStart=/bin/sh -c '/root/trial >/root/log 2>&1; journalctl --no-pager -u passage >/root/journal; systemctl poweroff --no-block'
[Install]
WantedBy=multi-user.target
UNIT
ln -s /etc/systemd/system/trial.service "$root/etc/systemd/system/multi-user.target.wants/trial.service" 2>/dev/null ||
    { mkdir -p "$root/etc/systemd/system/multi-user.target.wants" && ln -s ../trial.service "$root/etc/systemd/system/multi-user.target.wants/trial.service"; }
say "booting it"
timeout 300 systemd-nspawn --quiet --directory="$root" --register=no --keep-unit --boot >/dev/null 2>&1 </dev/null || true
if [[ -e $root/root/done ]]; then
    say "the package: installed, served behind nginx, reloaded, killed, stopped, removed"
else
    tail -n 40 "$root/root/journal" "$root/root/log" >&2
    fail "the package did not pass"
fi
