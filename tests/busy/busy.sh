#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A file system is written and read all the while; beside it the modules are
# loaded, the bridge is identified and dumped, the modules are unloaded. The bus
# is watched by usbmon: no request may fail, stall, or be repeated.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh

MNT=$BOX_TMP/mnt
WORKER=
MONITOR=

# Writes files, syncs, reads them back past the cache; logs each round's time in ms.
work() {
	local round=0 start

	while [ ! -e "$BOX_TMP/stop" ]; do
		start=$(date +%s%3N)
		dd if=/dev/urandom of="$MNT/f$((round % 4))" bs=64k count=8 conv=fsync status=none &&
			sha256sum "$MNT/f$((round % 4))" >"$BOX_TMP/sum$((round % 4))" &&
			echo 1 >/proc/sys/vm/drop_caches &&
			sha256sum --quiet -c "$BOX_TMP/sum$((round % 4))" || { touch "$BOX_TMP/broken"; return; }
		echo $(($(date +%s%3N) - start)) >>"$BOX_TMP/rounds"
		round=$((round + 1))
	done
}

start_work() {
	local disk

	disk=$(box_disk a) && mkfs.ext4 -q "/dev/$disk" && mkdir -p "$MNT" && mount "/dev/$disk" "$MNT" ||
		fail "no file system" || return
	rm -f "$BOX_TMP/stop" "$BOX_TMP/broken"
	: >"$BOX_TMP/rounds"
	modprobe usbmon
	cat "/sys/kernel/debug/usb/usbmon/${BOX_BUSID[a]%%-*}u" >"$BOX_TMP/usbmon" &
	MONITOR=$!
	work &
	WORKER=$!
}

rounds() { wc -l <"$BOX_TMP/rounds" 2>/dev/null || echo 0; }

# working N: waits for N more rounds
more_rounds() { [ "$(rounds)" -ge "$1" ] || [ -e "$BOX_TMP/broken" ]; }
working() { eventually "$PATIENCE" more_rounds $(($(rounds) + $1)) || fail "the work stands still"; }

stop_work() {
	touch "$BOX_TMP/stop"
	wait "$WORKER"
	kill "$MONITOR"
	wait "$MONITOR" 2>/dev/null
	umount "$MNT"
	[ ! -e "$BOX_TMP/broken" ] || fail "data came back different"
}

# In usbmon's text a callback's status is the word after the address; control
# requests that a bus reset or a clear-halt would need are those of usb-storage's
# error handling, port resets go to the hub.
bus_is_sound() {
	run grep -cE ' C [BC][io]:' "$BOX_TMP/usbmon"
	[ "$OUT" -gt 100 ] || fail "usbmon saw only $OUT requests" || return
	run grep -E ' C [BC][io]:[0-9]+:[0-9]+:[0-9]+ -[0-9]+' "$BOX_TMP/usbmon"
	is "$OUT" "" "failed requests" || return
	# clear-halt (02 01), Bulk-Only reset (21 ff), port reset (23 03 .. 4)
	run grep -E ' s (02 01 0000|21 ff|23 03 0004)' "$BOX_TMP/usbmon"
	is "$OUT" "" "resets" || return
	# a CSW with a status other than 0: bytes "USBS", tag, residue, status
	run grep -E ' C Bi:[0-9:]+ 0 13 = 55534253 [0-9a-f]{8} [0-9a-f]{8} 0[12]' "$BOX_TMP/usbmon"
	is "$OUT" "" "commands that failed" || return
	run bash -c "$(declare -f log_since); LOG_MARK='$LOG_MARK'; log_since | grep -iE 'reset|requeue|I/O error|timing out|abort|EXT4-fs (error|warning)'"
	is "$OUT" "" "kernel log"
}

longest() { sed -n "$1,$2p" "$BOX_TMP/rounds" | sort -n | tail -1; }

nothing_is_noticed() {
	local i from to disk

	rmmod bridgefw_scsi bridgefw_usb bridgefw 2>/dev/null
	cp "$IMAGES/lab-factory.bin" "$(eeprom a)"
	box_start a --chip pl2507 --layout "$LAYOUT" --eeprom "$(eeprom a)" && disk=$(box_disk a) || return
	udevadm settle
	rmmod bridgefw_scsi bridgefw_usb bridgefw 2>/dev/null
	[ ! -d /sys/module/bridgefw ] || fail "the modules are loaded before the test" || return
	start_work && working 4 || return
	from=$(rounds)
	for i in 1 2; do
		modprobe bridgefw_usb && modprobe bridgefw_scsi && box_node a || return
		eventually "$PATIENCE" grep -q scsi "$(sys a)/transports" || fail "no scsi transport" || return
		bridgefwctl info >/dev/null || fail "info" || return
		working 1 || return
		for _ in 1 2 3 4 5; do
			cat "$(sys a)/eeprom" >"$BOX_TMP/dump" && same "$BOX_TMP/dump" "$(eeprom a)" || return
		done
		working 1 || return
		rmmod bridgefw_usb bridgefw_scsi bridgefw || fail "rmmod" || return
		working 1 || return
	done
	to=$(rounds)
	working 2 && stop_work && bus_is_sound || return
	run fsck.ext4 -fn "/dev/$disk"
	status_is 0 || return
	echo "# longest round of work: $(longest 1 "$from") ms alone, $(longest $((from + 1)) "$to") ms beside the modules"
}

test_that "load, identify, dump and unload beside a busy file system" nothing_is_noticed
run_tests
