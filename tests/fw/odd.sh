#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Nodes that are not ready, say the wrong thing, or lie: they are listed for what they
# show, are asked little, and are in nobody's way.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh
. "$DIR"/common.sh
. "$REPO"/tests/lifetime/common.sh
. "$DIR"/life_common.sh

placed() { BOX_BUSID[$1]=$(fw_place "$1") && [ -n "${BOX_BUSID[$1]}" ]; }
# odd_start OPTION...: box a, of which firewire-core may never make a device
odd_start() {
	box_dead a || box_unplug a || return
	: >"$BOX_TMP/a.log"
	BOX_ON[a]=1394 BOX_NODE[a]= BOX_BEHIND[a]=
	vbridge --bus 1394 --control "$(box_sock a)" --trace "$(box_trace a)" --drive none "$@" >"$BOX_TMP/a.log" 2>&1 &
	BOX_PID[a]=$!
	eventually "$PATIENCE" placed a || fail "vbridge $*: $(tail -3 "$BOX_TMP/a.log")"
}

# other_found: another box is found, and answers
other_found() { box_plug b --chip pl3507 --drive none && rom_well b; }

# odd KIND OPTION...: a box that is listed as that, beside one that is as ever
odd() {
	odd_start --chip oxfw911 "${@:2}" && node_is a "$1" && other_found
}
# late_but_well OPTION...: in the end it is a bridge
late_but_well() {
	odd_start --chip oxfw911 "$@" && other_found && eventually 20 bridge_at "${BOX_BUSID[a]}" ||
		fail "it did not become a bridge: $(cat $NODES)" || return
	box_node a && rom_well a
}
# Bounded: some quadlets of a ROM for us and some for firewire-core, the name once.
little_asked() {
	odd "$@" && pause 6 || return
	[ "$(grep -c '"address":"fffff0090020"' "$(box_trace a)")" -le 2 ] || fail "asked for its name again and again" ||
		return
	[ "$(wc -l <"$(box_trace a)")" -le 200 ] || fail "$(wc -l <"$(box_trace a)") requests to it"
}
hostile() {
	odd_start --chip oxfw911 --hostile "$1" && node_is a ' (running|no-rom|booting|refuses|silent|bridge)' &&
		other_found && [ "$(grep -c '"address":"fffff0090020"' "$(box_trace a)")" -le 2 ]
}
# Self-IDs that cannot be: another box is found as soon as they are gone.
self_ids() {
	odd_start --chip pl3507 --selfid "$1" && pause 2 && cat $NODES >/dev/null && box_unplug_any a &&
		other_found
}
# Where it was nobody can say.
box_unplug_any() {
	kill "${BOX_PID[$1]}"
	wait "${BOX_PID[$1]}" 2>/dev/null
	BOX_PID[$1]=
}

# The modules stay from one test to the next, which is quicker.
odd_test() { test_that "$1" with_modules "${@:2}"; }

fw_profiles
odd_test "one whose ROM reads 0" odd booting --hostile booting
odd_test "one that is not ready for a while" late_but_well --fault rcode=4@rom,n=1-12
odd_test "one that is busy for ever" little_asked booting --fault busy@rom,n=1-
odd_test "one that refuses everything" little_asked refuses --fault rcode=7@rom,n=1-
odd_test "a response code that there is not" little_asked 'silent|refuses' --fault rcode=f@rom,n=1-
odd_test "answers that come too late" late_but_well --fault late@rom,n=1-3
odd_test "answers that are too short" little_asked 'silent|refuses' --fault short=2@rom,n=1-
odd_test "self-IDs with the card's number" self_ids 817f8c56
odd_test "self-IDs without a parent" self_ids 807f8c54
odd_test "self-IDs that begin in the middle" self_ids 80840000
odd_test "self-IDs of sixteen ports" self_ids 807f8cd7,80800001,80900001
odd_test "self-IDs of a second node" self_ids 807f8c56,817f8c56
for variant in random loop past-end ones text-empty text-huge text-control endless unit-last bad-crc minimal; do
	odd_test "hostile ROM: $variant" hostile $variant
done
run_tests
