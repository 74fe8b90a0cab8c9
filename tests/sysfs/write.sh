#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Writing with cat and echo alone, and every refusal of the law at this door.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh

OTHER=$IMAGES/lab-other.bin
FACTORY=$IMAGES/lab-factory.bin

stage() { cat "$2" >"$(sys "$1")/image" || fail "staging failed"; }
vendor_writes() { grep -c '"op":"eeprom.program"' "$(box_trace "$1")"; }
nothing_was_written() { is "$(vendor_writes "$1")" 0 "writes in the trace" && same "$(eeprom "$1")" "$FACTORY"; }

# refused NAME WORDS ERRNO-TEXT: the command is, and nothing reaches the device
refused() {
	echo_to "$(sys "$1")/command" "$2"
	status_is 1 && says "$3" && nothing_was_written "$1"
}

write_and_restore() {
	box_pl2507 a && read_twice a || return
	file_is "$(sys a)/memories/eeprom/reads" 2 && stage a "$OTHER" || return
	run cat "$(sys a)/previous"
	status_is 1 && says "No data" || return
	echo_to "$(sys a)/command" "write identity"
	status_is 0 && job_ends a && file_is "$(sys a)/state" idle && file_is "$(sys a)/last_error" "" &&
	file_is "$(sys a)/job" write && file_is "$(sys a)/progress" 100 && same "$(eeprom a)" "$OTHER" &&
	is "$(vendor_writes a)" 1 "writes" || return
	cat "$(sys a)/previous" >"$BOX_TMP/previous"
	same "$BOX_TMP/previous" "$FACTORY" || return
	# The read-back was one whole read of the new content; a second is still needed.
	echo_to "$(sys a)/command" restore
	status_is 1 && says "No data available" || return
	read_twice a || return
	echo_to "$(sys a)/command" restore
	status_is 0 && job_ends a && file_is "$(sys a)/state" idle && same "$(eeprom a)" "$FACTORY"
}

previous_survives_replug() {
	box_pl2507 a && read_twice a && stage a "$OTHER" || return
	echo_to "$(sys a)/command" "write identity"
	status_is 0 && job_ends a && box_replug a || return
	# Its ids stand in no profile now; what it holds is what we wrote.
	[ "$(cat "$(sys a)/ids")" != 067b:2507:0100 ] || fail "the ids have not changed" || return
	eventually 10 grep -q written "$(sys a)/match" || fail "match: $(cat "$(sys a)/match")" || return
	cat "$(sys a)/previous" >"$BOX_TMP/previous"
	same "$BOX_TMP/previous" "$FACTORY" && read_twice a || return
	echo_to "$(sys a)/command" restore
	status_is 0 && job_ends a && same "$(eeprom a)" "$FACTORY" && box_replug a || return
	file_is "$(sys a)/match" ids && file_is "$(sys a)/ids" 067b:2507:0100
}

another_box_on_the_port_is_not_it() {
	box_pl2507 a && read_twice a && stage a "$OTHER" || return
	echo_to "$(sys a)/command" "write identity"
	status_is 0 && job_ends a && box_unplug a || return
	# Same port, unknown ids, other content.
	cp "$FACTORY" "$(eeprom b)"
	box_pl2507 b --ids 1209:7777 || return
	eventually 10 grep -q idle "$(sys b)/state"
	file_is "$(sys b)/match" changed && read_twice b && stage b "$OTHER" || return
	echo_to "$(sys b)/command" "write identity"
	status_is 1 && says "Permission denied" && is "$(vendor_writes b)" 0 "writes" || return
	echo_to "$(sys b)/command" "write identity attached"
	status_is 0 && job_ends b && same "$(eeprom b)" "$OTHER"
}

previous_is_of_one_box() {
	box_pl2507 a && read_twice a && stage a "$OTHER" || return
	echo_to "$(sys a)/command" "write identity"
	status_is 0 && job_ends a && box_unplug a && box_pl2507 b --serial LAB-OTHER-1 && read_twice b || return
	echo_to "$(sys b)/command" "restore"
	status_is 1 && says "Permission denied" && is "$(vendor_writes b)" 0 "writes" || return
	echo_to "$(sys b)/command" "restore attached"
	status_is 0 && job_ends b && same "$(eeprom b)" "$FACTORY"
}

needs_two_equal_reads() {
	box_pl2507 a && stage a "$OTHER" && refused a "write identity" "No data available" || return
	cat "$(sys a)/eeprom" >/dev/null
	refused a "write identity" "No data available"
}

needs_an_image() {
	modules_reload && box_pl2507 a && read_twice a &&
	refused a "write identity" "No data available" && refused a "restore" "No data available"
}

needs_the_right_size() {
	box_pl2507 a && read_twice a || return
	head -c 100 "$OTHER" >"$(sys a)/image"
	refused a "write identity" "Invalid argument" || return
	run bash -c 'head -c 300 /dev/zero >"$1"' bash "$(sys a)/image"
	status_is 1 && says "File too large"
}

needs_a_validity_word() {
	box_pl2507 a && read_twice a || return
	{ printf '\xff\xff'; tail -c +3 "$OTHER"; } >"$BOX_TMP/bad"
	stage a "$BOX_TMP/bad" && refused a "write identity" "Invalid argument"
}

keeps_the_byte_order() {
	box_pl2507 a && read_twice a || return
	{ head -c 2 "$OTHER" | tac -rs . | tr -d '\n'; tail -c +3 "$OTHER"; } >"$BOX_TMP/swapped"
	is "$(stat -c %s "$BOX_TMP/swapped")" "$(stat -c %s "$OTHER")" && stage a "$BOX_TMP/swapped" || return
	echo_to "$(sys a)/command" "write identity"
	status_is 0 && job_ends a && file_is "$(sys a)/state" failed || return
	run cat "$(sys a)/last_error"
	says '^image-rule: .*nothing was written' && nothing_was_written a
}

needs_consent_to_a_foreign_identity() {
	box_pl2507 a && read_twice a && stage a "$OTHER" && refused a write "Permission denied"
}

needs_the_capability() {
	box_pl2507 a && read_twice a && stage a "$OTHER" || return
	run setpriv --bounding-set=-sys_rawio --inh-caps=-sys_rawio \
		bash -c 'echo "write identity" >"$1"' bash "$(sys a)/command"
	status_is 1 && says "Operation not permitted" && nothing_was_written a || return
	run setpriv --bounding-set=-sys_rawio --inh-caps=-sys_rawio \
		bash -c 'echo x >"$1"' bash "$(sys a)/image"
	status_is 1 && says "Operation not permitted" || return
	run setpriv --bounding-set=-sys_rawio --inh-caps=-sys_rawio \
		bash -c 'echo "1-1 pl2507" >/sys/class/bridgefw/attach'
	status_is 1 && says "Operation not permitted"
}

refuses_while_mounted() {
	local disk

	box_pl2507 a && disk=$(box_disk a) || return
	mkfs.ext4 -q "/dev/$disk" && mkdir -p "$BOX_TMP/mnt" && mount "/dev/$disk" "$BOX_TMP/mnt" || return
	read_twice a && stage a "$OTHER" && refused a "write identity" "busy"
	local ret=$?
	umount "$BOX_TMP/mnt"
	[ $ret = 0 ] || return
	echo_to "$(sys a)/command" "write identity"
	status_is 0 && job_ends a && same "$(eeprom a)" "$OTHER"
}

refuses_while_swap() {
	local disk ret

	box_pl2507 a && disk=$(box_disk a) || return
	mkswap -q "/dev/$disk" >/dev/null && swapon "/dev/$disk" || return
	read_twice a && stage a "$OTHER" && refused a "write identity" "busy"
	ret=$?
	swapoff "/dev/$disk"
	return $ret
}

odd_commands() {
	local word

	box_pl2507 a && read_twice a && stage a "$OTHER" || return
	for word in "" " " frobnicate "write nonsense" "write eeprom identity maybe" "writeidentity"; do
		refused a "$word" "Invalid argument" || return
	done
	# A table is programmed as it is.
	refused a erase "Operation not supported"
}

staging_in_pieces() {
	box_pl2507 a && read_twice a || return
	dd if="$OTHER" of="$(sys a)/image" bs=16 status=none || return
	echo_to "$(sys a)/command" "write identity"
	status_is 0 && job_ends a && same "$(eeprom a)" "$OTHER" || return
	run dd if="$OTHER" of="$(sys a)/image" bs=16 seek=4 conv=notrunc status=none
	status_is 1 && says "Invalid argument"
}

verify_compares() {
	box_pl2507 a && stage a "$FACTORY" || return
	echo_to "$(sys a)/command" verify
	status_is 0 && job_ends a && file_is "$(sys a)/state" idle && stage a "$OTHER" || return
	echo_to "$(sys a)/command" verify
	status_is 0 && job_ends a && file_is "$(sys a)/state" failed || return
	run cat "$(sys a)/last_error"
	says '^content-differs: .*offset [0-9]+' && nothing_was_written a
}

writes_without_a_drive() {
	box_pl2507 a --drive none && read_twice a && stage a "$OTHER" || return
	file_is "$(sys a)/transports" control || return
	echo_to "$(sys a)/command" "write identity"
	status_is 0 && job_ends a && file_is "$(sys a)/state" idle && same "$(eeprom a)" "$OTHER"
}

writes_beside_a_dvd() {
	box_pl2507 a --drive dvd && box_disk a >/dev/null && read_twice a && stage a "$OTHER" || return
	echo_to "$(sys a)/command" "write identity"
	status_is 0 && job_ends a && file_is "$(sys a)/state" idle && same "$(eeprom a)" "$OTHER"
}

test_that "write, then restore what was there" write_and_restore
test_that "previous survives a replug, and the box is recognised under its new ids" previous_survives_replug
test_that "another box on the same port is told apart" another_box_on_the_port_is_not_it
test_that "previous is of one box, not of a port" previous_is_of_one_box
test_that "a write needs two equal reads" needs_two_equal_reads
test_that "a write needs an image" needs_an_image
test_that "the image must have the table's length" needs_the_right_size
test_that "the image must have the validity word" needs_a_validity_word
test_that "the validity word keeps its byte order" keeps_the_byte_order
test_that "a foreign identity needs consent" needs_consent_to_a_foreign_identity
test_that "writing needs CAP_SYS_RAWIO" needs_the_capability
test_that "no write while the drive is mounted" refuses_while_mounted
test_that "no write while the drive is swap" refuses_while_swap
test_that "odd commands are refused" odd_commands
test_that "an image may come in pieces, in order" staging_in_pieces
test_that "verify compares" verify_compares
test_that "a bridge without a drive is written" writes_without_a_drive
test_that "a bridge with a DVD drive is written" writes_beside_a_dvd
run_tests
