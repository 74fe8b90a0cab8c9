#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A PL-3507, whose erase and unlock were reported: no node and no file of this project
# sends them. SG_IO is the only door that takes a raw CDB at all; sysfs, the ioctls of
# linux/bridgefw.h, NVMEM and the firmware upload know jobs, and for this chip have none.
# The SCSI node that the kernel itself makes has no such guard: what is sent there arrives.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh
. "$DIR"/common.sh

BOX_KEEP=1
ready() { [ -n "${BOX_PID[a]-}" ] || box a --chip pl3507; }
none_arrived() { is "$(sent e1)$(sent f6)" 00 "E1 and F6 that arrived"; }

# eperm COMMAND...: sg_raw says so
eperm() {
	run "$@"
	[ "$STATUS" != 0 ] || fail "$* was sent: $OUT" || return
	says 'Operation not permitted'
}

by_sg_io() {
	local node by_id

	ready && echo data >"$BOX_TMP/data" || return
	for node in "$(dev a)" /dev/bridgefw "/dev/bridgefw-by-path/usb-${BOX_BUSID[a]}"; do
		eperm sg_raw "$node" e1 00 00 00 06 7b &&
		eperm sg_raw "$node" f6 00 55 4e 4c 4f 06 7b 00 00 00 &&
		eperm sg_raw "$node" f6 00 55 4e 4c 4f 06 7b 00 00 00 00 &&
		eperm sg_raw "$node" e1 00 00 00 06 7b 00 00 00 00 00 00 00 00 00 00 &&
		eperm sg_raw -R "$node" e1 00 00 00 06 7b &&
		eperm sg_raw -r 8 "$node" e1 00 00 00 06 7b &&
		eperm sg_raw -s 4 -i "$BOX_TMP/data" "$node" e1 01 02 03 04 05 || return
	done
	none_arrived
}

# refused FILE TEXT
refused() {
	run put "$1" "$2"
	[ "$STATUS" != 0 ] || fail "'$2' was taken by $1"
}

by_sysfs() {
	local file word
	local -a files

	ready || return
	for word in 'unlock' 'erase' 'erase-all' 'write' 'restore' 'e1 00 00 00 06 7b' 'cdb e1000000067b'; do
		refused "$(sys a)/command" "$word" || return
	done
	# Nothing else that could be written takes a command, either.
	files=()
	for file in "$(sys a)"/*; do
		[ -f "$file" ] && [ -w "$file" ] && [ "$(($(stat -c 0%a "$file") & 0200))" != 0 ] || continue
		files+=("${file##*/}")
	done
	[ "${#files[@]}" -gt 0 ] || fail "no file can be written" || return
	for file in "${files[@]}"; do
		[ "$file" != uevent ] || continue
		printf '\xe1\x00\x00\x00\x06\x7b' >"$(sys a)/$file" 2>/dev/null
		printf '\xf6\x00UNLO\x06\x7b\x00\x00\x00' >"$(sys a)/$file" 2>/dev/null
	done
	none_arrived
}

by_files_that_are_not_there() {
	ready || return
	is "$(ls -d /sys/class/firmware/"${BOX_NODE[a]}"* /sys/bus/nvmem/devices/"${BOX_NODE[a]}"* 2>/dev/null)" "" \
		"upload and NVMEM devices" || return
	printf '\xe1\x00\x00\x00\x06\x7b' 2>/dev/null >"$(dev a)"
	run dd if=/dev/zero of="$(dev a)" bs=6 count=1 conv=notrunc
	[ "$STATUS" != 0 ] || fail "the node was written" || return
	none_arrived
}

by_the_tool() {
	ready || return
	for command in 'erase --yes' 'restore --yes' 'flash /etc/hostname --yes'; do
		# shellcheck disable=SC2086 # words
		run bridgefwctl $command
		[ "$STATUS" != 0 ] || fail "$command: $OUT" || return
	done
	none_arrived
}

# The one without a guard, which shows that these tests would see it.
by_the_kernels_own_node() {
	ready || return
	sg_raw "/dev/$(box_generic a)" f6 00 00 00 00 00 06 7b 00 00 00 >/dev/null 2>&1
	is "$(sent f6)" 1 "F6 by /dev/sgN"
}

test_that "SG_IO, by every name of the node" by_sg_io
test_that "sysfs" by_sysfs
test_that "write(), NVMEM and the firmware upload" by_files_that_are_not_there
test_that "the tool" by_the_tool
test_that "/dev/sgN has no guard" by_the_kernels_own_node
modprobe bridgefw_usb
run_tests
