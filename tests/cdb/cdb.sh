#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A vendor CDB arrives with the length that its profile gives it, whatever the SCSI
# layer thinks of its operation code. The box and usbmon, which knows nothing of
# this project, must say the same.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh

TEXTS=/etc/bridgefw/profiles
CDB6=c60102030406
CDB11=cb01020304050607080911
CDB14=ce0102030405060708090a0b0c14
CDB16=d60102030405060708090a0b0c0d0e16
USBMON=/sys/kernel/debug/usb/usbmon

# The lab's profile as one of the owner's own.
lab_box() {
	mkdir -p "$TEXTS" && cp "$REPO/tests/lab/profiles/lab-cdb.profile" "$TEXTS" &&
		bridgefwctl profile compile --all --install >/dev/null &&
		box_plug a --chip lab-cdb "$@" && has_scsi a && box_disk a >/dev/null && udevadm settle
}
has_scsi() { eventually "$PATIENCE" grep -q scsi "$(sys "$1")/transports" || fail "no scsi transport"; }

# CDBs of vendor commands, as the box saw them: length and bytes
seen() { jq -r 'select(.vendor and .cdb) | "\(.cdb | length / 2) \(.cdb)"' "$(box_trace a)"; }

# The command blocks that usbmon saw on their way to the box: length and bytes
recorded() {
	local kind pipe words length

	while read -r _ _ kind pipe _ length _ words; do
		[[ $kind = S && $pipe = Bo:* && $length = 31 && $words = 55534243* ]] || continue
		words=${words// /}
		length=$((16#${words:28:2}))
		echo "$length ${words:30:2 * length}"
	done <"$BOX_TMP/usbmon" | grep -E '^[0-9]+ (c6|cb|ce|d6|d0)'
}

# while_recording COMMAND...
while_recording() {
	local bus=${BOX_BUSID[a]%%-*} pid

	modprobe usbmon
	cat "$USBMON/${bus}u" >"$BOX_TMP/usbmon" &
	pid=$!
	sleep 0.5
	"$@"
	sleep 0.5
	kill "$pid"
	wait "$pid" 2>/dev/null
	return 0
}

WANT="6 $CDB6
11 $CDB11
14 $CDB14
16 $CDB16"

every_length() {
	lab_box || return
	while_recording run bridgefwctl info --identify
	status_is 0 && says '4c 41 42 31 31 20 4f 4b' && says '4c 41 42 31 36 20 4f 4b' || return
	is "$(seen)" "$WANT" "what the box saw" && is "$(recorded)" "$WANT" "what usbmon saw" || return
	file_is "$(sys a)/firmware_version" 20260102
}

# The command whose answer was published by its finder, as he sent it.
published() {
	box_plug a --chip pl2773 && has_scsi a && box_disk a >/dev/null && udevadm settle || return
	while_recording run bridgefwctl info --identify
	status_is 0 && says '06 7b 27 73 20 11 05 24' || return
	is "$(recorded)" "12 d0000000067b000000000000" "what usbmon saw" && is "$(seen)" "$(recorded)" "what the box saw"
}

# Answers that are short, stalled or wrong, and a drive that works afterwards.
bad() {
	local fault=$1 words=$2

	box_ctl a clear >/dev/null && box_ctl a fault "$fault" >/dev/null || fail "fault $fault" || return
	run bridgefwctl info --identify
	[ "$STATUS" = 1 ] || fail "status $STATUS: $OUT $ERR" || return
	says "$words" && box_ctl a clear >/dev/null || return
	dd if="/dev/$(box_disk a)" of=/dev/null bs=64k count=2 iflag=direct status=none || fail "the drive stands still"
}
bad_answers() {
	lab_box || return
	bad short=3@op=identify 'fewer bytes' && bad stall@op=identify 'refused the request' &&
		bad sense=5/20/00@op=identify 'refused the request.*illegal request \(5/20/00\)' && bad flip=1:0@op=identify 'not expect' || return
	run bridgefwctl info --identify
	status_is 0
}

modprobe bridgefw_usb
test_that "6, 11, 14 and 16 bytes arrive whole" every_length
test_that "12 bytes: the command that was published for a PL-2773" published
test_that "answers that are short, stalled or wrong" bad_answers
run_tests
