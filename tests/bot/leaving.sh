#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A bridge whose drive does not answer, and which becomes another device to be written:
# what was handed over is taken again whenever the box comes back in the middle of a
# job, and nothing else ever is.

DIR=$(dirname "$(readlink -f "$0")")
CHIP=lab-renum
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh
. "$DIR"/common.sh
LONG_SUITE=1

B=$(image lab-renum b)
fresh_state() { rm -rf "$BRIDGEFW_STATE_DIR" && mkdir "$BRIDGEFW_STATE_DIR"; }
comings() { log_since | grep -c "bridgefw bridgefw.*: back at "; }
ids_are() { eventually "$PATIENCE" grep -q "^$1" "$(sys a)/ids" || fail "$(cat "$(sys a)/ids")"; }

# There and back twice, one bridge all the time; and in the end it is usb-storage's.
written() {
	local node

	box "$1" && fresh_state && node=${BOX_NODE[a]} &&
		gives 0 "$NEW" bfw flash --bot --yes --clone-identity "$B" && same "$(flash)" "$B" &&
		is "$(comings)" 2 "times that it came back" && ids_are 1209:0018 && comes_back && handed_back &&
		gives 0 "$NEW" bfw restore --bot --yes && same "$(flash)" "$FLASH_A" && comes_back && handed_back &&
		is "$(echo /sys/class/bridgefw/bridgefw*)" "/sys/class/bridgefw/$node" "bridges"
}

# The job needs its way until its end, with or without the tool.
without_the_tool() {
	box dead && fresh_state && fault "delay=60@op=flash.program,every" || return
	bridgefwctl flash --bot --yes --clone-identity "$B" >"$BOX_TMP/slow" 2>&1 &
	eventually "$PATIENCE" grep -qs '^1209:001a' "$(sys a)/ids" || fail "$(cat "$BOX_TMP/slow")" || return
	kill -9 $!
	ends_within "$PATIENCE" $!
	gives 0 . bfw status --wait && same "$(flash)" "$B" && ids_are 1209:0018 &&
		gives 0 . bfw status && comes_back && handed_back
}

# Gone for good, it is not waited for with an interface of the next box at this place.
next_box_is_left_alone() {
	box dead && fresh_state && fault "unplug@op=flash.unlock,when=after" &&
		gives 7 'gone' bfw flash --bot --yes --clone-identity "$B" || return
	box_unplug a
	eventually "$PATIENCE" test ! -e "/sys/class/bridgefw/${BOX_NODE[a]}" && box dead &&
		handed_back && same "$(flash)" "$FLASH_A"
}

# Pulled while it is the other device: the next command finds it and repairs it.
pulled_on_the_way() {
	box dead && fresh_state && fault "unplug@op=flash.program,n=20" &&
		gives 7 'vanished|gone' bfw flash --bot --yes --clone-identity "$B" || return
	box_unplug a
	! cmp -s "$(flash)" "$FLASH_A" &&
		box_plug a --chip lab-renum --flash "$(flash)" --drive none && comes_back &&
		gives 0 "$NEW" bfw restore "${BOX_BUSID[a]}" --bot --yes && same "$(flash)" "$FLASH_A" &&
		comes_back && handed_back
}

lab_profiles
test_that "dead drive: written and restored" written dead
test_that "no drive: written and restored" written none
test_that "the tool is killed while it is another device" without_the_tool
test_that "it does not come back: the next box keeps its driver" next_box_is_left_alone
test_that "pulled while it is another device" pulled_on_the_way
run_tests
