# SPDX-License-Identifier: GPL-2.0-or-later
#
# The interruption proof: the steps of a write are counted, and then it is interrupted
# at each of them. A step is one request of ours to the box. Whatever was left, the box
# is recognised, what is said of it is true, and it is brought to exactly the old or
# the new content.
# shellcheck shell=bash

. "$REPO"/tests/flash/common.sh

LONG_SUITE=1
# Every test runs; of a share each takes some of its points.
take_share() { :; }

# stride: sets FIRST and STRIDE, all points without a share. A kernel that is emulated
# takes fewer of them than one that runs by itself, and each test begins elsewhere.
TESTS_DONE=0
stride() {
	local share=${BRIDGEFW_SHARE-} i seed

	FIRST=1 STRIDE=1
	[ -n "$share" ] || return 0
	i=${share%%/*} STRIDE=${share#*/} seed=${share#*:}
	STRIDE=${STRIDE%%:*}
	case $(uname -r) in
	*-bridgefw-uml) ;;
	*) STRIDE=$((STRIDE * 16)) ;;
	esac
	TESTS_DONE=$((TESTS_DONE + 1))
	FIRST=$((1 + (seed * 31 + i * 17 + TESTS_DONE * 7) % STRIDE))
}

# points KIND CHIP IMAGE WHEN: see points.c
points() {
	stride
	"$DIR/points" -f "$FIRST" -s "$STRIDE" "$@" 2>"$BOX_TMP/points.err" ||
		fail "$(tr '\n' ';' <"$BOX_TMP/points.err")"
}
