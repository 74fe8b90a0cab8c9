#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Allocations that fail while a box is plugged in or attached, or the modules loaded
# beside one that is there.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh
. "$DIR"/common.sh

FACTORY=$IMAGES/lab-factory.bin

works() { bridgefwctl dump "$BOX_TMP/dump" --force >/dev/null 2>&1 && same "$BOX_TMP/dump" "$FACTORY" || fail "it cannot be read"; }

# settled: the device is there, and nobody is still busy with it
came_back() { [ -e "/sys/bus/usb/devices/${BOX_BUSID[a]}/bDeviceClass" ] && box_busid a; }
is_bridge() { bridge_at "${BOX_BUSID[a]}" "${BOX_FORMER[a]}"; }
refusals() { dmesg | grep -c 'bridgefw: cannot be used'; }
decided() { is_bridge || [ "$(refusals)" != "$REFUSALS" ]; }

plug_ready() { [ -n "${BOX_PID[a]-}" ] || box_pl2507 a; }
plug_job() {
	REFUSALS=$(refusals)
	BOX_FORMER[a]=$(bridge_number "${BOX_NODE[a]}")
	box_ctl a replug >/dev/null
	eventually "$PATIENCE" came_back
	# Where not even its place could be noted nothing is said.
	eventually 5 decided
	udevadm settle --timeout="$PATIENCE"
}
plug_told() {
	if is_bridge >/dev/null; then
		box_node a && file_is "$(sys a)/chip" pl2507 && works
	else
		[ -n "$HIT" ] || fail "it is no bridge"
	fi
}
plug_again() { box_replug a && works; }

attach_ready() {
	[ -n "${BOX_PID[a]-}" ] || {
		cp "$FACTORY" "$(eeprom a)" && box_start a --chip pl2507 --layout "$LAYOUT" \
			--eeprom "$(eeprom a)" --drive none --ids 1209:7777
	} || return
	! bridge_at "${BOX_BUSID[a]}" >/dev/null || fail "it is a bridge already"
}
attach_job() { run bridgefwctl attach "${BOX_BUSID[a]}" --profile pl2507; }
attach_told() {
	explained && well || return
	[ "$STATUS" != 0 ] || { box_node a && works; }
}
attach_again() {
	gives 0 '' bridgefwctl attach "${BOX_BUSID[a]}" --profile pl2507 && box_node a && works &&
		box_ctl a replug >/dev/null && eventually "$PATIENCE" bridge_gone "${BOX_NODE[a]}" &&
		eventually "$PATIENCE" came_back && udevadm settle --timeout="$PATIENCE"
}

# Their code has the same place each time; while they start it is in a part of its own.
load_range() {
	local file start end=0 address

	start=$((RANGE_START)) end=$((RANGE_END))
	for file in $(compgen -G "/sys/module/bridgefw*/sections/.init.text"); do
		address=$(($(cat "$file")))
		[ $address -gt $start ] || start=$address
		[ $((address + 4096)) -lt $end ] || end=$((address + 4096))
	done
	RANGE_START=$(printf '0x%x' $start) RANGE_END=$(printf '0x%x' $end)
}
load_ready() { plug_ready && text_range && load_range && modules_away; }
load_job() { run modprobe bridgefw_usb; }
load_told() { explained && well; }
load_again() {
	modules_away && modprobe bridgefw_usb && eventually "$PATIENCE" bridge_at "${BOX_BUSID[a]}" &&
		box_node a && works
}

modules_reload
modprobe bridgefw_scsi
faults_setup
BOX_KEEP=
test_that "a box is plugged in" each_allocation plug_ready plug_job plug_told plug_again
test_that "a box is attached by hand" each_allocation attach_ready attach_job attach_told attach_again
test_that "the modules are loaded" each_allocation load_ready load_job load_told load_again
run_tests
