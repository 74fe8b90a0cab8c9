#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A program of 32 bits and one of 64 are told the same, by every ioctl.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh

# probe BITS: what the program of that width is told, in $BOX_TMP/BITS
probe() { "$DIR/probe$1" "$(dev a)" >"$BOX_TMP/$1" || fail "probe$1: status $?, $(cat "$BOX_TMP/$1")"; }

# told BITS NAME VALUE: what one of them was told of one thing
told() { grep -qxF "$2 $3" "$BOX_TMP/$1" || fail "probe$1: $(grep -F "$2 " "$BOX_TMP/$1")"; }

read_and_compare() {
	modules_reload && box_pl2507 a || return
	# The first one only makes the two others alike: they read a memory that has been read.
	probe 64 && probe 64 && probe 32 && same "$BOX_TMP/64" "$BOX_TMP/32" || return
	local bits
	for bits in 32 64; do
		told $bits info.bus_id "\"${BOX_BUSID[a]}\"" && told $bits info.vendor_id 0x000000000000067b &&
		told $bits memory.name '"eeprom"' && told $bits memory.size 0x00000000000000ff &&
		told $bits read.length "$(printf '0x%016x' "$(stat -c %s "$(eeprom a)")")" &&
		told $bits previous 0x"$(printf '%x' -61)" && told $bits start 0x0000000000000000 || return
	done
}

after_a_write() {
	box_pl2507 a && read_twice a && cat "$IMAGES/lab-other.bin" >"$(sys a)/image" || return
	echo_to "$(sys a)/command" "write identity"
	status_is 0 && job_ends a && same "$(eeprom a)" "$IMAGES/lab-other.bin" || return
	probe 64 && probe 64 && probe 32 && same "$BOX_TMP/64" "$BOX_TMP/32" || return
	told 32 previous 0x0000000000000000 && told 32 status.content 0x0000000000000002 &&
	told 32 status.job 0x0000000000000002 && ! told 32 status.total 0x0000000000000000
}

test_that "a new box" read_and_compare
test_that "a box that was written" after_a_write

if "$DIR/probe32" /dev/null >/dev/null 2>&1; [ $? = 126 ]; then
	ktap_print_header
	ktap_skip_all "this kernel runs no programs of 32 bits"
	exit "$KSFT_SKIP"
fi
run_tests
