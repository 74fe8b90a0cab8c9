#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Allocations that fail while a chip is identified and its flash written and restored:
# over endpoint 0, and by CDBs.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh
. "$REPO"/tests/flash/common.sh
. "$DIR"/common.sh

CHIP=
OLD=
NEXT=

identify_job() {
	echo_to "$(sys a)/command" identify
	[ "$STATUS" != 0 ] || job_ends a
}
identify_ready() { turn; }
identify_told() {
	explained && well || return
	[ "$STATUS" = 0 ] || return 0
	case $(cat "$(sys a)/state") in
	idle) file_is "$(sys a)/last_error" "" ;;
	failed) [ -n "$HIT" ] && grep -q . "$(sys a)/last_error" || fail "$(cat "$(sys a)/last_error")" ;;
	*) fail "state $(cat "$(sys a)/state")" ;;
	esac
}
identify_again() { HIT='' identify_job && status_is 0 && file_is "$(sys a)/state" idle; }

# What is in the flash becomes the old content, the other image the new one; what an
# allocation that failed has left behind is mended before.
turn() {
	[ -n "${BOX_PID[a]-}" ] || ready "$CHIP" a || return
	if cmp -s "$(flash)" "$(image "$CHIP" a)"; then
		OLD=$(image "$CHIP" a) NEXT=$(image "$CHIP" a1)
	else
		OLD=$(image "$CHIP" a1) NEXT=$(image "$CHIP" a)
	fi
	same "$(flash)" "$OLD"
}

write_ready() { turn && read_twice a flash && cat "$NEXT" >"$(sys a)/image"; }
write_job() {
	echo_to "$(sys a)/command" "write identity final"
	[ "$STATUS" != 0 ] || job_ends a
}
write_told() { told_by_echo "$(flash)" "$OLD" "$NEXT"; }
write_again() {
	cmp -s "$(flash)" "$NEXT" && return
	read_twice a flash && cat "$NEXT" >"$(sys a)/image" && write_job &&
		file_is "$(sys a)/last_error" "" && same "$(flash)" "$NEXT"
}

# What a write replaced comes back.
restore_ready() { write_ready && by_echo "write identity final" && same "$(flash)" "$NEXT" && read_twice a flash; }
restore_job() {
	echo_to "$(sys a)/command" "restore final"
	[ "$STATUS" != 0 ] || job_ends a
}
restore_told() { told_by_echo "$(flash)" "$NEXT" "$OLD"; }
restore_again() {
	cmp -s "$(flash)" "$OLD" && return
	read_twice a flash && by_echo "restore final" && same "$(flash)" "$OLD"
}

of() {
	CHIP=$1
	each_allocation "$2_ready" "$2_job" "$2_told" "$2_again"
}

modules_reload
modprobe bridgefw_scsi
faults_setup
lab_profiles
for chip in lab-at49 lab-nor; do
	test_that "$chip is identified" of $chip identify
	test_that "a sector of $chip is written" of $chip write
	test_that "a sector of $chip is restored" of $chip restore
done
run_tests
