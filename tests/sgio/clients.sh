#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Programs that were made for /dev/sgN, on the node of a bridge, as they are. What they
# say of the drive is what they say through /dev/sgN.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh
. "$DIR"/common.sh

# alike COMMAND...: with the node in the place of @, and with the sg node
alike() {
	local told

	run "${@//@/$(dev a)}"
	told=$STATUS:$OUT
	run "${@//@//dev/$SG}"
	OUT=$STATUS:$OUT
	[ "${told//$(dev a)/NODE}" = "${OUT//\/dev\/$SG/NODE}" ] ||
		fail "$*: '$told' is not '$OUT'" || return
	STATUS=${told%%:*} OUT=${told#*:}
}

asked_and_answered() {
	box a --chip pl3507 --drive-serial LAB-SG-1 && SG=$(box_generic a) || return
	alike sg_inq @ && status_is 0 && says 'LAB DISK 64' || return
	alike sg_vpd -p sn @ && status_is 0 && says LAB-SG-1 || return
	alike sg_readcap @ && status_is 0 && says '131072' || return
	alike sg_readcap --16 @ && status_is 0 && says '131072' || return
	alike sg_turs -v @ && status_is 0 || return
	alike sg_modes @ && status_is 0 && says Caching || return
	alike sg_logs -a @ && status_is 0 && says 'Current temperature' || return
	alike sg_luns @ && status_is 0 || return
	alike sg_raw -r 96 @ 12 00 00 00 60 00 && says 'VBRIDGE' || return
	# with sense
	alike sg_raw -r 8 @ a3 0c 00 00 00 00 00 00 00 08 00 00 && status_is 9 && says 'Invalid' || return
	alike sg_requests @ && status_is 0 && alike sginfo -i @ && status_is 0 || return
	alike sdparm --get WCE @ && says WCE
}

# The drive's buffer holds what is in that file.
buffer_is_sent() {
	gives 0 '' sg_raw -r 256 -o "$BOX_TMP/got" "$1" 3c 02 00 00 00 00 00 01 00 00 &&
		same "$BOX_TMP/got" "$BOX_TMP/sent"
}

data_go_out() {
	local before

	box a --chip pl3507 && SG=$(box_generic a) || return
	head -c 256 /dev/urandom >"$BOX_TMP/sent"
	run sg_write_buffer -m data -I "$BOX_TMP/sent" -l 256 "$(dev a)"
	status_is 0 || return
	buffer_is_sent "$(dev a)" && buffer_is_sent "/dev/$SG" || return
	alike sg_read_buffer -m data -l 256 @ && status_is 0 || return
	alike sg_read_buffer -m desc @ && status_is 0 || return
	# microcode arrives, and the drive takes none
	run sg_write_buffer -m dmc_save -I "$BOX_TMP/sent" -l 256 "$(dev a)"
	says 'illegal request' && [ "$(sent 3b05)" = 1 ] || fail "WRITE BUFFER mode 5: $(sent 3b05)" || return
	head -c 512 /dev/urandom >"$BOX_TMP/sent"
	run sg_raw -s 512 -i "$BOX_TMP/sent" "$(dev a)" 2a 00 00 00 00 07 00 00 01 00
	status_is 0 || return
	dd if="/dev/$(box_disk a)" of="$BOX_TMP/got" bs=512 skip=7 count=1 iflag=direct status=none &&
		same "$BOX_TMP/got" "$BOX_TMP/sent"
}

# smart CHIP TYPE
smart() {
	box a --chip "$1" --drive-serial LAB-SG-2 && SG=$(box_generic a) || return
	run smartctl -i -H -A -d "$2" "$(dev a)"
	status_is 0 && says 'Device Model: *VBRIDGE LAB DISK 64' && says 'LAB-SG-2' && says PASSED
}

ata_tools() {
	box a --chip pl3507 && SG=$(box_generic a) || return
	alike sg_sat_identify @ && status_is 0 || return
	alike hdparm -I @ && status_is 0 && says 'SMART feature set'
}

# On a DVD drive A1 would be BLANK; 85 is what it is everywhere.
a_dvd() {
	box a --chip pl3507 --drive dvd && SG=$(box_generic a) || return
	run sg_inq "$(dev a)"
	status_is 0 && says 'LAB DVD-ROM' && says 'cd/dvd' || return
	run sg_sat_identify -l 12 "$(dev a)"
	[ "$STATUS" != 0 ] && is "$(sent a1)" 0 "A1 that arrived" || return
	run smartctl -i -d sat,12 "$(dev a)"
	[ "$STATUS" != 0 ] && is "$(sent a1)" 0 "A1 that arrived" || return
	run sg_write_buffer -m data -l 64 -I /dev/zero "$(dev a)"
	status_is 0
}

# Of what these programs ask first, too, nothing is unknown here.
nothing_is_missing() {
	local command

	box a --chip pl3507 || return
	for command in "sg_inq" "sg_readcap" "sginfo -i" "smartctl -i -d sat" "smartctl -i -d scsi" "hdparm -I" "sg_scan -i"; do
		# shellcheck disable=SC2086 # words
		strace -f -o "$BOX_TMP/strace" -e trace=ioctl $command "$(dev a)" >/dev/null 2>&1
		grep -q SG_IO "$BOX_TMP/strace" || fail "$command: $(tail -3 "$BOX_TMP/strace")" || return
		! grep -E '(SG_|SCSI_).*= -1' "$BOX_TMP/strace" || fail "$command" || return
	done
}

# A program of 32 bits and one of 64 are told the same.
asks() { "$DIR/asks$1" "$(dev a)" >"$BOX_TMP/$1" || fail "asks$1: status $?, $(cat "$BOX_TMP/$1")"; }
widths() {
	"$DIR"/asks32 /dev/null >/dev/null 2>&1
	[ $? != 126 ] || skip "this kernel runs no programs of 32 bits" || return
	box a --chip pl3507 && asks 64 && asks 32 && same "$BOX_TMP/32" "$BOX_TMP/64" || return
	grep -qx 'ioctl 0xffffffffffffffff' "$BOX_TMP/32" || fail "the erase was not refused" || return
	is "$(grep -cx 'ioctl 0x0000000000000000' "$BOX_TMP/32")" 4 "commands that were sent" &&
		is "$(grep -c '^sb_len_wr 0x0000000000000012' "$BOX_TMP/32")" 1 "with sense"
}

# No SCSI device, and so no drive, until the interface is handed over.
DOOR=/sys/module/bridgefw_usb/parameters/handover
inquired() { [ "$(sent 12)" -gt 0 ]; }
over_bot() {
	local intf

	box_plug a --chip pl3507 --fault "sense=4/44/0@cdb=12,every" && eventually "$PATIENCE" inquired || return
	run sg_turs "$(dev a)"
	[ "$STATUS" != 0 ] && says 'No such device' || fail "without a drive: $STATUS $OUT" || return
	intf=${BOX_BUSID[a]}:1.0
	echo_to "$DOOR" "$intf usb-storage"
	status_is 0 && file_is "$(sys a)/transports" "bot control" || return
	gives 0 '' sg_turs "$(dev a)" && run sg_inq "$(dev a)" || return
	says 'hardware error' || return
	head -c 256 /dev/urandom >"$BOX_TMP/sent"
	gives 0 '' sg_write_buffer -m data -I "$BOX_TMP/sent" -l 256 "$(dev a)" || return
	buffer_is_sent "$(dev a)" || return
	run sg_raw "$(dev a)" e1 00 00 00 06 7b
	says 'not permitted' || return
	run sg_raw -r 512 "$(dev a)" a1 08 0e 00 01 00 00 00 00 ec 00 00
	says 'not permitted' && is "$(sent e1)$(sent a1)" 00 "E1 and A1 that arrived" || return
	# 64 KiB at once, and no more
	gives 0 '' sg_raw -r 65536 -o /dev/null "$(dev a)" 28 00 00 00 00 00 00 00 80 00 || return
	run sg_raw -r 65537 -o /dev/null "$(dev a)" 28 00 00 00 00 00 00 00 80 00
	[ "$STATUS" != 0 ] && says 'Input/output error' || fail "64 KiB and a byte: $STATUS $OUT" || return
	# No answer: the command is given up, and the box works on.
	box_ctl a fault "nak@cdb=28" >/dev/null
	run sg_raw -t 1 -r 512 -o /dev/null "$(dev a)" 28 00 00 00 00 00 00 00 01 00
	[ "$STATUS" != 0 ] && gives 0 '' sg_turs "$(dev a)" || return
	echo_to "$DOOR" "$intf"
	status_is 0
}

test_that "the same answers as by /dev/sgN" asked_and_answered
test_that "data to the drive" data_go_out
test_that "smartctl -d sat" smart pl3507 sat
test_that "smartctl -d usbjmicron,p" smart pl3507 usbjmicron,p
test_that "smartctl -d usbjmicron,0" smart pl2507 usbjmicron,0
test_that "smartctl -d usbprolific" smart pl2773 usbprolific
test_that "hdparm and sg_sat_identify" ata_tools
test_that "a DVD drive, and A1" a_dvd
test_that "no ioctl of theirs is missing" nothing_is_missing
test_that "over our own Bulk-Only Transport" over_bot
test_that "programs of 32 and of 64 bits" widths
modprobe bridgefw_usb
run_tests
