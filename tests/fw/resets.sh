#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Bus resets, cables that are pulled and nodes that die, whatever is going on: a bridge
# stays what it is as long as its box is there, and nobody waits for one that is not.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh
. "$DIR"/common.sh
. "$REPO"/tests/lifetime/common.sh
. "$DIR"/life_common.sh

number() { bridge_number "${BOX_NODE[$1]}"; }
# same_bridge NAME NUMBER
same_bridge() { is "$(number "$1")" "$2" "number of the bridge of $1"; }

# Each read gives the ROM, or says what came in between.
reads_on() {
	while [ -e "$BOX_TMP/go" ]; do
		if timeout 20 cat "$(sys a)/config-rom" >"$BOX_TMP/now" 2>"$BOX_TMP/now.err"; then
			cmp -s "$BOX_TMP/now" "$BOX_TMP/good" || echo "other content" >>"$BOX_TMP/wrong"
			echo ok >>"$BOX_TMP/did"
		else
			grep -qE 'Stale file handle|Resource temporarily unavailable|timed out' "$BOX_TMP/now.err" ||
				cat "$BOX_TMP/now.err" >>"$BOX_TMP/wrong"
		fi
	done
}
storm() {
	local reader was i

	running a pl3507 && rom_well a && cp "$BOX_TMP/rom" "$BOX_TMP/good" && was=$(number a) || return
	: >"$BOX_TMP/wrong"
	touch "$BOX_TMP/go"
	reads_on &
	reader=$!
	for ((i = 0; i < 20; i++)); do
		box_ctl a reset >/dev/null || fail "reset" || return
		pause "0.$((i % 5))"
	done
	rm "$BOX_TMP/go"
	ends_within 30 $reader && is "$(cat "$BOX_TMP/wrong")" "" "reads" || return
	eventually 15 rom_well a || fail "it cannot be read any more: $WHY" || return
	same_bridge a "$was" && node_is a 'bridge' &&
		dd if="/dev/$(box_disk a)" of=/dev/null bs=4k count=4 iflag=direct status=none
}

# reset_in WHAT FAULT: a dump is right in spite of it
reset_in_rom() {
	local was before

	box_plug a --chip pl3507 --drive none && rom_well a && cp "$BOX_TMP/rom" "$BOX_TMP/good" && was=$(number a) &&
		at_rest && before=$(resets) && fault a "busreset@rom,n=$1" || return
	rom_well a && same "$BOX_TMP/rom" "$BOX_TMP/good" && same_bridge a "$was" &&
		[ "$(resets)" -gt "$before" ] || fail "no bus reset, or the read suffered: $WHY"
}
reset_in_flash() {
	local was

	chip a lab-oxfw912 a --drive none && was=$(number a) && fault a "busreset@op=flash.read,n=200" || return
	run cat "$(sys a)/flash"
	# The address is written: that is not sent again blindly.
	[ "$STATUS" = 0 ] || says "Stale file handle|Connection reset|again" || return
	eventually 10 read_twice a flash && same "$BOX_TMP/read1" "$(flash_of a)" && same_bridge a "$was"
}

# The number on the bus is another one after each; the box is the same.
numbers_change() {
	local was fd

	box_plug a --chip pl3507 --drive none --port 1 --guid 0050770e00000001 && was=$(number a) && node_is a . || return
	exec {fd}<"$(dev a)"
	box_plug b --chip pl3507 --drive none --port 0 --guid 0050770e00000002 || return
	eventually 10 grep -q "^${BOX_BUSID[a]} 1 " $NODES || fail "it kept its number: $(cat $NODES)" || return
	same_bridge a "$was" && rom_well a && rom_well b && fd_read "$fd" && status_is 0 || return
	box_unplug b && eventually 10 grep -q "^${BOX_BUSID[a]} 0 " $NODES && same_bridge a "$was" && rom_well a || return
	exec {fd}<&-
}

unplugged_with_files_open() {
	local node sysfs

	box_plug a --chip pl3507 --drive none || return
	exec {node}<"$(dev a)" {sysfs}<"$(sys a)/config-rom"
	box_unplug a && fd_says "$node" "No such device or address" && fd_says "$sysfs" "No such device" || return
	box_plug b --chip pl3507 --drive none && rom_well b && fd_says "$node" "No such device or address" || return
	exec {node}<&- {sysfs}<&-
}
unplugged_in_a_read() {
	local reader

	chip a lab-oxfw912 a --drive none && fault a "nak@op=flash.read,n=100" || return
	cat "$(sys a)/flash" >/dev/null 2>"$BOX_TMP/said" &
	reader=$!
	eventually "$PATIENCE" grep -q '"op":"flash.read"' "$(box_trace a)" || fail "the box saw no read" || return
	pause 0.5
	box_unplug a && ends_within 10 $reader || return
	[ "$STATUS" != 0 ] && grep -q "No such device" "$BOX_TMP/said" || fail "status $STATUS: $(cat "$BOX_TMP/said")"
}
# It comes back with half of what was written, and with what was there before.
unplugged_in_a_write() {
	chip a lab-oxfw912 a --drive none && read_twice a flash && cat "$(image lab-oxfw912 b)" >"$(sys a)/image" &&
		fault a "delay=400@op=flash.program,n=20-29" || return
	echo_to "$(sys a)/command" "write identity final"
	status_is 0 && eventually "$PATIENCE" grep -q '"op":"flash.program"' "$(box_trace a)" || return
	pause 1
	file_is "$(sys a)/state" busy && box_unplug a || return
	box_plug a --chip lab-oxfw912 --flash "$(flash_of a)" --drive none && eventually "$PATIENCE" job_over a &&
		read_twice a flash || return
	cat "$(sys a)/previous" >"$BOX_TMP/previous" && same "$BOX_TMP/previous" "$(image lab-oxfw912 a)" || return
	echo_to "$(sys a)/command" "restore attached final"
	status_is 0 && job_ends a && file_is "$(sys a)/last_error" "" && same "$(flash_of a)" "$(image lab-oxfw912 a)"
}
unplugged_with_one_behind() {
	local first second

	box_plug a --chip pl3507 --drive none && BEHIND=a box_plug b --chip oxfw911 --drive none || return
	first=${BOX_NODE[a]} second=${BOX_NODE[b]}
	box_ctl a pull >/dev/null && eventually 10 bridge_gone "$first" && eventually 10 bridge_gone "$second" ||
		fail "not both are gone: $(cat $NODES)" || return
	box_ctl a plug >/dev/null && box_node a && BEHIND=a box_plug b --chip oxfw911 --drive none &&
		rom_well a && rom_well b
}

# dies NAME: its PHY stays, and nothing answers any more
dies() { fault "$1" nak@any,n=1- && fault "$1" nak@rom,n=1- && fault "$1" nak@quadlet,n=1-; }
asked() { grep -cE '"type":"(rom|quadlet|request)"' "$(box_trace "$1")" || :; }
nobody_at() { ! bridge_at "${BOX_BUSID[$1]}" >/dev/null; }
# It is asked for half a minute whether it comes back.
a_node_that_dies() {
	local before

	box_plug a --chip lab-oxfw912 --flash "$BOX_TMP/none" --no-boot-check --drive none && at_rest && dies a || return
	before=$(asked a)
	box_start b --chip oxfw911 --drive none && eventually 5 bridge_at "${BOX_BUSID[b]}" ||
		fail "the other one was not found within 5 s" || return
	box_node b && rom_well b && node_is a 'silent' && eventually "$PATIENCE" nobody_at a ||
		fail "the dead one still is a bridge" || return
	pause 5
	[ $(($(asked a) - before)) -le 40 ] || fail "it was asked $(($(asked a) - before)) times" || return
	[ "$(grep -c '"address":"fffff0090020"' "$(box_trace a)")" -le 2 ] || fail "asked for its name again and again"
}

fw_profiles
fw_life "twenty bus resets while somebody reads" storm
fw_life "a bus reset at the beginning of a dump" reset_in_rom 2
fw_life "a bus reset in the middle of a dump" reset_in_rom 15
fw_life "a bus reset in the middle of a dump of a flash" reset_in_flash
fw_life "another number on the bus" numbers_change
fw_life "unplugged while files are open" unplugged_with_files_open
fw_life "unplugged in the middle of a read" unplugged_in_a_read
fw_life "unplugged in the middle of a write" unplugged_in_a_write
fw_life "unplugged, with one behind it" unplugged_with_one_behind
fw_life "a node that dies without leaving" a_node_that_dies
run_tests
