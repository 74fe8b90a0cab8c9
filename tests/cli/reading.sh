#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Commands that change nothing: list, info, dump, verify, eeprom show, status; and
# all the ways to name a bridge.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh
. "$DIR"/common.sh

list_tells() {
	ready --drive disk || return
	gives 0 '^DEVICE +CHIP +IDS +PORT +SERIAL +STATE +MATCH +TRANSPORTS' bfw list &&
		says "^${BOX_NODE[a]} +pl2507 +067b:2507:0100 +usb:${BOX_BUSID[a]} +LAB2507A0001 +idle +ids +" ||
		return
	json 0 ".bridges | length == 1 and (.[0] | .device == \"${BOX_NODE[a]}\" and .node == \"$(dev a)\" and
		.chip == \"pl2507\" and .ids == \"067b:2507:0100\" and .bus == \"usb\" and .bus_id == \"${BOX_BUSID[a]}\" and
		.serial == \"LAB2507A0001\" and .serial_identifies and .state == \"idle\" and .match == \"ids\" and
		.profile_origin == \"system\" and .evidence == \"documented\" and (.transports | index(\"control\")))" bfw list &&
		json 0 '.boxes == [] and .unfinished == []' bfw --json list &&
		json 0 '.bridges[0].chip == "pl2507"' bfw list -j
}

info_tells() {
	local disk

	ready --drive disk && disk=$(box_disk a) || return
	gives 0 "^${BOX_NODE[a]}\$" bfw info && says 'Prolific Technology Inc\.' &&
		says 'ids: its ids stand in the profile' &&
		says 'documented' && says "usb:${BOX_BUSID[a]}" && says 'eeprom, .*255 bytes' &&
		says "$disk" && says 'LAB DISK' || return
	json 0 ".bridge.chip == \"pl2507\" and (.memories | length) == 1 and (.memories[0] | .name == \"eeprom\" and
		.size == 255 and .interrupted == \"mixed\" and .read_evidence == \"documented\" and
		.program_evidence == \"documented\") and .drives[0].name == \"$disk\" and (.drives[0].size > 60000000)" bfw info
}

# What the profile has no command for is not asked.
identify_is_not_known() {
	ready && refuses 5 absent 'not known how this chip does that' bfw info --identify &&
		is "$(ops a identify)$(ops a version)" 00 "questions"
}

# Everybody may look; the memory is root's.
others_than_root() {
	ready && gives 0 "${BOX_NODE[a]} +pl2507" as_user bridgefwctl list &&
		gives 0 'pl2507' as_user bridgefwctl info &&
		refuses 8 permission 'may not be opened' as_user bridgefwctl dump "$BOX_TMP/x" &&
		refuses 8 permission 'may not be opened' as_user bridgefwctl verify "$FACTORY" &&
		refuses 8 permission 'may not be opened' as_user bridgefwctl eeprom show &&
		refuses 8 permission 'may not be opened' as_user bridgefwctl flash "$OTHER" --clone-identity --yes &&
		refuses 8 permission 'may not be opened' as_user bridgefwctl restore --yes &&
		refuses 8 permission 'may not be opened' as_user bridgefwctl status &&
		refuses 8 permission 'may not be opened' as_user bridgefwctl info --identify &&
		refuses 8 permission '' as_user bridgefwctl attach "${BOX_BUSID[a]}" --profile pl2507 &&
		nothing_written && [ ! -e "$BOX_TMP/x" ] || fail "a dump is there"
}

names_of_a_bridge() {
	local name

	ready || return
	for name in "${BOX_NODE[a]}" "${BOX_NODE[a]#bridgefw}" "$(dev a)" "$(sys a)" "${BOX_BUSID[a]}" "usb:${BOX_BUSID[a]}" \
			"usb-${BOX_BUSID[a]}" serial:LAB2507A0001 chip:pl2507 /dev/bridgefw-by-id/usb-pl2507-LAB2507A0001 \
			"/dev/bridgefw-by-path/usb-${BOX_BUSID[a]}"; do
		json 0 ".bridge.device == \"${BOX_NODE[a]}\"" bfw info "$name" || return
	done
	json 0 ".device == \"${BOX_NODE[a]}\"" bfw status
}

two_of_them() {
	ready && cp "$FACTORY" "$(eeprom b)" && box_pl2507 b --drive none --serial LABBOX-2 ||
		return
	refuses 3 not-unique "more than one bridge: .*${BOX_NODE[a]}.*${BOX_NODE[b]}" bfw info &&
		json 3 '.error.candidates | length == 2' bfw dump "$BOX_TMP/x" &&
		refuses 3 not-unique '2 bridges have the chip' bfw info chip:pl2507 &&
		json 0 ".bridge.device == \"${BOX_NODE[b]}\"" bfw info serial:LABBOX-2 &&
		json 0 ".bridge.device == \"${BOX_NODE[a]}\"" bfw info serial:LAB2507A0001 &&
		json 0 '.bridges | length == 2' bfw list && [ ! -e "$BOX_TMP/x" ] || return
	# A serial that two show identifies neither.
	box_unplug b && box_pl2507 b --drive none --serial LAB2507A0001 || return
	refuses 5 identity 'does not identify a box: two bridges show it' bfw info serial:LAB2507A0001 &&
		gives 0 'LAB2507A0001\* ' bfw list && says 'does not identify the box' &&
		json 0 '[.bridges[].serial_identifies] == [false, false]' bfw list &&
		box_unplug b
}

default_serial() {
	ready --drive none --serial 0123456789000000005 &&
		refuses 5 identity 'a default that many boxes show' bfw info serial:0123456789000000005 &&
		gives 0 '0123456789000000005\* ' bfw list &&
		gives 0 'does not identify the box: a default' bfw info
}

# What a file would change: of a box, and of another file, whose chip must be named.
differences() {
	local lab=$REPO/tests/lab/profiles/lab-nor.profile

	ready && gives 6 '49 bytes in 10 places differ' bfw diff "$OTHER" &&
		says '0x0002\.\.0x0005 +7b 06 07 25 +-> 09 12 01 00' &&
		gives 0 'equals' bfw diff "${BOX_BUSID[a]}" "$FACTORY" &&
		json 6 '(.equal | not) and .differ == 49 and (.changes | length) == 10' \
			bfw diff -m eeprom --repeat 1 --progress none "$OTHER" &&
		nothing_written || return
	gives 6 'erase 16 of 16 sectors' bfw diff "$IMAGES"/lab-nor-{a,b}.bin --profile "$lab" --ascii &&
		says '0x000000 +### ###' && says 'erased and programmed, boot sector' &&
		json 0 .equal bfw diff "$FACTORY" "$FACTORY" --profile pl2507
}

dump_writes_a_file() {
	local file=$BOX_TMP/dump.bin

	ready || return
	rm -f "$file"
	gives 0 "eeprom, 112 bytes, read 2 times alike, written to $file" bfw dump "$file" &&
		says "sha256 $(sha "$FACTORY")" &&
		same "$file" "$FACTORY" &&
		refuses 2 exists 'exists; it was not touched' bfw dump "$file" || return
	: >"$file"
	gives 0 'read 3 times alike' bfw dump "${BOX_BUSID[a]}" "$file" --force --repeat 3 &&
		same "$file" "$FACTORY" || return
	rm "$file"
	json 0 ".device == \"${BOX_NODE[a]}\" and .memory == \"eeprom\" and .bytes == 112 and .reads == 2 and
		.file == \"$file\" and .sha256 == \"$(sha "$FACTORY")\"" bfw dump --memory eeprom --progress none "$file" || return
	gives 0 'It was read only once' bfw dump -f -r 1 "$file" &&
		refuses 2 memory 'no memory "flash"' bfw dump -m flash "$file"
}

dump_elsewhere() {
	local before

	ready || return
	# To standard output, byte for byte; and not onto things that are no files.
	bridgefwctl dump - >"$BOX_TMP/stdout" 2>"$BOX_TMP/stderr" &&
		same "$BOX_TMP/stdout" "$FACTORY" &&
		is "$(cat "$BOX_TMP/stderr")" "" "standard error" &&
		refuses 2 exists 'is there and is not a file' bfw dump /dev/null --force &&
		refuses 2 exists 'is there and is not a file' bfw dump "$BOX_TMP" &&
		gives 1 'cannot be written: No such file or directory' bfw dump "$BOX_TMP/nowhere/x" &&
		gives 8 'cannot be written|permission' bash -c 'cd / && bridgefwctl dump /proc/x' ||
		:
	run bash -c 'bridgefwctl dump - >/dev/full'
	status_is 1 && says 'standard output: No space' || return
	# Without a name it is called after what it is of.
	before=$PWD
	mkdir -p "$BOX_TMP/here" && cd "$BOX_TMP/here" &&
		gives 0 "written to pl2507-${BOX_BUSID[a]}-eeprom-[0-9TZ.]+\.bin" bfw dump
	cd "$before" || return
	same "$BOX_TMP"/here/pl2507-*.bin "$FACTORY" && rm -r "$BOX_TMP/here"
}

# A disk that gets full leaves no half of a file.
dump_onto_a_full_disk() {
	ready && mkdir -p "$BOX_TMP/full" &&
		mount -t tmpfs -o size=8k,nr_inodes=16 none "$BOX_TMP/full" || return
	dd if=/dev/zero of="$BOX_TMP/full/x" bs=4k count=2 status=none
	gives 1 'No space left' bfw dump "$BOX_TMP/full/dump" &&
		is "$(ls -A "$BOX_TMP/full")" x "files"
	local ret=$?
	umount "$BOX_TMP/full"
	return $ret
}

verify_compares() {
	ready && gives 0 "eeprom equals $FACTORY \(112 bytes\)" bfw verify "$FACTORY" &&
		json 0 .equal bfw verify "$FACTORY" &&
		gives 6 'differs from .* in 49 bytes, from offset 0x0002 on' bfw verify "${BOX_BUSID[a]}" "$OTHER" &&
		says '0x0002\.\.0x0005 +7b 06 07 25 +-> 09 12 01 00' &&
		json 6 '(.equal | not) and (.changes | length) == 10 and .error.reason == "content-differs"' bfw verify --repeat 3 "$OTHER" ||
		return
	head -c 100 "$FACTORY" >"$BOX_TMP/shorter" &&
		{ cat "$FACTORY"; echo x; } >"$BOX_TMP/longer"
	gives 6 'differs' bfw verify "$BOX_TMP/shorter" &&
		gives 6 'differs' bfw verify "$BOX_TMP/longer" &&
		gives 0 'equals' bfw verify --memory eeprom --progress plain "$FACTORY" &&
		refuses 10 not-a-file 'is not a regular file' bfw verify /dev/zero &&
		refuses 10 io 'cannot be opened' bfw verify /nonesuch
}

show_explains() {
	ready || return
	gives 0 '^0000  06 7b 7b 06 07 25 00 01  c0 01 ff ff ff ff ff ff' bfw eeprom show &&
		says '0x0000\.\.0x0001 +Validity word +06 7b +documented' &&
		says 'this is a valid content' || return
	# Its layout is not public: more is said only by a profile that somebody names.
	! says 'Manufacturer' && WHY= &&
		gives 0 'Manufacturer +Prolific Technology Inc\.' bfw eeprom show --profile "$LAYOUT" &&
		says 'inferred' && says 'Serial number +LAB2507A0001' || return
	json 0 '.valid and .bytes == 112 and .data[0:8] == "067b7b06" and
		(.fields[] | select(.name == "validity") | .value == "06 7b" and .evidence == "documented" and (.source | length > 5))' \
		bfw eeprom show "${BOX_BUSID[a]}" || return
	gives 0 'no profile was named' bfw eeprom show "$OTHER" &&
		gives 0 'USB product id +(0x)?0001' bfw eeprom show -p "$LAYOUT" "$OTHER" &&
		json 0 ".file == \"$OTHER\" and .valid" bfw eeprom show "$OTHER" --profile pl2507 ||
		return
	head -c 112 /dev/zero >"$BOX_TMP/zero"
	gives 0 'is not a valid content' bfw eeprom show "$BOX_TMP/zero" --profile pl2507 &&
		json 0 '(.valid | not) and (.invalid_why | length > 5)' bfw eeprom show "$BOX_TMP/zero" --profile pl2507 &&
		head -c 40 "$FACTORY" >"$BOX_TMP/short" &&
		gives 0 'Serial number +not there' bfw eeprom show "$BOX_TMP/short" --profile "$LAYOUT" &&
		refuses 10 no-profile 'no profile "nonesuch"' bfw eeprom show --profile nonesuch
}

status_tells() {
	ready && modules_forget && gives 0 "${BOX_NODE[a]}: idle" bfw status &&
		json 0 '.state == "idle" and .job == "none"' bfw status --wait || return
	echo_to "$(sys a)/image" "x" && echo_to "$(sys a)/command" verify && job_ends a ||
		return
	gives 0 'last job verify, failed: content-differs' bfw status "${BOX_BUSID[a]}" &&
		json 6 '.error.reason == "content-differs"' bfw status --wait --progress none
}

# The bridge without what the module remembers of jobs before.
modules_forget() { READY=gone && box_unplug a && modules_reload && ready; }

test_that "list" list_tells
test_that "info" info_tells
test_that "info --identify asks only what the profile knows" identify_is_not_known
test_that "others than root may look, and no more" others_than_root
test_that "all names of a bridge" names_of_a_bridge
test_that "two bridges must be named" two_of_them
test_that "a default serial is no name" default_serial
test_that "diff, with a box and without" differences
test_that "dump" dump_writes_a_file
test_that "dump to other places" dump_elsewhere
test_that "dump onto a full disk" dump_onto_a_full_disk
test_that "verify" verify_compares
test_that "eeprom show" show_explains
test_that "status" status_tells
run_tests
