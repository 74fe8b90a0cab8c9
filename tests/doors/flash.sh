#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A flash that is erased by sectors, through every door.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh
. "$DIR"/common.sh

MEM=flash
CHIP=lab-nor
plug_in() { plug "$CHIP" "$@"; }
images "$(image lab-nor a)" "$(image lab-nor b)"
NEAR=$(image lab-nor a1)
# Its serial stands at 0xe010, in no checksum.
KEPT=$BOX_TMP/kept
cp "$NEW" "$KEPT"
dd if="$OLD" of="$KEPT" bs=1 skip=$((0xe010)) seek=$((0xe010)) count=8 conv=notrunc status=none
BUSY=delay=1000@op=flash.read,every
SLOW=delay=1500@op=flash.program,n=20-
PULLED=unplug@op=flash.program,n=20,when=inside

# With the chip that nothing brings back.
case_lab_gone_final() {
	local CHIP=lab-gone OLD NEW

	OLD=$(image lab-gone a) NEW=$(image lab-gone boot)
	case_final
}

case_lab_gone_no_way_back() {
	local CHIP=lab-gone OLD NEW

	OLD=$(image lab-gone a) NEW=$(image lab-gone b)
	case_no_way_back
}

# With one that never says what it holds.
case_lab_sum_unread() {
	local CHIP=lab-sum OLD NEW

	OLD=$(image lab-sum a) NEW=$(image lab-sum b)
	case_unread
}

lab_profiles
through_each_door "reading" reading
through_each_door "writing everything" writing
through_each_door "writing one sector" one_part
through_each_door "verifying" verifying
through_each_door "restoring" restoring
through_each_door "erasing" erasing
refusals_and_ends
through_each_door "a chip without operations" absent
through_each_door "a profile of one's own" local
through_each_door "evidence below the bar" evidence
through_each_door "what may be final" lab_gone_final
through_each_door "an erase that nothing leads back from" lab_gone_no_way_back
through_each_door "what cannot be read" lab_sum_unread
run_tests
