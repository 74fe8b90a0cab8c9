# SPDX-License-Identifier: GPL-2.0-or-later
#
# The door of bridgefwctl; see common.sh for what a door has.
# shellcheck shell=bash

tool_there() { :; }

tool_options() {
	local word

	for word; do
		case $word in
		identity) echo --clone-identity ;;
		final) echo --accept-final ;;
		attached) echo --write-attached ;;
		unread) echo --accept-unread ;;
		esac
	done
}

# tool_run COMMAND ARGUMENT...: in the background; it is all that is to be waited for
tool_run() {
	"${AS[@]}" bridgefwctl "$1" "${BOX_BUSID[a]}" "${@:2}" --json \
		>"$BOX_TMP/tool.out" 2>"$BOX_TMP/tool.err" </dev/null &
	RUNNER=$!
}

tool_end() {
	ends_within "$PATIENCE" "$RUNNER" || return
	OUTCOME=$(jq -r '.error.reason // "done"' "$BOX_TMP/tool.out")
	[ -n "$OUTCOME" ] || fail "no JSON: $(cat "$BOX_TMP/tool.out" "$BOX_TMP/tool.err")"
}

# shellcheck disable=SC2046 # options are words
tool_begin() {
	tool_run flash "${1:-$NEW}" --yes $(tool_options "${@:2}")
}

# shellcheck disable=SC2046 # options are words
tool_restore() { tool_run restore --yes $(tool_options "$@") && tool_end; }
# shellcheck disable=SC2046 # options are words
tool_erase() {
	tool_run erase --then "$1" --whole-memory --leave-blank --yes $(tool_options "${@:2}") &&
		tool_end
}
tool_verify() { tool_run verify "$1" && tool_end; }
tool_read() { tool_run dump "$1" --force && tool_end; }
# It reads as the law wants it, whoever calls it.
tool_law_reads() { :; }
