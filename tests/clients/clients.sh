#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# One box, looked at by lsusb, udevadm, sg_inq, smartctl, hdparm, dd and usbmon,
# and by bridgefwctl.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh

BOX_KEEP=1

ready() {
	[ -n "${BOX_PID[a]-}" ] || box_pl2507 a --drive disk --drive-serial LAB-DISK-77 || return
	box_disk a >/dev/null && [ -s "$BOX_TMP/info" ] || bridgefwctl info --json >"$BOX_TMP/info" ||
		fail "bridgefwctl info: $(cat "$BOX_TMP/info")"
}

# info PATH: what bridgefwctl says, as text
info() { jq -r "[.. | objects | select(has(\"$1\"))][0].$1" "$BOX_TMP/info"; }

lsusb_agrees() {
	ready || return
	run lsusb -v -d 067b:2507
	status_is 0 && says 'idVendor +0x067b' && says 'idProduct +0x2507' && says 'bcdDevice +1.00' &&
	says 'iManufacturer +[0-9]+ Prolific Technology Inc\.' && says 'iSerial +[0-9]+ LAB2507A0001' || return
	is "$(info ids)" 067b:2507:0100 && is "$(info serial)" LAB2507A0001
}

udev_agrees() {
	ready || return
	run udevadm info --query=property "/sys/bus/usb/devices/${BOX_BUSID[a]}"
	status_is 0 && says '^ID_VENDOR_ID=067b$' && says '^ID_MODEL_ID=2507$' &&
	says '^BRIDGEFW_CHIP=pl2507$' && says '^ID_MODEL_FROM_DATABASE=PL-2507' || return
	run udevadm info --query=property "$(dev a)"
	status_is 0 && says '^BRIDGEFW_CHIP=pl2507$' && says '^BRIDGEFW_STATE=idle$' &&
	says "^BRIDGEFW_PATH=usb-${BOX_BUSID[a]}\$" && says '^BRIDGEFW_ID=usb-pl2507-LAB2507A0001$' || return
	is "$(info chip)" pl2507 && is "$(info state)" idle
}

sg_inq_agrees() {
	local sg

	ready && sg=$(box_generic a) || return
	run sg_inq "/dev/$sg"
	status_is 0 && says 'Vendor identification: VBRIDGE' && says 'Product identification: LAB DISK 64' || return
	# INQUIRY shows the drive; of the bridge it says nothing.
	jq -e '.. | strings | select(test("LAB DISK 64"))' "$BOX_TMP/info" >/dev/null ||
		fail "the drive is not in info"
}

smartctl_reads_the_drive() {
	local sg type

	ready && sg=$(box_generic a) || return
	for type in sat usbjmicron,0; do
		run smartctl -i -d "$type" "/dev/$sg"
		status_is 0 && says 'Serial Number: +LAB-DISK-77' || return
	done
	jq -e '.. | strings | select(test("LAB-DISK-77"))' "$BOX_TMP/info" >/dev/null ||
		fail "the drive's serial is not in info"
}

dd_agrees() {
	ready || return
	dd if=/dev/bridgefw of="$BOX_TMP/dd" status=none && bridgefwctl dump "$BOX_TMP/dump" >/dev/null &&
	same "$BOX_TMP/dd" "$BOX_TMP/dump" && same "$BOX_TMP/dd" "$(eeprom a)"
}

# The request as a third party on the bus sees it, byte for byte as documented.
usbmon_sees_the_request() {
	local bus pid

	ready && modprobe usbmon || return
	bus=${BOX_BUSID[a]%%-*}
	timeout 60 cat "/sys/kernel/debug/usb/usbmon/${bus}u" >"$BOX_TMP/usbmon" &
	pid=$!
	sleep 0.5
	dd if=/dev/bridgefw of="$BOX_TMP/dd" status=none
	sleep 0.5
	kill "$pid"
	wait "$pid" 2>/dev/null
	run grep -E ' S C[io]:[0-9]+:[0-9]+:0 s (c1|41) ' "$BOX_TMP/usbmon"
	says ' s c1 06 0000 0000 00ff 255 ' && is "$(wc -l <<<"$OUT")" 1 "vendor requests"
}

test_that "lsusb -v" lsusb_agrees
test_that "udevadm info, with the names of the hardware database" udev_agrees
test_that "sg_inq" sg_inq_agrees
test_that "smartctl by SAT and by the bridge's own pass-through" smartctl_reads_the_drive
test_that "dd and bridgefwctl dump" dd_agrees
test_that "usbmon sees the documented request, and only that" usbmon_sees_the_request
run_tests
