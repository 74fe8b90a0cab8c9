#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the owner sees of FireWire: of nodes that are no bridge, of a box without
# firmware, of one box on two cables, and of a command that was seen on the other bus.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh
. "$REPO"/tests/cli/common.sh
. "$DIR"/common.sh
BOX_KEEP=
LONG_SUITE=1

# How the disk of a box on both cables calls itself, and its bridge.
DRIVE=WD-WMA8C1234567
GUID=0050770e100034a9

place() { echo "1394:${BOX_BUSID[$1]}"; }
# node NAME FILTER: the entry of its place in `list --json`
node() { json 0 ".nodes[] | select(.bus_id == \"${BOX_BUSID[$1]}\") | $2" bfw list; }
no_node() { json 0 "[.nodes[] | select(.bus_id == \"${BOX_BUSID[$1]}\")] == []" bfw list; }
# no_bridge NAME WORDS: every command says so, and sends nothing
no_bridge() {
	refuses 3 no-device "$(place "$1") is no bridge: .*$2" bfw info "$(place "$1")" &&
		refuses 3 no-device 'Nothing is sent to it' bfw flash "${BOX_BUSID[$1]}" "$(image lab-oxfw911 a)" --yes &&
		refuses 3 no-device "$2" bfw dump "1394-${BOX_BUSID[$1]}" "$BOX_TMP/x" && [ ! -e "$BOX_TMP/x" ]
}
# asked NAME: transactions that it saw to its registers
asked() { grep -c '"address":"fffff00[5-9]' "$(box_trace "$1")" || :; }

# The PHY lives, the link is dead; a box behind it works.
link_off() {
	box_start a --chip oxfw911 --link off && BEHIND=a running b pl3507 && node_is a off || return
	gives 0 "^$(place a): its link is off" bfw list && says '0928:ffff' && says 'power supply' &&
		says "one of its pins" && says "^${BOX_NODE[b]} +pl3507" &&
		node a '.what == "link-off" and (.link | not) and .guid == null and (.hint | test("power supply"))' &&
		no_node b && no_bridge a 'its link is off' && says 'power supply'
}

# nameless NAME VALUE: a blank chip that calls itself something that no profile knows
nameless() {
	sed "s/^value = 0x4c393131/value = 0x$2/; s/^name = lab-oxfw911/name = other/" \
		"$REPO"/tests/lab/profiles/lab-oxfw911.profile >"$BOX_TMP/other.profile"
	box_start "$1" --profile "$BOX_TMP/other.profile" && node_is "$1" "blank value=$2"
}
# Which chip, and that nothing was sent.
unknown_blank() {
	nameless a 39373100 || return
	gives 0 "^$(place a): it runs without firmware, and its chip calls itself \"971\"" bfw list &&
		node a '.what == "blank" and .value == "39373100"' && no_bridge a '"971"' &&
		is "$(asked a)" 1 "requests to its registers"
}

# A disk whose bridge is not known works on; it can be given a name by hand.
unknown_disk() {
	box_start a --chip pl3507 --company 00a0b0 --model 123456 --revision 1 --texts Maker/Thing --guid 00a0b00000000001 &&
		node_is a 'running.*vendor=00a0b0' || return
	gives 0 "^$(place a): a drive on FireWire whose bridge no profile knows" bfw list && says 'GUID 00a0b00000000001' &&
		node a '.vendor == "00a0b0" and .model == "123456" and .vendor_text == "Maker" and .sbp2' &&
		no_bridge a 'vendor 00a0b0 "Maker", model 123456 "Thing"' &&
		gives 0 'is taken for a' bfw attach "$(place a)" --profile oxfw912 && no_node a &&
		gives 0 'oxfw912 .*attached' bfw list
}

# Not the computer's own cards, nor another computer behind a cable.
others() {
	gives 0 'No bridge is there' bfw list && json 0 '.nodes == []' bfw list || return
	refuses 3 no-device 'no bridge is known at fw0-9' bfw info fw0-9
}

silent() {
	box_start a --chip oxfw911 --drive none && box_ctl a fault nak@rom,every >/dev/null &&
		box_ctl a fault nak@quadlet,every >/dev/null && box_ctl a replug >/dev/null && node_is a silent || return
	gives 0 "^$(place a): its link is on, and it does not answer" bfw list && says 'another cable' &&
		node a '.what == "silent" and .link' && no_bridge a 'does not answer'
}
no_rom() {
	box_start a --chip oxfw911 --hostile minimal && BEHIND=a box_start b --chip oxfw911 --hostile booting &&
		node_is a no-rom && node_is b 'booting|refuses|blank' || return
	gives 0 "^$(place a): where its configuration ROM should begin" bfw list &&
		says "^$(place b): it says that it is not ready yet" && no_bridge b 'not ready yet'
}

# At midnight, with a box that nothing else on the system shows.
blank() {
	local image

	image=$(image lab-oxfw911 a)
	chip a lab-oxfw911 - || return
	gives 0 'state +blank' bfw info && says 'no firmware runs in its chip' && says 'drive behind it is most likely untouched' &&
		says "flash $(place a) FILE" || return
	refuses 5 identity 'lab-oxfw911 without firmware' bfw flash "$image" --yes &&
		says '--clone-identity --accept-unread' && says 'most likely untouched' &&
		refuses 5 unread 'lab-oxfw911 without firmware' bfw flash "$image" --yes --clone-identity &&
		says '--accept-unread' && is "$(ops a flash.program)" 0 programs || return
	gives 0 . bfw flash "$image" --yes --clone-identity --accept-unread &&
		same <(head -c 1024 "$(flash_of a)") "$image" &&
		eventually "$PATIENCE" test "$(cat "/sys/class/bridgefw/$(bridge_at "${BOX_BUSID[a]}")/state")" = idle &&
		box_disk a >/dev/null
}

# What a real chip lacks is told for what it is: nothing is known that gives it firmware.
blank_real() {
	nameless a 46393131 && gives 0 . bfw attach "$(place a)" --profile oxfw911 && box_node a &&
		gives 0 'state +blank' bfw info && says 'what is public of this chip is not enough' &&
		is "$(asked a)" 1 "requests to its registers"
}

twins() {
	running a pl3507 --guid 0050770e00071002 && box_plug b --chip pl3507 --guid 0050770e00071002 --drive disk || return
	gives 0 'on the same FireWire bus shows the same GUID' bfw list && says '0050770e00071002\*' &&
		says 'one of the two at a time' && ! says 'one box on two cables' || return
	json 0 '[.bridges[] | .serial_identifies or (.same_box != null)] == [false, false]' bfw list &&
		gives 0 'same GUID' bfw info "$(place b)" &&
		refuses 5 identity 'does not identify' bfw info serial:0050770e00071002
}

# forgotten GUID: a node that comes back within two seconds is the one that left, for
# firewire-core, and so is the disk behind it
forgotten() { ! grep -qs "0x$1" /sys/bus/firewire/devices/*/guid; }

# both SERIAL GUID DRIVE DRIVE: a box on its USB cable, and one on its FireWire cable
both() {
	box_unplug u && box_unplug f && eventually "$PATIENCE" forgotten "$2" || return
	BOX_BUS=usb box_plug u --chip pl3507 ${1:+--serial "$1"} --drive disk --drive-serial "$3" &&
		box_disk u >/dev/null && running f pl3507 --guid "$2" --drive-serial "$4" && udevadm settle --timeout="$PATIENCE"
}
says_one() {
	gives 0 "^(${BOX_NODE[u]} and ${BOX_NODE[f]}|${BOX_NODE[f]} and ${BOX_NODE[u]}) are one box on two cables" bfw list &&
		json 0 "[.bridges[].same_box] | sort == ([\"${BOX_NODE[u]}\", \"${BOX_NODE[f]}\"] | sort)" bfw list
}
says_nothing() {
	gives 0 "${BOX_NODE[f]} " bfw list && ! grep -q 'two cables' <<<"$OUT" || fail "they are told to be one: $OUT" || return
	json 0 '[.bridges[].same_box] | unique == [null]' bfw list
}
two_cables() { both $GUID $GUID $DRIVE $DRIVE && says_one; }
another_drive() { both $GUID $GUID $DRIVE WD-WMA8C7654321 && says_nothing; }
no_usb_serial() { both "" $GUID $DRIVE $DRIVE && says_nothing; }
default_guid() { both 0050770e00071002 0050770e00071002 $DRIVE $DRIVE && says_nothing; }
three_candidates() {
	both $GUID $GUID $DRIVE $DRIVE && says_one &&
		BOX_BUS=usb box_plug v --chip pl3507 --serial $GUID --drive none && says_nothing
}

# An EEPROM over endpoint 0 was seen on USB: nothing of that goes over FireWire.
other_cable() {
	running a pl3507 --guid $GUID && gives 0 . bfw attach "$(place a)" --profile pl2507 || return
	eventually "$PATIENCE" grep -qx pl2507 "/sys/class/bridgefw/$(bridge_at "${BOX_BUSID[a]}")/profile" &&
		refuses 5 transport 'known for another connection' bfw dump "$(place a)" "$BOX_TMP/x" &&
		says 'plug the box in by its USB cable' && [ ! -e "$BOX_TMP/x" ] &&
		refuses 5 transport . bfw flash "$(place a)" "$FACTORY" --yes --write-attached --clone-identity &&
		says 'plug the box in by its USB cable'
}
# And the other way round: an upload that was seen on FireWire.
other_cable_back() {
	BOX_BUS=usb box_plug a --chip pl3507 --drive none && gives 0 . bfw attach "usb:${BOX_BUSID[a]}" --profile lab-oxfw911 || return
	refuses 5 transport 'known for another connection' bfw info "usb:${BOX_BUSID[a]}" --identify &&
		says 'plug the box in by its FireWire cable' &&
		refuses 5 transport . bfw flash "usb:${BOX_BUSID[a]}" "$(image lab-oxfw911 a)" --yes --write-attached --clone-identity --accept-unread &&
		says 'plug the box in by its FireWire cable'
}

fw_profiles
test_that "without boxes nothing is told" others
test_that "a box whose link is off, and one behind it" link_off
test_that "a blank chip that no profile knows" unknown_blank
test_that "a disk whose bridge no profile knows" unknown_disk
test_that "a box that does not answer" silent
test_that "boxes without a configuration ROM" no_rom
test_that "a blank box is explained, refused, and brought back" blank
test_that "a blank box of a real chip is explained" blank_real
test_that "two boxes with one GUID" twins
test_that "one box on two cables" two_cables
test_that "one identity with two drives is not told to be one box" another_drive
test_that "a USB side without a serial says nothing" no_usb_serial
test_that "nor does a default GUID" default_guid
test_that "nor three that show one identity" three_candidates
test_that "what was seen on USB is refused on FireWire" other_cable
test_that "what was seen on FireWire is refused on USB" other_cable_back
run_tests
