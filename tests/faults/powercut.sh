#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The power fails inside of the one request that writes the table: before its
# first byte, inside and at the end of the first pages, in the middle, at the
# last byte. The plan has said so before. Whatever is left - also a box whose
# ids are a mixture that no profile knows - is repaired by `restore` with the
# port, byte for byte, also when only the journal on the disk is left of what was
# known.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh
. "$DIR"/common.sh
BOX_KEEP=

WARNED='power cut or unplug inside that can leave a'
NEW='written, read back and equal'

# At the end of a write that was cut: the old ids, and the old content.
as_before() {
	same "$(eeprom a)" "$FACTORY" && box_replug a &&
		file_is "$(sys a)/ids" 067b:2507:0100 &&
		file_is "$(sys a)/match" ids &&
		gives 0 'last write at this port: restore .* done' \
		bridgefwctl status "${BOX_BUSID[a]}"
}

# plug OPTION...: the box, with what its memory kept, wherever it appears
plug() { box_start a --chip pl2507 --layout "$LAYOUT" --eeprom "$(eeprom a)" --drive none "$@"; }

# The module still knows: a bridge comes by itself, and tells that it is not sure.
repaired_by_port() {
	plug && box_node a && eventually "$PATIENCE" job_over a || return
	gives 0 "${BOX_NODE[a]} .*pl2507" bridgefwctl list || return
	# Its ids may be known, or not; nobody has confirmed which box it is.
	if [ "$(cat "$(sys a)/match")" = changed ]; then
		gives 5 'write-attached' restore && no_program || return
	fi
	gives 0 "$NEW" restore --write-attached && same "$(eeprom a)" "$FACTORY"
}
no_program() { is "$(ops a eeprom.program)" "$PROGRAMS" "program requests"; }

vendor_requests() { grep -c '"vendor":true' "$(box_trace a)"; }

# Only the journal knows. Nothing is sent to the box until its owner has said yes.
repaired_after_reboot() {
	local sent

	modules_reload && plug || return
	if eventually 3 bridge_at "${BOX_BUSID[a]}"; then
		box_node a || return
	else
		gives 0 "^usb:${BOX_BUSID[a]} " bridgefwctl list &&
			says "bridgefwctl restore usb:${BOX_BUSID[a]}" || return
		sent=$(vendor_requests)
		gives 5 'was not confirmed; nothing was sent' restore &&
			is "$(vendor_requests)" "$sent" "vendor requests" || return
	fi
	gives 0 "$NEW" restore --write-attached && box_node a && as_before
}

# cut BYTE PAGE SEED: what must be left is worked out from what an EEPROM does:
# whole pages are new, the one that was being programmed is anything, the rest is old
cut() {
	local at=$1 page=$2 left=$BOX_TMP/left whole

	rm -rf "$BRIDGEFW_STATE_DIR" && mkdir "$BRIDGEFW_STATE_DIR" &&
		cp "$FACTORY" "$(eeprom a)" &&
		plug --page "$page" --seed "$3" && box_node a &&
		gives 0 "$WARNED" bridgefwctl eeprom write "${BOX_BUSID[a]}" "$OTHER" --clone-identity --dry-run &&
		is "$(ops a eeprom.program)" 0 "writes of a dry run" &&
		fault "powercut@op=eeprom.program,byte=$at" && gives 7 "$WARNED" flash &&
		says 'old, new or a mixture' &&
		says "bridgefwctl restore usb:${BOX_BUSID[a]}" &&
		eventually "$PATIENCE" box_dead a && box_unplug a || return
	whole=$((at / page * page))
	cp "$(eeprom a)" "$left" && is "$(stat -c %s "$left")" 112 || return
	cmp -s -n "$whole" "$left" "$OTHER" || fail "a page before the cut is not new" || return
	cmp -s -i $((whole + page)) "$left" "$FACTORY" || [ $((whole + page)) -ge 112 ] ||
		fail "a page behind the cut is not old" || return
	rm -rf "$BOX_TMP/kept" && cp -r "$BRIDGEFW_STATE_DIR" "$BOX_TMP/kept" &&
		PROGRAMS=$(ops a eeprom.program) &&
		repaired_by_port && box_unplug a || return
	# Once more, after what only the module knows is gone.
	rm -rf "$BRIDGEFW_STATE_DIR" && mv "$BOX_TMP/kept" "$BRIDGEFW_STATE_DIR" &&
		cp "$left" "$(eeprom a)" &&
		repaired_after_reboot
}

# A page of one byte: the cut falls inside of the product id, so that what is
# shown is neither the old nor the new one; the word before it is valid.
ids_are_a_mixture() {
	cut 4 1 "$1" || return
	grep '"type":"plug"' "$(box_trace a)" | grep -q '1209:25' ||
		fail "the ids were no mixture"
}

# At the sysfs door: what was replaced is kept by the module across the cut.
by_echo() {
	cp "$FACTORY" "$(eeprom a)" && plug && box_node a && read_twice a &&
		sysfs_stage "$OTHER" &&
		fault "powercut@op=eeprom.program,byte=$1" || return
	echo_to "$(sys a)/command" "write identity"
	status_is 0 && eventually "$PATIENCE" box_dead a && box_unplug a && plug &&
		box_node a &&
		eventually "$PATIENCE" job_over a && read_twice a || return
	cat "$(sys a)/previous" >"$BOX_TMP/previous"
	same "$BOX_TMP/previous" "$FACTORY" || return
	sysfs_job "restore attached" && file_is "$(sys a)/last_error" "" &&
		same "$(eeprom a)" "$FACTORY" &&
		box_replug a && file_is "$(sys a)/match" ids
}

# A repair that is cut itself is repaired like any other write.
repair_is_cut() {
	rm -rf "$BRIDGEFW_STATE_DIR" && mkdir "$BRIDGEFW_STATE_DIR" &&
		cp "$FACTORY" "$(eeprom a)" && plug && box_node a &&
		fault powercut@op=eeprom.program,byte=60 &&
		gives 7 'old, new or a mixture' flash &&
		box_unplug a && plug --fault powercut@op=eeprom.program,byte=30 && box_node a &&
		eventually "$PATIENCE" job_over a &&
		gives 7 'old, new or a mixture' restore --write-attached &&
		box_unplug a && plug && box_node a && eventually "$PATIENCE" job_over a ||
		return
	gives 0 'what the interrupted write here replaced' restore --write-attached || return
	[ "$(sha256sum <"$(eeprom a)")" = "$(sha256sum <"$FACTORY")" ] ||
		gives 0 "$NEW" restore "$(sha256sum <"$FACTORY" | head -c 12)" --write-attached ||
		return
	as_before
}

for byte in 0 1 7 8 9 60 111 112; do
	test_that "power cut at byte $byte of the table" cut $byte 8 1
done
test_that "power cut at byte 1, the cells torn another way" cut 1 8 3
test_that "power cut inside of the product id" ids_are_a_mixture 1
test_that "power cut at byte 0, repaired with echo" by_echo 0
test_that "power cut at byte 60, repaired with echo" by_echo 60
test_that "power cut at byte 112, repaired with echo" by_echo 112
test_that "power cut inside of the repair" repair_is_cut
run_tests
