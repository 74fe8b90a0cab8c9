# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the programs of this suite share. Exit codes of bridgefwctl: 0 ok, 1
# failure, 2 usage, 3 no device, 4 nothing to do, 5 refused, 6 different, 7 gone,
# 8 permission, 9 in use, 10 bad file, 11 no backup, 12 mixture.
# shellcheck shell=bash disable=SC2034

FACTORY=$IMAGES/lab-factory.bin
OTHER=$IMAGES/lab-other.bin
NEW='written, read back and equal'
BOX_KEEP=1
LONG_SUITE=1

bfw() { bridgefwctl "$@"; }

# json STATUS FILTER COMMAND...: with --json; its one object agrees with the
# filter of jq, and nothing else is said
json() {
	local status=$1 filter=$2

	shift 2
	run "$@" --json
	status_is "$status" || return
	is "$ERR" "" "standard error" || return
	jq -es "length == 1 and (.[0] | ($filter))" >/dev/null <<<"$OUT" ||
		fail "not one JSON object with $filter: $OUT"
}

# refuses STATUS REASON WORDS COMMAND...: to people and to scripts
refuses() {
	local status=$1 reason=$2 words=$3

	shift 3
	gives "$status" "$words" "$@" || return
	[ -n "$ERR" ] || fail "nothing on standard error: $OUT" || return
	json "$status" ".error.code == $status and .error.reason == \"$reason\"" "$@"
}

# A box of an earlier test that is still good for the next one.
box_sound() {
	[ -n "${BOX_PID[$1]-}" ] && ! box_dead "$1" &&
		[ "$(bridge_at "${BOX_BUSID[$1]}")" = "${BOX_NODE[$1]}" ] &&
		file_is "$(sys "$1")/match" ids &&
		box_ctl "$1" clear >/dev/null && cmp -s "$(eeprom "$1")" "$FACTORY"
}

# ready OPTION...: box "a" is there, the only one, and holds the factory's table.
# Other options than the last time: another box.
READY=
ready() {
	local name

	for name in "${!BOX_PID[@]}"; do
		[ "$name" = a ] || box_unplug "$name" || return
	done
	if [ "$READY" != "$*" ] || ! box_sound a; then
		box_unplug a && cp "$FACTORY" "$(eeprom a)" && box_pl2507 a "$@" || return
		READY="$*"
	fi
	PROGRAMS=$(ops a eeprom.program)
}

# A state directory with nothing in it.
fresh_state() { rm -rf "$BRIDGEFW_STATE_DIR" && mkdir "$BRIDGEFW_STATE_DIR"; }

nothing_written() {
	is "$(ops a eeprom.program)" "$PROGRAMS" "program requests" &&
		same "$(eeprom a)" "$FACTORY"
}

vendor_requests() { grep -c '"vendor":true' "$(box_trace "$1")" || :; }
sha() { sha256sum "$1" | cut -d' ' -f1; }

flash() { bridgefwctl eeprom write "${BOX_BUSID[a]}" "$OTHER" --clone-identity --yes "$@"; }
restore() { bridgefwctl restore "${BOX_BUSID[a]}" --yes "$@"; }

# Whatever a test did to the content: the factory's table is put back.
factory() {
	cmp -s "$(eeprom a)" "$FACTORY" ||
		gives 0 "$NEW" bridgefwctl flash "${BOX_BUSID[a]}" "$FACTORY" --clone-identity --yes
}

# as_user COMMAND...: as nobody; without CAPABILITY COMMAND...: as a root that lacks it
as_user() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }
without() {
	local caps=$1

	shift
	setpriv --bounding-set="$caps" --inh-caps="$caps" "$@"
}
