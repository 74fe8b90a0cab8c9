# SPDX-License-Identifier: GPL-2.0-or-later
#
# The lab's chips with a flash. Their profiles are local ones, which may write only
# because the module is told so here.
# shellcheck shell=bash

TEXTS=/etc/bridgefw/profiles
NEW='read back and equal'

lab_profiles() {
	mkdir -p "$TEXTS" &&
		cp "$REPO"/tests/lab/profiles/lab-{nor,gone,at49,sum,renum}.profile "$TEXTS" &&
		bridgefwctl profile compile --all --install >/dev/null &&
		modprobe bridgefw_usb &&
		echo 1 >/sys/module/bridgefw/parameters/local_writes
}

# image CHIP a|a1|b|boot
image() { echo "$IMAGES/$1-$2.bin"; }
flash() { echo "$BOX_TMP/a.flash"; }

# Over endpoint 0 no drive is needed; the others are reached through that of a disk.
drive_of() { [ "$1" = lab-at49 ] && echo none || echo disk; }
has_scsi() { eventually "$PATIENCE" grep -q scsi "$(sys a)/transports" || fail "no scsi transport"; }

# plug CHIP OPTION...: with what its flash holds
plug() {
	local chip=$1

	shift
	rm -f "$(box_trace a)"
	box_plug a --chip "$chip" --flash "$(flash)" --drive "$(drive_of "$chip")" "$@" ||
		return
	[ "$(cat "$(sys a)/state")" = blank ] || [ "$chip" = lab-at49 ] || {
		has_scsi && box_disk a >/dev/null && udevadm settle --timeout="$PATIENCE"
	}
}

# ready CHIP IMAGE OPTION...: a box with that in its flash
ready() {
	local chip=$1

	rm -f "$(flash)"
	cp "$(image "$1" "$2")" "$(flash)" && shift 2 && plug "$chip" "$@"
}
fault() { box_ctl a fault "$1" >/dev/null || fail "fault $1"; }

# by_echo COMMAND: a job of sysfs, to its end
by_echo() {
	echo_to "$(sys a)/command" "$1"
	status_is 0 && job_ends a
}

# write_by_echo IMAGE: all that a write by sysfs wants
write_by_echo() { read_twice a flash && cat "$1" >"$(sys a)/image" && by_echo "write identity final"; }

# erased: the sectors that were erased, by number or address as the command has it
erased() {
	case $(cat "$(sys a)/chip") in
	lab-at49) jq -r 'select(.op == "flash.erase-sector" and .dir == "none") | .setup[4:6]' "$(box_trace a)" ;;
	*) jq -r 'select(.op == "flash.erase-sector" and .dir == "none") | .cdb[2:10]' "$(box_trace a)" ;;
	esac
}
