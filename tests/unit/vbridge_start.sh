#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What vbridge says before it looks for a bus to be plugged into.
set -u

BUILD=${BUILD:-build}
VBRIDGE=$BUILD/lab/vbridge
IMAGES=$BUILD/lab/images
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
COUNT=0
STATUS=0
export BRIDGEFW_TOP=$PWD

# run STATUS TEXT OPTION...: ends so and says so
run() {
	local status=$1 text=$2 is

	shift 2
	timeout 20 "$VBRIDGE" --bus usb --drive none "$@" >"$WORK/said" 2>&1
	is=$?
	COUNT=$((COUNT + 1))
	if [ "$is" = "$status" ] && grep -qF -- "$text" "$WORK/said"; then
		echo "ok $COUNT - $*: $text"
	else
		sed 's/^/# /' "$WORK/said"
		echo "not ok $COUNT - $*: status $is, not $status with '$text'"
		STATUS=1
	fi
}

DEAD='dead: no valid firmware, and no way back'

run 3 "$DEAD" --chip lab-gone
run 3 "$DEAD" --chip lab-gone --control "$WORK/sock"
cp "$IMAGES/lab-gone-a.bin" "$WORK/flash"
printf 'x' | dd of="$WORK/flash" bs=1 seek=100 conv=notrunc 2>/dev/null
run 3 "$DEAD" --chip lab-gone --flash "$WORK/flash"
run 2 'expected one of SST39VF010, Pm39LV010, AT49F001, Am29F010, SST28SF040' --chip lab-nor --part 24C02
run 1 'the chip has no flash' --chip pl2507 --part SST39VF010
run 1 'no such memory, sector or cell' --chip lab-nor --fault readonly=flash:0x10000
run 1 'no such memory, sector or cell' --chip pl2507 --fault noerase
run 2 'is inside of a transaction' --chip lab-nor --fault unplug@when=after,byte=1

echo "1..$COUNT"
exit $STATUS
