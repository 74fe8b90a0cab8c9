#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# An EEPROM that is written whole, through every door.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh
. "$DIR"/common.sh

MEM=eeprom

# The kernel may just be looking whether it is the box that was written here before.
name_it() { echo "${BOX_BUSID[a]} pl2507" >/sys/class/bridgefw/attach; }

# plug_in OPTION...: one whose ids are not known is named by hand
plug_in() {
	case "$*" in
	*--ids*)
		box_start a --chip pl2507 --layout "$LAYOUT" --eeprom "$(content)" --drive none "$@" &&
			eventually "$PATIENCE" name_it && box_node a
		;;
	*--drive*) box_pl2507 a "$@" ;;
	*) box_pl2507 a --drive none "$@" ;;
	esac
}
images "$IMAGES/lab-factory.bin" "$IMAGES/lab-other.bin"
NEAR=$BOX_TMP/near
altered "$OLD" "$NEAR" 64
# A request may take less than 5 s.
BUSY=delay=4500@op=eeprom.read,n=1
# It is sent in one request, so it can only be cancelled before that.
SLOW=delay=3000@op=eeprom.read,n=1
PULLED=unplug@op=eeprom.program,n=1,when=inside

modprobe bridgefw_usb
through_each_door "reading" reading
through_each_door "writing everything" writing
through_each_door "writing one byte" one_part
through_each_door "verifying" verifying
through_each_door "restoring" restoring
refusals_and_ends
through_each_door "a profile named by hand" attached
run_tests
