# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the programs of this suite share: one box that stays plugged in while its
# faults come and go.
# shellcheck shell=bash disable=SC2034

FACTORY=$IMAGES/lab-factory.bin
OTHER=$IMAGES/lab-other.bin
BOX_KEEP=1
LONG_SUITE=1
PROGRAMS=0

# A box of an earlier test that is still good for the next one.
box_sound() {
	[ -n "${BOX_PID[$1]-}" ] && ! box_dead "$1" &&
		[ "$(bridge_at "${BOX_BUSID[$1]}")" = "${BOX_NODE[$1]}" ] &&
		[ "$(cat "$(sys "$1")/match")" = ids ] &&
		box_ctl "$1" clear >/dev/null && cmp -s "$(eeprom "$1")" "$FACTORY"
}

# ready: box "a" is there, without faults, and holds the factory's table
ready() {
	if ! box_sound a; then
		box_unplug a && cp "$FACTORY" "$(eeprom a)" && box_pl2507 a --drive none ||
			return
	fi
	rm -f "$BOX_TMP/dump"
	PROGRAMS=$(ops a eeprom.program)
}

# fault SPEC...: these and no others, from now on
fault() {
	local spec

	box_ctl a clear >/dev/null || fail "no clear" || return
	for spec; do
		box_ctl a fault "$spec" >/dev/null || fail "vbridge knows no fault $spec" ||
			return
	done
}

repaired() { box_ctl a clear >/dev/null || fail "no clear"; }

nothing_written() {
	is "$(ops a eeprom.program)" "$PROGRAMS" "program requests" &&
		same "$(eeprom a)" "$FACTORY"
}

# holds old|new|mixed OLD NEW: what is in the EEPROM
holds() {
	case $1 in
	old) same "$(eeprom a)" "$2" ;;
	new) same "$(eeprom a)" "$3" ;;
	mixed)
		! cmp -s "$(eeprom a)" "$2" && ! cmp -s "$(eeprom a)" "$3" ||
			fail "the EEPROM is no mixture"
		;;
	esac
}

# The tool as a script uses it.
flash() { bridgefwctl eeprom write "${BOX_BUSID[a]}" "$OTHER" --clone-identity --yes "$@"; }
restore() { bridgefwctl restore "${BOX_BUSID[a]}" --yes "$@"; }

sysfs_stage() { cat "$1" >"$(sys a)/image" || fail "staging failed"; }

# sysfs_job COMMAND: runs to its end
sysfs_job() {
	echo_to "$(sys a)/command" "$1"
	status_is 0 && job_ends a
}
