#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The drives behind a virtual bridge, as usb-storage and the usual tools see them.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh

disk_keeps_a_file_system() {
	local disk sum

	box_start a --chip pl2507 && disk=/dev/$(box_disk a) || return
	mkdir -p "$BOX_TMP/mnt"
	mkfs.ext4 -q "$disk" && mount "$disk" "$BOX_TMP/mnt" || fail "no file system" || return
	head -c 12M /dev/urandom >"$BOX_TMP/mnt/file"
	sum=$(sha256sum <"$BOX_TMP/mnt/file")
	umount "$BOX_TMP/mnt"
	echo 3 >/proc/sys/vm/drop_caches
	fsck.ext4 -fn "$disk" >"$BOX_TMP/fsck" 2>&1 || fail "$(cat "$BOX_TMP/fsck")" || return
	mount "$disk" "$BOX_TMP/mnt" || fail "cannot be mounted again" || return
	is "$(sha256sum <"$BOX_TMP/mnt/file")" "$sum" "the file"
	local same=$?
	umount "$BOX_TMP/mnt"
	return $same
}

disk_image_is_the_medium() {
	truncate -s 3M "$BOX_TMP/disk"
	box_start a --chip pl2773 --disk "$BOX_TMP/disk" --drive-serial SERIAL77 || return
	local disk; disk=/dev/$(box_disk a) || return
	is "$(blockdev --getsize64 "$disk")" 3145728 "size" || return
	printf 'on the disk' | dd of="$disk" bs=512 seek=7 oflag=direct conv=sync status=none
	is "$(dd if="$BOX_TMP/disk" bs=512 skip=7 count=1 status=none | tr -d '\0')" "on the disk" ||
		return
	run sg_vpd -p sn "$disk"
	says SERIAL77
}

standard_inquiries() {
	box_start a --chip pl2507 || return
	local sg; sg=/dev/$(box_generic a) || return
	run sg_inq "$sg"
	status_is 0 && says 'VBRIDGE' && says 'LAB DISK 64' || return
	run sg_vpd -p di "$sg"
	status_is 0 && says 'vendor id: ATA' || return
	run sg_readcap --16 "$sg"
	status_is 0 && says '131072' || return
	run sg_modes "$sg"
	status_is 0 && says 'Caching' || return
	run sg_logs -a "$sg"
	status_is 0 && says 'Current temperature' || return
	run sg_turs "$sg"
	status_is 0 || return
	run sg_start --stop "$sg"
	run sg_turs "$sg"
	says 'not ready' || return
	run sg_start --start "$sg"
	run sg_turs "$sg"
	status_is 0
}

# smart CHIP DIALECT
smart() {
	box_start a --chip "$1" || return
	local sg; sg=/dev/$(box_generic a) || return
	run smartctl -i -H -d "$2" "$sg"
	status_is 0 && says 'Device Model: *VBRIDGE LAB DISK 64' && says 'PASSED'
}

# A bridge translates only its own kind.
no_smart() {
	box_start a --chip "$1" || return
	local sg; sg=/dev/$(box_generic a) || return
	run smartctl -i -d "$2" "$sg"
	[ "$STATUS" != 0 ] || fail "it was answered: $OUT"
}

dvd_without_a_disc() {
	box_start a --chip pl2507 --drive dvd || return
	local sr; sr=/dev/$(box_disk a) || return
	[[ $sr == /dev/sr* ]] || fail "$sr is no CD drive" || return
	run sg_turs -v "$sr"
	says 'Medium not present' || return
	run dd if="$sr" of=/dev/null count=1
	status_is 1 && says 'No medium found'
}

dvd_with_a_disc() {
	head -c 1M /dev/urandom >"$BOX_TMP/disc"
	box_start a --chip pl2507 --drive dvd --disk "$BOX_TMP/disc" || return
	local sr; sr=/dev/$(box_disk a) || return
	run dd if="$sr" of="$BOX_TMP/copy" bs=64k
	status_is 0 && same "$BOX_TMP/copy" "$BOX_TMP/disc"
}

nothing_behind_it() {
	box_start a --chip pl2507 --drive none || return
	eventually 10 grep -q '"cdb":"12' "$(box_trace a)" || fail "it was never asked" || return
	sleep 1
	! compgen -G "/sys/bus/usb/devices/${BOX_BUSID[a]}/*/host*/target*/*:*" >/dev/null ||
		fail "there is a SCSI device" || return
	file_is "/sys/bus/usb/devices/${BOX_BUSID[a]}/idProduct" 2507
}

two_units() {
	box_start a --chip pl2507 --drive disk --drive dvd || return
	eventually 10 compgen -G "/sys/bus/usb/devices/${BOX_BUSID[a]}/*/host*/target*/*:0/block/sd*" ||
		fail "no disk" || return
	eventually 10 compgen -G "/sys/bus/usb/devices/${BOX_BUSID[a]}/*/host*/target*/*:1/block/sr*" ||
		fail "no DVD drive"
}

full_speed() {
	box_start a --chip pl2507 --speed full || return
	file_is "/sys/bus/usb/devices/${BOX_BUSID[a]}/speed" 12 || return
	run dd if="/dev/$(box_disk a)" of=/dev/null bs=64k count=4
	status_is 0
}

# Each CDB arrives with its own length, and nothing is sent but what was asked for.
vendor_cdbs_arrive_whole() {
	local sg cdb n

	box_start a --chip lab-cdb && sg=/dev/$(box_generic a) || return
	for cdb in "C6 01 02 03 04 06" "CB 01 02 03 04 05 06 07 08 09 11" \
		"CE 01 02 03 04 05 06 07 08 09 0A 0B 0C 14" \
		"D6 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 16"; do
		n=$(wc -w <<<"$cdb")
		# shellcheck disable=SC2086 # bytes
		run sg_raw -r 8 "$sg" $cdb
		says "LAB$(printf '%02d' "$n") OK" || return
		grep -q "\"cdb\":\"$(tr -d ' ' <<<"${cdb,,}")\",\"cdb_len\":$n," "$(box_trace a)" ||
			fail "no CDB of $n bytes in the trace" || return
	done
	run sg_raw -r 8 "$sg" F4 00 00 00 06 7B
	says 'Invalid command operation code' || return
	is "$(jq -c 'select(.vendor and (.known | not)) | .cdb' "$(box_trace a)")" '"f4000000067b"'
}

test_that "a disk keeps a file system" disk_keeps_a_file_system
test_that "a disk image is the medium" disk_image_is_the_medium
test_that "a disk answers sg3-utils" standard_inquiries
test_that "smartctl -d sat" smart pl2507 sat
test_that "smartctl -d usbjmicron,0 on a PL-2507" smart pl2507 usbjmicron,0
test_that "smartctl -d usbjmicron,p on a PL-3507" smart pl3507 usbjmicron,p
test_that "smartctl -d usbprolific on a PL-2571" smart pl2571 usbprolific
test_that "no usbprolific on a PL-2507" no_smart pl2507 usbprolific
test_that "no usbjmicron on a PL-2571" no_smart pl2571 usbjmicron,p
test_that "a DVD drive without a disc" dvd_without_a_disc
test_that "a DVD drive with a disc" dvd_with_a_disc
test_that "no drive: a USB device and no SCSI device" nothing_behind_it
test_that "two logical units" two_units
test_that "full speed" full_speed
test_that "vendor CDBs of 6, 11, 14 and 16 bytes" vendor_cdbs_arrive_whole
LONG_SUITE=1
run_tests
