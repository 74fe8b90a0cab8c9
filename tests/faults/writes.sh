#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Faults inside of a write and of a restore, at the tool's door and at that of
# sysfs. Each says how it ended, and says truly what the EEPROM holds: the old
# content, the new one, or a mixture, which `restore` then repairs.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh
. "$DIR"/common.sh

# What each outcome is called: to people, and in the journal.
declare -A SAID=(
	[old]='holds what it held before'
	[new]='written, read back and equal'
	[mixed]='holds neither the old nor the new content; it differs from the image from offset [0-9]+'
)
declare -A JOURNAL=([old]=failed [new]=done [mixed]=mixed)

# journal_says STATE REASON: of the last write at the port
journal_says() {
	is "$(jq -r '.state + " " + .reason' "$BRIDGEFW_STATE_DIR/ports/${BOX_BUSID[a]}")" "$1 $2" "journal"
}

# tool_write FAULT STATUS REASON OUTCOME
tool_write() {
	ready && fault "$1" && gives "$2" "${SAID[$4]}" flash &&
		holds "$4" "$FACTORY" "$OTHER" &&
		journal_says "${JOURNAL[$4]}" "$3" && repaired || return
	case $4 in
	old) gives 0 "${SAID[new]}" flash && holds new "$FACTORY" "$OTHER" ;;
	mixed) says 'bridgefwctl restore' && gives 12 "${SAID[mixed]}" bridgefwctl status "${BOX_BUSID[a]}" --wait ;;
	esac || return
	gives 0 "${SAID[new]}" restore && same "$(eeprom a)" "$FACTORY"
}

# tool_restore FAULT STATUS REASON OUTCOME: of a box that was written before
tool_restore() {
	ready && gives 0 "${SAID[new]}" flash && fault "$1" &&
		gives "$2" "${SAID[$4]}" restore &&
		holds "$4" "$OTHER" "$FACTORY" && journal_says "${JOURNAL[$4]}" "$3" &&
		repaired || return
	# A mixture first gets back what it held, as after any interrupted write.
	if [ "$4" = mixed ]; then
		gives 0 'what the interrupted write here replaced' restore &&
			same "$(eeprom a)" "$OTHER" || return
	fi
	[ "$4" = new ] ||
		gives 0 "${SAID[new]}" restore "$(sha256sum <"$FACTORY" | head -c 12)" || return
	same "$(eeprom a)" "$FACTORY"
}

declare -A STATE=([old]=failed [new]=idle [mixed]=failed)

# sysfs_ends COMMAND FAULT REASON OUTCOME OLD NEW
sysfs_ends() {
	fault "$2" && sysfs_job "$1" && file_is "$(sys a)/state" "${STATE[$4]}" || return
	run cat "$(sys a)/last_error"
	if [ -n "$3" ]; then
		says "^$3: .*${SAID[$4]}" || return
	fi
	holds "$4" "$5" "$6" && repaired
}

# sysfs_write FAULT REASON OUTCOME: and a restore with the same fault
sysfs_write() {
	ready && read_twice a && sysfs_stage "$OTHER" &&
		sysfs_ends "write identity" "$1" "$2" "$3" "$FACTORY" "$OTHER" || return
	# What is there now is put right, so that the restore has something to replace.
	if [ "$3" != new ]; then
		read_twice a && sysfs_stage "$OTHER" && sysfs_job "write identity" || return
	fi
	same "$(eeprom a)" "$OTHER" && file_is "$(sys a)/state" idle || return
	if [ "$3" = mixed ]; then
		gives 0 "${SAID[new]}" restore "$(sha256sum <"$FACTORY" | head -c 12)"
		return
	fi
	read_twice a && sysfs_ends restore "$1" "$2" "$3" "$OTHER" "$FACTORY" || return
	[ "$3" = new ] || { read_twice a && sysfs_job restore; } || return
	same "$(eeprom a)" "$FACTORY"
}

# every_door FAULT STATUS REASON OUTCOME
every_door() {
	tool_write "$@" && tool_restore "$@" && sysfs_write "$1" "$3" "$4"
}

# A cell that sticks is seen: neither content can be had, and no door calls it one.
stuck() {
	ready && fault stuckbit=0x02:1:1 && gives 12 "${SAID[mixed]}" flash &&
		says 'offset 2 on' &&
		journal_says mixed mismatch &&
		gives 6 '1 byte' bridgefwctl verify "${BOX_BUSID[a]}" "$OTHER" || return
	repaired && gives 0 "${SAID[new]}" restore && same "$(eeprom a)" "$FACTORY"
}

# A cell that sticks where both contents agree with it harms nobody.
stuck_in_place() {
	ready && fault stuckbit=0x00:2:1 && gives 0 "${SAID[new]}" flash &&
		gives 0 "${SAID[new]}" restore &&
		same "$(eeprom a)" "$FACTORY"
}

# The write goes through, but every read of it differs.
unreadable_afterwards() {
	ready && fault flaky@op=eeprom.read,n=4- && gives 7 'reads differently each time' flash &&
		same "$(eeprom a)" "$OTHER" && repaired || return
	# Read again, it is what was written after all.
	gives 0 'what a write here replaced' restore && says "${SAID[new]}" &&
		same "$(eeprom a)" "$FACTORY"
}

# The write goes through, and then no read does: what is there is not known.
silent_afterwards() {
	ready && fault nak@op=eeprom.read,n=4- && gives 7 'cannot be read back' flash &&
		says 'did not answer in time' && journal_says unknown timeout &&
		same "$(eeprom a)" "$OTHER" && repaired &&
		gives 0 'what a write here replaced' restore && same "$(eeprom a)" "$FACTORY"
}

# lost FAULT OUTCOME: the box goes inside of the write, and comes back with its memory
lost() {
	ready && fault "$1" && gives 7 'old, new or a mixture' flash &&
		says 'Plug the box in again at the same port' &&
		journal_says unknown gone && holds "$2" "$FACTORY" "$OTHER" &&
		eventually "$PATIENCE" box_dead a && box_unplug a &&
		box_pl2507 a --drive none || return
	case $2 in
	old) gives 0 "${SAID[new]}" flash && gives 0 "${SAID[new]}" restore ;;
	*) gives 0 "${SAID[new]}" restore --write-attached ;;
	esac || return
	same "$(eeprom a)" "$FACTORY"
}

# The cable slips in the middle and holds again; the box still has its old ids.
slips() {
	ready && fault reenumerate@op=eeprom.program,byte=60 &&
		gives 7 'old, new or a mixture' flash &&
		holds mixed "$FACTORY" "$OTHER" && box_node a || return
	gives 0 'taken for|interrupted write' restore --write-attached &&
		same "$(eeprom a)" "$FACTORY" &&
		box_replug a && file_is "$(sys a)/match" ids
}

test_that "writing: the request is refused" every_door stall@op=eeprom.program 1 stall old
test_that "writing: no answer at all" every_door nak@op=eeprom.program 1 timeout old
test_that "writing: it is done, but the answer is lost" every_door nak@op=eeprom.program,status 0 '' new
test_that "writing: no answer from the middle on" every_door nak@op=eeprom.program,byte=60 12 timeout mixed
test_that "writing: only a part is taken" every_door short=40@op=eeprom.program 12 mismatch mixed
test_that "writing: one bit is wrong on its way" every_door flip=0x21:3@op=eeprom.program 12 mismatch mixed
test_that "writing: the memory is write-protected" every_door readonly 6 ignored old
test_that "writing: a bit does not change" stuck
test_that "writing: a bit does not change, and need not" stuck_in_place
test_that "writing: every read afterwards differs" unreadable_afterwards
test_that "writing: no read afterwards" silent_afterwards
test_that "writing: unplugged before the first byte" lost unplug@op=eeprom.program old
test_that "writing: unplugged in the middle" lost unplug@op=eeprom.program,byte=60 mixed
test_that "writing: unplugged before the answer" lost unplug@op=eeprom.program,status new
test_that "writing: the cable slips in the middle" slips
run_tests
