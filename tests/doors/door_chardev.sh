# SPDX-License-Identifier: GPL-2.0-or-later
#
# The door of the character device, by its ioctls; see common.sh for what a door has.
# shellcheck shell=bash

chardev_there() { :; }

chardev_run() {
	"${AS[@]}" "$DIR/chardev" "$(dev a)" "$@" >"$BOX_TMP/chardev.out" 2>&1 &
	RUNNER=$!
}

# chardev_word TYPE NUMBER
chardev_word() {
	case $1 in
	done) echo "done" ;;
	reason) echo "${REASON_WORD[$2]-reason $2}" ;;
	errno) echo "errno $(perl -e '$! = $ARGV[0]; print "$!"' "$2")" ;;
	*) echo "$*" ;;
	esac
}

chardev_end() {
	ends_within "$PATIENCE" "$RUNNER" || return
	# shellcheck disable=SC2046 # two words
	OUTCOME=$(chardev_word $(tail -1 "$BOX_TMP/chardev.out"))
}

chardev_begin() { chardev_run write "${1:--}" "${@:2}"; }
chardev_restore() { chardev_run restore "$@" && chardev_end; }
chardev_erase() { chardev_run erase "$@" && chardev_end; }
chardev_verify() { chardev_run verify "$1" && chardev_end; }
chardev_read() { chardev_run read "$1" && chardev_end; }
chardev_cancel() { "$DIR/chardev" "$(dev a)" cancel >/dev/null || fail "it cannot be cancelled"; }

chardev_law_reads() {
	chardev_read "$BOX_TMP/read1" && is "$OUTCOME" "done" "first read" &&
		chardev_read "$BOX_TMP/read2" && is "$OUTCOME" "done" "second read" &&
		same "$BOX_TMP/read1" "$BOX_TMP/read2"
}
