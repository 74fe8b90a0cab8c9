# SPDX-License-Identifier: GPL-2.0-or-later
#
# Boxes without a SCSI device, and the interface that is handed over.
# shellcheck shell=bash

. "$REPO"/tests/flash/common.sh

DOOR=/sys/module/bridgefw_usb/parameters/handover
CHIP=${CHIP:-lab-nor}
FLASH_A=$(image "$CHIP" a)

intf() { echo "${BOX_BUSID[a]}:1.0"; }
driver() {
	local link

	link=$(readlink "/sys/bus/usb/devices/$(intf)/driver") && basename "$link" || echo nobody
}
driver_is() { is "$(driver)" "$1" "driver"; }
comes_back() { eventually "$PATIENCE" driver_is usb-storage || fail "the driver is $(driver)"; }
reached_by() { file_is "$(sys a)/transports" "$1"; }
scsi_there() { compgen -G "/sys/bus/usb/devices/$(intf)/host*/target*/[0-9]*:*" >/dev/null; }

# box dead|none|blank [IMAGE]: usb-storage has its interface, and finds no drive
# (dead: INQUIRY fails; none: says that there is none; blank: the chip's boot mode)
box() {
	local kind=$1 options=()

	rm -f "$(flash)" "$(box_trace a)"
	[ "$kind" = blank ] || cp "${2:-$FLASH_A}" "$(flash)"
	case $kind in
	dead) options=(--fault "sense=4/44/0@cdb=12,every") ;;
	none) options=(--drive none) ;;
	esac
	box_plug a --chip "$CHIP" --flash "$(flash)" "${options[@]}" && comes_back &&
		eventually "$PATIENCE" inquired || return
	! scsi_there || fail "it has a SCSI device"
}
inquired() { grep -q '"cdb":"12' "$(box_trace a)"; }

# handed_back: and nothing is left of it
handed_back() { driver_is usb-storage && reached_by control; }

bfw() { bridgefwctl "$@"; }
# by_hand: handed over without the tool
by_hand() { echo_to "$DOOR" "$(intf) usb-storage" && status_is 0 && reached_by "bot control"; }
give_back() { echo_to "$DOOR" "$(intf)" && status_is 0; }
