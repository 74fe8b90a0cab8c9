# SPDX-License-Identifier: GPL-2.0-or-later
#
# Boxes on FireWire: nodes of the lab's fake cards (tests/lab/cable).
# shellcheck shell=bash

. "$REPO"/tests/flash/common.sh

NODES=/sys/class/bridgefw/nodes
BOX_BUS=1394
# Seconds after which firewire-core has given up on a node that shows no configuration ROM.
CORE_GIVES_UP=45

# cards [N]: the lab's cards, and our module; each with an empty bus
cards() {
	[ -d /sys/module/lab_1394 ] || modprobe lab_1394 cards="${1-2}" &&
		modprobe bridgefw_1394 && eventually "$PATIENCE" nodes_are '^fw[0-9]* .* local' 1
}

# Local profiles, which may write only because the module is told so here.
fw_profiles() {
	mkdir -p "$TEXTS" && cp "$REPO"/tests/lab/profiles/lab-{oxfw911,oxfw912,renum}.profile "$TEXTS" &&
		bridgefwctl profile compile --all --install >/dev/null && cards "$@" &&
		echo 1 >/sys/module/bridgefw/parameters/local_writes
}

# nodes_are REGEX [AT_LEAST]: so many lines of the list of nodes look like that
nodes_are() { [ "$(grep -cE -- "$1" $NODES)" -ge "${2-1}" ]; }
# node_is NAME REGEX: the line of a box's place, from what it is on
node_is() {
	eventually "$PATIENCE" grep -qE "^${BOX_BUSID[$1]} .*$2" $NODES ||
		fail "at ${BOX_BUSID[$1]} there is no '$2': $(cat $NODES)"
}

# running NAME CHIP OPTION...: a box with a disk that firewire-sbp2 has logged in to
running() {
	local name=$1 chip=$2

	shift 2
	box_plug "$name" --chip "$chip" --drive disk "$@" && box_disk "$name" >/dev/null &&
		udevadm settle --timeout="$PATIENCE"
}
# chip NAME CHIP IMAGE OPTION...: a chip of the lab with that in its flash; - for nothing
chip() {
	local name=$1 chip=$2 image=$3

	shift 3
	rm -f "$BOX_TMP/$name.flash"
	[ "$image" = - ] || cp "$(image "$chip" "$image")" "$BOX_TMP/$name.flash"
	box_plug "$name" --chip "$chip" --flash "$BOX_TMP/$name.flash" "$@"
}
flash_of() { echo "$BOX_TMP/$1.flash"; }

# Who reads 0x90004 resets the chip, whatever for: only one job may, see lawful().
ENDS_UPLOAD=fffff0090004
