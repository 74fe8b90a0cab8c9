#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# --all --chip NAME: many boxes at once, each with its own identity, backup and
# file; a row for each, whatever became of the others; and an end on request at
# which it is known how each stands.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh
. "$DIR"/common.sh

BOX_KEEP=1
LONG_SUITE=1
CHIP=lab-at49
BOXES="a b c"
ALL=(--all --chip $CHIP)

flash_of() { echo "$BOX_TMP/$1.flash"; }
# with_serial IMAGE BOX: the image as it belongs into that box; no checksum covers it
with_serial() {
	cp "$(image $CHIP "$1")" "$BOX_TMP/$1-$2.bin" &&
		printf 'LAB0000%s' "${2^^}" |
		dd of="$BOX_TMP/$1-$2.bin" bs=1 seek=$((0x4010)) conv=notrunc status=none &&
		echo "$BOX_TMP/$1-$2.bin"
}

is_there() { [ -n "${BOX_PID[$1]-}" ] && ! box_dead "$1" && [ -e "$(sys "$1")" ]; }

# three IMAGE: three boxes that hold it, each with a serial of its own
three() {
	local name content

	rm -rf "$BRIDGEFW_STATE_DIR" && mkdir "$BRIDGEFW_STATE_DIR" || return
	for name in $BOXES; do
		content=$(with_serial "$1" "$name") || return
		if is_there "$name" && cmp -s "$(flash_of "$name")" "$content" &&
			grep -qx idle "$(sys "$name")/state"; then
			box_ctl "$name" clear >/dev/null || return
			continue
		fi
		box_unplug "$name" && cp "$content" "$(flash_of "$name")" &&
			box_plug "$name" --chip $CHIP --flash "$(flash_of "$name")" --drive none || return
	done
}
# hold IMAGE BOX...: these boxes do, with their own serials
hold() {
	local variant=$1 name

	shift
	for name; do
		same "$(flash_of "$name")" "$(with_serial "$variant" "$name")" || return
	done
}
slow() { box_ctl "$1" fault "delay=$3@op=flash.$2,every" >/dev/null || fail "no fault"; }

# rows FILTER: what jq makes of each box's row, sorted
rows() { jq -r ".boxes[] | $1" <<<"$OUT" | sort | tr '\n' ' ' | sed 's/ $//'; }

write_and_take_back() {
	local backup

	three a || return
	run bridgefwctl flash "${ALL[@]}" "$(image $CHIP a1)" --yes --jobs 2 --json
	status_is 0 && is "$ERR" "" "standard error" && hold a1 a b c &&
		is "$(rows '.result + " " + (.exit_status | tostring)')" "done 0 done 0 done 0" "rows" &&
		is "$(jq .failed <<<"$OUT")" 0 "failed" &&
		is "$(rows .outcome.backup | tr ' ' '\n' | sort -u | wc -l)" 3 "backups" || return
	# what each held before is that box's own
	for backup in $(rows .outcome.previous_sha256); do
		[ -e "$BRIDGEFW_STATE_DIR/objects/$backup" ] || fail "no $backup is kept" || return
	done
	is "$(find "$BRIDGEFW_STATE_DIR"/journal -name '*.json' | wc -l)" 3 "journal" || return
	# again: it is so already, which is no failure
	gives 0 'same' bridgefwctl flash "${ALL[@]}" "$(image $CHIP a1)" --yes || return
	gives 0 'done' bridgefwctl restore "${ALL[@]}" --yes --jobs 3 && hold a a b c
}

dump_each() {
	local dir=$BOX_TMP/dumps name file

	three a && rm -rf "$dir" && gives 0 "$dir/$CHIP-${BOX_BUSID[a]}-flash-" bridgefwctl dump "${ALL[@]}" "$dir" || return
	is "$(ls -A "$dir" | wc -l)" 3 "files" || return
	for name in $BOXES; do
		file=$(echo "$dir/$CHIP-${BOX_BUSID[$name]}-flash"-*.bin)
		same "$file" "$(flash_of "$name")" || return
	done
	sha256sum "$dir"/* >"$BOX_TMP/sums"
	json_of 0 bridgefwctl dump "${ALL[@]}" "$dir" --json || return
	is "$(ls -A "$dir" | wc -l)" 6 "files" && sha256sum --quiet -c "$BOX_TMP/sums" &&
		is "$(rows .outcome.file | tr ' ' '\n' | sort -u | wc -l)" 3 "names" || return
	# a directory that cannot be is told for each box
	gives 1 'cannot be made' bridgefwctl dump "${ALL[@]}" "$BOX_TMP/sums/x"
}
# json_of STATUS COMMAND...: one object, and nothing on standard error
json_of() {
	local status=$1

	shift
	run "$@"
	status_is "$status" && is "$(jq -s length <<<"$OUT")" 1 "objects" && is "$ERR" "" "standard error"
}

compare_as_csv() {
	three a && run bridgefwctl verify "${ALL[@]}" "$(with_serial a b)" --csv --progress none || return
	status_is 6 && is "$(wc -l <<<"$OUT")" 4 "lines" &&
		is "$(head -1 <<<"$OUT" | tr -d '\r')" \
			device,bus,bus_id,chip,serial,exit_status,result,seconds,memory,sha256,previous_sha256,file,backup,journal,message "heads" ||
		return
	grep -q "^\"${BOX_NODE[b]}\",\"usb\",\"${BOX_BUSID[b]}\",\"$CHIP\",.*,0,\"equal\"," <<<"$OUT" &&
		grep -q "^\"${BOX_NODE[a]}\",.*,6,\"content-differs\"," <<<"$OUT" ||
		fail "$OUT" || return
	says '2 of 3 boxes failed'
}

# One that cannot be written does not stop the others, and tells what it holds.
goes_on_past_failures() {
	three a && box_ctl b fault readonly=flash >/dev/null || return
	json_of 6 bridgefwctl flash "${ALL[@]}" "$(image $CHIP a1)" --yes --jobs 1 --json || return
	is "$(rows '.device + "." + .result + "." + (.exit_status | tostring)')" \
		"$(printf '%s\n' "${BOX_NODE[a]}.done.0" "${BOX_NODE[b]}.ignored.6" "${BOX_NODE[c]}.done.0" | sort | tr '\n' ' ' | sed 's/ $//')" "rows" &&
		is "$(jq -r '.error.reason + " " + (.failed | tostring)' <<<"$OUT")" "some-failed 1" "error" &&
		hold a1 a c && hold a b || return
	box_ctl b clear >/dev/null
	gives 0 '(same.*){2}|done' bridgefwctl flash "${ALL[@]}" "$(image $CHIP a1)" --yes && hold a1 a b c
}

# One that goes in the middle: its state is not known, which counts for more.
one_goes() {
	three a && box_ctl c fault unplug@op=flash.program,n=5 >/dev/null || return
	run bridgefwctl flash "${ALL[@]}" "$(image $CHIP a1)" --yes
	status_is 7 && says "${BOX_NODE[c]}.*gone" && hold a1 a b
	local ret=$?
	box_unplug c
	return $ret
}

refusals() {
	three a || return
	gives 2 'takes --chip NAME' bridgefwctl flash --all "$(image $CHIP a1)" --yes &&
		gives 2 'go with --all' bridgefwctl flash --chip $CHIP "$(image $CHIP a1)" --yes &&
		gives 2 'no box and no backup is named' bridgefwctl flash "${ALL[@]}" "${BOX_NODE[a]}" "$(image $CHIP a1)" --yes &&
		gives 2 'no box and no backup is named' bridgefwctl restore "${ALL[@]}" x --yes &&
		gives 2 'no file is ever replaced' bridgefwctl dump "${ALL[@]}" --force &&
		gives 2 'both want standard output' bridgefwctl verify "${ALL[@]}" --json --csv x &&
		gives 3 'no bridge with the chip pl2507' bridgefwctl dump --all --chip pl2507 &&
		gives 5 'one serial or GUID. Nothing was written' bridgefwctl flash "${ALL[@]}" "$(image $CHIP a1)" --yes --clone-identity &&
		gives 5 'one serial or GUID. Nothing was written' bridgefwctl restore "${ALL[@]}" --yes --clone-identity &&
		gives 5 'nobody is here to confirm it' bridgefwctl flash "${ALL[@]}" "$(image $CHIP a1)" && hold a a b c
}

# Shown first, asked once.
asked() {
	local name

	three a || return
	for name in no yes; do
		run bash -c '(sleep 1; echo "$1") | script -qec "bridgefwctl flash --all --chip $2 $3" /dev/null' bash $name $CHIP "$(image $CHIP a1)"
		says 'Write to 3 of 3 boxes\?' && says ready || return
		[ $name = yes ] || { says 'you did not say yes' && hold a a b c; } || return
	done
	hold a1 a b c && json_of 0 bridgefwctl flash "${ALL[@]}" "$(image $CHIP a)" --dry-run --json &&
		is "$(rows .result)" "ready ready ready" "rows" && hold a1 a b c
}

# never_more N PID: it never has more processes, until it ends; MOST is how many it had
never_more() {
	local now

	MOST=0
	while kill -0 "$2" 2>/dev/null; do
		now=$(pgrep -c -P "$2")
		[ "$now" -le "$MOST" ] || MOST=$now
	done
	is "$MOST" "$1" "processes at once"
}
bounded() {
	three a && slow a read 50 && slow b read 50 && slow c read 50 || return
	bridgefwctl verify "${ALL[@]}" --jobs 2 "$(image $CHIP a)" >"$BOX_TMP/out" 2>&1 &
	never_more 2 $! || return
	bridgefwctl verify "${ALL[@]}" "$(image $CHIP a)" >"$BOX_TMP/out" 2>&1 &
	never_more 3 $!
}

progress_lines() {
	three a && slow a read 100 && slow b read 100 || return
	gives 6 'content-differs' bridgefwctl verify "${ALL[@]}" "$(image $CHIP b)" || return
	grep -q "^${BOX_NODE[a]}: reading: .*bytes" <<<"$ERR" &&
		grep -q "^${BOX_NODE[b]} *usb:${BOX_BUSID[b]} *FAILED: content-differs" <<<"$ERR" &&
		! grep -q 'reading:' <<<"$OUT" || fail "no lines: $ERR" || return
	gives 6 'content-differs' bridgefwctl verify "${ALL[@]}" "$(image $CHIP b)" --progress bar || return
	grep -q $'\033\[3A' <<<"$ERR" || fail "not three lines at once: $ERR"
}

# begin OPTION...: a write of all, one after the other; the first one is being written
begin() {
	(trap - INT; exec bridgefwctl flash "${ALL[@]}" "$(image $CHIP a1)" --yes --jobs 1 "$@") >"$BOX_TMP/out" 2>"$BOX_TMP/err" &
	PID=$!
	eventually "$PATIENCE" grep -qx write "$(sys a)/job" && eventually "$PATIENCE" grep -qx busy "$(sys a)/state" ||
		fail "no job: $(cat "$BOX_TMP/err")"
}
ended_with() {
	ends_within "$PATIENCE" "$PID" || return
	OUT=$(cat "$BOX_TMP/out") ERR=$(cat "$BOX_TMP/err")
	is "$STATUS" "$1" "$OUT $ERR"
}
row_is() { is "$(jq -r ".boxes[] | select(.device == \"${BOX_NODE[$1]}\") | .result" <<<"$OUT")" "$2" "row of $1"; }

# The first signal: what is written is written to its end, nothing else begins.
interrupted() {
	three a && slow a program 20 && begin --json && kill -INT "$PID" && ended_with 1 || return
	row_is a "done" && row_is b interrupted && row_is c interrupted &&
		is "$(jq -r .error.reason <<<"$OUT")" interrupted && hold a1 a && hold a b c
}
# The second one: not even the waiting goes on; the kernel does.
interrupted_twice() {
	three a && slow a program 20 && begin --json && kill -INT "$PID" && sleep 1 && kill -INT "$PID" &&
		ended_with 7 || return
	row_is a interrupted && row_is b interrupted &&
		is "$(jq -r ".boxes[0].message" <<<"$OUT" | grep -c 'goes on in the kernel')" 1 "message" &&
		job_ends a && hold a1 a && hold a b c
}
# While it reads, nothing has to be waited for.
interrupted_reading() {
	local began

	three a && slow a read 200 || return
	(trap - INT; exec bridgefwctl flash "${ALL[@]}" "$(image $CHIP a1)" --yes --jobs 1) >"$BOX_TMP/out" 2>"$BOX_TMP/err" &
	PID=$!
	eventually "$PATIENCE" grep -q "reading:" "$BOX_TMP/err" || fail "it does not read" || return
	began=$SECONDS
	kill -INT "$PID" && ended_with 1 && says 'ended before anything was written' && says 'was not begun' &&
		[ $((SECONDS - began)) -lt 8 ] || fail "it took $((SECONDS - began)) s" || return
	hold a a b c
}

lab_profiles
test_that "all are written, keep their serials, and are taken back" write_and_take_back
test_that "a dump of each" dump_each
test_that "all are compared, as CSV" compare_as_csv
test_that "one that fails does not stop the others" goes_on_past_failures
test_that "one that goes" one_goes
test_that "what is refused" refusals
test_that "shown first, and asked once" asked
test_that "no more at once than wanted" bounded
test_that "a line for each" progress_lines
test_that "interrupted: what was begun is ended" interrupted
test_that "interrupted twice" interrupted_twice
test_that "interrupted while it reads" interrupted_reading
run_tests
