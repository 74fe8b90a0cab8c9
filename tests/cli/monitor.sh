#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# monitor tells of everything that happens to bridges, in order, and of nothing twice.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh
. "$DIR"/common.sh

MONITOR=
SEEN=$BOX_TMP/seen

# watch OPTION...: starts it; it has told of what was there before
watch() {
	bridgefwctl monitor "$@" >"$SEEN" 2>"$SEEN.err" &
	MONITOR=$!
}
# tells REGEX: it has, or soon will have
tells() { eventually "$PATIENCE" grep -qE -- "$1" "$SEEN" || fail "no '$1' in: $(cat "$SEEN")"; }
# unwatch [SIGNAL]: it ends well
unwatch() {
	kill -"${1-INT}" "$MONITOR" && ends_within 10 "$MONITOR" && is "$STATUS" 0 "status" &&
		is "$(cat "$SEEN.err")" "" "standard error"
}
# A background command of a script without job control ignores SIGINT unless told otherwise.
watch_int() {
	(trap - INT; exec bridgefwctl monitor "$@") >"$SEEN" 2>"$SEEN.err" &
	MONITOR=$!
}

# events FILTER: those of the box, as jq says, in one line
events() { jq -r "$1" "$SEEN" | tr '\n' ' ' | sed 's/ $//'; }

comes_and_goes() {
	ready && fresh_state && watch_int --json && tells '"event":"present"' || return
	box_pl2507 b --port 2 && tells '"event":"plugged"' && box_unplug b && tells '"event":"gone"' &&
		unwatch INT || return
	is "$(events '.event + "." + .bus_id')" \
		"present.${BOX_BUSID[a]} plugged.${BOX_BUSID[b]} gone.${BOX_BUSID[b]}" "events" &&
		is "$(wc -l <"$SEEN")" 3 "lines" &&
		jq -es "all(.[]; .chip == \"pl2507\" and .device != \"\" and .bus == \"usb\" and (.time | length) == 20)" \
			"$SEEN" >/dev/null || fail "$(cat "$SEEN")"
}

# A replug may give the new bridge the old one's number.
replugged() {
	ready && watch --json && tells present && box_replug a && tells plugged && unwatch TERM &&
		is "$(events .event)" "present gone plugged" "events"
}

# Reads take long: the one behind the programming is seen, however slow the machine.
slowly() { box_ctl a fault delay=1500@op=eeprom.read,every >/dev/null || fail "no fault"; }

jobs() {
	ready && fresh_state && slowly && watch --json && tells present && gives 0 "$NEW" flash &&
		tells '"state":"idle","job":"write"' && unwatch TERM || return
	is "$(events 'select(.event == "state") | .state + "." + .job')" "busy.write idle.write" "states" ||
		return
	# halfway: programmed, not yet read back
	jq -es 'any(.[]; .event == "progress" and .progress == 50 and .state == "busy" and .job == "write")' \
		"$SEEN" >/dev/null || fail "no progress: $(cat "$SEEN")" || return
	box_ctl a clear >/dev/null
	factory
}

# Jobs too short to be caught by looking now and then.
short_jobs() {
	local i

	ready && watch --json && tells present && echo_to "$(sys a)/image" x || return
	for i in 1 2 3 4 5; do
		echo_to "$(sys a)/command" verify && job_ends a || return
	done
	sleep 1
	unwatch TERM &&
		is "$(events 'select(.event == "state") | .state')" \
			"busy failed busy failed busy failed busy failed busy failed" "states" &&
		jq -es 'map(select(.state == "failed")) | all(.[]; .last_error | test("^content-differs: "))' \
			"$SEEN" >/dev/null || fail "$(cat "$SEEN")"
}

for_people() {
	ready && fresh_state && watch && tells "${BOX_NODE[a]}  usb:${BOX_BUSID[a]}  present: pl2507, " &&
		slowly && gives 0 "$NEW" flash && box_ctl a clear >/dev/null && tells '  busy: write$' && tells '  write: 50 %$' &&
		tells '  idle; last job write$' && factory && box_unplug a && tells '  gone$' &&
		unwatch HUP
}

# It takes no rights, and it is no reason for anything to stay.
in_the_way_of_nothing() {
	local before

	ready || return
	before=$(vendor_requests a)
	setpriv --reuid=65534 --regid=65534 --clear-groups bridgefwctl monitor --json >"$SEEN" 2>"$SEEN.err" &
	MONITOR=$!
	tells present && box_unplug a && tells gone && modules_away && modprobe bridgefw_usb &&
		READY=gone && ready && tells plugged && is "$(vendor_requests a)" "$before" "requests" &&
		unwatch TERM
}

test_that "boxes that come and go" comes_and_goes
test_that "a replug" replugged
test_that "a job and its progress" jobs
test_that "no short job is missed" short_jobs
test_that "for people" for_people
test_that "it is in the way of nothing" in_the_way_of_nothing
run_tests
