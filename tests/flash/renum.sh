#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A chip that becomes another device to be written, and comes back by a reset: for
# whoever asked for the job it is one bridge all the time.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh
. "$DIR"/common.sh

A=$(image lab-renum a)
B=$(image lab-renum b)
LONG_SUITE=1
LEAVES=op=flash.unlock

ids_are() { eventually "$PATIENCE" grep -q "^$1" "$(sys a)/ids" || fail "$(cat "$(sys a)/ids")"; }
comings() { log_since | grep -c "bridgefw bridgefw.*: back at "; }
state_is() { grep -q "$1" "$(sys a)/last_error" || fail "$(cat "$(sys a)/last_error")"; }

# Its node, its directory and the number of bridges stay; it is what it was in the end.
one_bridge() {
	local node inode

	ready lab-renum a && node=${BOX_NODE[a]} && inode=$(stat -c %i "/dev/$node") || return
	write_by_echo "$B" && same "$(flash)" "$B" && file_is "$(sys a)/last_error" "" &&
		file_is "$(sys a)/state" idle && ids_are 1209:0018 && is "$(comings)" 2 "times that it came back" &&
		is "$(echo /sys/class/bridgefw/bridgefw*)" "/sys/class/bridgefw/$node" "bridges" &&
		is "$(stat -c %i "/dev/$node")" "$inode" "inode of the node" &&
		is "$(readlink -f "$(sys a)/device")" "$(readlink -f /sys/bus/usb/devices/"${BOX_BUSID[a]}")" "parent" || return
	is "$(ops a flash.unlock) $(ops a reset)" "1 1" "leavings" && box_disk a >/dev/null &&
		read_twice a flash && by_echo restore && same "$(flash)" "$A" && ids_are 1209:0018
}

with_the_tool() {
	ready lab-renum a && rm -rf "$BRIDGEFW_STATE_DIR" && mkdir "$BRIDGEFW_STATE_DIR" &&
		gives 0 "$NEW" bridgefwctl flash "$(image lab-renum a1)" --yes --clone-identity &&
		says 'erase 1 of 8 sectors' && same "$(flash)" "$(image lab-renum a1)" &&
		gives 0 "$NEW" bridgefwctl restore --yes && same "$(flash)" "$A" && ids_are 1209:0018
}

# Pulled when it should come back: the wait ends, and the box was not touched.
never_back() {
	ready lab-renum a && read_twice a flash && cat "$B" >"$(sys a)/image" &&
		fault "unplug@$LEAVES,when=after" || return
	SECONDS=0
	gives 7 'gone' bridgefwctl flash "$B" --yes --clone-identity
	[ $SECONDS -lt $((PATIENCE + 20)) ] || fail "it took $SECONDS s" || return
	box_unplug a
	same "$(flash)" "$A" && eventually "$PATIENCE" test ! -e "/sys/class/bridgefw/${BOX_NODE[a]}" &&
		plug lab-renum && gives 0 "$NEW" bridgefwctl flash "$B" --yes --clone-identity && same "$(flash)" "$B"
}

# It says that all is well and stays what it is.
stays() {
	ready lab-renum a && read_twice a flash && cat "$B" >"$(sys a)/image" && fault "ignored@$LEAVES" || return
	echo_to "$(sys a)/command" "write identity"
	status_is 0 && job_ends a && state_is '^timeout: .*nothing was written' && same "$(flash)" "$A" &&
		ids_are 1209:0018 && box_ctl a clear >/dev/null && write_by_echo "$B" && same "$(flash)" "$B"
}

# Whatever becomes of it, the drive is nobody else's until the job is over.
claimed() {
	local ret

	ready lab-renum a && read_twice a flash && cat "$B" >"$(sys a)/image" &&
		fault "delay=300@op=flash.program,every" || return
	echo_to "$(sys a)/command" "write identity"
	status_is 0 && ids_are 1209:001a || return
	eventually "$PATIENCE" grep -q scsi "$(sys a)/transports"
	eventually "$PATIENCE" grep -q '^[1-9]' "$(sys a)/progress"
	file_is "$(sys a)/state" busy && gives 1 'in use|busy|temporarily' rmmod bridgefw_usb
	ret=$?
	box_ctl a clear >/dev/null
	job_ends a && [ $ret = 0 ] && same "$(flash)" "$B" && ids_are 1209:0018
}

# Broken off on the way: it comes up as it can, and one command brings it to its end.
power_cut() {
	ready lab-renum a && rm -rf "$BRIDGEFW_STATE_DIR" && mkdir "$BRIDGEFW_STATE_DIR" &&
		fault "powercut@op=flash.program,n=20,when=inside" || return
	gives 7 'vanished' bridgefwctl flash "$B" --yes --clone-identity
	box_unplug a
	! cmp -s "$(flash)" "$A" && plug lab-renum && gives 0 "$NEW" bridgefwctl restore "${BOX_BUSID[a]}" --yes &&
		same "$(flash)" "$A" && ids_are 1209:0018
}

# What is a mixture stays where it can be repaired.
mixture() {
	ready lab-renum a && fault "readonly=flash:0x3000" && write_by_echo "$B" && state_is '^ignored: ' &&
		ids_are 1209:001a && is "$(ops a reset)" 0 resets && box_ctl a clear >/dev/null &&
		read_twice a flash && by_echo restore && same "$(flash)" "$A" && ids_are 1209:0018
}

lab_profiles
test_that "one bridge from the first to the last" one_bridge
test_that "the tool: flash and restore" with_the_tool
test_that "it does not come back" never_back
test_that "it does not leave" stays
test_that "the job holds what comes back" claimed
test_that "a power cut while it is another device" power_cut
test_that "a mixture is repaired before it goes back" mixture
run_tests
