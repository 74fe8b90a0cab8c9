#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The modules come and go, whatever is going on, or say that they cannot.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh
. "$DIR"/common.sh

OTHER=$IMAGES/lab-other.bin

# refuses MODULE: to be unloaded, because it is in use
refuses() {
	run rmmod "$1"
	status_is 1 && says "in use" && [ -d "/sys/module/$1" ] || fail "$1 could be unloaded"
}
goes() {
	run rmmod "$1"
	status_is 0 && [ ! -d "/sys/module/$1" ] || fail "$1 cannot be unloaded: $ERR"
}
has_scsi() { eventually "$PATIENCE" grep -q scsi "$(sys "$1")/transports" || fail "no scsi transport"; }

usb_leaves_with_files_open() {
	local node sysfs

	box_pl2507 a && has_scsi a && reads_well a || return
	exec {node}<"$(dev a)" {sysfs}<"$(sys a)/eeprom"
	goes bridgefw_usb && no_bridge || fail "the bridge stays" || return
	fd_says $node "No such device or address" && fd_says $sysfs "No such device" || return
	goes bridgefw_scsi && refuses bridgefw || return
	exec {node}<&- {sysfs}<&-
	goes bridgefw && modprobe bridgefw_usb && modprobe bridgefw_scsi && box_node a &&
		has_scsi a && reads_well a
}

usb_leaves_and_comes_with_a_file_open() {
	local fd round

	box_pl2507 a && has_scsi a || return
	exec {fd}<"$(dev a)"
	for round in 1 2 3; do
		goes bridgefw_usb && modprobe bridgefw_usb && box_node a && has_scsi a &&
			reads_well a &&
		fd_says $fd "No such device or address" || return
	done
	dd if="/dev/$(box_disk a)" of=/dev/null bs=64k count=4 iflag=direct status=none ||
		fail "the drive stands still"
	exec {fd}<&-
}

scsi_leaves_with_a_file_open() {
	local fd

	box_pl2507 a && has_scsi a || return
	exec {fd}<"$(dev a)"
	goes bridgefw_scsi && file_is "$(sys a)/transports" control || return
	fd_read $fd
	status_is 0 && same "$(eeprom a)" "$BOX_TMP/read" || return
	modprobe bridgefw_scsi && has_scsi a && reads_well a || return
	exec {fd}<&-
}

scsi_stays_while_it_is_claimed() {
	box_pl2507 a && has_scsi a && box_disk a >/dev/null && udevadm settle && hold_it a &&
	refuses bridgefw_scsi || return
	# The bridge itself may leave; its drive stays taken until the holder lets go.
	goes bridgefw_usb && refuses bridgefw_scsi || return
	run mkfs.ext4 -q "/dev/$(box_disk a)"
	[ "$STATUS" != 0 ] || fail "the drive was free" || return
	kill $HOLDER && ends_within "$PATIENCE" $HOLDER && goes bridgefw_scsi && goes bridgefw
}

nobody_leaves_during_a_job() {
	box_pl2507 a && has_scsi a && read_twice a && cat "$OTHER" >"$(sys a)/image" &&
	fault a "delay=4000@op=eeprom.program" || return
	echo_to "$(sys a)/command" "write identity"
	status_is 0 && sleep 0.5 && refuses bridgefw_usb && refuses bridgefw_scsi &&
		refuses bridgefw &&
	file_is "$(sys a)/state" busy && job_ends a && same "$(eeprom a)" "$OTHER" || return
	goes bridgefw_scsi && goes bridgefw_usb && goes bridgefw
}

nobody_leaves_during_a_read() {
	local reader

	box_pl2507 a && has_scsi a && fault a "delay=2000@op=eeprom.read" || return
	cat "$(sys a)/eeprom" >"$BOX_TMP/read" &
	reader=$!
	sleep 0.6
	refuses bridgefw_usb && ends_within "$PATIENCE" $reader &&
		same "$(eeprom a)" "$BOX_TMP/read"
}

unplugged_and_unloaded_during_a_job() {
	bare a && read_twice a && cat "$OTHER" >"$(sys a)/image" &&
		fault a nak@op=eeprom.program || return
	echo_to "$(sys a)/command" "write identity"
	status_is 0 && sleep 0.5 && kill "${BOX_PID[a]}" || return
	# At once, again and again, until the job has seen that its box is gone.
	eventually "$PATIENCE" modules_away
}

scsi_first() {
	autoload off
	box_start a --chip pl2507 && box_disk a >/dev/null && no_bridge ||
		fail "a bridge by itself" || return
	modprobe bridgefw_scsi && no_bridge && modprobe bridgefw_usb && box_node a && has_scsi a
}

usb_first() {
	autoload off
	box_start a --chip pl2507 && box_disk a >/dev/null && no_bridge ||
		fail "a bridge by itself" || return
	# Not modprobe, which would load the other one, too.
	modprobe bridgefw && insmod "$(modinfo -n bridgefw_usb)" && box_node a &&
	file_is "$(sys a)/transports" control && modprobe bridgefw_scsi && has_scsi a
}

before_the_box() {
	autoload off
	modprobe bridgefw_scsi && modprobe bridgefw_usb && box_pl2507 a && has_scsi a &&
		reads_well a
}

# A device that will not tell when it leaves becomes no bridge; if it could, it would stay.
a_device_without_its_driver() {
	autoload off
	box_start a --chip pl2507 --drive none || return
	echo "${BOX_BUSID[a]}" >/sys/bus/usb/drivers/usb/unbind || fail "unbind" || return
	modprobe bridgefw_usb && sleep 0.5 && no_bridge || fail "it became a bridge" || return
	echo "${BOX_BUSID[a]}" >/sys/bus/usb/drivers/usb/bind || fail "bind" || return
	box_node a
}

load_and_unplug() {
	local round loader

	autoload off
	for round in 1 2 3 4 5 6 7 8 9 10; do
		box_start a --chip pl2507 --drive "$([ $((round % 3)) = 0 ] && echo disk || echo none)" ||
			return
		{
			modprobe bridgefw_scsi
			modprobe bridgefw_usb
		} &
		loader=$!
		sleep "0.$((round - 1))"
		box_unplug a && ends_within "$PATIENCE" $loader &&
			eventually "$PATIENCE" no_bridge ||
			fail "round $round: ${WHY:-a bridge is left}" || return
		modules_away || return
	done
}

load_and_unload() {
	local round reader

	autoload off
	box_pl2507_by_hand a || return
	while :; do cat /sys/class/bridgefw/bridgefw*/eeprom /dev/bridgefw; done >/dev/null 2>&1 &
	reader=$!
	for round in 1 2 3 4 5 6 7 8 9 10; do
		modprobe bridgefw_usb && modprobe bridgefw_scsi ||
			fail "round $round: cannot be loaded" || break
		sleep "0.$((round - 1))"
		eventually "$PATIENCE" modules_away || break
	done
	kill $reader
	wait $reader
	[ "$round" = 10 ] &&
		dd if="/dev/$(box_disk a)" of=/dev/null bs=64k count=4 iflag=direct status=none ||
		fail "round $round: ${WHY:-the drive stands still}"
}
box_pl2507_by_hand() {
	cp "$IMAGES/lab-factory.bin" "$(eeprom "$1")"
	box_start "$1" --chip pl2507 --layout "$LAYOUT" --eeprom "$(eeprom "$1")" &&
		box_disk "$1" >/dev/null &&
		udevadm settle
}

# The same profile anew: the bridge leaves and comes, again and again, under its readers.
attached_again_and_again() {
	local round readers=() pid

	autoload on
	box_pl2507 a && has_scsi a || return
	touch "$BOX_TMP/go"
	while [ -e "$BOX_TMP/go" ]; do cat /dev/bridgefw; done >/dev/null 2>&1 &
	readers+=($!)
	while [ -e "$BOX_TMP/go" ]; do cat /sys/class/bridgefw/bridgefw*/eeprom; done >/dev/null 2>&1 &
	readers+=($!)
	for round in 1 2 3 4 5 6 7 8; do
		run bash -c 'echo "$1 pl2507" >/sys/class/bridgefw/attach' bash "${BOX_BUSID[a]}"
		[ "$STATUS" = 0 ] || says "busy" || break
		run bash -c 'echo pl2507 >/sys/class/bridgefw/bridgefw*/profile'
	done
	rm -f "$BOX_TMP/go"
	for pid in "${readers[@]}"; do
		ends_within "$PATIENCE" "$pid" || return
	done
	udevadm settle
	[ -z "$WHY" ] && box_node a && has_scsi a && reads_well a || return
	dd if="/dev/$(box_disk a)" of=/dev/null bs=64k count=4 iflag=direct status=none ||
		fail "the drive stands still"
}

# The user's word ends with the plug; and the claim of the bridge that left is no one's.
attached_while_claimed() {
	box_pl2507 a && has_scsi a && box_disk a >/dev/null && udevadm settle && hold_it a ||
		return
	echo_to /sys/class/bridgefw/attach "${BOX_BUSID[a]} pl2507"
	status_is 0 && box_node a && file_is "$(sys a)/match" attached && has_scsi a &&
		reads_well a || return
	kill $HOLDER && ends_within "$PATIENCE" $HOLDER && box_unplug a && box_pl2507 a &&
		file_is "$(sys a)/match" ids
}

no_sleep_during_a_job() {
	[ -w /sys/power/pm_test ] && grep -qw freezer /sys/power/pm_test &&
		grep -qw freeze /sys/power/state ||
		skip "this kernel cannot rehearse going to sleep" || return
	bare a && read_twice a && cat "$OTHER" >"$(sys a)/image" &&
		fault a "delay=4000@op=eeprom.program" || return
	echo freezer >/sys/power/pm_test
	echo_to "$(sys a)/command" "write identity"
	status_is 0 && sleep 0.5 || return
	echo_to /sys/power/state freeze
	[ "$STATUS" != 0 ] || fail "the system went to sleep during a write" || return
	says "busy|not permitted" && log_since | grep -q "no sleep now: 1 job" ||
		fail "nobody says why" || return
	job_ends a && same "$(eeprom a)" "$OTHER" || return
	# With no job under way nobody minds.
	echo_to /sys/power/state freeze
	status_is 0 && read_twice a
}

life "bridgefw_usb, while files are open" usb_leaves_with_files_open
life "bridgefw_usb goes and comes, while a file is open" usb_leaves_and_comes_with_a_file_open
life "bridgefw_scsi, while a file is open" scsi_leaves_with_a_file_open
life "bridgefw_scsi stays while it holds a drive" scsi_stays_while_it_is_claimed
life "all stay during a write, and can go after it" nobody_leaves_during_a_job
life "bridgefw_usb stays during a read" nobody_leaves_during_a_read
life "unplugged and unloaded during a write" unplugged_and_unloaded_during_a_job
life "bridgefw_scsi before bridgefw_usb" scsi_first
life "bridgefw_usb before bridgefw_scsi" usb_first
life "both before the box" before_the_box
life "a device whose driver as a whole is gone" a_device_without_its_driver
life "loaded while the cable is pulled" load_and_unplug
life "loaded and unloaded while somebody reads" load_and_unload
life "attached again and again while somebody reads" attached_again_and_again
life "attached while it is claimed" attached_while_claimed
life "no sleep during a write" no_sleep_during_a_job
run_tests
