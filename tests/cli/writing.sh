#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# flash, eeprom write and restore when all is well: what is told before and
# after, as text and as JSON; that a dry run writes nothing; that a tool that is
# stopped does not stop the write.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh
. "$DIR"/common.sh

plan_and_outcome() {
	ready && fresh_state &&
		gives 0 "$NEW" bfw eeprom write "${BOX_BUSID[a]}" "$OTHER" --clone-identity --yes &&
		says "^${BOX_NODE[a]}: pl2507 at usb:${BOX_BUSID[a]}, eeprom \(112 bytes\)" &&
		says "now +sha256 $(sha "$FACTORY")" &&
		says "then +sha256 $(sha "$OTHER")" && says 'changes +49 bytes in 10 places' &&
		says '0x0002\.\.0x0005 +7b 06 07 25 +-> 09 12 01 00' &&
		says 'read twice alike, kept as backup [0-9TZ.]+-' &&
		says 'power cut or unplug inside' &&
		says 'Unplug the box and plug it in again' &&
		says "bridgefwctl restore usb:${BOX_BUSID[a]}" && same "$(eeprom a)" "$OTHER" &&
		is "$(ops a eeprom.program)" $((PROGRAMS + 1)) "writes" || return
	json 0 ".result == \"new\" and .replug and .bytes == 112 and .sha256 == \"$(sha "$FACTORY")\" and
		.previous_sha256 == \"$(sha "$OTHER")\" and (.backup | length > 10) and (.journal | length > 10) and
		(.plan | .job == \"restore\" and .interrupted == \"mixed\" and .own_backup and .chip == \"pl2507\" and
		.bytes == 112 and (.changes | length) == 10 and .new_sha256 == \"$(sha "$FACTORY")\")" \
		bfw restore "${BOX_BUSID[a]}" --yes && same "$(eeprom a)" "$FACTORY"
}

# What was done is told afterwards, of all boxes and of this one.
told_afterwards() {
	ready && fresh_state && gives 0 'Nothing was written' bfw history && gives 0 "$NEW" flash &&
		gives 0 "$NEW" restore || return
	gives 0 'write +pl2507 +eeprom +usb:' bfw history && says 'restore +pl2507 +eeprom' &&
		json 0 "(.writes | length) == 2 and (.writes[0] | .job == \"write\" and .state == \"done\" and
			.old_sha256 == \"$(sha "$FACTORY")\" and .new_sha256 == \"$(sha "$OTHER")\") and
			(.writes[1] | .job == \"restore\" and .new_sha256 == \"$(sha "$FACTORY")\")" \
			bfw history "${BOX_BUSID[a]}" &&
		json 0 '.writes == []' bfw history --memory flash &&
		refuses 3 no-device 'no bridge is known at 1-9' bfw history 1-9
}

# The name of a device is not needed while there is one; other options of a write.
options() {
	ready && fresh_state &&
		gives 0 "$NEW" bfw flash "$OTHER" --clone-identity --yes --memory eeprom --progress plain --accept-final --label 'the label' &&
		json 0 '.backups[0].label == "the label" and .backups[0].why == "write"' bfw backup list &&
		gives 0 'backup .*"the label"' bfw restore 'the label' -y -n &&
		gives 0 "$NEW" bfw restore 'the label' -y -l 'back again' -m eeprom &&
		same "$(eeprom a)" "$FACTORY" &&
		json 0 '.backups[0].label == "back again" and .backups[0].why == "restore"' bfw backup list &&
		refuses 2 memory 'no memory "flash"' bfw flash -m flash "$OTHER" --yes &&
		refuses 2 memory 'no memory "flash"' bfw restore -m flash --yes
}

# dry COMMAND...: shows a plan, sends no write, keeps nothing
dry() {
	local before

	before=$(cd "$BRIDGEFW_STATE_DIR" && find . -type f | sort | xargs -r sha256sum)
	gives 0 'Nothing was written: this was a dry run' "$@" --dry-run &&
		says 'power cut or unplug inside' &&
		json 0 '.dry_run and .plan.bytes == 112' "$@" -n &&
		is "$(ops a eeprom.program)" "$PROGRAMS" "program requests" &&
		is "$(cd "$BRIDGEFW_STATE_DIR" && find . -type f | sort | xargs -r sha256sum)" "$before" "state"
}

dry_runs() {
	ready && fresh_state && dry bfw flash "$OTHER" --clone-identity &&
		dry bfw eeprom write "${BOX_BUSID[a]}" "$OTHER" --clone-identity --yes &&
		nothing_written && gives 0 "$NEW" flash && PROGRAMS=$(ops a eeprom.program) &&
		dry bfw restore && dry bfw restore --yes --previous &&
		dry bfw restore "${BOX_BUSID[a]}" "$(sha "$FACTORY" | head -c 8)" &&
		same "$(eeprom a)" "$OTHER" || return
	gives 0 'would be kept' bfw backup create --dry-run &&
		json 0 .dry_run bfw backup create -n &&
		gives 0 'Nothing would be sent' bfw attach "${BOX_BUSID[a]}" --profile pl2507 --dry-run &&
		gives 0 'would become' bfw profile compile "$LAYOUT" --output "$BOX_TMP" --dry-run &&
		[ ! -e "$BOX_TMP/lab-pl2507.bin" ] ||
		fail "a dry run compiled" || return
	# What a dry run finds wrong is wrong.
	gives 10 'Nothing was written' bfw flash /nonesuch --dry-run &&
		gives 2 'no memory' bfw flash -m flash "$FACTORY" --dry-run && factory
}

# An image of this box's own needs no other consent, also as a file.
own_image() {
	ready && fresh_state && gives 0 'written to' bfw dump "$BOX_TMP/own.bin" --force &&
		gives 0 "$NEW" flash &&
		gives 0 "$NEW" bfw flash "$BOX_TMP/own.bin" --yes &&
		same "$(eeprom a)" "$FACTORY"
}

kernel_previous() {
	ready && fresh_state && gives 0 "$NEW" flash && rm -r "$BRIDGEFW_STATE_DIR" &&
		mkdir "$BRIDGEFW_STATE_DIR" &&
		gives 4 'no backup of this box' restore && gives 0 "$NEW" restore --previous &&
		same "$(eeprom a)" "$FACTORY" || return
	box_unplug a && modules_reload && READY=gone && ready &&
		refuses 1 no-image 'the kernel holds no such content' bfw restore --previous --yes &&
		nothing_written
}

# stopped SIGNAL: the tool, while the kernel writes
stopped() {
	local pid status

	ready && fresh_state && box_ctl a fault delay=4000@op=eeprom.program,n=1 >/dev/null ||
		return
	(trap - INT; exec bridgefwctl flash "${BOX_BUSID[a]}" "$OTHER" --clone-identity --yes) >"$BOX_TMP/stopped" 2>&1 &
	pid=$!
	eventually 30 grep -q busy "$(sys a)/state" &&
		eventually 30 grep -q write "$(sys a)/job" ||
		fail "no job: $(cat "$BOX_TMP/stopped")" || return
	kill -"$1" "$pid"
	wait "$pid"
	status=$?
	OUT=$(cat "$BOX_TMP/stopped")
	is "$status" 7 "status: $OUT" && says 'goes on in the kernel' &&
		says "bridgefwctl status usb:${BOX_BUSID[a]} --wait" &&
		is "$(jq -r .state "$BRIDGEFW_STATE_DIR/ports/${BOX_BUSID[a]}")" writing "journal" ||
		return
	gives 0 'job write' bfw status "${BOX_BUSID[a]}" --wait &&
		same "$(eeprom a)" "$OTHER" &&
		is "$(jq -r .state "$BRIDGEFW_STATE_DIR/ports/${BOX_BUSID[a]}")" "done" "journal" &&
		gives 0 "$NEW" restore && same "$(eeprom a)" "$FACTORY"
}

# Killed outright, it leaves a journal from which the end is worked out.
killed() {
	local pid

	ready && fresh_state && box_ctl a fault delay=3000@op=eeprom.program,n=1 >/dev/null ||
		return
	bridgefwctl flash "${BOX_BUSID[a]}" "$OTHER" --clone-identity --yes >/dev/null 2>&1 &
	pid=$!
	eventually 30 grep -q busy "$(sys a)/state" &&
		eventually 30 grep -q write "$(sys a)/job" || fail "no job" || return
	kill -KILL "$pid"
	wait "$pid" 2>/dev/null
	job_ends a && same "$(eeprom a)" "$OTHER" &&
		gives 0 'what a write here replaced' restore && says "$NEW" &&
		same "$(eeprom a)" "$FACTORY" &&
		is "$(jq -r .state "$BRIDGEFW_STATE_DIR"/journal/*.json | sort | uniq -c | tr -s ' ')" " 2 done"
}

# Long jobs show where they are, on standard error only.
progress() {
	ready && box_ctl a fault delay=1300@op=eeprom.read,every >/dev/null || return
	gives 0 'equals' bfw verify --progress plain "$FACTORY" &&
		grep -q 'reading: .*bytes' <<<"$ERR" &&
		! grep -q 'reading:' <<<"$OUT" || fail "no progress: $ERR" || return
	gives 0 'equals' bfw verify --progress bar "$FACTORY" &&
		grep -q '\[#*\.*\]' <<<"$ERR" || fail "no bar: $ERR" || return
	gives 0 'equals' bfw verify --progress none "$FACTORY" &&
		is "$ERR" "" "standard error" &&
		gives 0 'equals' bfw verify "$FACTORY" &&
		is "$ERR" "" "standard error without a terminal" &&
		json 0 .equal bfw verify --progress auto "$FACTORY"
}

test_that "a write tells its plan and its outcome" plan_and_outcome
test_that "the history of writes" told_afterwards
test_that "the options of a write" options
test_that "a dry run writes nothing" dry_runs
test_that "the box's own image needs no consent" own_image
test_that "what the kernel keeps is written back" kernel_previous
test_that "SIGINT ends the tool, not the write" stopped INT
test_that "SIGTERM ends the tool, not the write" stopped TERM
test_that "a tool that is killed leaves a journal to go by" killed
test_that "progress is shown" progress
run_tests
