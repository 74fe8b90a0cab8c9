#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Virtual enclosures come and go: cables, supplies, ports, and what a table in
# the EEPROM makes of them.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh

VHCI=/sys/devices/platform/vhci_hcd.0

usb() { cat "/sys/bus/usb/devices/${BOX_BUSID[$1]}/$2" 2>&1; }
gone() { eventually 15 test ! -e "/sys/bus/usb/devices/${BOX_BUSID[$1]}" || fail "it is still there"; }
ended() { eventually 15 box_dead "$1" || fail "vbridge is still there"; }

internal_rom() {
	box_start a --chip pl2507 --drive none || return
	is "$(usb a idVendor):$(usb a idProduct)" 067b:2507 || return
	[ ! -e "/sys/bus/usb/devices/${BOX_BUSID[a]}/serial" ] || fail "it has a serial number"
}

table_in_the_eeprom() {
	cp "$IMAGES/lab-other.bin" "$(eeprom a)"
	box_start a --chip pl2507 --drive none --eeprom "$(eeprom a)" || return
	is "$(usb a idVendor):$(usb a idProduct):$(usb a bcdDevice)" 1209:0001:0200 || return
	is "$(usb a manufacturer)" "bridgefw lab" || return
	# Without its first word it does not count.
	printf '\0' | dd of="$(eeprom a)" conv=notrunc status=none
	box_unplug a && box_start a --chip pl2507 --drive none --eeprom "$(eeprom a)" || return
	is "$(usb a idVendor):$(usb a idProduct)" 067b:2507
}

options_win() {
	cp "$IMAGES/lab-other.bin" "$(eeprom a)"
	box_start a --chip pl2507 --drive none --eeprom "$(eeprom a)" --ids abcd:ef01:0203 \
		--serial OWN || return
	is "$(usb a idVendor):$(usb a idProduct):$(usb a bcdDevice)" abcd:ef01:0203 &&
		is "$(usb a serial)" OWN
}

lsusb_agrees() {
	cp "$IMAGES/lab-factory.bin" "$(eeprom a)"
	box_start a --chip pl2507 --eeprom "$(eeprom a)" || return
	run lsusb -v -d 067b:2507
	says 'iSerial +3 LAB2507A0001' && says 'bNumEndpoints +2' && says 'Self Powered' &&
		says 'bInterfaceProtocol +80'
}

# by_signal SIGNAL
by_signal() {
	box_start a --chip pl2507 || return
	kill "-$1" "${BOX_PID[a]}"
	ended a && gone a
}

by_command() {
	box_start a --chip pl2507 && box_ctl a unplug && ended a && gone a
}

detached_by_the_host() {
	box_start a --chip pl2507 --port 2 || return
	echo 2 >$VHCI/detach
	ended a && gone a && grep -q '^detached' "$BOX_TMP/a.log" || fail "$(cat "$BOX_TMP/a.log")"
}

out_and_in() {
	local i

	box_start a --chip pl2507 || return
	for i in 1 2 3; do
		run box_ctl a replug
		status_is 0 && says "${BOX_BUSID[a]}" || return
	done
	box_ctl a pull && gone a || return
	run box_ctl a status
	says '"plugged":false' || return
	run box_ctl a plug
	status_is 0 || return
	run box_ctl a plug
	status_is 1 && says 'plugged in'
}

same_place() {
	box_start a --chip pl2507 --drive none && box_start b --chip pl2507 --drive none || return
	local place=${BOX_BUSID[b]}

	box_unplug a && box_ctl b replug >/dev/null && box_busid b || return
	is "${BOX_BUSID[b]}" "$place" "place"
}

many_at_once() {
	local i name names=

	for i in 1 2 3 4 5 6 7 8; do
		names+=" b$i"
		vbridge --bus usb --chip pl2507 --drive none --serial "S$i" >"$BOX_TMP/b$i.log" 2>&1 &
		BOX_PID[b$i]=$!
	done
	for name in $names; do
		eventually 60 box_busid "$name" || fail "$name: $(cat "$BOX_TMP/$name.log")" || return
		box_busid "$name"
		is "$(usb "$name" serial)" "S${name#b}" || return
	done
	is "$(for name in $names; do echo "${BOX_BUSID[$name]}"; done | sort -u | wc -l)" 8 "places"
}

taken_port() {
	box_start a --chip pl2507 --port 4 || return
	run vbridge --bus usb --chip pl2507 --port 4
	status_is 1 && says 'taken' || return
	run vbridge --bus usb --chip pl2507 --port 20
	status_is 1 && says 'no port 20'
}

wrong_command_lines() {
	run vbridge --bus usb --chip nonesuch
	status_is 1 && says "no profile is called 'nonesuch'" || return
	run vbridge --chip pl2507
	status_is 2 || return
	run vbridge --bus usb --chip pl2507 --fault "stahl"
	status_is 2 && says "unknown kind 'stahl'" || return
	run vbridge --bus usb --chip pl2507 --fault "stuckbit=999:1"
	status_is 1 && says 'no such memory' || return
	head -c 256 /dev/zero >"$(eeprom a)"
	run vbridge --bus usb --chip pl2507 --eeprom "$(eeprom a)"
	status_is 1 && says 'larger than' || return
	run vbridge --bus usb --chip pl2507 --flash "$BOX_TMP/flash"
	status_is 1 && says 'has no flash' || return
	run vbridge ctl "$BOX_TMP/nobody" status
	status_is 1 && says 'no vbridge listens'
}

test_that "ids and strings of the internal ROM" internal_rom
test_that "ids and strings of a table in the EEPROM" table_in_the_eeprom
test_that "ids and serial number by option" options_win
test_that "lsusb -v agrees" lsusb_agrees
test_that "SIGTERM pulls the cable" by_signal TERM
test_that "SIGHUP pulls the cable" by_signal HUP
test_that "SIGKILL pulls the cable" by_signal KILL
test_that "a command pulls the cable" by_command
test_that "the host detaches the port" detached_by_the_host
test_that "out and in again" out_and_in
test_that "in again at the same place" same_place
test_that "eight at once" many_at_once
test_that "a port that is taken" taken_port
test_that "wrong command lines" wrong_command_lines
LONG_SUITE=1
run_tests
