# SPDX-License-Identifier: GPL-2.0-or-later
#
# The door of sysfs, with cat and echo alone; see common.sh for what a door has.
# shellcheck shell=bash

sysfs_there() { :; }

# A command that fails says why in the words of the C library.
sysfs_do() {
	run "${AS[@]}" bash -c "$1" bash "${@:2}"
	[ "$STATUS" = 0 ] || OUTCOME="errno ${ERR##*: }"
	[ "$STATUS" = 0 ]
}

sysfs_stage() { sysfs_do 'cat "$1" >"$2"' "$1" "$(sys a)/image"; }
sysfs_command() { sysfs_do 'echo "$1" >"$2"' "$1" "$(sys a)/command"; }

# sysfs_told: what the files say of the job that has ended
sysfs_told() {
	local words

	if ! slurp words "$(sys a)/last_error" 2>/dev/null; then
		OUTCOME=gone
	else
		OUTCOME=${words%%: *}
		: "${OUTCOME:=done}"
	fi
}

sysfs_begin() {
	OUTCOME=
	[ -z "$1" ] || sysfs_stage "$1" || return 0
	sysfs_command "write ${*:2}" || return 0
}

sysfs_end() {
	[ -z "$OUTCOME" ] || return 0
	job_ends a && sysfs_told
}

sysfs_restore() {
	OUTCOME=
	sysfs_command "restore $*"
	sysfs_end
}

sysfs_erase() {
	OUTCOME=
	sysfs_stage "$1" && sysfs_command "erase ${*:2}"
	sysfs_end
}

sysfs_verify() {
	OUTCOME=
	sysfs_stage "$1" && sysfs_command verify
	sysfs_end
}

sysfs_read() {
	OUTCOME=done
	sysfs_do 'cat "$1" >"$2"' "$(sys a)/$MEM" "$1"
}

sysfs_cancel() { sysfs_command cancel || fail "$OUTCOME"; }
sysfs_law_reads() { read_twice a "$MEM"; }
