# SPDX-License-Identifier: GPL-2.0-or-later
#
# What is the same after every test here: nothing is left.
# shellcheck shell=bash

HOLD=$DIR/hold
LONG_SUITE=1

# A task that sleeps uninterruptibly for so long has been forgotten by somebody.
[ ! -w /proc/sys/kernel/hung_task_timeout_secs ] ||
	echo 20 >/proc/sys/kernel/hung_task_timeout_secs

no_bridge() { ! compgen -G "/sys/class/bridgefw/bridgefw*" >/dev/null && ! compgen -G "/dev/bridgefw[0-9]*" >/dev/null; }
no_sleeper() { ! grep -l '^State:.D' /proc/[0-9]*/status 2>/dev/null | grep -q .; }

nothing_left() {
	boxes_away
	eventually "$PATIENCE" no_bridge ||
		fail "a bridge is left: $(ls /sys/class/bridgefw)" || return
	wait
	modules_away || return
	eventually "$PATIENCE" no_sleeper || fail "a task sleeps uninterruptibly"
}

# What a test that failed has left open would fail the next one, too.
close_files() {
	local fd

	for fd in /proc/$$/fd/*; do
		case $(readlink "$fd") in
		/dev/bridgefw* | /sys/*bridgefw*) fd=${fd##*/}; exec {fd}<&- ;;
		esac
	done
}

# clean TEST...: the test, and that nothing is left after it; nor has the one before it
# left a box to be loaded for by hand
clean() {
	local why ret=0

	autoload on
	"$@" || ret=$?
	why=${WHY:-in $*}
	close_files
	if ! nothing_left; then
		[ $ret = 0 ] && why=$WHY
		ret=1
	fi
	WHY=$why
	return $ret
}
life() { test_that "$1" clean "${@:2}"; }

# fault NAME SPEC
fault() { box_ctl "$1" fault "$2" || fail "fault $2"; }

# reads_well NAME: what is read is what it holds
reads_well() {
	cat "$(sys "$1")/eeprom" >"$BOX_TMP/read" || fail "cannot be read" || return
	same "$(eeprom "$1")" "$BOX_TMP/read"
}

# A PL-2507 without a drive comes and goes faster.
bare() { box_pl2507 "$1" --drive none "${@:2}"; }

# hold_it NAME: its claim in the hands of a process; HOLDER is that
hold_it() {
	: >"$BOX_TMP/held"
	"$HOLD" "$(dev "$1")" >"$BOX_TMP/held" &
	HOLDER=$!
	eventually "$PATIENCE" grep -q held "$BOX_TMP/held" || fail "the claim is not granted"
}

# fd_read FD: from an open file to $BOX_TMP/read
fd_read() {
	dd bs=512 count=1 status=none <&"$1" >"$BOX_TMP/read" 2>"$BOX_TMP/err"
	STATUS=$? OUT= ERR=$(cat "$BOX_TMP/err")
}

# fd_says FD WORDS: reading an open file fails, and says so
fd_says() {
	fd_read "$1"
	[ "$STATUS" != 0 ] || fail "it can still be read" || return
	says "$2"
}
