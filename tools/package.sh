#!/usr/bin/env bash
# tools/package.sh: makes the Debian package, its debug symbols apart, and the list of what it is built from (SBOM),
# in target/package. The binary must stay small.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

deb_version=3.8.0
cyclonedx_version=0.5.9
binary_bytes_max=40000000

tools=$PWD/target/tools
export PATH="$tools/bin:$PATH"
have() { [[ $("$1" --version 2>/dev/null) == *" $2"* ]]; }

need cc build-essential
need dpkg-deb dpkg
install() { cargo install --quiet --locked --root "$tools" --version "$2" "$1"; }
have cargo-deb "$deb_version" || step "building cargo-deb" install cargo-deb "$deb_version"
have cargo-cyclonedx "$cyclonedx_version" || step "building cargo-cyclonedx" install cargo-cyclonedx "$cyclonedx_version"

mkdir -p target/package
step "the package" cargo deb --profile dist --dbgsym --output target/package/
step "the SBOM" cargo cyclonedx --format json --spec-version 1.5 --override-filename passage.cdx
mv passage.cdx.json target/package/
need python3 python3
listed=$(python3 -c 'import json, sys
for one in json.load(open(sys.argv[1]))["components"]: print(one["name"], "v" + one["version"])' target/package/passage.cdx.json | sort -u)
built=$(cargo tree --edges normal,build --prefix none --format '{p}' | sed 's/ (.*//' | grep -v '^passage ' | sort -u)
missing=$(comm -13 <(echo "$listed") <(echo "$built"))
[[ -z $missing ]] || fail "the SBOM lacks: $missing"

package=$(debian_package)
bytes=$(dpkg-deb --fsys-tarfile "$package" | tar -xO ./usr/bin/passage | wc -c)
((bytes < binary_bytes_max)) || fail "the binary has $bytes bytes; the limit is $binary_bytes_max"
say "$package: $(stat -c %s "$package") bytes; the binary $bytes"
