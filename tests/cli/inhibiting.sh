#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# While a memory is written the system stays up: systemd's own logind is asked for
# a lock, which is there from the first read to the end of the write, and no longer.
# Without logind the write goes on.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh
. "$DIR"/common.sh

LOGIND=
BUS=
LIBRARY=$(readlink -f /usr/lib/*/libsystemd.so.0)

bus_start() {
	[ -z "$BUS" ] || return 0
	mkdir -p /run/dbus
	BUS=$(dbus-daemon --system --fork --nopidfile --print-pid 2>/dev/null)
	[ -n "$BUS" ] || fail "no bus"
}
bus_stop() {
	[ -z "$BUS" ] || kill "$BUS"
	BUS=
	rm -f /run/dbus/system_bus_socket
}
logind_answers() { busctl --timeout=1 status org.freedesktop.login1; }
logind_start() {
	bus_start || return
	[ -z "$LOGIND" ] || return 0
	# what systemd's tmpfiles make elsewhere
	mkdir -p /run/systemd/{inhibit,seats,sessions,users}
	/lib/systemd/systemd-logind >"$BOX_TMP/logind" 2>&1 </dev/null &
	LOGIND=$!
	eventually "$PATIENCE" logind_answers || fail "no logind: $(cat "$BOX_TMP/logind")"
}
logind_stop() {
	[ -z "$LOGIND" ] || kill -KILL "$LOGIND"
	wait "$LOGIND" 2>/dev/null
	LOGIND=
}

# Whoever runs this waits until nobody writes to its output any more.
trap 'logind_stop; bus_stop; boxes_kill' EXIT

locks() { systemd-inhibit --list --no-pager --no-legend 2>&1; }
no_lock() { ! locks | grep bridgefwctl; }
lock() { locks | tr -s ' ' | grep -E "^bridgefwctl 0 root [0-9]+ bridgefwctl shutdown:sleep:idle:handle-lid-switch $1 block"; }
is_locked() { eventually "$PATIENCE" lock "$1" || fail "no lock for $1: $(locks)"; }
is_free() { no_lock || fail "still locked: $(locks)"; }

# in_background COMMAND...: its process is PID
in_background() {
	"$@" >"$BOX_TMP/background" 2>&1 </dev/null &
	PID=$!
}

# Reads and writes take long; the lock is looked at in both.
slowly() { box_ctl a fault "delay=3000@op=eeprom.$1,n=1" >/dev/null || fail "no fault"; }

# held DOING COMMAND...
held() {
	local doing=$1 part

	shift
	for part in read program; do
		slowly $part && in_background "$@" && is_locked "$doing the eeprom of ${BOX_NODE[a]}" &&
			ends_within "$PATIENCE" "$PID" && is "$STATUS" 0 "$(cat "$BOX_TMP/background")" &&
			is_free && ! grep -q 'Note:' "$BOX_TMP/background" || return
		[ "$part" = program ] || restore >/dev/null 2>&1 || return
	done
}

while_writing() { ready && fresh_state && logind_start && held writing flash && factory; }
while_restoring() {
	ready && fresh_state && logind_start && gives 0 "$NEW" flash || return
	slowly read && in_background restore && is_locked "restoring the eeprom of ${BOX_NODE[a]}" &&
		ends_within "$PATIENCE" "$PID" && is "$STATUS" 0 && is_free && same "$(eeprom a)" "$FACTORY" &&
		json 0 .inhibited flash && json 0 .inhibited restore
}

# asked_for COMMAND...: how many locks it asked for, in ASKED
asked_for() {
	local monitor

	dbus-monitor --system "interface='org.freedesktop.login1.Manager',member='Inhibit'" >"$BOX_TMP/asked" 2>&1 &
	monitor=$!
	eventually "$PATIENCE" grep -q NameLost "$BOX_TMP/asked" || fail "no monitor" || return
	run "$@"
	sleep 1
	kill $monitor
	wait $monitor 2>/dev/null
	ASKED=$(grep -c 'member=Inhibit' "$BOX_TMP/asked" || :)
}

only_what_writes() {
	local other

	ready && fresh_state && logind_start || return
	asked_for flash && is "$ASKED" 1 "locks of a write" && status_is 0 && factory || return
	for other in "dump --force $BOX_TMP/x" "verify $FACTORY" "info" "status --wait" \
		"flash $OTHER --clone-identity --dry-run" "restore --dry-run" "backup create"; do
		# shellcheck disable=SC2086
		asked_for bfw $other && is "$ASKED" 0 "locks of $other" || return
	done
}

# The tool is killed and the kernel writes on: who waits for that holds the lock.
killed() {
	ready && fresh_state && logind_start && slowly program &&
		box_ctl a fault "delay=3000@op=eeprom.read,n=4" >/dev/null && in_background flash &&
		eventually 30 grep -q busy "$(sys a)/state" &&
		eventually 30 grep -q write "$(sys a)/job" || fail "no job" || return
	pkill -KILL -P "$PID" -x bridgefwctl || kill -KILL "$PID"
	wait "$PID" 2>/dev/null
	in_background bridgefwctl status --wait && is_locked "writing the memory of ${BOX_NODE[a]}" &&
		is "$(lock 'writing the memory.*' | wc -l) $(locks | grep -c 'writing the eeprom')" "1 0" "locks" && ends_within "$PATIENCE" "$PID" && is "$STATUS" 0 && is_free && factory
}

# without_it WHY: a write tells once that there is no lock, and is made
without_it() {
	gives 0 "$NEW" flash && says "^Note: nothing keeps this system from shutting down" && says "$1" &&
		is "$(grep -c 'Note:' <<<"$OUT")" 1 "notes" || return
	json 0 "(.inhibited | not) and (.inhibited_why_not | test(\"$1\")) and .result == \"new\"" restore &&
		same "$(eeprom a)" "$FACTORY"
}

no_logind() { ready && fresh_state && bus_start && logind_stop && without_it logind; }
no_bus() { ready && fresh_state && logind_stop && bus_stop && without_it 'system bus'; }
no_library() {
	local ret

	ready && fresh_state && logind_start && mount --bind /dev/null "$LIBRARY" || return
	without_it libsystemd
	ret=$?
	umount "$LIBRARY"
	return $ret
}

# One that hangs holds nothing up for long.
hangs() {
	local began=$SECONDS

	ready && fresh_state && logind_start && kill -STOP "$LOGIND" || return
	gives 0 "$NEW" flash
	local ret=$?
	kill -CONT "$LOGIND"
	[ $ret = 0 ] && says 'Note: nothing keeps' && [ $((SECONDS - began)) -lt 30 ] ||
		fail "it took $((SECONDS - began)) s" || return
	factory
}

test_that "locked while an EEPROM is written" while_writing
test_that "locked while it is restored" while_restoring
test_that "nothing else asks for a lock" only_what_writes
test_that "who waits for a job that writes holds the lock" killed
test_that "a logind that hangs" hangs
test_that "no libsystemd" no_library
test_that "no logind" no_logind
test_that "no system bus" no_bus
run_tests
