#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the files of a bridge say, and that every one of them is documented.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh

ABI=$REPO/Documentation/ABI/testing/sysfs-class-bridgefw

udev_loads_the_modules() {
	rmmod bridgefw_scsi bridgefw_usb bridgefw 2>/dev/null
	[ ! -d /sys/module/bridgefw ] || fail "the modules cannot be unloaded" || return
	box_pl2507 a || return
	[ -d /sys/module/bridgefw_usb ] || fail "bridgefw_usb is not loaded" || return
	eventually 10 test -d /sys/module/bridgefw_scsi || fail "bridgefw_scsi is not loaded"
}

says_what_it_is() {
	box_pl2507 a || return
	local d; d=$(sys a)
	file_is "$d/chip" pl2507 && file_is "$d/bus" usb && file_is "$d/bus_id" "${BOX_BUSID[a]}" &&
	file_is "$d/ids" 067b:2507:0100 && file_is "$d/match" ids && file_is "$d/state" idle &&
	file_is "$d/profile" pl2507 && file_is "$d/profile_origin" system &&
	file_is "$d/evidence" documented && file_is "$d/progress" 0 && file_is "$d/last_error" "" &&
	file_is "$d/job" none && file_is "$d/vendor" "Prolific Technology Inc." &&
	file_is "$d/memories/eeprom/kind" eeprom && file_is "$d/memories/eeprom/size" 255 &&
	file_is "$d/memories/eeprom/unit" 1 && file_is "$d/memories/eeprom/reads" 0 &&
	file_is "$d/memories/eeprom/interrupted" mixed &&
	file_is "$d/memories/eeprom/read_evidence" documented &&
	file_is "$d/memories/eeprom/program_evidence" documented || return
	grep -q control "$d/transports" || fail "no control transport: $(cat "$d/transports")" || return
	eventually 10 grep -q scsi "$d/transports" || fail "no scsi transport" || return
	run cat "$d/firmware_version"
	status_is 1 && says "No data available"
}

every_file_is_documented() {
	local file name missing=

	box_pl2507 a || return
	while read -r file; do
		name=${file#"$(sys a)"/}
		case $name in
		power/* | bridgefw*/* | uevent | dev) continue ;;
		memories/*) name=memories/NAME/${name##*/} ;;
		esac
		grep -qxF "What:		/sys/class/bridgefw/bridgefwN/$name" "$ABI" || missing+=" $name"
	done < <(find "$(sys a)/" -type f)
	[ -z "$missing" ] || fail "not in the ABI file:$missing" || return
	while read -r name; do
		case $name in
		memories/NAME/*) name=memories/eeprom/${name##*/} ;;
		esac
		[ -e "$(sys a)/$name" ] || missing+=" $name"
	done < <(sed -n 's|^What:\t\t/sys/class/bridgefw/bridgefwN/||p' "$ABI")
	[ -z "$missing" ] || fail "in the ABI file, and not there:$missing"
}

only_root_reads_memory() {
	local f

	box_pl2507 a || return
	for f in eeprom previous; do
		is "$(stat -c %a "$(sys a)/$f")" 400 "$f" || return
	done
	is "$(stat -c %a "$(sys a)/image")" 200 image && is "$(stat -c %a "$(sys a)/command")" 200 command &&
	is "$(stat -c %a "$(dev a)")" 600 node && is "$(stat -c %a /dev/bridgefw)" 600 bridgefw || return
	run setpriv --reuid=65534 --clear-groups cat "$(sys a)/eeprom"
	status_is 1 && says "Permission denied"
}

all_doors_agree() {
	box_pl2507 a || return
	cat "$(sys a)/eeprom" >"$BOX_TMP/sysfs"
	dd if="$(dev a)" of="$BOX_TMP/dd" bs=512 status=none
	dd if=/dev/bridgefw of="$BOX_TMP/dd1" bs=512 status=none
	cat "/sys/bus/nvmem/devices/${BOX_NODE[a]}/nvmem" >"$BOX_TMP/nvmem"
	same "$(eeprom a)" "$BOX_TMP/sysfs" && same "$(eeprom a)" "$BOX_TMP/dd" &&
	same "$(eeprom a)" "$BOX_TMP/dd1" || return
	# NVMEM has a fixed size; what lies beyond the table reads as an erased part does.
	is "$(stat -c %s "$BOX_TMP/nvmem")" 255 || return
	head -c "$(stat -c %s "$(eeprom a)")" "$BOX_TMP/nvmem" >"$BOX_TMP/head"
	same "$(eeprom a)" "$BOX_TMP/head"
}

a_short_table_is_as_long_as_it_is() {
	head -c 64 "$IMAGES/lab-factory.bin" >"$(eeprom a)"
	box_pl2507 a || return
	run cat "$(sys a)/memories/eeprom/length"
	status_is 1 && says "No data available" || return
	cat "$(sys a)/eeprom" >"$BOX_TMP/sysfs"
	same "$(eeprom a)" "$BOX_TMP/sysfs" && file_is "$(sys a)/memories/eeprom/length" 64 &&
	file_is "$(sys a)/memories/eeprom/reads" 1
}

one_of_two() {
	box_pl2507 a && box_pl2507 b || return
	[ "${BOX_NODE[a]}" != "${BOX_NODE[b]}" ] || fail "both are ${BOX_NODE[a]}" || return
	run dd if=/dev/bridgefw of=/dev/null status=none
	status_is 1 && says "not unique" || return
	box_unplug b || return
	run dd if=/dev/bridgefw of=/dev/null status=none
	status_is 0 || return
	box_unplug a || return
	run dd if=/dev/bridgefw of=/dev/null status=none
	status_is 1 && says "No such device"
}

links_by_path_and_id() {
	box_pl2507 a --serial LAB-0A1B2C3D || return
	is "$(readlink -f "/dev/bridgefw-by-path/usb-${BOX_BUSID[a]}")" "$(dev a)" &&
	is "$(readlink -f /dev/bridgefw-by-id/usb-pl2507-LAB-0A1B2C3D)" "$(dev a)" || return
	# Present twice, it identifies neither.
	box_pl2507 b --serial LAB-0A1B2C3D || return
	eventually 10 test ! -e /dev/bridgefw-by-id/usb-pl2507-LAB-0A1B2C3D ||
		fail "the link of an ambiguous serial stays" || return
	box_unplug b || return
	eventually 10 test -e /dev/bridgefw-by-id/usb-pl2507-LAB-0A1B2C3D ||
		fail "the link does not come back"
}

no_link_for_a_default_serial() {
	box_pl2507 a --serial 0123456789000000005 || return
	[ -e "/dev/bridgefw-by-path/usb-${BOX_BUSID[a]}" ] || fail "no link by path" || return
	run find /dev/bridgefw-by-id -name '*0123456789*'
	is "$OUT" ""
}

another_profile_by_name() {
	# What no profile knows does not load it.
	modprobe bridgefw_usb || return
	box_start a --chip pl2507 --ids 1209:7777 --eeprom "$BOX_TMP/a.eeprom" || return
	sleep 1
	! bridge_at "${BOX_BUSID[a]}" >/dev/null || fail "unknown ids became a bridge" || return
	echo_to /sys/class/bridgefw/attach "${BOX_BUSID[a]} pl2507"
	status_is 0 && box_node a && file_is "$(sys a)/match" attached || return
	echo_to /sys/class/bridgefw/attach "${BOX_BUSID[a]} nonesuch"
	status_is 1 && says "No such file" || return
	echo_to /sys/class/bridgefw/attach "9-9 pl2507"
	status_is 1 && says "No such device" || return
	echo_to /sys/class/bridgefw/attach "${BOX_BUSID[a]}"
	status_is 1 && says "Invalid argument" || return
	echo_to /sys/class/bridgefw/attach "${BOX_BUSID[a]} ../../etc/passwd"
	status_is 1 && says "Invalid argument" || return
	# Nothing was sent: no vendor request is in the trace.
	run grep -c '"vendor":true' "$(box_trace a)"
	is "$OUT" 0
}

test_that "udev loads the modules when the box is plugged in" udev_loads_the_modules
test_that "a bridge says what it is" says_what_it_is
test_that "every file is documented, and every documented file is there" every_file_is_documented
test_that "only root reads memories" only_root_reads_memory
test_that "sysfs, the device nodes and NVMEM read the same" all_doors_agree
test_that "a table shorter than the memory keeps its length" a_short_table_is_as_long_as_it_is
test_that "/dev/bridgefw opens the only bridge" one_of_two
test_that "links by path and by id" links_by_path_and_id
test_that "a default serial makes no link" no_link_for_a_default_serial
test_that "a profile is attached by name, and nothing is sent" another_profile_by_name
run_tests
