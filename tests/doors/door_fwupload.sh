# SPDX-License-Identifier: GPL-2.0-or-later
#
# The door of the kernel's Firmware Upload API; see common.sh for what a door has.
# What the API has no place for (reading, consent) is done in sysfs.
# shellcheck shell=bash

fwupload_there() {
	grep -q ' firmware_upload_register$' /proc/kallsyms ||
		skip "no Firmware Upload API in this kernel"
}

upload_dir() { echo "/sys/class/firmware/${BOX_NODE[a]}-$MEM"; }

# upload_send FILE: an upload, whether it was let in or not
upload_send() {
	sysfs_do 'echo 1 >"$1/loading" && cat "$2" >"$1/data" && echo 0 >"$1/loading"' \
		"$(upload_dir)" "$1"
}

fwupload_begin() {
	OUTCOME=
	sysfs_command "upload ${*:2}" || return 0
	upload_send "$1" || return 0
}

# upload_word REASON: the word of the API for a reason
upload_word() {
	case $1 in
	image-size) echo invalid-file-size ;;
	image-rule | identity) echo firmware-invalid ;;
	in-use | busy | sleep) echo device-busy ;;
	timeout) echo timeout ;;
	io | short | mismatch | ignored) echo read-write-error ;;
	cancelled | capability | not-read | evidence | local | attached | final | unread) echo user-abort ;;
	*) echo hw-error ;;
	esac
}

upload_idle() { [ "$(cat "$(upload_dir)/status" 2>/dev/null || echo idle)" = idle ]; }

# The API's word, and that it fits to what the bridge says.
fwupload_end() {
	local error left

	[ -z "$OUTCOME" ] || return 0
	eventually "$PATIENCE" upload_idle || fail "the upload does not end" || return
	# With the bridge its door has gone.
	if ! error=$(cat "$(upload_dir)/error" 2>/dev/null); then
		OUTCOME=gone
		return
	fi
	left=$(cat "$(upload_dir)/remaining_size")
	if [ -z "$error" ]; then
		OUTCOME="done"
		is "$left" 0 "remaining_size"
		return
	fi
	# The files go on telling of the other job.
	if [ "$(cat "$(sys a)/job")" != write ]; then
		OUTCOME=busy
	else
		sysfs_told
	fi
	is "${error#*:}" "$(upload_word "$OUTCOME")" "error for $OUTCOME" &&
		[ "$left" -gt 0 ] || fail "$error, and $left is left"
}

fwupload_cancel() { echo 1 >"$(upload_dir)/cancel" || fail "it cannot be cancelled"; }
fwupload_law_reads() { sysfs_law_reads; }
