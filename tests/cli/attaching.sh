#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Boxes whose ids say nothing: attached by hand, and recognised by the journal
# through udev, after nothing but the disk remembers them.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh
. "$DIR"/common.sh
BOX_KEEP=

# plug CONTENT OPTION...: wherever it appears
plug() {
	[ "$1" = keep ] || cp "$1" "$(eeprom a)"
	shift
	box_start a --chip pl2507 --layout "$LAYOUT" --eeprom "$(eeprom a)" --drive none "$@"
}
no_bridge() { ! bridge_at "${BOX_BUSID[a]}" >/dev/null || fail "a bridge is there: $(cat /sys/class/bridgefw/bridgefw*/match)"; }
by_journal() { box_node a && eventually "$PATIENCE" grep -q "$1" "$(sys a)/match" || fail "match: $(cat "$(sys a)/match")"; }

nothing_sent() { is "$(vendor_requests a)" 0 "vendor requests"; }

by_hand() {
	modules_reload && plug "$FACTORY" --ids 1209:7777 && sleep 1 && no_bridge &&
		gives 0 'No bridge is there' bfw list &&
		gives 3 'no bridge is known at' bfw restore "${BOX_BUSID[a]}" --yes &&
		refuses 10 no-profile 'no profile "nonesuch"' bfw attach "${BOX_BUSID[a]}" --profile nonesuch &&
		refuses 3 no-device 'nothing is plugged in at 9-9' bfw attach 9-9 --profile pl2507 &&
		no_bridge &&
		json 0 ".bridge.chip == \"pl2507\" and .bridge.match == \"attached\" and .bus_id == \"${BOX_BUSID[a]}\"" \
			bfw attach "${BOX_BUSID[a]}" --profile pl2507 && box_node a &&
				nothing_sent &&
		gives 0 'attached: the profile was named by hand' bfw info &&
		gives 0 "${BOX_NODE[a]} .* attached " bfw list && nothing_sent || return
	# It is read now, and written with a consent of its own.
	gives 0 'read 2 times alike' bfw dump "$BOX_TMP/dump" --force &&
		same "$BOX_TMP/dump" "$FACTORY" &&
		refuses 5 attached 'write-attached' bfw flash "$OTHER" --clone-identity --yes &&
		gives 0 'was only named by hand|named by hand' bfw flash "$OTHER" --clone-identity -n &&
		is "$(ops a eeprom.program)" 0 "program requests" &&
		gives 0 "$NEW" bfw flash "$OTHER" --clone-identity --yes --write-attached &&
		same "$(eeprom a)" "$OTHER" &&
		gives 0 "$NEW" bfw restore --yes --write-attached &&
		same "$(eeprom a)" "$FACTORY"
}

# It holds until the box is unplugged.
until_unplugged() {
	rm -rf "$BRIDGEFW_STATE_DIR" && modules_reload && plug "$FACTORY" --ids 1209:7777 &&
		gives 0 'Nothing was sent' bfw attach "usb:${BOX_BUSID[a]}" -p pl2507 &&
		box_node a &&
		gives 0 'taken for a pl3507' bfw attach "${BOX_NODE[a]}" --profile pl3507 &&
		box_node a && file_is "$(sys a)/chip" pl3507 && nothing_sent &&
		box_ctl a replug >/dev/null && sleep 2 && no_bridge
}

# The modules are loaded by the tool: nothing else would for unknown ids.
loads_the_modules() {
	rmmod bridgefw_scsi bridgefw_usb bridgefw 2>/dev/null
	plug "$FACTORY" --ids 1209:7777 && [ ! -d /sys/module/bridgefw_usb ] ||
		fail "the modules are loaded" || return
	gives 0 'Nothing was sent' bfw attach "${BOX_BUSID[a]}" --profile pl2507 &&
		box_node a && nothing_sent
}

# From here on as it is when somebody uses it: the state in its own place, and
# udev calls the tool.
in_its_place() {
	local ret

	rm -rf /var/lib/bridgefw
	modules_reload
	BRIDGEFW_STATE_DIR= "$@"
	ret=$?
	boxes_away
	rm -rf /var/lib/bridgefw
	return $ret
}

modules_away() {
	rmmod bridgefw_scsi bridgefw_usb bridgefw 2>/dev/null
	[ ! -d /sys/module/bridgefw ] || fail "the modules cannot be unloaded"
}

# A box that we wrote comes back under ids that no profile has, after a "reboot".
udev_recognises() {
	plug "$FACTORY" && box_node a && gives 0 "$NEW" flash &&
		[ -e "/var/lib/bridgefw/ports/${BOX_BUSID[a]}" ] || fail "no journal" || return
	box_unplug a && modules_away && rm "$(box_trace a)" && plug keep && by_journal written &&
		file_is "$(sys a)/chip" pl2507 && file_is "$(sys a)/ids" 1209:0001:0200 ||
		return
	# One read, as the profile has it, to see whether it is that box.
	is "$(ops a eeprom.read)" "$(vendor_requests a)" "other vendor requests" || return
	[ "$(vendor_requests a)" -ge 1 ] || fail "it was not looked at" || return
	gives 0 "${BOX_NODE[a]} .* written " bfw list &&
		gives 0 'what a write here replaced' restore && says "$NEW" &&
		same "$(eeprom a)" "$FACTORY" &&
		box_replug a && file_is "$(sys a)/match" ids
}

# Another box at that port is not it, and is left alone from then on.
udev_leaves_others_alone() {
	plug "$FACTORY" && box_node a && gives 0 "$NEW" flash && box_unplug a && modules_away &&
		plug "$FACTORY" --ids 1209:7777 || return
	eventually 20 test -d /sys/module/bridgefw_usb || fail "the modules are not loaded" ||
		return
	udevadm settle --timeout="$PATIENCE" && no_bridge &&
		is "$(ops a eeprom.program)" 1 "program requests" &&
		gives 0 'was written at this port' bfw list
}

# At a port where nothing was written nothing is looked at.
udev_looks_nowhere_else() {
	plug "$FACTORY" && box_node a && gives 0 "$NEW" flash && box_unplug a && modules_away &&
		: >"$(box_trace a)" && plug keep --port 5 || return
	udevadm settle --timeout="$PATIENCE" && sleep 1 && no_bridge && nothing_sent &&
		[ ! -d /sys/module/bridgefw ] || fail "the modules are loaded"
}

# The ids it has now are a profile's: no journal is needed, and none is asked.
udev_not_needed() {
	plug "$FACTORY" && box_node a && gives 0 "$NEW" flash && gives 0 "$NEW" restore &&
		box_unplug a && modules_away && : >"$(box_trace a)" && plug keep &&
		box_node a && file_is "$(sys a)/match" ids &&
		udevadm settle --timeout="$PATIENCE" && nothing_sent
}

# The port may have got another number since the last boot: the journal knows it
# by more than that.
another_number() {
	local port

	plug "$FACTORY" && box_node a && gives 0 "$NEW" flash && box_unplug a && modules_away ||
		return
	port=/var/lib/bridgefw/ports/${BOX_BUSID[a]}
	jq '.bus_id = "9-1"' "$port" >/var/lib/bridgefw/ports/9-1 && rm "$port" && plug keep &&
		udevadm settle --timeout="$PATIENCE" || return
	gives 0 "usb:${BOX_BUSID[a]} " bfw list && says 'pl2507' &&
		gives 0 'taken for a pl2507' bfw attach --journal "${BOX_BUSID[a]}" &&
		by_journal written
}

# What the tool says when udev calls it for ports of which it knows nothing.
quiet() {
	gives 0 '' bfw attach --journal 1-7 && is "$OUT$ERR" "" "said" &&
		json 0 '. == {}' bfw attach --journal 1-7 &&
		gives 0 '' bfw attach --journal nonsense && is "$OUT$ERR" "" "said"
}

test_that "a profile is named by hand, and nothing is sent before it is asked for" by_hand
test_that "that holds until the box is unplugged" until_unplugged
test_that "attaching loads the modules" loads_the_modules
test_that "udev recognises a written box after the modules have gone" in_its_place udev_recognises
test_that "udev leaves another box at that port alone" in_its_place udev_leaves_others_alone
test_that "udev looks at no other port" in_its_place udev_looks_nowhere_else
test_that "udev sends nothing to a box with known ids" in_its_place udev_not_needed
test_that "the journal knows a port by more than its number" in_its_place another_number
test_that "attach --journal is quiet where it knows nothing" in_its_place quiet
run_tests
