# SPDX-License-Identifier: GPL-2.0-or-later
#
# The interruption proof: the steps of a write are counted, and then it is interrupted
# at each of them. A step is one request of ours to the box. Whatever was left, the box
# is recognised, what is said of it is true, and it is brought to exactly the old or
# the new content.
# shellcheck shell=bash

. "$REPO"/tests/flash/common.sh

LONG_SUITE=1
case $(uname -r) in
*-bridgefw-uml)
	# It is fast: every test runs, and takes some of its points.
	take_share() { :; }
	STRIDES=1
	;;
*) STRIDES=2 ;;
esac

# A card for each worker of points.c.
fire_profiles() {
	cp "$REPO"/tests/lab/profiles/lab-oxfw91{1,2}.profile "$TEXTS" &&
		bridgefwctl profile compile --all --install >/dev/null && modprobe lab_1394 cards=4 &&
		modprobe bridgefw_1394 &&
		eventually "$PATIENCE" cards_are 4
}
cards_are() { [ "$(grep -c ' local$' /sys/class/bridgefw/nodes)" = "$1" ]; }

# stride: sets FIRST and STRIDE: the points of this share, which begin elsewhere in each
# test; without a share all points
TESTS_DONE=0
stride() {
	local share=${BRIDGEFW_SHARE-} i seed

	FIRST=1 STRIDE=1
	[ -n "$share" ] || return 0
	i=${share%%/*} STRIDE=${share#*/} seed=${share#*:}
	STRIDE=$((${STRIDE%%:*} * STRIDES))
	TESTS_DONE=$((TESTS_DONE + 1))
	FIRST=$((1 + (seed * 31 + i * 17 + TESTS_DONE * 7) % STRIDE))
}

# points KIND CHIP IMAGE WHEN: see points.c
points() {
	local ret

	stride
	# Hundreds of boxes come and go, and udev would be busy with nothing else; it would
	# have loaded these.
	modprobe -a usb-storage sd_mod sg
	udevadm control --stop-exec-queue
	"$DIR/points" -f "$FIRST" -s "$STRIDE" "$@" 2>"$BOX_TMP/points.err"
	ret=$?
	# What has gathered meanwhile is about boxes that are gone.
	udevadm control --exit --timeout="$PATIENCE"
	/lib/systemd/systemd-udevd --daemon >/dev/null 2>&1
	[ $ret = 0 ] || fail "$(tr '\n' ';' <"$BOX_TMP/points.err")"
}
