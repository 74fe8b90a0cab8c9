# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the suites about life on FireWire share. After each test nothing is left.
# shellcheck shell=bash

# Each test begins with the modules and the cards, and may leave without either.
with_modules() {
	cards && echo 1 >/sys/module/bridgefw/parameters/local_writes || fail "the modules cannot be loaded" || return
	"$@"
}
fw_life() { test_that "$1" clean with_modules "${@:2}"; }

# resets [CARD]: that its bus has seen
resets() { cut -d, -f"$((${1-0} + 1))" /sys/module/lab_1394/parameters/resets; }
# at_rest: two seconds without one; the bus manager may add one to another's
at_rest() {
	local before

	for _ in 1 2 3 4 5 6 7 8 9 10; do
		before=$(resets)
		pause 2
		[ "$(resets)" != "$before" ] || return 0
	done
	fail "the bus does not come to rest"
}

# rom_read NAME: its config ROM into $BOX_TMP/rom
rom_read() { timeout 30 cat "$(sys "$1")/config-rom" >"$BOX_TMP/rom" 2>"$BOX_TMP/said"; }
# rom_well NAME: it can be read, and is its own
rom_well() {
	local guid

	rom_read "$1" || fail "config-rom of $1: $(cat "$BOX_TMP/said")" || return
	guid=$(od -An -tx1 -j12 -N8 "$BOX_TMP/rom")
	is "${guid// /}" "$(cat "$(sys "$1")/serial")" "the ROM of another box"
}
