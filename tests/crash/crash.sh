#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The tool is killed, or the computer loses its power, at each request of a write with
# the tool: also while it reads what the law wants, and keeps the backup. The state
# directory is on a disk that goes with the computer: what was not synced is lost.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh
. "$REPO"/tests/proof/common.sh

HOST_DISK=$BOX_TMP/host.disk
HOST_DIR=$BOX_TMP/host
OLD=
NEW_IMAGE=

vendor_count() { box_ctl a count | grep -o '[0-9]*' | head -1; }

declare -A CALLS
# calls CHIP IMAGE: how many requests the tool's write takes, the law's reads included
calls() {
	local key=$1-$2

	OLD=$(image "$1" a) NEW_IMAGE=$(image "$1" "$2")
	[ -n "${CALLS[$key]-}" ] && return
	rm -rf "$BRIDGEFW_STATE_DIR" && mkdir -p "$BRIDGEFW_STATE_DIR" && ready "$1" a &&
		write_now && status_is 0 && same "$(flash)" "$NEW_IMAGE" || return
	CALLS[$key]=$(vendor_count)
	echo "# $key: ${CALLS[$key]} requests"
	box_unplug a
}

OPTIONS=(--yes --clone-identity --accept-final)
write_now() { run bridgefwctl flash "${BOX_BUSID[a]}" "$NEW_IMAGE" "${OPTIONS[@]}" "$@"; }
restore_now() { run bridgefwctl restore "${BOX_BUSID[a]}" --yes --accept-final "$@"; }

hit() { box_ctl a faults | grep -q 'hit [1-9]'; }

# write_until STEP FAULT: a write with the tool, in which that request is not answered soon
write_until() {
	fault "$2@vendor,n=$1" || return
	bridgefwctl flash "${BOX_BUSID[a]}" "$NEW_IMAGE" "${OPTIONS[@]}" \
		>"$BOX_TMP/tool.out" 2>&1 </dev/null &
	TOOL=$!
	eventually "$PATIENCE" hit || fail "the request never came: $(cat "$BOX_TMP/tool.out")"
}
tool_dies() {
	kill -KILL $TOOL 2>/dev/null
	wait $TOOL 2>/dev/null
}

# brought STEP OPTION...: to the new content, or at every other step back to the old one
brought() {
	local at=$1

	shift
	# A chip in its boot mode shows no drive.
	[ "$(cat "$(sys a)/state")" != blank ] || set -- "$@" --bot
	if [ $((at % 2)) = 1 ] && ! cmp -s "$(flash)" "$OLD"; then
		restore_now "$@"
		status_is 0 && same "$(flash)" "$OLD"
	else
		# Status 4: it holds the image already.
		write_now "$@"
		[ "$STATUS" = 0 ] || [ "$STATUS" = 4 ] || status_is 0 || return
		same "$(flash)" "$NEW_IMAGE"
	fi
}

# recognised CHIP: and what it says of itself is true
recognised() {
	file_is "$(sys a)/chip" "$1" && file_is "$(sys a)/match" ids || return
	if grep -q '"type":"plug".*"boots":true' "$(box_trace a)"; then
		file_is "$(sys a)/state" idle
	else
		file_is "$(sys a)/state" blank
	fi
}

journal_says() { bridgefwctl status "${BOX_BUSID[a]}" --json 2>/dev/null | jq -r '.journal.state // "none"'; }
# journal_agrees: a mixture is called one, or not known
journal_agrees() {
	local state

	state=$(journal_says)
	if cmp -s "$(flash)" "$OLD"; then
		case $state in none | writing | failed | unknown) return 0 ;; esac
	elif cmp -s "$(flash)" "$NEW_IMAGE"; then
		case $state in writing | "done" | unknown) return 0 ;; esac
	else
		case $state in writing | mixed | unknown) gives 0 'bridgefwctl restore' bridgefwctl list; return ;; esac
	fi
	fail "the journal says $state"
}

# The kernel ends what it has begun: a job belongs to the bridge.
tool_killed() {
	local chip=$1 at=$3

	rm -rf "$BRIDGEFW_STATE_DIR" && mkdir -p "$BRIDGEFW_STATE_DIR" && ready "$chip" a &&
		write_until "$at" delay=60000 || return
	tool_dies
	is "$(vendor_count)" "$at" "requests when it was killed" &&
		box_ctl a clear >/dev/null && job_ends a || return
	cmp -s "$(flash)" "$OLD" || same "$(flash)" "$NEW_IMAGE" || return
	[ "$(cat "$(sys a)/state")" = idle ] || [ "$(cat "$(sys a)/state")" = failed ] ||
		fail "state $(cat "$(sys a)/state")" || return
	journal_agrees && brought "$at"
}

host_up() {
	box_pl2507 h --drive disk --disk "$HOST_DISK" && mkdir -p "$HOST_DIR" &&
		mount "/dev/$(box_disk h)" "$HOST_DIR" || fail "no disk of the computer: $WHY"
}
# host_dies: nothing that is not on the disk by now comes there
host_dies() {
	kill -KILL "${BOX_PID[h]}"
	tool_dies
	box_unplug a
	umount -l "$HOST_DIR"
	box_unplug h && eventually "$PATIENCE" modules_reload &&
		echo 1 >/sys/module/bridgefw/parameters/local_writes
}

host_cut() {
	local chip=$1 at=$3 ret

	# The chip's drive is taken for one sector smaller than it says.
	rm -f "$HOST_DISK" && truncate -s 16M "$HOST_DISK" && mkfs.ext4 -q -F "$HOST_DISK" 15000k &&
		host_up && export BRIDGEFW_STATE_DIR=$HOST_DIR/state && mkdir "$BRIDGEFW_STATE_DIR" &&
		sync && ready "$chip" a && write_until "$at" nak && host_dies && host_up && plug "$chip" &&
		recognised "$chip" && journal_agrees && brought "$at" --write-attached
	ret=$?
	umount -l "$HOST_DIR" 2>/dev/null
	export BRIDGEFW_STATE_DIR=$BOX_TMP/state
	return $ret
}

# everywhere WHAT CHIP IMAGE
everywhere() {
	local at n=0 last

	calls "$2" "$3" || return
	last=${CALLS[$2-$3]}
	stride
	for at in $(seq $((1 + (FIRST - 1) % last)) "$STRIDE" "$last"); do
		"$@" "$at" && boxes_away || fail "request $at of $last: $WHY" || return
		n=$((n + 1))
	done
	echo "# $n points of $last"
}

modprobe ext4 2>/dev/null
lab_profiles
while read -r chip image what; do
	test_that "the tool is killed at each request, $what" everywhere tool_killed "$chip" "$image"
	test_that "the computer loses its power at each request, $what" everywhere host_cut "$chip" "$image"
done <<'END'
lab-nor a1 one sector
lab-nor b everything
END
run_tests
