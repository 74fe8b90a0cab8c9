#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What may go wrong in the three phases of a Bulk-Only command: each ends with a clear
# word within its timeout, the device takes the next command, nothing is repeated that
# may have changed something, and a write comes to its end by comparing.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh
. "$DIR"/common.sh
LONG_SUITE=1

# The Bulk-Only resets that the box saw.
resets() { jq -r 'select(.type == "control" and (.setup | startswith("21ff"))) | .status' "$(box_trace a)" | grep -c . || :; }
port_resets() { jq -r 'select(.type == "reset") | .type' "$(box_trace a)" | grep -c . || :; }

# read_after FAULT ERROR RESETS PORT-RESETS: the third read fails with that; the next
# is right
read_after() {
	local resets ports began=$SECONDS

	box none && by_hand || return
	resets=$(resets) ports=$(port_resets)
	for spec in $1; do
		fault "$spec" || return
	done
	run cat "$(sys a)/flash"
	if [ "$2" = ok ]; then
		status_is 0
	else
		status_is 1 && says "$2" && is "$(ops a flash.read)" 3 "reads, none repeated"
	fi || return
	[ $((SECONDS - began)) -lt 45 ] || fail "it took $((SECONDS - began)) s" || return
	is "$(resets)" $((resets + $3)) "Bulk-Only resets" || return
	[ "$4" = any ] || is "$(port_resets)" $((ports + $4)) "port resets" || return
	driver_is bridgefw_usb && read_twice a flash && same "$BOX_TMP/read1" "$FLASH_A" &&
		give_back && handed_back
}

# written_through FAULT: the write succeeds all the same
written_through() {
	box none && by_hand && read_twice a flash && cat "$(image lab-nor b)" >"$(sys a)/image" &&
		fault "$1" && by_echo "write identity final" && file_is "$(sys a)/last_error" "" &&
		same "$(flash)" "$(image lab-nor b)" && give_back && handed_back
}

# A device that never answers again: an end within the timeouts, and a true word.
silent_for_ever() {
	local began=$SECONDS

	box none && by_hand && read_twice a flash && cat "$(image lab-nor b)" >"$(sys a)/image" &&
		fault nak@op=flash.program,n=9- && by_echo "write identity final" || return
	run cat "$(sys a)/last_error"
	says '^timeout: .*neither the old nor the new' || return
	[ $((SECONDS - began)) -lt 90 ] || fail "it took $((SECONDS - began)) s" || return
	box_ctl a clear >/dev/null && read_twice a flash && by_echo "restore final" &&
		file_is "$(sys a)/last_error" "" && same "$(flash)" "$FLASH_A" &&
		give_back && handed_back
}

# What the drive's firmware does to INQUIRY does not matter, not even for ever.
mute_drive() {
	PATIENCE=300
	rm -f "$(flash)" "$(box_trace a)"
	cp "$FLASH_A" "$(flash)" && box_plug a --chip lab-nor --flash "$(flash)" --fault nak@cdb=12,every &&
		comes_back && gives 0 'read 2 times' bfw dump --bot "$BOX_TMP/mute.bin" --force &&
		same "$BOX_TMP/mute.bin" "$FLASH_A" && handed_back
}

lab_profiles
IO='Input/output error'
TIMEOUT='timed out'
r=@op=flash.read,n=3
test_that "a command that is refused" read_after "stall$r" "Broken pipe" 0 0
test_that "data that stall" read_after "stall$r,byte=100" "Broken pipe" 0 0
test_that "a status that stalls once" read_after "stall$r,status" ok 0 0
test_that "fewer data" read_after "short=100$r" "Remote I/O error" 0 0
test_that "more data than asked for" read_after "overrun$r" "$IO" 1 0
test_that "a phase error" read_after "phase$r" "$IO" 1 0
test_that "a wrong tag" read_after "badtag$r" "$IO" 1 0
test_that "a status cut short" read_after "csw=truncated$r" "$IO" 1 0
test_that "a status too long" read_after "csw=long$r" "$IO" 1 0
test_that "a status of garbage" read_after "csw=garbage$r" "$IO" 1 0
test_that "a status with no meaning" read_after "csw=status$r" "$IO" 1 0
test_that "a residue that is none" read_after "residue=70000$r" "Remote I/O error" 0 0
test_that "no answer to the command" read_after "nak$r" "$TIMEOUT" 1 0
test_that "no end of the data" read_after "nak$r,byte=512" "$TIMEOUT" 1 0
test_that "no status" read_after "nak$r,status" "$TIMEOUT" 1 0
test_that "a device that wants reset recovery" read_after "badcbw$r" "$IO" 1 0
test_that "a device that refuses reset recovery" \
	read_after "badcbw$r stall@request=ff,n=1-" "$IO" 1 1
for p in phase badtag csw=truncated badcbw stall; do
	test_that "written through: $p while programming" \
		written_through "$p@op=flash.program,n=9"
done
test_that "written through: a phase error while erasing" written_through phase@op=flash.erase-sector,n=4
test_that "a device that is silent from then on" silent_for_ever
test_that "a drive that hangs" mute_drive
run_tests
