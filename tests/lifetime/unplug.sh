#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The cable is pulled, whatever is going on.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh
. "$DIR"/common.sh

OTHER=$IMAGES/lab-other.bin
NVMEM=/sys/bus/nvmem/devices

at_rest() { box_pl2507 a && reads_well a && box_unplug a; }

with_files_open() {
	local node sysfs state mem nvmem any

	box_pl2507 a && reads_well a || return
	exec {node}<"$(dev a)" {sysfs}<"$(sys a)/eeprom" {state}<"$(sys a)/state" \
		{mem}<"$(sys a)/memories/eeprom/size" {nvmem}<"$NVMEM/${BOX_NODE[a]}/nvmem" {any}</dev/bridgefw
	box_unplug a && fd_says $node "No such device or address" &&
		fd_says $any "No such device or address" &&
	fd_says $sysfs "No such device" && fd_says $state "No such device" &&
	fd_says $mem "No such device" && fd_says $nvmem "No such device" || return
	# The one who still has the old file is not in the way of the new one.
	bare b && reads_well b && fd_says $node "No such device or address" || return
	exec {node}<&- {sysfs}<&- {state}<&- {mem}<&- {nvmem}<&- {any}<&-
}

saw_read() { [ "$(ops "$1" eeprom.read)" -ge 1 ]; }

# in_flight DOOR FAULT: a read that hangs in the device
in_flight() {
	local door fault=$2 reader

	box_pl2507 a || return
	case $1 in
	node) door=$(dev a) ;;
	sysfs) door=$(sys a)/eeprom ;;
	nvmem) door=$NVMEM/${BOX_NODE[a]}/nvmem ;;
	esac
	fault a "$fault" || return
	dd if="$door" of=/dev/null bs=512 status=none 2>"$BOX_TMP/said" &
	reader=$!
	eventually "$PATIENCE" saw_read a || fail "the box saw no read" || return
	sleep 0.2
	! ended $reader || fail "the read did not wait" || return
	box_unplug a && ends_within 15 $reader || return
	[ "$STATUS" != 0 ] || fail "the read succeeded" || return
	grep -q "No such device" "$BOX_TMP/said" || fail "$(cat "$BOX_TMP/said")"
}

# Everybody waits for one who hangs, and all go together.
a_queue_of_readers() {
	local i readers=() pid

	bare a && fault a nak@op=eeprom.read || return
	for i in 1 2 3; do
		dd if="$(dev a)" of=/dev/null bs=512 status=none 2>/dev/null &
		readers+=($!)
		cat "$(sys a)/eeprom" >/dev/null 2>&1 &
		readers+=($!)
		cat "$NVMEM/${BOX_NODE[a]}/nvmem" >/dev/null 2>&1 &
		readers+=($!)
		echo verify >"$(sys a)/command" 2>/dev/null &
		readers+=($!)
	done
	sleep 1
	box_unplug a || return
	for pid in "${readers[@]}"; do
		ends_within 15 "$pid" || return
		[ "$STATUS" != 0 ] || fail "one of them succeeded" || return
	done
}

while_everybody_reads() {
	local i pid readers=()

	box_pl2507 a || return
	for i in 1 2; do
		while cat "$(sys a)/eeprom"; do :; done >/dev/null 2>&1 &
		readers+=($!)
		while dd if="$(dev a)" bs=100 status=none; do :; done >/dev/null 2>&1 &
		readers+=($!)
		while grep -rs . "$(sys a)/memories" "$(sys a)/state"; do :; done >/dev/null 2>&1 &
		readers+=($!)
	done
	sleep 1
	box_unplug a || return
	for pid in "${readers[@]}"; do
		ends_within "$PATIENCE" "$pid" || return
	done
}

# in_a_write FAULT: the box comes back, and can be repaired
in_a_write() {
	box_pl2507 a && read_twice a && cat "$OTHER" >"$(sys a)/image" && fault a "$1" || return
	echo_to "$(sys a)/command" "write identity"
	status_is 0 || return
	sleep 0.7
	file_is "$(sys a)/state" busy && box_unplug a || return
	# Its ids may be old, new or neither; by the port it is known all the same.
	box_pl2507 a && eventually "$PATIENCE" job_over a && read_twice a || return
	echo_to "$(sys a)/command" "restore attached"
	status_is 0 && job_ends a && file_is "$(sys a)/last_error" "" &&
	same "$(eeprom a)" "$IMAGES/lab-factory.bin"
}

while_it_is_claimed() {
	box_pl2507 a && box_disk a >/dev/null && udevadm settle && hold_it a && box_unplug a ||
		return
	# The claim is of the bridge that has gone; the same box is another one now.
	box_pl2507 a && reads_well a && ! ended $HOLDER || fail "it is still held" || return
	kill $HOLDER && ends_within "$PATIENCE" $HOLDER && reads_well a
}

while_a_dvd_is_claimed() {
	box_pl2507 a --drive dvd && box_disk a >/dev/null && udevadm settle && hold_it a &&
		box_unplug a || return
	kill $HOLDER && ends_within "$PATIENCE" $HOLDER
}

while_the_holder_dies() {
	box_pl2507 a && box_disk a >/dev/null && udevadm settle && hold_it a || return
	kill -9 $HOLDER
	box_unplug a && ends_within "$PATIENCE" $HOLDER
}

# A CDB that hangs: the SCSI layer is in the middle of it.
cdb_in_flight() {
	box_plug a --chip pl2773 && eventually "$PATIENCE" grep -q scsi "$(sys a)/transports" &&
	box_disk a >/dev/null && udevadm settle && fault a nak@op=version || return
	echo_to "$(sys a)/command" identify
	status_is 0 || return
	sleep 0.7
	file_is "$(sys a)/state" busy && box_unplug a
}

as_it_is_found() {
	local round

	autoload on
	for round in 1 2 3 4 5; do
		box_start a --chip pl2507 --drive "$([ $((round % 2)) = 0 ] && echo none || echo disk)" ||
			return
		sleep "0.$((round * 2 - 1))"
		box_unplug a || return
	done
}

eight_at_once() {
	local i pids=()

	for i in 1 2 3 4 5 6 7 8; do
		[ -e "$BOX_TMP/n$i.eeprom" ] ||
			cp "$IMAGES/lab-factory.bin" "$BOX_TMP/n$i.eeprom"
		: >"$BOX_TMP/n$i.log"
		vbridge --bus usb --control "$(box_sock "n$i")" --trace "$(box_trace "n$i")" --chip pl2507 \
			--layout "$LAYOUT" --eeprom "$(eeprom "n$i")" --serial "LAB-EIGHT-$i" \
			--drive "$([ "$i" -gt 6 ] && echo disk || echo none)" >"$BOX_TMP/n$i.log" 2>&1 &
		BOX_PID[n$i]=$!
	done
	for i in 1 2 3 4 5 6 7 8; do
		eventually "$PATIENCE" box_busid "n$i" && box_busid "n$i" && box_node "n$i" ||
			return
	done
	is "$(ls -d /sys/class/bridgefw/bridgefw* | wc -l)" 8 bridges || return
	for i in 1 2 3 4 5 6 7 8; do
		cat "$(sys "n$i")/eeprom" >"$BOX_TMP/n$i.read" &
		pids+=($!)
	done
	for i in 1 2 3 4 5 6 7 8; do
		ends_within "$PATIENCE" "${pids[i - 1]}" && status_is 0 &&
			same "$(eeprom "n$i")" "$BOX_TMP/n$i.read" || return
		file_is "$(sys "n$i")/serial" "LAB-EIGHT-$i" || return
	done
	for i in 1 2 3 4 5 6 7 8; do
		kill "${BOX_PID[n$i]}"
	done
}

the_driver_as_a_whole() {
	local fd

	bare a || return
	exec {fd}<"$(dev a)"
	echo "${BOX_BUSID[a]}" >/sys/bus/usb/drivers/usb/unbind || fail "unbind" || return
	no_bridge || fail "the bridge stays" || return
	fd_says $fd "No such device or address" || return
	exec {fd}<&-
	echo "${BOX_BUSID[a]}" >/sys/bus/usb/drivers/usb/bind || fail "bind" || return
	box_node a && reads_well a
}

# The interface's driver leaves and comes; what goes over endpoint 0 does not need it.
without_usb_storage() {
	local intf

	box_pl2507 a && box_disk a >/dev/null && udevadm settle || return
	intf=${BOX_BUSID[a]}:1.0
	echo "$intf" >/sys/bus/usb/drivers/usb-storage/unbind || fail "unbind" || return
	file_is "$(sys a)/transports" control && reads_well a && read_twice a || return
	cat "$OTHER" >"$(sys a)/image"
	echo_to "$(sys a)/command" "write identity"
	status_is 0 && job_ends a && same "$(eeprom a)" "$OTHER" || return
	echo "$intf" >/sys/bus/usb/drivers/usb-storage/bind || fail "bind" || return
	eventually "$PATIENCE" grep -q scsi "$(sys a)/transports" ||
		fail "no scsi transport again" || return
	cat "$(sys a)/eeprom" >"$BOX_TMP/read" && same "$OTHER" "$BOX_TMP/read"
}

without_authorization() {
	bare a && echo 0 >"/sys/bus/usb/devices/${BOX_BUSID[a]}/authorized" || return
	run cat "$(sys a)/eeprom"
	status_is 1 && says "No such device" || return
	echo 1 >"/sys/bus/usb/devices/${BOX_BUSID[a]}/authorized"
	box_node a && reads_well a
}

# One that hangs does so for a time, not for ever; then the box can be used again.
nak_for_ever() {
	local began=$SECONDS

	box_pl2507 a && box_disk a >/dev/null && udevadm settle &&
		fault a nak@op=eeprom.read,n=1 || return
	began=$SECONDS
	run cat "$(sys a)/eeprom"
	status_is 1 && says "timed out" || return
	[ $((SECONDS - began)) -le 10 ] || fail "it took $((SECONDS - began)) s" || return
	reads_well a &&
		dd if="/dev/$(box_disk a)" of=/dev/null bs=64k count=4 iflag=direct status=none ||
		fail "the drive cannot be used after it"
}

a_killed_reader() {
	local reader

	bare a && fault a nak@op=eeprom.read,n=1 || return
	dd if="$(dev a)" of=/dev/null bs=512 status=none 2>/dev/null &
	reader=$!
	sleep 0.7
	kill -9 $reader
	ends_within 10 $reader && is "$STATUS" 137 status && reads_well a || return
	# One who only waits for another goes at once.
	fault a "nak@op=eeprom.read,n=1" || return
	dd if="$(dev a)" of=/dev/null bs=512 status=none 2>/dev/null &
	sleep 0.5
	dd if="$(dev a)" of=/dev/null bs=512 status=none 2>/dev/null &
	reader=$!
	sleep 0.5
	kill $reader
	ends_within 2 $reader && is "$STATUS" 143 status
}

life "at rest" at_rest
life "while its files are open" with_files_open
life "in the middle of a read of the node" in_flight node nak@op=eeprom.read
life "in the middle of a read of sysfs" in_flight sysfs nak@op=eeprom.read
life "in the middle of a read of NVMEM" in_flight nvmem delay=3000@op=eeprom.read
life "in the middle of a read for which others wait" a_queue_of_readers
life "while everybody reads" while_everybody_reads
life "in the middle of a write that hangs" in_a_write nak@op=eeprom.program,byte=40
life "in the middle of a write that takes its time" in_a_write delay=3000@op=eeprom.program
life "while it is claimed" while_it_is_claimed
life "while it is claimed, with a DVD drive" while_a_dvd_is_claimed
life "while the holder of the claim is killed" while_the_holder_dies
life "in the middle of a CDB" cdb_in_flight
life "as soon as it is found" as_it_is_found
life "eight boxes, at once" eight_at_once
life "the driver of the device as a whole leaves and comes" the_driver_as_a_whole
life "usb-storage leaves and comes" without_usb_storage
life "the device may no longer be used, and may again" without_authorization
life "a box that answers NAK for ever" nak_for_ever
life "a reader that is killed" a_killed_reader
run_tests
