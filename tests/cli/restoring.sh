#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Which backups `restore` takes for the box's own: by a serial that identifies, by
# what was written at the port, never by the port alone; and what it takes to give
# a box another one's content.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh
. "$DIR"/common.sh
BOX_KEEP=

# box NAME PORT SERIAL CONTENT: shows these whatever it holds, so that it is recognised
box() {
	cp "$4" "$(eeprom "$1")"
	box_pl2507 "$1" --drive none --ids 067b:2507:0100 --port "$2" --serial "$3"
}
DEFAULT=0123456789000000005

backups_of() { jq -r ".backups[] | select(.bus_id == \"$1\") | .id" <<<"$(bfw backup list --json)"; }

# Moved to another port, with another content: the serial says which box it is.
by_serial() {
	fresh_state && box a 0 LABBOX-77 "$FACTORY" && gives 0 "$NEW" flash && box_unplug a &&
		box a 3 LABBOX-77 "$OTHER" || return
	gives 0 'is of this box: same serial' bfw restore --yes && says "$NEW" &&
		same "$(eeprom a)" "$FACTORY"
}

# The newest of several.
newest_by_serial() {
	fresh_state && box a 0 LABBOX-77 "$FACTORY" &&
		gives 0 'kept' bfw backup create --label one && box_unplug a &&
		box a 0 LABBOX-77 "$OTHER" && gives 0 'kept' bfw backup create --label two &&
		box_unplug a &&
		{ head -c 100 "$FACTORY"; head -c 12 /dev/zero; } >"$BOX_TMP/third" &&
		box a 3 LABBOX-77 "$BOX_TMP/third" &&
		gives 0 'same serial' bfw restore --yes && same "$(eeprom a)" "$OTHER"
}

# A box with another serial is another box, also at the same port.
other_serial() {
	fresh_state && box a 0 LABBOX-77 "$FACTORY" && gives 0 'kept' bfw backup create &&
		box_unplug a && box b 0 LABBOX-88 "$OTHER" || return
	BOX_BUSID[a]=${BOX_BUSID[b]}
	refuses 4 no-backup 'there is no backup of this box' bfw restore --yes &&
		refuses 5 identity 'clone-identity' bfw restore "$(backups_of "${BOX_BUSID[b]}")" --yes &&
		same "$(eeprom b)" "$OTHER" || return
	gives 0 'of another box, as far as can be told' bfw restore "$(backups_of "${BOX_BUSID[b]}")" --yes --clone-identity &&
		says "$NEW" && same "$(eeprom b)" "$FACTORY"
}

# A serial that many boxes show proves nothing: what is at the port is only offered.
default_serial() {
	fresh_state && box a 0 $DEFAULT "$FACTORY" &&
		gives 0 'kept' bfw backup create --label mine && box_unplug a &&
		box b 0 $DEFAULT "$OTHER" || return
	refuses 5 identity 'which backup is of this box is not known' bfw restore --yes &&
		gives 5 'perhaps of this box: same chip on this port' bfw restore --yes &&
		says '"mine"' && says 'clone-identity' &&
		json 5 '.candidates | length == 1 and (.[0].sure | not) and .[0].label == "mine"' bfw restore --yes &&
		is "$(ops b eeprom.program)" 0 "program requests" &&
		gives 0 "$NEW" bfw restore mine --yes --clone-identity &&
		same "$(eeprom b)" "$FACTORY"
}

# ... but what was written here is known, as long as the box holds it.
default_serial_written_here() {
	fresh_state && box a 0 $DEFAULT "$FACTORY" && gives 0 "$NEW" flash && box_replug a &&
		gives 0 'what a write here replaced' restore && says "$NEW" &&
		same "$(eeprom a)" "$FACTORY"
}

# At another port not even that: it is offered, and not taken.
default_serial_moved() {
	fresh_state && box a 0 $DEFAULT "$FACTORY" && gives 0 "$NEW" flash && box_unplug a &&
		box a 4 $DEFAULT "$OTHER" || return
	gives 5 'perhaps of this box: written on another port' bfw restore --yes &&
		is "$(ops a eeprom.program)" 1 "program requests"
}

# A serial that was one box's, until a second one showed it.
serial_there_twice() {
	fresh_state && box a 0 LABTWICE-1 "$FACTORY" && gives 0 'kept' bfw backup create &&
		box b 1 LABTWICE-1 "$OTHER" || return
	refuses 4 no-backup 'no backup of this box' bfw restore "${BOX_BUSID[b]}" --yes &&
		box_unplug a &&
		gives 0 'same serial' bfw restore "${BOX_BUSID[b]}" --yes --dry-run &&
		is "$(ops b eeprom.program)" 0 "program requests"
}

# The owner chooses, at a terminal: a number, and then that he is sure.
chosen_at_a_terminal() {
	fresh_state && box a 0 $DEFAULT "$FACTORY" &&
		gives 0 'kept' bfw backup create --label mine && box_unplug a &&
		box b 0 $DEFAULT "$OTHER" || return
	run bash -c 'printf "\n" | script -qec "bridgefwctl restore" /dev/null'
	status_is 5 && says 'Which one is it' &&
		is "$(ops b eeprom.program)" 0 "program requests" || return
	run bash -c 'printf "1\nno\n" | script -qec "bridgefwctl restore" /dev/null'
	status_is 5 && says 'of this very box' &&
		is "$(ops b eeprom.program)" 0 "program requests" || return
	run bash -c 'printf "1\nyes\nyes\n" | script -qec "bridgefwctl restore" /dev/null'
	status_is 0 && says "$NEW" && same "$(eeprom b)" "$FACTORY"
}

# Backups of other chips and memories are not for this one.
other_chip() {
	fresh_state &&
		bridgefwctl profile compile --install "$REPO/tests/lab/profiles/lab-pl2507.profile" --force >/dev/null &&
		box a 0 LABBOX-77 "$FACTORY" || return
	echo_to /sys/class/bridgefw/attach "${BOX_BUSID[a]} lab-pl2507"
	status_is 0 && box_node a && gives 0 'kept' bfw backup create --label lab &&
		box_replug a || return
	rm -f /lib/firmware/updates/bridgefw/lab-pl2507.bin /lib/firmware/updates/bridgefw/local-index.bin
	box_replug a && file_is "$(sys a)/chip" pl2507 || return
	refuses 5 chip 'backup .* is of lab-pl2507' bfw restore lab --yes --clone-identity &&
		gives 4 'no backup' bfw restore --yes &&
		is "$(ops a eeprom.program)" 0 "program requests"
}

names_of_backups() {
	local id

	fresh_state && box a 0 LABBOX-77 "$FACTORY" && gives 0 "$NEW" flash --label here ||
		return
	id=$(backups_of "${BOX_BUSID[a]}")
	gives 0 "$NEW" bfw restore "$id" --yes && gives 0 "$NEW" flash --label here &&
		gives 0 "$NEW" bfw restore here --yes &&
		gives 0 "$NEW" flash &&
		gives 0 "$NEW" bfw restore "${BOX_NODE[a]}" "$(sha "$FACTORY" | head -c 6)" --yes &&
		refuses 10 no-backup 'there is no backup "12345"' bfw restore 12345 --yes &&
		refuses 10 no-backup 'there is no backup "nonesuch"' bfw restore "${BOX_BUSID[a]}" nonesuch --yes ||
		return
	gives 0 'kept' bfw backup create --label twice && gives 0 "$NEW" flash &&
		gives 0 'kept' bfw backup create --label twice &&
		refuses 2 not-unique 'backups of different contents' bfw restore twice --yes
}

# After a repair nothing is left to do: what was torn is not offered again.
repaired_is_repaired() {
	fresh_state && box a 0 $DEFAULT "$FACTORY" &&
		box_ctl a fault short=40@op=eeprom.program,n=1 >/dev/null &&
		gives 12 'neither the old nor the new' flash &&
		gives 0 "$NEW" restore && same "$(eeprom a)" "$FACTORY" || return
	gives 4 'no backup of this box with another content' restore &&
		same "$(eeprom a)" "$FACTORY" &&
		json 0 '[.backups[] | select(.mixture)] | length == 1' bfw backup list
}

test_that "restore by a serial that identifies" by_serial
test_that "restore takes the newest" newest_by_serial
test_that "restore of a box with another serial" other_serial
test_that "restore of a box with a default serial" default_serial
test_that "restore of a box with a default serial that was written here" default_serial_written_here
test_that "restore of a box with a default serial that was moved" default_serial_moved
test_that "restore of two boxes with the same serial" serial_there_twice
test_that "restore asks its owner" chosen_at_a_terminal
test_that "restore of another chip's backup" other_chip
test_that "names of backups" names_of_backups
test_that "a mixture is not restored" repaired_is_repaired
run_tests
