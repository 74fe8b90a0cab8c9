#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# An erase takes everything, the sector that makes the chip boot last, and only where
# that is no end of the box and the image that is to follow has passed what a write
# asks for. What was there before stays at hand, and so does the box's identity.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh
. "$DIR"/common.sh

LONG_SUITE=1
CHIP=lab-at49
SIZE=131072
SERIAL_AT=$((0x4010))
FLAGS="--whole-memory --leave-blank"

fresh() {
	rm -rf "$BRIDGEFW_STATE_DIR" && mkdir "$BRIDGEFW_STATE_DIR" && ready $CHIP a
}
blank() { cmp -s "$(flash)" <(head -c $SIZE /dev/zero | tr '\0' '\377') || fail "the flash is not blank"; }
untouched() { is "$(erased)" "" "erases" && is "$(ops a flash.program)" 0 "programs" && same "$(flash)" "$(image "${1:-$CHIP}" a)"; }
# with_own_serial IMAGE: as it is written into this box
with_own_serial() {
	cp "$(image $CHIP "$1")" "$BOX_TMP/own.bin" &&
		dd if="$(image $CHIP a)" of="$BOX_TMP/own.bin" bs=1 skip=$SERIAL_AT seek=$SERIAL_AT count=8 conv=notrunc status=none &&
		echo "$BOX_TMP/own.bin"
}
serial_kept() { same "$(flash)" "$(with_own_serial "$1")"; }
the_erase() { gives 0 'read back blank' bridgefwctl erase --then "$(image $CHIP b)" $FLAGS --yes "$@"; }
b_other_serial() {
	cp "$(image $CHIP b)" "$BOX_TMP/b.bin" &&
		printf 'OTHERBOX' | dd of="$BOX_TMP/b.bin" bs=1 seek=$SERIAL_AT conv=notrunc status=none
}

# With echo alone: the image that is staged follows, with what the box had.
by_echo_alone() {
	ready $CHIP a && b_other_serial && read_twice a flash && cat "$BOX_TMP/b.bin" >"$(sys a)/image" &&
		by_echo erase && blank && file_is "$(sys a)/last_error" "" &&
		file_is "$(sys a)/state" blank && file_is "$(sys a)/job" erase || return
	is "$(erased | sort | tr '\n' ' ')" "00 01 02 03 04 " "sectors" && is "$(erased | tail -1)" 00 "last sector" &&
		is "$(ops a flash.program)" 0 "programs" || return
	cat "$(sys a)/previous" >"$BOX_TMP/previous" && same "$BOX_TMP/previous" "$(image $CHIP a)" || return
	# it was read back blank: nothing is erased again
	read_twice a flash && by_echo write && file_is "$(sys a)/last_error" "" &&
		file_is "$(sys a)/state" idle && serial_kept b && is "$(erased | wc -l)" 5 "erases" || return
	cat "$(sys a)/previous" >"$BOX_TMP/previous" && same "$BOX_TMP/previous" "$(image $CHIP a)" &&
		read_twice a flash && by_echo restore && same "$(flash)" "$(image $CHIP a)"
}

# refused ERROR WORDS: by sysfs, at once
refused() {
	echo_to "$(sys a)/command" "erase $2"
	says "$1" && untouched "${3-}"
}
refused_by_echo() {
	ready $CHIP a && refused 'No data available' identity && read_twice a flash &&
		refused 'No data available' identity || return
	head -c $SIZE /dev/zero >"$(sys a)/image"
	refused 'Invalid argument' identity || return
	head -c 100 "$(image $CHIP b)" >"$(sys a)/image"
	refused 'Invalid argument' identity || return
	cat "$(image $CHIP b)" >"$(sys a)/image"
	echo 0 >/sys/module/bridgefw/parameters/local_writes
	refused 'Permission denied' identity
	local ret=$?
	echo 1 >/sys/module/bridgefw/parameters/local_writes
	[ $ret = 0 ] || return
	run setpriv --bounding-set=-sys_rawio --inh-caps=-sys_rawio bash -c 'echo erase >"$1"' bash "$(sys a)/command"
	says 'Operation not permitted' && untouched
}

# Where nothing leads back no word and no option opens it.
no_way_back() {
	ready lab-gone a && read_twice a flash && cat "$(image lab-gone b)" >"$(sys a)/image" || return
	refused 'Operation not permitted' "identity final" lab-gone &&
		gives 5 'an erase would be its end' bridgefwctl erase --then "$(image lab-gone b)" $FLAGS --yes --accept-final --clone-identity &&
		untouched lab-gone && gives 5 'no-way-back' bridgefwctl erase --then "$(image lab-gone b)" $FLAGS --yes --json &&
		untouched lab-gone
}
no_erase_needed() {
	cp "$IMAGES/lab-factory.bin" "$(eeprom a)" && box_pl2507 a && read_twice a &&
		cat "$IMAGES/lab-other.bin" >"$(sys a)/image" || return
	echo_to "$(sys a)/command" "erase identity"
	says 'Operation not supported' &&
		gives 5 'needs no erase' bridgefwctl erase --then "$IMAGES/lab-other.bin" $FLAGS --yes &&
		same "$(eeprom a)" "$IMAGES/lab-factory.bin"
}

flags_of_the_tool() {
	fresh || return
	gives 2 '--then FILE is missing' bridgefwctl erase $FLAGS --yes &&
		gives 5 'whole-memory and --leave-blank' bridgefwctl erase --then "$(image $CHIP b)" --yes &&
		gives 5 'Nothing was erased' bridgefwctl erase --then "$(image $CHIP b)" --leave-blank --yes &&
		gives 5 'Nothing was erased' bridgefwctl erase --then "$(image $CHIP b)" --whole-memory --yes &&
		gives 5 'nobody is here to confirm' bridgefwctl erase --then "$(image $CHIP b)" $FLAGS &&
		gives 10 'may not go into flash' bridgefwctl erase --then "$(image lab-gone b)" $FLAGS --yes &&
		gives 10 'cannot be opened' bridgefwctl erase --then /nonesuch $FLAGS --yes &&
		gives 2 'not known here: --all' bridgefwctl erase --all $FLAGS --then x &&
		gives 0 'this was a dry run' bridgefwctl erase --then "$(image $CHIP b)" $FLAGS --dry-run &&
		says 'then +blank, and the box has no firmware' && says "follows +sha256" &&
		says 'erase 5 of 5 sectors' && untouched
}

# The tool: told at the end and afterwards, ended by flash.
then_flash() {
	fresh && b_other_serial &&
		gives 0 'read back blank' bridgefwctl erase --then "$BOX_TMP/b.bin" $FLAGS --yes &&
		says 'The box has no firmware now' && says "bridgefwctl flash usb:${BOX_BUSID[a]}" && blank || return
	gives 0 'blank; last job erase' bridgefwctl status && says 'the image [0-9a-f]{16} is to follow' &&
		says 'was erased on .*, and .*b\.bin' && gives 0 'its flash was erased on' bridgefwctl list &&
		gives 0 'erase +lab-at49 +flash' bridgefwctl history &&
		is "$(jq -r .state "$BRIDGEFW_STATE_DIR/ports/${BOX_BUSID[a]}")" erased "journal" &&
		gives 4 'blank already' bridgefwctl erase --then "$BOX_TMP/b.bin" $FLAGS --yes || return
	gives 0 "$NEW" bridgefwctl flash "$BOX_TMP/b.bin" --yes && says 'gets the serial or GUID that this box had' &&
		serial_kept b && gives 0 "$NEW" bridgefwctl restore --yes && same "$(flash)" "$(image $CHIP a)"
}
then_restore() { fresh && the_erase && blank && gives 0 "$NEW" bridgefwctl restore --yes && same "$(flash)" "$(image $CHIP a)"; }

# Out and in again, it is a blank box that nothing proves to be the same one.
replugged() {
	fresh && the_erase && box_replug a && file_is "$(sys a)/state" blank || return
	gives 0 'its flash was erased on' bridgefwctl list &&
		gives 5 'holds no serial or GUID of this box' bridgefwctl flash "$(image $CHIP b)" --yes && blank &&
		gives 5 'which backup is of this box is not known' bridgefwctl restore --yes && blank || return
	read_twice a flash && cat "$(image $CHIP b)" >"$(sys a)/image" && by_echo write &&
		grep -q '^identity: ' "$(sys a)/last_error" && blank || fail "$(cat "$(sys a)/last_error")" || return
	gives 0 "$NEW" bridgefwctl flash "$(image $CHIP b)" --yes --write-attached && serial_kept b
}

# The kernel forgets on rmmod, the tool does not.
forgotten_by_the_kernel() {
	fresh && gives 0 '"result":"blank"' bridgefwctl erase --then "$(image $CHIP b)" $FLAGS --yes --json &&
		box_unplug a && modules_reload && echo 1 >/sys/module/bridgefw/parameters/local_writes &&
		plug $CHIP && gives 0 "$NEW" bridgefwctl flash "$(image $CHIP b)" --yes --write-attached && serial_kept b
}

# Cut short: told, and gone on with.
cut_short() {
	fresh && fault unplug@op=flash.erase-sector,n=3 || return
	gives 7 'gone|vanished' bridgefwctl erase --then "$(image $CHIP b)" $FLAGS --yes || return
	box_unplug a
	plug $CHIP && gives 0 'how the erase of its flash of' bridgefwctl list &&
		gives 0 "$NEW" bridgefwctl flash "$(image $CHIP b)" --yes --clone-identity && same "$(flash)" "$(image $CHIP b)"
}
without_effect() {
	fresh && fault readonly=flash && gives 6 'holds what it held before' bridgefwctl erase --then "$(image $CHIP b)" $FLAGS --yes &&
		same "$(flash)" "$(image $CHIP a)" &&
		is "$(jq -r .state "$BRIDGEFW_STATE_DIR/ports/${BOX_BUSID[a]}")" failed "journal"
}
half_an_effect() {
	fresh && fault noerase=flash:0x10000 || return
	gives 12 'neither the old nor the new' bridgefwctl erase --then "$(image $CHIP b)" $FLAGS --yes &&
		is "$(jq -r .state "$BRIDGEFW_STATE_DIR/ports/${BOX_BUSID[a]}")" mixed "journal"
}

lab_profiles
test_that "by echo alone, then written, then taken back" by_echo_alone
test_that "refused, at sysfs" refused_by_echo
test_that "no chip without a way back is erased" no_way_back
test_that "no memory that needs none is erased" no_erase_needed
test_that "the tool wants two flags and the image" flags_of_the_tool
test_that "the tool: erase, then flash" then_flash
test_that "the tool: erase, then restore" then_restore
test_that "unplugged in between" replugged
test_that "forgotten by the kernel in between" forgotten_by_the_kernel
test_that "cut short" cut_short
test_that "an erase without effect" without_effect
test_that "an erase that leaves something" half_an_effect
run_tests
