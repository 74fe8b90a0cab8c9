# SPDX-License-Identifier: GPL-2.0-or-later
#
# One list of cases (cases.sh), and a door to go through. A door is a set of functions:
#
#	DOOR_there			whether it is there; says what to skip
#	DOOR_law_reads			reads twice what a write replaces
#	DOOR_begin IMAGE [CONSENT]...	begins to write; without an image: what is staged
#	DOOR_end			waits for the end
#	DOOR_restore [CONSENT]...	writes back what was there before
#	DOOR_verify IMAGE
#	DOOR_erase IMAGE [CONSENT]...	leaves it blank; the image is what will follow
#	DOOR_read FILE
#	DOOR_cancel			ends what runs
#
# After DOOR_end and all below it but DOOR_cancel OUTCOME is "done", the word of a reason, or "errno
# TEXT" where the door knows no words. AS holds what commands are run by.
# shellcheck shell=bash

. "$REPO"/tests/flash/common.sh
. "$DIR"/door_tool.sh
. "$DIR"/door_sysfs.sh
. "$DIR"/door_chardev.sh
. "$DIR"/door_fwupload.sh
. "$DIR"/cases.sh

DOORS="tool sysfs chardev fwupload"
LONG_SUITE=1
AS=()
OUTCOME=
RUNNER=

# What a door has no way to express, and why.
declare -A CANNOT=(
	[tool,not_read]="the tool reads the memory twice by itself"
	[tool,no_image]="a file is part of the tool's command"
	[tool,cancelled]="the tool has no command for it: what it has begun goes on"
	[fwupload,reading]="the API only writes"
	[fwupload,verifying]="the API only writes"
	[fwupload,erasing]="the API only writes"
	[fwupload,lab_gone_no_way_back]="the API only writes"
	[fwupload,restoring]="the API writes only what it is given"
	[fwupload,no_image]="an upload without an image is none"
)

# Where a door's own word comes first.
declare -A SAYS=(
	[tool,too_long]=file-size
	[sysfs,too_long]=EFBIG
	[chardev,too_long]=EFBIG
)

# The words, numbers and errors of all reasons stand in one place: the ABI's header.
declare -A REASON_WORD REASON_ERRNO ERRNO_TEXT=(
	[EFBIG]="File too large"
)
reasons() {
	local number word errno text

	while read -r number word errno text; do
		REASON_WORD[$number]=$word
		REASON_ERRNO[$word]=$errno
		ERRNO_TEXT[$errno]=$text
	done < <(perl -MErrno -ne '
		$errno = $1 if m{^ ?/?\*.*?\b(E[A-Z]+)\b};
		$! = Errno->can($errno)->() if $errno;
		print "$2 ", lc($1) =~ tr/_/-/r, " $errno $!\n" if /^#define BRIDGEFW_REASON_(\w+)\s+(\d+)/;
		' "$REPO/kmod/uapi/linux/bridgefw.h")
	REASON_WORD[0]="done"
	[ "${REASON_ERRNO[final]-}" = EACCES ] && [ "${REASON_WORD[9]-}" = not-read ] ||
		fail "the header's reasons cannot be read"
}

# Before the case: how many requests that change the memory the box saw, and its state.
BEFORE=
RESTING=
writes_seen() {
	grep -cE '"op":"[^"]*\.(unlock|erase-sector|erase-all|program)"' "$(box_trace a)" || :
}

# content: the file that the box keeps its memory in
content() { echo "$BOX_TMP/a.$MEM"; }

# box OPTION...: one with OLD in it, plugged in as the program does it
box() {
	rm -f "$(content)" "$(box_trace a)" && cp "$OLD" "$(content)" && plug_in "$@" || return
	remember
}
remember() { BEFORE=$(writes_seen) && slurp RESTING "$(sys a)/state"; }

# law_reads: this door's reads, or those of another one
law_reads() { "${DOOR}_law_reads" && remember; }

# door_write IMAGE [CONSENT]...: to its end, whatever that is
door_write() { "${DOOR}_begin" "$@" && "${DOOR}_end"; }

# begun: the job of DOOR_begin runs
begun() {
	local state job

	read -r state 2>/dev/null <"$(sys a)/state" && read -r job 2>/dev/null <"$(sys a)/job" &&
		[ "$state $job" = "busy write" ]
}
under_way() { eventually "$PATIENCE" begun || { "${DOOR}_end"; fail "no job runs: $OUTCOME"; }; }

# ends_as WORD: the door says so, in its own way
ends_as() {
	local want=${SAYS[$DOOR,$CASE]-$1}

	case $want in
	E*) is "$OUTCOME" "errno ${ERRNO_TEXT[$want]}" ;;
	*)
		case $OUTCOME in
		errno*) is "$OUTCOME" "errno ${ERRNO_TEXT[${REASON_ERRNO[$want]}]}" "for $want" ;;
		*) is "$OUTCOME" "$want" ;;
		esac
		;;
	esac
}

# files_say STATE WORD: and so do state and last_error
files_say() {
	local words

	file_is "$(sys a)/state" "$1" && slurp words "$(sys a)/last_error" &&
		is "${words%%: *}" "$2" last_error
}

untouched() {
	is "$(writes_seen)" "$BEFORE" "requests that change the memory" && same "$(content)" "$OLD"
}

# written IMAGE: done, and it is in the box
written() {
	ends_as "done" && files_say "$RESTING" "" && same "$(content)" "$1" &&
		file_is "$(sys a)/job" write && file_is "$(sys a)/progress" 100 || return
	[ "$(writes_seen)" -gt "$BEFORE" ] || fail "nothing was sent"
}

# refused WORD: before a job began. What comes without a caller is told as one that failed.
refused() {
	ends_as "$1" || return
	case $DOOR,$OUTCOME in
	fwupload,errno*) files_say "$RESTING" "" ;;
	fwupload,*) files_say failed "$1" ;;
	*) files_say "$RESTING" "" ;;
	esac && untouched
}

# failed WORD: by the job itself, which all doors share
failed() {
	ends_as "$1" && files_say failed "$1"
}

# through_each_door TITLE CASE
through_each_door() {
	local door

	for door in $DOORS; do
		test_that "$door: $1" a_case "$door" "$2"
	done
}

# What every memory is refused for, and how a write of it ends early.
refusals_and_ends() {
	through_each_door "no CAP_SYS_RAWIO" capability
	through_each_door "not read twice" not_read
	through_each_door "no image" no_image
	through_each_door "an image that is too short" too_short
	through_each_door "an image that is too long" too_long
	through_each_door "an image that the rules refuse" broken
	through_each_door "an image of another box" identity
	through_each_door "the drive is mounted" in_use
	through_each_door "another job runs" busy
	through_each_door "cancelled" cancelled
	through_each_door "unplugged in the middle" unplugged
}

a_case() {
	DOOR=$1 CASE=$2 AS=() OUTCOME=

	"${DOOR}_there" || return
	[ -z "${CANNOT[$DOOR,$CASE]-}" ] || skip "${CANNOT[$DOOR,$CASE]}" || return
	rm -rf "$BRIDGEFW_STATE_DIR" && mkdir "$BRIDGEFW_STATE_DIR" && "case_$CASE"
}

# altered FROM TO OFFSET: one byte of it is another one
altered() {
	local byte

	byte=$(od -An -tu1 -j "$3" -N 1 "$1")
	cp "$1" "$2" && printf "\\x$(printf %x $((byte ^ 0x10)))" |
		dd of="$2" bs=1 seek="$3" conv=notrunc status=none
}

# images OLD NEW: those, and what is made of them
images() {
	OLD=$1 NEW=$2
	SHORT=$BOX_TMP/short BROKEN=$BOX_TMP/broken LONG=$BOX_TMP/long
	head -c $(($(stat -c %s "$NEW") - 16)) "$NEW" >"$SHORT"
	# Longer than any memory that a case here is about.
	{ cat "$NEW"; head -c 131072 /dev/zero; } >"$LONG"
	altered "$NEW" "$BROKEN" 0
}

reasons || { echo "Bail out! $WHY"; exit 1; }
