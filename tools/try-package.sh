#!/usr/bin/env bash
# tools/try-package.sh: installs the package in a fresh Debian, boots it, and follows docs/operating.md: the service
# under its hardened unit, nginx with TLS before it, a reload, a stop. As root; uses ports 80, 443, 5432 and 8080 to 8083.
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
    'apt-get update -qq && apt-get install -qq -y --no-install-recommends nginx-light postgresql openssl curl /root/passage.deb' >/dev/null

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
passage-admin check-config
passage-admin prefecture import /usr/share/doc/passage/demo-prefecture.toml
echo 'a-long-password-for-a-trial' | passage-admin staff add marie --prefecture demonstration --role manager --password-stdin
systemctl enable --now passage
systemctl is-active passage
passage health

# TLS; an installation has a certificate of an authority.
mkdir -p /etc/ssl/passage
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "/CN=$name" \
    -addext "subjectAltName=DNS:$name" -keyout /etc/ssl/passage/privkey.pem -out /etc/ssl/passage/fullchain.pem
cp /usr/share/doc/passage/nginx.conf /etc/nginx/sites-enabled/passage
systemctl restart nginx
ask() { curl --silent --show-error --fail --cacert /etc/ssl/passage/fullchain.pem --resolve "$name:443:127.0.0.1" "$@"; }
page=$(ask "https://$name/p/demonstration")
[[ $page == *'Première demande'* ]]
[[ $(ask -o /dev/null -w '%{http_code}' --http1.1 "https://$name/agent/connexion") == 200 ]]

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
ask -o /dev/null "https://$name/"
before=$SECONDS
systemctl stop passage
((SECONDS - before <= 10))
passage-admin staff list | grep marie
passage-admin backup /var/lib/passage/copy.db
[[ -s /var/lib/passage/copy.db ]]

# The same on PostgreSQL, with two instances behind nginx; one of them may go.
runuser -u postgres -- psql -q -c "create role passage login password 'trial'" -c 'create database passage owner passage'
echo 'PASSAGE__DATABASE__URL=postgres://passage:trial@localhost/passage' >>/etc/passage/environment
passage-admin prefecture import /usr/share/doc/passage/demo-prefecture.toml
second='Environment=PASSAGE__HTTP__LISTEN=127.0.0.1:8082 PASSAGE__OPERATORS__LISTEN=127.0.0.1:8083'
sed "s|^ExecStart=|$second\n&|" /usr/lib/systemd/system/passage.service >/etc/systemd/system/passage-2.service
systemctl daemon-reload
systemctl start passage passage-2
passage health
passage health http://127.0.0.1:8083
sed -i 's|proxy_pass .*|proxy_pass http://passage;|' /etc/nginx/sites-enabled/passage
echo 'upstream passage { server 127.0.0.1:8080; server 127.0.0.1:8082; }' >>/etc/nginx/sites-enabled/passage
systemctl restart nginx
for _ in {1..4}; do ask -o /dev/null "https://$name/p/demonstration"; done
systemctl stop passage
for _ in {1..4}; do ask -o /dev/null "https://$name/p/demonstration"; done
systemctl stop passage-2

# Removing it keeps its key and its data.
apt-get purge -qq -y passage >/dev/null
[[ -s /etc/passage/master.key && -s /var/lib/passage/passage.db ]]
echo 'all of it held' >/root/done
TRIAL
chmod +x "$root/root/trial"
cat >"$root/etc/systemd/system/trial.service" <<'UNIT'
[Unit]
After=network.target nginx.service
[Service]
Type=oneshot
ExecStart=/bin/sh -c '/root/trial >/root/log 2>&1; journalctl --no-pager -u passage >>/root/log; systemctl poweroff --no-block'
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
    tail -n 60 "$root/root/log" >&2
    fail "the package did not pass"
fi
