#!/usr/bin/env bash
# tools/container.sh: builds the image with Debian's buildah, which needs no container engine, starts it as its own
# user on a read-only root, and asks it for its health. As root. The two base images that the Dockerfile names are
# made here by debootstrap; the builder's has this machine's Rust toolchain.
# shellcheck disable=SC2329 # what `step` and `base` call
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

((EUID == 0)) || fail "buildah's chroot isolation needs root"
need buildah buildah
need debootstrap debootstrap

work=$(realpath -m "${CARGO_TARGET_DIR:-target}")/container
export STORAGE_DRIVER=vfs BUILDAH_ISOLATION=chroot
images() { buildah --root "$work/storage" --runroot "$work/run" "$@"; }

# base NAME ROOT COMMAND…: a folder as an image, after a command for what is in it.
base() {
    local name=$1 root=$2 container mounted
    shift 2
    images inspect --type image "$name" >/dev/null 2>&1 && return
    container=$(images from scratch)
    mounted=$(images mount "$container")
    cp -a "$root/." "$mounted/"
    "$@" "$mounted" "$container"
    images umount "$container" >/dev/null
    images commit --quiet --rm "$container" "$name" >/dev/null
}

nothing_more() { :; }

with_rust() {
    local mounted=$1 container=$2
    cp -a "$(rustc --print sysroot)/." "$mounted/usr/local/"
    images config --env CARGO_HOME=/usr/local/cargo "$container"
}

bootstrap() {
    local root=$1
    shift
    [[ -e $root/.done ]] && return
    rm -rf "$root"
    debootstrap --variant=minbase "$@" bookworm "$root" >/dev/null
    rm -rf "$root"/var/cache/apt/archives/*.deb
    touch "$root/.done"
}

mkdir -p "$work"
step "a Debian to run in" bootstrap "$work/runtime"
step "a Debian to build in" bootstrap "$work/builder" --include=build-essential,ca-certificates
# Where this machine trusts another authority, the builder does too.
install -m 644 /etc/ssl/certs/ca-certificates.crt "$work/builder/etc/ssl/certs/ca-certificates.crt"
step "the base images" base debian:bookworm-slim "$work/runtime" nothing_more
step "the builder's image" base rust:1.95-slim-bookworm "$work/builder" with_rust
step "the image" images build --format docker --pull-never --layers=false --quiet --tag passage:trial .

# What an orchestrator does: secrets and data from outside, everything else read-only.
container=$(images from --pull-never passage:trial)
root=$(images mount "$container")
data=$(mktemp -d)
served=
finish() {
    [[ -z $served ]] || kill "$served" 2>/dev/null || true
    [[ -z $served ]] || wait "$served" 2>/dev/null || true
    umount "$root/run/secrets" "$root/var/lib/passage" "$root/tmp" "$root" 2>/dev/null || true
    images rm "$container" >/dev/null || true
    rm -rf "$data"
}
trap finish EXIT
mkdir -p "$data/lib" "$data/secrets" "$root/run/secrets"
chown 65532:65532 "$data/lib"
mount --bind "$root" "$root"
mount --bind "$data/lib" "$root/var/lib/passage"
mount --bind "$data/secrets" "$root/run/secrets"
mount -t tmpfs tmpfs "$root/tmp"
mount -o remount,bind,ro "$root"

# Its user and its environment, as the image says them.
said() { images inspect --type image --format "$1" passage:trial; }
mapfile -t environment < <(said '{{range .OCIv1.Config.Env}}{{println .}}{{end}}' | grep '^PASSAGE\|^SQLITE')
user=$(said '{{.OCIv1.Config.User}}')
inside=("$(command -v env)" -i "${environment[@]}" PASSAGE__ENVIRONMENT=development PASSAGE__DRAWS__SOURCE=commit
    PASSAGE__HTTP__LISTEN=127.0.0.1:18080 PASSAGE__OPERATORS__LISTEN=127.0.0.1:18081
    "$(command -v chroot)" --userspec="$user" "$root" /usr/local/bin/passage)
if chroot --userspec="$user" "$root" /bin/sh -c ': > /tmp/a && : > /etc/passage/b' 2>/dev/null; then
    fail "the root can be written to"
fi
"${inside[@]}" keys init /var/lib/passage/master.key
mv "$data/lib/master.key" "$data/secrets/master_key"
"${inside[@]}" serve --role all 2>"$data/log" &
served=$!
for _ in {1..100}; do
    if "${inside[@]}" health http://127.0.0.1:18081; then
        [[ $(stat -c '%u %a' "$data/lib/passage.db") == '65532 600' ]] || fail "the database is not its user's alone"
        kill "$served"
        wait "$served" || fail "a stop ends with $?"
        served=
        say "the image serves on a read-only root, and stops: $(du -sh --exclude=proc "$root" | cut -f 1)"
        exit 0
    fi
    sleep 0.2
done
cat "$data/log" >&2
fail "the image never said that it serves"
