#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Boxes whose descriptors and strings lie. Some do not get as far as a bridge;
# those that do are read, written and restored as any other, and what they say of
# themselves reaches neither a terminal nor a path as it is.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh
. "$DIR"/common.sh
BOX_KEEP=

# plug_liar VARIANT: it is the only one, so its port is the first; that the host
# configures it is not waited for
plug_liar() {
	BOX_NODE[a]=
	BOX_BUSID[a]=1-1
	cp "$FACTORY" "$(eeprom a)"
	vbridge --bus usb --chip pl2507 --layout "$LAYOUT" --eeprom "$(eeprom a)" --drive none \
		--control "$(box_sock a)" --trace "$(box_trace a)" --fault "hostile-descriptors=$1" \
		>"$BOX_TMP/a.log" 2>&1 &
	BOX_PID[a]=$!
}

# What is printed and what links are made is harmless, whatever the strings are.
harmless() {
	local node=$1

	run timeout 30 bridgefwctl list
	status_is 0 && ! LC_ALL=C grep -q '[[:cntrl:]]' <(tr -d '\n' <<<"$OUT$ERR") ||
		fail "list: $(cat -A <<<"$OUT$ERR")" || return
	run timeout 30 bridgefwctl list --json
	status_is 0 && jq -e .bridges >/dev/null <<<"$OUT" || fail "no JSON: $OUT" || return
	[ -n "$node" ] || return 0
	run timeout 30 bridgefwctl info "$node"
	status_is 0 && ! LC_ALL=C grep -q '[[:cntrl:]]' <(tr -d '\n' <<<"$OUT$ERR") ||
		fail "info: $(cat -A <<<"$OUT$ERR")" || return
	run find /dev/bridgefw-by-id /dev/bridgefw-by-path ! -type d ! -name '*[!A-Za-z0-9:._-]*' ! -lname "../$node"
	is "$OUT" "" "links" || return
	run find /dev/bridgefw-by-id /dev/bridgefw-by-path -name '*[!A-Za-z0-9:._-]*'
	is "$OUT" "" "links" &&
		is "$(find /dev -maxdepth 1 -lname "*$node*")" "" "links in /dev"
}

# usable VARIANT: it is a bridge, and everything works
usable() {
	plug_liar "$1"
	box_node a && harmless "${BOX_NODE[a]}" &&
		gives 0 'read 2 times alike' bridgefwctl dump "$BOX_TMP/dump" --force &&
		same "$BOX_TMP/dump" "$FACTORY" && gives 0 'read back and equal' flash &&
		same "$(eeprom a)" "$OTHER" &&
		gives 0 'read back and equal' restore && same "$(eeprom a)" "$FACTORY"
}

# unknown VARIANT: the kernel does not get as far as a device
unknown() {
	plug_liar "$1"
	eventually 20 grep -q '"type":"reset"\|"setup":"8006' "$(box_trace a)" ||
		fail "nobody looked at it" || return
	sleep 2
	harmless "" && is "$(ls /sys/class/bridgefw)" attach "bridges" &&
		is "$(grep -c '"vendor":true' "$(box_trace a)" || :)" 0 "vendor requests"
}

modprobe bridgefw_usb
for variant in total-huge no-endpoints many-interfaces zero-packet string-long string-short string-odd \
		string-missing string-huge string-control total-short zero-length bad-length; do
	test_that "descriptors: $variant" usable $variant
done
test_that "descriptors: device-short" unknown device-short
run_tests
