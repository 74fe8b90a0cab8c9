#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Allocations that fail while an EEPROM is written and restored.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh
. "$DIR"/common.sh

FACTORY=$IMAGES/lab-factory.bin
OTHER=$IMAGES/lab-other.bin
NEW='read back and equal'

bfw_write() { run bridgefwctl eeprom write "${BOX_BUSID[a]}" "$1" --clone-identity --yes; }

# holds FILE: it does, or is brought to it without a failing allocation
holds() {
	cmp -s "$(eeprom a)" "$1" && return
	bfw_write "$1" && status_is 0 && same "$(eeprom a)" "$1"
}

job_serial() { bridgefwctl status --json | jq -r .job_serial; }

# told OLD NEW: of a write with the tool
told() {
	explained && well || return
	if [ "$STATUS" = 0 ]; then
		same "$(eeprom a)" "$2" && says "$NEW"
	elif grep -q 'Nothing was written' <<<"$ERR"; then
		same "$(eeprom a)" "$1"
	elif [ "$(job_serial)" != "$SERIAL" ]; then
		status_agrees "$(eeprom a)" "$1" "$2"
	else
		same "$(eeprom a)" "$1"
	fi
}

plugged() { [ -n "${BOX_PID[a]-}" ] || box_pl2507 a; }

write_ready() { plugged && holds "$FACTORY" && SERIAL=$(job_serial); }
write_job() { bfw_write "$OTHER"; }
write_told() { told "$FACTORY" "$OTHER"; }
write_again() {
	bfw_write "$OTHER"
	[ "$STATUS" = 0 ] || [ "$STATUS" = 4 ] || fail "status $STATUS: $ERR" || return
	same "$(eeprom a)" "$OTHER"
}

restore_ready() {
	plugged && holds "$FACTORY" && bfw_write "$OTHER" && status_is 0 && SERIAL=$(job_serial)
}
restore_job() { run bridgefwctl restore "${BOX_BUSID[a]}" --yes; }
restore_told() { told "$OTHER" "$FACTORY"; }
restore_again() {
	cmp -s "$(eeprom a)" "$FACTORY" && return
	run bridgefwctl restore "${BOX_BUSID[a]}" --yes
	status_is 0 && same "$(eeprom a)" "$FACTORY"
}

# With echo alone; what is staged was staged before.
echo_ready() {
	plugged && holds "$FACTORY" && read_twice a && cat "$OTHER" >"$(sys a)/image"
}
echo_job() {
	echo_to "$(sys a)/command" "write identity"
	[ "$STATUS" != 0 ] || job_ends a
}
echo_told() { told_by_echo "$(eeprom a)" "$FACTORY" "$OTHER"; }
echo_again() {
	read_twice a && cat "$OTHER" >"$(sys a)/image" || return
	cmp -s "$(eeprom a)" "$OTHER" && return
	echo_job
	status_is 0 && file_is "$(sys a)/last_error" "" && same "$(eeprom a)" "$OTHER"
}

modules_reload
modprobe bridgefw_scsi
faults_setup
test_that "a write with the tool" each_allocation write_ready write_job write_told write_again
test_that "a restore with the tool" each_allocation restore_ready restore_job restore_told restore_again
test_that "a write by sysfs" each_allocation echo_ready echo_job echo_told echo_again
run_tests
