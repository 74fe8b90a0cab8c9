#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The main job, played on a virtual PL-2507 enclosure. Runs in a lab guest, as
# root: make demo. Every step is checked; the first that fails ends the demo.
set -euo pipefail

BOX=/tmp/demo
IMAGES=/repo/build/lab/images
LAYOUT=/repo/tests/lab/profiles/lab-pl2507.profile
PLUG=
mkdir -p "$BOX"
cp "$IMAGES/lab-factory.bin" "$BOX/eeprom.bin"

say() { printf '\n\033[1m# %s\033[0m\n' "$*"; }
run() { printf '$ %s\n' "$*"; "$@"; }
die() { printf 'demo: %s\n' "$*" >&2; exit 1; }

wait_for() { # SECONDS COMMAND...
	local end=$((SECONDS + $1)); shift
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || die "waited in vain for: $*"
		sleep 0.2
	done
}

plug() {
	vbridge --bus usb --chip pl2507 --layout "$LAYOUT" --eeprom "$BOX/eeprom.bin" \
		--drive disk >"$BOX/vbridge.log" 2>&1 &
	PLUG=$!
	wait_for 20 compgen -G '/dev/bridgefw[0-9]*'
	udevadm settle
}

unplug() {
	kill "$PLUG"
	wait "$PLUG" || true
	PLUG=
	wait_for 20 bash -c '! compgen -G "/dev/bridgefw[0-9]*"'
}
trap '[ -z "$PLUG" ] || kill "$PLUG"' EXIT

say "An enclosure with a PL-2507 bridge is plugged in. udev loads the modules."
[ ! -e /sys/module/bridgefw ] || die "the modules are loaded already"
plug
lsmod | grep ^bridgefw
run bridgefwctl list

say "What is it? (Its disk keeps working all the while.)"
run bridgefwctl info

say "Back up its configuration EEPROM, and look inside."
run bridgefwctl dump "$BOX/backup.bin"
run bridgefwctl eeprom show "$BOX/backup.bin" --profile "$LAYOUT"

say "Now overwrite it with the table of another brand. First only: what would happen?"
run bridgefwctl eeprom write "$IMAGES/lab-other.bin" --clone-identity --dry-run
say "And now for real. A backup is made before the first byte is written."
run bridgefwctl eeprom write "$IMAGES/lab-other.bin" --clone-identity --yes
run bridgefwctl verify "$IMAGES/lab-other.bin"

say "Unplug, plug in: the box calls itself something else, which no profile knows."
run lsusb -d 067b:2507
unplug
plug
echo '$ lsusb | grep -v hub'
lsusb | grep -v hub | tee "$BOX/lsusb"
! grep -q '067b:2507' "$BOX/lsusb" || die "the old ids are still there"
say "It is recognised all the same, by what was written to it on this port."
wait_for 10 grep -q written /sys/class/bridgefw/bridgefw0/match
run bridgefwctl list

say "Restore it from the automatic backup."
run bridgefwctl restore --yes
unplug
plug
run lsusb -d 067b:2507
cmp "$BOX/eeprom.bin" "$IMAGES/lab-factory.bin" || die "the EEPROM is not what it was"
run bridgefwctl list
say "Back as it was, byte for byte."
