#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What only the Firmware Upload API has: who lets an upload in, and for how long; that
# it is a job beside others; that whatever goes away does not wait for it.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh
. "$DIR"/common.sh
# These are few.
LONG_SUITE=

MEM=flash DOOR=fwupload CASE=
plug_in() { plug lab-nor "$@"; }
images "$(image lab-nor a)" "$(image lab-nor b)"

# there TEST: where the kernel has it
there() { fwupload_there && AS=() OUTCOME='' && "$@"; }
upload_that() { test_that "$1" there "$2"; }

door_is() { file_is "$(sys a)/memories/flash/upload" "$1"; }
allow() { echo "upload $*" >"$(sys a)/command" || fail "upload $*"; }
# uploaded FILE: sent, and ended
uploaded() { OUTCOME='' && upload_send "$1" && fwupload_end; }

nobody_let_it_in() {
	box && law_reads && door_is closed && uploaded "$NEW" && refused capability &&
		file_is "$(upload_dir)/error" preparing:user-abort
}

counts_once() {
	box && law_reads && allow identity && door_is "open identity" && uploaded "$NEW" &&
		written "$NEW" && door_is closed && read_twice a flash || return
	uploaded "$OLD" && ends_as capability && same "$(content)" "$NEW" || return
	# One that was refused has used it up, too.
	allow identity && uploaded "$BROKEN" && ends_as image-rule && door_is closed &&
		uploaded "$OLD" && ends_as capability && same "$(content)" "$NEW"
}

words_are_checked() {
	box && echo_to "$(sys a)/command" "upload nonsense" && says "Invalid argument" &&
		door_is closed && allow final attached identity flash &&
		door_is "open attached identity final" && allow && door_is open
}

# Consent that was not given is not there.
no_more_than_was_said() {
	local OLD NEW

	OLD=$(image lab-gone a) NEW=$(image lab-gone boot)
	rm -f "$(content)" && cp "$OLD" "$(content)" && plug lab-gone && remember &&
		law_reads && allow identity && uploaded "$NEW" && failed final && untouched
}

taken_back() {
	box && law_reads && allow identity && echo_to "$(upload_dir)/cancel" 1 &&
		says "No such device" && door_is closed && uploaded "$NEW" && refused cancelled ||
		return
	OUTCOME='' && allow identity && echo cancel >"$(sys a)/command" && door_is closed &&
		uploaded "$NEW" && ends_as cancelled && untouched || return
	# That was that one; nothing of it stays.
	uploaded "$NEW" && ends_as capability && allow identity && uploaded "$NEW" && ends_as "done"
}

cancels_only_its_own() {
	box && law_reads && cat "$OLD" >"$(sys a)/image" && fault "delay=300@op=flash.read,every" &&
		echo verify >"$(sys a)/command" && allow identity || return
	echo_to "$(upload_dir)/cancel" 1
	sleep 1
	file_is "$(sys a)/state" busy && box_ctl a clear >/dev/null && job_ends a &&
		files_say idle ""
}

staged_image_stays() {
	box && law_reads && cat "$NEW" >"$(sys a)/image" && allow identity &&
		uploaded "$(image lab-nor a1)" && written "$(image lab-nor a1)" &&
		read_twice a flash && echo "write identity" >"$(sys a)/command" && job_ends a &&
		same "$(content)" "$NEW"
}

an_empty_upload() {
	box && law_reads && allow identity && echo 1 >"$(upload_dir)/loading" &&
		echo 0 >"$(upload_dir)/loading" && upload_idle && file_is "$(upload_dir)/error" "" &&
		door_is "open identity" && untouched
}

# What is left falls, and is nothing at the end.
progress() {
	local left before=65537 steps=0 size

	size=$(stat -c %s "$NEW")
	box && law_reads && fault "delay=30@op=flash.program,every" && allow identity &&
		upload_send "$NEW" || return
	while ! upload_idle; do
		left=$(cat "$(upload_dir)/remaining_size")
		[ "$left" -le "$before" ] || fail "$left after $before" || return
		[ "$left" -ge "$before" ] || [ "$left" = "$size" ] || steps=$((steps + 1))
		before=$left
		door_is running || upload_idle || return
	done
	WHY=
	[ "$steps" -ge 5 ] || fail "only $steps steps" || return
	fwupload_end && written "$NEW"
}

# The modules stay while it runs, and go when it has ended.
modules_stay() {
	box && law_reads && fault "delay=100@op=flash.program,every" && allow identity &&
		upload_send "$NEW" && under_way || return
	run rmmod bridgefw_scsi
	run rmmod bridgefw_usb
	status_is 1 && says "in use" && box_ctl a clear >/dev/null && fwupload_end &&
		ends_as "done" && same "$(content)" "$NEW" || return
	local node=${BOX_NODE[a]}

	modules_away && [ ! -e "/sys/class/firmware/$node-flash" ]
	local ret=$?
	lab_profiles
	return $ret
}

# Unplugged while the box does not answer at all: nobody waits for that.
unplugged_while_it_hangs() {
	local began

	box && law_reads && fault "nak@op=flash.program,n=5" && allow identity &&
		upload_send "$NEW" && under_way && sleep 1 || return
	began=$SECONDS
	box_unplug a && eventually "$PATIENCE" test ! -e "$(upload_dir)" &&
		[ $((SECONDS - began)) -lt 20 ] || fail "it took $((SECONDS - began)) s"
}

# With an image half handed over, and with one that waits for its turn.
unplugged_before() {
	box && law_reads && allow identity && echo 1 >"$(upload_dir)/loading" &&
		head -c 5000 "$NEW" >"$(upload_dir)/data" && box_unplug a && box && law_reads &&
		allow identity || return
	upload_send "$NEW" && box_unplug a && eventually "$PATIENCE" test ! -e "$(upload_dir)"
}

two_at_once() {
	local dir

	box && law_reads && cp "$OLD" "$BOX_TMP/b.flash" &&
		box_plug b --chip lab-nor --flash "$BOX_TMP/b.flash" --drive disk &&
		eventually "$PATIENCE" grep -q scsi "$(sys b)/transports" && box_disk b >/dev/null &&
		udevadm settle --timeout="$PATIENCE" && read_twice b flash || return
	dir=/sys/class/firmware/${BOX_NODE[b]}-flash
	allow identity && echo "upload identity" >"$(sys b)/command" && upload_send "$NEW" &&
		echo 1 >"$dir/loading" && cat "$NEW" >"$dir/data" && echo 0 >"$dir/loading" &&
		fwupload_end && eventually "$PATIENCE" grep -qx idle "$dir/status" &&
		file_is "$dir/error" "" && same "$(content)" "$NEW" && same "$BOX_TMP/b.flash" "$NEW"
}

# Each kernel says which of the two it is.
says_whether_it_is_there() {
	box || return
	if grep -q ' firmware_upload_register$' /proc/kallsyms; then
		door_is closed && [ -d "$(upload_dir)" ] || fail "no upload device" || return
		# It is below the bridge.
		is "$(readlink -f "$(upload_dir)/device")" "$(readlink -f "$(sys a)")"
	else
		door_is none && echo_to "$(sys a)/command" upload && status_is 1 &&
			says "not supported" || return
		[ ! -e "$(upload_dir)" ] || fail "an upload device"
	fi
}

lab_profiles
test_that "the memory says whether the kernel has the API" says_whether_it_is_there
upload_that "an upload that nobody has let in" nobody_let_it_in
upload_that "the word counts for one upload" counts_once
upload_that "the words behind it are checked" words_are_checked
upload_that "consent is no more than was said" no_more_than_was_said
upload_that "the word is taken back" taken_back
upload_that "cancel ends no other job" cancels_only_its_own
upload_that "what is staged stays" staged_image_stays
upload_that "an empty upload is none" an_empty_upload
upload_that "progress" progress
upload_that "the modules stay during an upload, and go afterwards" modules_stay
upload_that "unplugged while the box hangs" unplugged_while_it_hangs
upload_that "unplugged before it begins" unplugged_before
upload_that "two boxes at once" two_at_once
run_tests
