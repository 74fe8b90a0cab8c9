#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What bridgefw-gen makes of the profiles, and what it says when it cannot.
set -u

BUILD=${BUILD:-build}
GEN=$BUILD/tools/bridgefw-gen
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
COUNT=0
STATUS=0

result() {
	COUNT=$((COUNT + 1))
	if [ "$1" = 0 ]; then
		echo "ok $COUNT - $2"
	else
		echo "not ok $COUNT - $2"
		STATUS=1
	fi
}

skip() {
	COUNT=$((COUNT + 1))
	echo "ok $COUNT - $1 # SKIP $2"
}

# refused STATUS TEXT ARGUMENT...: the generator fails so, says so, and leaves nothing
refused() {
	local status=$1 text=$2 is

	shift 2
	"$GEN" "$@" >"$WORK/said" 2>&1
	is=$?
	[ "$is" = "$status" ] && grep -qF -- "$text" "$WORK/said" && [ ! -e "$WORK/out" ] &&
		! compgen -G "$WORK/*.part" >/dev/null
	result $? "refused: $text"
}

profile() {
	printf '[chip]\nname = %s\ntitle = T\nvendor = V\nrecovery = none-known\n' "$1"
	printf '[usb %s]\nrole = running\nevidence = reported\nsource = s\n' "$2"
}

# udev rules: each USB id of each profile, once
RULES=$BUILD/udev/60-bridgefw.rules
missing=0
ids=0
while read -r id; do
	ids=$((ids + 1))
	line="ATTR{idVendor}==\"${id%:*}\", ATTR{idProduct}==\"${id#*:}\", RUN{builtin}+=\"kmod load bridgefw_usb\""
	[ "$(grep -cF -- "$line" "$RULES")" = 1 ] || missing=$((missing + 1))
done < <(sed -n 's/^\[usb \(....:....\)\]$/\1/p' kmod/profiles/*.profile | sort -u)
[ "$missing" = 0 ] && [ "$ids" -ge 10 ]
result $? "a rule loads the module for each of $ids USB ids"
! grep -qE '1209|lab-' "$RULES" "$BUILD/udev/60-bridgefw.hwdb" "$BUILD/doc/supported-chips.rst"
result $? "nothing of the lab's made-up chips is in what is installed"
grep -q '^SUBSYSTEM=="bridgefw", OWNER="root", GROUP="root", MODE="0600"$' "$RULES"
result $? "nodes are root's alone"
[ "$(grep -c '^LABEL=' "$RULES")" = "$(grep -o 'GOTO="[a-z_]*"' "$RULES" | sort -u | wc -l)" ]
result $? "every GOTO has its LABEL"
if udevadm verify --help >/dev/null 2>&1; then
	udevadm verify "$RULES" >"$WORK/said" 2>&1
	result $? "udev understands the rules"
else
	skip "udev understands the rules" "this udevadm has no verify (systemd 254)"
fi

# hwdb: compiled by systemd's own program, and asked
chip_of() {
	systemd-hwdb --root="$WORK/root" query "$1" | sed -n 's/^BRIDGEFW_CHIP=//p'
}
if command -v systemd-hwdb >/dev/null; then
	mkdir -p "$WORK/root/etc/udev/hwdb.d"
	cp "$BUILD/udev/60-bridgefw.hwdb" "$WORK/root/etc/udev/hwdb.d/"
	systemd-hwdb --root="$WORK/root" --strict update >"$WORK/said" 2>&1 &&
		[ "$(chip_of usb:v067Bp2507d0001dc00dsc00dp00ic08isc06ip50in00)" = pl2507 ] &&
		[ "$(chip_of usb:v0928pFFFFd0000)" = oxford-blank ] &&
		[ -z "$(chip_of usb:v067Bp2303d0300)" ]
	result $? "hwdb names a PL-2507, a blank Oxford, and not what is no bridge"
else
	skip "hwdb names a PL-2507, a blank Oxford, and not what is no bridge" \
		"systemd-hwdb is not on this machine"
fi

# The module's table: the very hashes of the files that are installed.
good=0
for file in "$BUILD"/firmware/bridgefw/*.bin; do
	case $file in *index.bin) continue ;; esac
	hash=$(sha256sum "$file" | cut -c 1-64)
	name=$(basename "$file" .bin)
	sed -n "/\/\* $name \*\//,/},/p" "$BUILD/gen/known_profiles.h" | grep -o '0x[0-9a-f]*' |
		sed 's/0x//' | tr -d '\n' | grep -qx "$hash" || good=1
done
result $good "the module knows each profile by its SHA-256"
echo '#include "profile.h"
#include "known_profiles.h"
int main(void) { return sizeof(bridgefw_known_profiles) / 32 != ARRAY_SIZE(bridgefw_known_profile_names); }' \
	>"$WORK/known.c"
${CC:-cc} -std=gnu11 -Wall -Wextra -Werror -Ikmod/logic -I"$BUILD/gen" -o "$WORK/known" "$WORK/known.c" \
	>"$WORK/said" 2>&1 && "$WORK/known"
result $? "its table compiles, with as many names as hashes"

# The table of supported chips
cmp -s "$BUILD/doc/supported-chips.rst" Documentation/supported-chips.rst
result $? "Documentation/supported-chips.rst is up to date (else: make Documentation/supported-chips.rst)"
# Lab tables
good=0
for name in factory other swapped; do
	[ "$(wc -c <"$BUILD/lab/images/lab-$name.bin")" = 112 ] || good=1
done
result $good "the lab's EEPROM tables have their length"
[ "$(head -c 4 "$BUILD/lab/images/lab-factory.bin" | od -An -tx1 | tr -d ' \n')" = 067b7b06 ] &&
	[ "$(head -c 4 "$BUILD/lab/images/lab-swapped.bin" | od -An -tx1 | tr -d ' \n')" = 7b067b06 ]
result $? "and their first words"

# What cannot be made
refused 2 "usage: bridgefw-gen"
refused 2 "usage: bridgefw-gen" compile "$WORK/out"
refused 2 "usage: bridgefw-gen" paint "$WORK/out"
refused 1 "No such file" compile "$WORK/out" "$WORK/none.profile"
printf '[chip]\nname = a\n' >"$WORK/a.profile"
refused 1 "a.profile:1: [chip] needs 'title'" compile "$WORK/out" "$WORK/a.profile"
profile b 1209:0001 >"$WORK/c.profile"
refused 1 "the profile's name is b, so the file must be called b.profile" compile "$WORK/out" "$WORK/c.profile"
echo "06 7" >"$WORK/odd.hex"
refused 1 "odd.hex:2: expected bytes of two hexadecimal digits" hex "$WORK/out" "$WORK/odd.hex"
printf '06\n7g\n' >"$WORK/bad.hex"
refused 1 "bad.hex:2: expected bytes of two hexadecimal digits" hex "$WORK/out" "$WORK/bad.hex"
refused 1 "No such file" index "$WORK/out" "$WORK/none.bin"
head -c 100 "$BUILD/firmware/bridgefw/pl2507.bin" >"$WORK/cut.bin"
refused 1 "cut.bin: 100 bytes are too few for a compiled profile" index "$WORK/out" "$WORK/cut.bin"
for name in d e; do
	profile $name 1209:0001 >"$WORK/$name.profile"
	"$GEN" compile "$WORK/$name.bin" "$WORK/$name.profile"
done
refused 1 "also stands in another profile" index "$WORK/out" "$WORK/d.bin" "$WORK/e.bin"
refused 1 "two profiles with the name 'd'" index "$WORK/out" "$WORK/d.bin" "$WORK/d.bin"
refused 1 "No such file or directory" udev "$WORK/none/out" "$WORK/d.bin"

echo "1..$COUNT"
exit $STATUS
