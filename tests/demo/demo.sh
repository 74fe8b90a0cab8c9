#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The main job, played on a virtual PL-2507 enclosure; then a box on FireWire that is
# dead for everybody else. Runs in a lab guest, as root: make demo. Every step is
# checked; the first that fails ends the demo.
set -euo pipefail

BOX=/tmp/demo
IMAGES=/repo/build/lab/images
LAYOUT=/repo/tests/lab/profiles/lab-pl2507.profile
FIRMWARE=$IMAGES/lab-oxfw911-a.bin
PROFILES=/etc/bridgefw/profiles
PLUG=
FW=()
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
trap '[ -z "$PLUG" ] || kill "$PLUG"; [ ${#FW[@]} = 0 ] || kill "${FW[@]}"' EXIT

# On FireWire: boxes hang one behind the other.
fw_plug() { # NAME BEHIND OPTION...
	local name=$1 behind=$2; shift 2
	vbridge --bus 1394 --control "$BOX/$name.sock" ${behind:+--behind "$BOX/$behind.sock"} "$@" \
		>"$BOX/$name.log" 2>&1 &
	FW+=($!)
	wait_for 20 grep -q 'plugged in' "$BOX/$name.log"
}

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

say "Now FireWire. A card with two boxes, one plugged into the other. An update of the first
# went over the wrong cable, that of the second was cut off: neither shows its disk.
# (Both are virtual, and the second is a chip made up for this: how firmware gets into a
# real one on FireWire is not public for any chip.)"
unplug
mkdir -p "$PROFILES"
cp /repo/tests/lab/profiles/lab-oxfw911.profile "$PROFILES"
bridgefwctl profile compile --all --install >"$BOX/compile.log"
modprobe lab_1394
wait_for 20 test -d /sys/module/bridgefw_1394
# The kernel tells each bus of a new module by a bus reset, up to two seconds later, and a
# bus reset ends a write that is under way.
sleep 4
fw_plug first "" --chip oxfw911 --link off
fw_plug second first --chip lab-oxfw911 --flash "$BOX/flash.bin" --drive disk
wait_for 20 bash -c 'grep -q blank /sys/class/bridgefw/bridgefw*/state'
udevadm settle

say "What the system shows of them: no disk but this machine's own (vd...), and of FireWire only
# the computer's two cards."
run lsblk
echo '$ ls /dev/fw*'
ls /dev/fw* | tee "$BOX/fw"
for node in $(cat "$BOX/fw"); do
	[ "$(cat "/sys/bus/firewire/devices/${node#/dev/}/is_local")" = 1 ] || die "$node is not the computer's"
done
say "What bridgefw shows: both, and what to do about each."
run bridgefwctl list | tee "$BOX/list"
grep -q 'link is off' "$BOX/list" || die "the dead box is not told of"
run bridgefwctl info

say "The second can be reached without its firmware. A profile of one's own may write only
# where the owner has said so; and what is lost with the write must be agreed to."
echo 1 >/sys/module/bridgefw/parameters/local_writes
! run bridgefwctl flash "$FIRMWARE" --yes || die "it was written without the owner's consent"
say "With both consents:"
run bridgefwctl flash "$FIRMWARE" --clone-identity --accept-unread --yes
wait_for 40 compgen -G '/sys/bus/firewire/devices/fw*/host*/target*/*/block/sd*'
udevadm settle
say "Its disk is back, behind a box that is dead but passes on what is for others."
run lsblk
run bridgefwctl list
cmp -n "$(stat -c %s "$FIRMWARE")" "$BOX/flash.bin" "$FIRMWARE" || die "the flash does not hold the firmware"
say "Alive again."
