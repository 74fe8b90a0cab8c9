#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Every node of a bus is accounted for: running, blank, silent, hostile, with its link
# off; and who is a bridge becomes one, whatever firewire-core made of it.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh
. "$DIR"/common.sh
LONG_SUITE=1

# reads_of NAME ADDRESS: how often the box was asked for it
reads_of() { grep -c "\"address\":\"$2\"" "$(box_trace "$1")" || :; }

# As published: ids, GUID; with its disk beside.
published() {
	local disk

	running a pl3507 --guid 0050770e00071234 && file_is "$(sys a)/chip" pl3507 && file_is "$(sys a)/state" idle &&
		file_is "$(sys a)/serial" 0050770e00071234 && file_is "$(sys a)/transports" "scsi 1394" &&
		node_is a "guid=0050770e00071234" && disk=$(box_disk a) &&
		dd if="/dev/$disk" of=/dev/null bs=64k count=8 status=none &&
		gives 0 '1394:fw' bridgefwctl list && says '0050770e00071234'
}
oxford() {
	running a oxfw911 --texts Oxford/911 && file_is "$(sys a)/chip" "$1"
}
oem() { running a oxfw911 --company 0001d2 --texts "Oxford Semiconductor Ltd./OXFORD IDE Device LUN 0" && node_is a 'vendor=0001d2'; }

# What lsblk and /dev/fw* do not show.
blank() {
	local before

	before=$(ls /dev/fw*)
	chip a lab-oxfw911 - && file_is "$(sys a)/state" blank && node_is a 'blank|bridge.*value=4c393131' &&
		is "$(ls /dev/fw*)" "$before" "device files" && gives 0 'without its firmware' bridgefwctl list &&
		gives 0 'blank' bridgefwctl info "${BOX_BUSID[a]}" && is "$(reads_of a fffff0090020)" 1 "reads of its name"
}
# firewire-core tries for half a minute; we asked once and do not begin again.
blank_for_long() {
	chip a lab-oxfw911 - && sleep $CORE_GIVES_UP && file_is "$(sys a)/state" blank &&
		is "$(reads_of a fffff0090020)" 1 "reads of its name" &&
		! compgen -G "/sys/bus/firewire/devices/*/guid" | xargs grep -l 1209 || fail "it got a device"
}

# The PHY repeats, the link is dead: the box from the story.
link_off() {
	box_start a --chip oxfw911 --link off && node_is a off && ! bridge_at "${BOX_BUSID[a]}" >/dev/null &&
		gives 0 "${BOX_BUSID[a]}" bridgefwctl list && says 'link' || return
	BEHIND=a running b pl3507 && box_disk b >/dev/null && node_is a off
}

# Another thing than a bridge is listed for what it says, and left alone.
unknown() {
	box_start a --chip pl3507 --company 00a0b0 --model 123456 --revision 1 --texts "Maker/Thing" --guid 00a0b00000000001 --drive none &&
		node_is a 'vendor=00a0b0' && ! bridge_at "${BOX_BUSID[a]}" >/dev/null &&
		is "$(reads_of a fffff0090020)" 0 "reads of another one's registers"
}


three() {
	chip a lab-oxfw911 - && BEHIND=a running b oxfw911 && BEHIND=b chip c lab-oxfw912 a &&
		file_is "$(sys c)/bus_id" "${BOX_BUSID[b]}.${BOX_BUSID[c]##*.}" && file_is "$(sys a)/state" blank &&
		file_is "$(sys b)/state" idle && nodes_are 'bridge=' 3
}

# Two boxes with one GUID: the classic fault. Both are bridges, and it names neither.
twins() {
	running a oxfw911 --guid 0030e000eeadbabe && box_start b --chip oxfw911 --guid 0030e000eeadbabe --drive disk &&
		box_node b && gives 0 'GUID' bridgefwctl list && says 'same' &&
		gives 5 . bridgefwctl info serial:0030e000eeadbabe && [ ! -e /dev/bridgefw-by-id/*eeadbabe* ]
}

# udev loads the module for a card, not for a box.
loaded_by_udev() {
	modules_away && rmmod lab_1394 && modprobe lab_1394 &&
		eventually "$PATIENCE" test -d /sys/module/bridgefw_1394 || fail "not loaded" || return
	running a pl3507 && file_is "$(sys a)/chip" pl3507 && [ -e "/dev/bridgefw-by-id/1394-pl3507-$(cat "$(sys a)/serial")" ]
}

fw_profiles
test_that "a PL-3507 as published, with its disk beside" published
test_that "an Oxford box by its company" oxford oxfw9xx
test_that "an OEM's box is accounted for" oem
test_that "a blank chip becomes a bridge" blank
test_that "a blank chip stays one, and is left in peace" blank_for_long
test_that "a box whose link is off is told of" link_off
test_that "something else is told of and left alone" unknown
test_that "a chain of three" three
test_that "two boxes with one GUID" twins
test_that "udev loads the module for a card" loaded_by_udev
run_tests
