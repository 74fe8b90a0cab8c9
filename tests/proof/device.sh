#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The supply of the box fails, or the cable is pulled, at each step of a write: of one
# small sector, of a flash of 64 KiB from end to end, and of the sector that makes a
# chip boot. A chip that nothing brings back dies only in those steps that the plan
# calls final.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh
. "$DIR"/common.sh

# What the tool tells the owner before is that.
told_beforehand() {
	ready lab-gone a &&
		gives 0 'final' bridgefwctl flash "$(image lab-gone boot)" --dry-run --clone-identity &&
		gives 5 'final' bridgefwctl flash "$(image lab-gone boot)" --yes --clone-identity
}

lab_profiles && fire_profiles
SEED=${BRIDGEFW_SHARE:+${BRIDGEFW_SHARE##*:}}
SEED=${BRIDGEFW_SEED:-${SEED:-1}}
while read -r chip image what; do
	for when in before inside after; do
		test_that "power cut $when each step, $what" points powercut "$chip" "$image" $when
	done
	test_that "unplugged inside of each step, $what" points unplug "$chip" "$image" inside
	test_that "power cuts of the write and of the repair, $what (seed $SEED)" \
		points twice "$chip" "$image" "$SEED"
done <<'END'
lab-nor a1 one sector
lab-nor b everything
lab-at49 boot the boot sector
lab-oxfw912 a1 one sector over FireWire
lab-oxfw912 b everything over FireWire
END
# What it held cannot be read: nothing brings that back, but the image does.
for when in before inside after; do
	test_that "power cut $when each step, an upload over FireWire" points powercut lab-oxfw911 b $when
done
test_that "unplugged inside of each step, an upload over FireWire" points unplug lab-oxfw911 b inside
test_that "no way back: told beforehand" told_beforehand
for when in before inside after; do
	test_that "no way back: power cut $when each step" points final lab-gone boot $when
done
run_tests
