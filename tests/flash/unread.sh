#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A memory that can be written and not read: it wants a consent of its own, all of
# it is written, and the chip's own word for it is told as that.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh
. "$DIR"/common.sh

B=$(image lab-sum b)
LONG_SUITE=1
CHIP_SAYS='chip says that it'

state_is() { grep -q "$1" "$(sys a)/last_error" || fail "$(cat "$(sys a)/last_error")"; }
nothing_sent() {
	is "$(ops a flash.unlock) $(ops a flash.erase-sector) $(ops a flash.program)" "0 0 0" "requests" &&
		same "$(flash)" "$(image lab-sum a)"
}
stage() { cat "$1" >"$(sys a)/image"; }

# Nothing can be kept, and nothing of the box be carried over: both are to be said.
consent() {
	ready lab-sum a && file_is "$(sys a)/memories/flash/read_evidence" none && stage "$B" || return
	echo_to "$(sys a)/command" "write identity"
	says "Permission denied" || return
	echo_to "$(sys a)/command" "write unread"
	says "Permission denied" && nothing_sent || return
	echo_to "$(sys a)/command" "restore identity unread"
	says "No data available" && nothing_sent
}

# All sectors once, what makes the chip boot last, and then the chip is asked.
written() {
	ready lab-sum a && stage "$B" && by_echo "write identity unread" &&
		file_is "$(sys a)/last_error" "" && file_is "$(sys a)/state" idle && same "$(flash)" "$B" || return
	is "$(jq -r 'select(.op == "flash.erase-sector" and .dir == "none") | .cdb[4:6]' "$(box_trace a)" | tr '\n' ' ')" \
		"00 01 02 03 04 05 06 07 " "sectors" &&
		is "$(jq -r 'select((.op // "") | startswith("flash.")) | .op' "$(box_trace a)" | tail -1)" flash.verify "last request" &&
		is "$(ops a flash.read)" 0 reads
}

compared() {
	ready lab-sum a && stage "$(image lab-sum a)" && by_echo verify && file_is "$(sys a)/last_error" "" &&
		stage "$B" && by_echo verify && state_is '^content-differs: .*chip says that it does not' &&
		is "$(ops a flash.verify)" 2 "requests to compare"
}

with_the_tool() {
	ready lab-sum a && rm -rf "$BRIDGEFW_STATE_DIR" && mkdir "$BRIDGEFW_STATE_DIR" || return
	gives 5 'not known how this chip does that' bridgefwctl dump "$BOX_TMP/x" &&
		gives 4 'cannot be read, so there is no backup of it' bridgefwctl restore --yes &&
		gives 5 'identity' bridgefwctl flash "$B" --yes --accept-unread &&
		gives 5 'loses it for ever' bridgefwctl flash "$B" --yes --clone-identity && says '--accept-unread' &&
		nothing_sent || return
	gives 0 'cannot be read: what is there is lost' bridgefwctl flash "$B" --dry-run --clone-identity &&
		nothing_sent &&
		gives 0 "$CHIP_SAYS" bridgefwctl flash "$B" --yes --clone-identity --accept-unread &&
		says 'erase 8 of 8 sectors' && same "$(flash)" "$B" || return
	gives 0 'the chip says that it holds' bridgefwctl verify "$B" &&
		gives 6 'does not hold the image' bridgefwctl verify "$(image lab-sum a)" &&
		gives 0 '"verified": *"chip"' bridgefwctl verify "$B" --json &&
		gives 0 ' write .* done ' bridgefwctl history
}

# A part that ignores what it is told: its checksum gives it away.
liar() {
	ready lab-sum a && fault readonly=flash && stage "$B" && by_echo "write identity unread" &&
		state_is '^mismatch: .*does not hold the image; what it holds cannot be read' &&
		file_is "$(sys a)/state" failed
}

# An error is not tried again, since nobody can look what it left. The next write is whole.
broken_off() {
	ready lab-sum a && fault "stall@op=flash.program,n=20" && stage "$B" &&
		by_echo "write identity unread" && state_is '^stall: .*ended early' &&
		is "$(ops a flash.program)" 20 "program requests" &&
		box_ctl a clear >/dev/null && by_echo "write identity unread" &&
		file_is "$(sys a)/last_error" "" && same "$(flash)" "$B"
}

power_cut() {
	local left

	ready lab-sum a && fault "powercut@op=flash.program,n=30,when=inside" || return
	gives 7 'vanished' bridgefwctl flash "$B" --yes --clone-identity --accept-unread &&
		says 'write the same image again' || return
	left=$(sha256sum <"$(flash)")
	box_unplug a
	[ "$left" != "$(sha256sum <"$(image lab-sum a)")" ] || fail "nothing was written" || return
	plug lab-sum && gives 0 "$CHIP_SAYS" bridgefwctl flash "$B" --yes --clone-identity --accept-unread &&
		same "$(flash)" "$B"
}

lab_profiles
test_that "writing unseen wants consent of its own" consent
test_that "everything is written, then the chip compares" written
test_that "verify by the chip" compared
test_that "the tool: refusals, plan, flash, verify" with_the_tool
test_that "a write that is accepted and ignored" liar
test_that "a request that fails is not repeated" broken_off
test_that "a power cut, and the next write" power_cut
run_tests
