#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The same session with and without the modules, as the device saw it.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh

# A session that does not depend on timing: plug in, settle, read the disk, out.
session() { # NAME COMMAND...
	local name=$1 disk

	shift
	: >"$(box_trace "$name")"
	box_start "$name" --chip pl2507 --layout "$LAYOUT" --eeprom "$(eeprom "$name")" || return
	disk=$(box_disk "$name") || return
	udevadm settle
	"$@" || return
	dd if="/dev/$disk" of=/dev/null bs=64k count=16 iflag=direct status=none || return
	box_unplug "$name"
}

# What was asked, each thing once: how often the kernel looks at an idle disk, and
# how it joins neighbouring reads into one, depends on the time.
kinds() {
	jq -r 'select(.type == "control" or .type == "cdb") | (.setup // .cdb) as $bytes |
		if .type == "cdb" and ($bytes | startswith("28")) then "cdb 28 read"
		else [.type, $bytes, .dir, .len] | join(" ") end' "$(box_trace "$1")" | sort -u
}

modules_away() {
	rmmod bridgefw_scsi bridgefw_usb bridgefw 2>/dev/null
	[ ! -d /sys/module/bridgefw ] || fail "the modules are still loaded"
}

udev_rule() {
	local rules=/lib/udev/rules.d/60-bridgefw.rules

	case $1 in
	off) mv "$rules" "$BOX_TMP/rules" ;;
	on) [ ! -e "$BOX_TMP/rules" ] || mv "$BOX_TMP/rules" "$rules" ;;
	esac
	udevadm control --reload
}

look_at_it() {
	box_node b && eventually "$PATIENCE" grep -q scsi "$(sys b)/transports" || return
	bridgefwctl list >/dev/null && bridgefwctl info >/dev/null || fail "list, info" || return
	find "$(sys b)/" -maxdepth 1 -type f -perm -444 -exec cat {} + >/dev/null 2>&1
	cat "$(sys b)"/memories/*/* >/dev/null 2>&1
	return 0
}

identifying_sends_nothing() {
	cp "$IMAGES/lab-factory.bin" "$(eeprom a)" && cp "$IMAGES/lab-factory.bin" "$(eeprom b)" &&
	modules_away && udev_rule off || return
	session a true
	local ret=$?
	udev_rule on
	[ $ret = 0 ] || return
	[ ! -d /sys/module/bridgefw ] || fail "the modules came by themselves" || return
	session b look_at_it || return
	[ -d /sys/module/bridgefw_usb ] && [ -d /sys/module/bridgefw_scsi ] || fail "no modules" || return
	kinds a >"$BOX_TMP/without" && kinds b >"$BOX_TMP/with"
	[ "$(wc -l <"$BOX_TMP/without")" -gt 10 ] || fail "the session is empty" || return
	run comm -13 "$BOX_TMP/without" "$BOX_TMP/with"
	is "$OUT" "" "only with the modules" && is "$(grep -c '"vendor":true' "$(box_trace b)" || :)" 0 "vendor requests"
}

only_the_profile_is_sent() {
	box_pl2507 a && bridgefwctl dump "$BOX_TMP/dump" >/dev/null &&
	bridgefwctl eeprom write "$IMAGES/lab-other.bin" --clone-identity --yes >/dev/null &&
	bridgefwctl verify "$IMAGES/lab-other.bin" >/dev/null || fail "the session failed" || return
	jq -r 'select(.vendor) | [.type, .setup // .cdb, .op, .known] | join(" ")' "$(box_trace a)" |
		sort -u >"$BOX_TMP/vendor"
	is "$(cat "$BOX_TMP/vendor")" "control 4105000000007000 eeprom.program true
control c10600000000ff00 eeprom.read true"
}

test_that "list, info and sysfs send nothing that the kernel does not" identifying_sends_nothing
test_that "dump, write and verify send what the profile says, and nothing else" only_the_profile_is_sent
run_tests
