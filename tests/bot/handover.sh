#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A bridge without a SCSI device is read, written and restored over our own
# Bulk-Only Transport; its interface goes back to usb-storage however that ends, and
# a drive that is in use is left alone.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh
. "$DIR"/common.sh
LONG_SUITE=1

fresh_state() { rm -rf "$BRIDGEFW_STATE_DIR" && mkdir "$BRIDGEFW_STATE_DIR"; }
vendor_requests() { grep -c '"vendor":true' "$(box_trace a)" || :; }

# Without a way nothing is sent, and the tool says which way there is.
told_how() {
	box "$1" && gives 5 'same command with --bot' bfw dump "$BOX_TMP/no.bin" &&
		says 'no SCSI device' && is "$(vendor_requests)" 0 "vendor requests" &&
		gives 5 '--bot' bfw info --identify && handed_back || return
	run cat "$(sys a)/flash"
	says 'Permission denied'
}

read_over_bot() {
	box "$1" && gives 0 'read 2 times alike' bfw dump --bot "$BOX_TMP/dump.bin" --force &&
		same "$BOX_TMP/dump.bin" "$(flash)" && handed_back &&
		gives 0 equals bfw verify --bot "$BOX_TMP/dump.bin" && handed_back &&
		gives 0 'Type of the flash' bfw info --bot --identify && handed_back &&
		file_is "$(sys a)/firmware_version" 20260102
}

written_over_bot() {
	box "$1" && fresh_state &&
		gives 0 "$NEW" bfw flash --bot --yes --clone-identity "$(image lab-nor b)" &&
		same "$(flash)" "$(image lab-nor b)" && handed_back || return
	[ "$1" = blank ] || {
		gives 0 "$NEW" bfw restore --bot --yes && same "$(flash)" "$FLASH_A" && handed_back
	}
}

# What was blank comes up, with its drive.
rescued() {
	box blank && gives 0 "$NEW" bfw flash --bot --yes --clone-identity "$FLASH_A" &&
		box_replug a && file_is "$(sys a)/state" idle && has_scsi && box_disk a >/dev/null
}

# A refusal or a failure hands it back as well.
back_after_failure() {
	box none && gives 10 . bfw flash --bot --yes "$(image lab-at49 a)" && handed_back &&
		gives 5 . bfw flash --bot --clone-identity "$(image lab-nor b)" && handed_back &&
		gives 2 'no memory' bfw dump --bot --memory rom "$BOX_TMP/x" && handed_back &&
		gives 2 '--identify' bfw info --bot && same "$(flash)" "$FLASH_A"
}

# Live disks: one that nobody uses comes back; one that is used is not touched.
live_and_idle() {
	ready lab-nor a && gives 0 'read 2 times' bfw dump --bot "$BOX_TMP/live.bin" --force &&
		same "$BOX_TMP/live.bin" "$FLASH_A" && comes_back && box_disk a >/dev/null && has_scsi &&
		dd if="/dev/$(box_disk a)" of=/dev/null bs=64k count=4 status=none
}
live_and_mounted() {
	local disk where=$BOX_TMP/mnt ret=0

	ready lab-nor a && disk=$(box_disk a) && udevadm settle && mkfs.ext4 -q "/dev/$disk" && mkdir -p "$where" &&
		mount "/dev/$disk" "$where" || return
	echo precious >"$where/file"
	sync
	gives 9 "/dev/$disk is mounted on" bfw dump --bot "$BOX_TMP/x" && driver_is usb-storage &&
		echo_to "$DOOR" "$(intf) usb-storage" && status_is 1 && says 'busy' &&
		driver_is usb-storage && ! grep -q bot "$(sys a)/transports" &&
		echo 3 >/proc/sys/vm/drop_caches && file_is "$where/file" precious &&
		echo more >"$where/file" && sync && is "$(vendor_requests)" 0 "vendor requests" || ret=1
	umount "$where"
	return $ret
}
live_and_open() {
	local disk

	ready lab-nor a && disk=$(box_disk a) && udevadm settle || return
	exec 7<"/dev/$disk"
	gives 9 'open|in use' bfw dump --bot "$BOX_TMP/x" && driver_is usb-storage
	STATUS=$?
	exec 7<&-
	return $STATUS
}

# slowly: each read takes so long that the tool can be stopped inside
slowly() { fault "delay=400@op=flash.read,n=1-12"; }
reading() { [ "$(ops a flash.read)" -ge "$1" ]; }
start_dump() {
	rm -f "$BOX_TMP/slow.bin"
	slowly || return
	bridgefwctl dump --bot --force "$BOX_TMP/slow.bin" >"$BOX_TMP/slow" 2>&1 &
	TOOL=$!
	eventually "$PATIENCE" reading 2 || fail "the dump does not start: $(cat "$BOX_TMP/slow")"
}

stopped_by() {
	box dead && start_dump || return
	kill -"$1" $TOOL
	ends_within "$PATIENCE" $TOOL
	handed_back && [ ! -e "$BOX_TMP/slow.bin" ]
}

# While one tool has it, another one keeps off.
not_twice() {
	box dead && start_dump && gives 9 'another bridgefwctl' bfw dump --bot "$BOX_TMP/x" &&
		gives 0 . bfw status && reached_by "bot control" || return
	ends_within 120 $TOOL
	is "$STATUS" 0 "status of the first one" && handed_back
}

killed_while_reading() {
	box dead && start_dump || return
	kill -9 $TOOL
	ends_within "$PATIENCE" $TOOL
	driver_is bridgefw_usb && reached_by "bot control" &&
		gives 0 'stopped before it gave the interface back' bfw list &&
		says "bridgefwctl status usb:${BOX_BUSID[a]}. does it" &&
		driver_is bridgefw_usb &&
		gives 0 'has been given back now' bfw status && handed_back &&
		gives 0 . bfw list && ! says 'stopped before'
}

# The next command with --bot works with what it finds.
killed_and_done_again() {
	box dead && start_dump || return
	kill -9 $TOOL
	ends_within "$PATIENCE" $TOOL
	driver_is bridgefw_usb && gives 0 'read 2 times' bfw dump --bot "$BOX_TMP/again.bin" --force &&
		same "$BOX_TMP/again.bin" "$FLASH_A" && handed_back
}

writing() { [ "$(cat "$(sys a)/job")" = write ] && [ "$(cat "$(sys a)/state")" = busy ]; }
start_write() {
	bridgefwctl flash --bot --yes --clone-identity "$(image lab-nor b)" >"$BOX_TMP/slow" 2>&1 &
	TOOL=$!
	eventually "$PATIENCE" writing || fail "no write: $(cat "$BOX_TMP/slow")"
}
# The job goes on without the tool, and keeps its interface until its end.
write_without_tool() {
	box dead && fresh_state && fault "delay=60@op=flash.program,every" && start_write || return
	kill -"$1" $TOOL
	ends_within "$PATIENCE" $TOOL
	driver_is bridgefw_usb || return
	[ "$1" != INT ] || grep -q 'stays with the module' "$BOX_TMP/slow" ||
		fail "$(cat "$BOX_TMP/slow")" || return
	echo_to "$DOOR" "$(intf)"
	status_is 1 && says busy && driver_is bridgefw_usb &&
		gives 0 'stays with the module' bfw status && driver_is bridgefw_usb &&
		gives 0 'given back now' bfw status --wait && handed_back &&
		same "$(flash)" "$(image lab-nor b)"
}

pulled_while_reading() {
	box dead && fault unplug@op=flash.read,n=5 &&
		gives 7 'gone' bfw dump --bot "$BOX_TMP/x" && eventually "$PATIENCE" bridge_gone "${BOX_NODE[a]}"
}
pulled_while_writing() {
	box dead && fresh_state && fault unplug@op=flash.program,n=40 &&
		gives 7 . bfw flash --bot --yes --clone-identity "$(image lab-nor b)" &&
		eventually "$PATIENCE" bridge_gone "${BOX_NODE[a]}" || return
	box_plug a --chip lab-nor --flash "$(flash)" --drive none && comes_back &&
		gives 0 "$NEW" bfw restore "${BOX_BUSID[a]}" --bot --yes --write-attached &&
		same "$(flash)" "$FLASH_A" && handed_back
}

# Somebody unbinds it by hand in the middle: an end with an error, and no hang.
unbound_while_reading() {
	box dead && start_dump && echo "$(intf)" >/sys/bus/usb/drivers/bridgefw_usb/unbind || return
	ends_within "$PATIENCE" $TOOL
	[ "$STATUS" != 0 ] && [ ! -e "$BOX_TMP/slow.bin" ] && driver_is nobody && reached_by control ||
		return
	echo "$(intf)" >/sys/bus/usb/drivers_probe
	comes_back
}

# The door takes what it is told, of a box that it knows, and nothing else.
doors_refusals() {
	local words

	box none || return
	for words in "" "a b c" "$(intf) uas" "$(intf) none" "$(intf)" "${BOX_BUSID[a]} usb-storage" \
		"${BOX_BUSID[a]}:1.7 usb-storage" "9-9:1.0 usb-storage" "usb1:1.0 hub" "1-0:1.0 hub"; do
		echo_to "$DOOR" "$words"
		status_is 1 && handed_back || fail "'$words': $WHY" || return
	done
	run setpriv --bounding-set=-sys_rawio --inh-caps=-sys_rawio \
		bash -c 'echo "$2 usb-storage" >"$1"' bash "$DOOR" "$(intf)"
	status_is 1 && says 'not permitted' && handed_back
}
# By cat and echo alone.
by_echo_alone() {
	box none && by_hand && driver_is bridgefw_usb || return
	echo_to "$DOOR" "$(intf) bridgefw_usb"
	status_is 1 && says 'already' && cat "$(sys a)/flash" >"$BOX_TMP/hand.bin" && same "$BOX_TMP/hand.bin" "$FLASH_A" &&
		write_by_echo "$(image lab-nor a1)" && file_is "$(sys a)/last_error" "" &&
		same "$(flash)" "$(image lab-nor a1)" && give_back && handed_back
}
# The module is unloaded: it gives back what it has.
module_leaves() {
	box none && by_hand && rmmod bridgefw_scsi && rmmod bridgefw_usb && driver_is usb-storage || return
	modprobe bridgefw_usb && modprobe bridgefw_scsi && BOX_FORMER[a]= && box_node a && handed_back
}
# Another profile is named meanwhile: the new bridge has the same ways.
named_anew() {
	box none && by_hand && BOX_FORMER[a]=$(bridge_number "${BOX_NODE[a]}") &&
		echo "${BOX_BUSID[a]} lab-nor" >/sys/class/bridgefw/attach && box_node a &&
		reached_by "bot control" && read_twice a flash && same "$BOX_TMP/read1" "$FLASH_A" &&
		give_back && handed_back
}

# What is known for a drive's SCSI device only is not sent over another way.
other_evidence() {
	local ret=0

	sed -i 's/^transports = scsi bot$/transports = scsi/' "$TEXTS/lab-nor.profile" &&
		bridgefwctl profile compile --all --install --force >/dev/null || return
	box none && gives 5 'another connection' bfw dump --bot "$BOX_TMP/x" && ! says 'command with --bot' &&
		handed_back && by_hand && ! cat "$(sys a)/flash" >/dev/null 2>&1 && give_back &&
		is "$(vendor_requests)" 0 "vendor requests" || ret=1
	lab_profiles
	return $ret
}

lab_profiles
for kind in dead none blank; do
	test_that "$kind: what has no way is told which one there is" told_how $kind
	test_that "$kind: dumped, verified and identified" read_over_bot $kind
	test_that "$kind: written, and restored" written_over_bot $kind
done
test_that "a blank chip is rescued" rescued
test_that "what is known for another way is not sent" other_evidence
test_that "handed back after a refusal" back_after_failure
test_that "a live disk that nobody uses comes back" live_and_idle
test_that "a mounted disk is left alone" live_and_mounted
test_that "an open disk is left alone" live_and_open
test_that "handed back when the tool is interrupted" stopped_by INT
test_that "handed back when the tool is terminated" stopped_by TERM
test_that "one tool at a time" not_twice
test_that "left by a tool that was killed: told, and given back" killed_while_reading
test_that "left by a tool that was killed: used, and given back" killed_and_done_again
test_that "a write goes on when the tool is interrupted" write_without_tool INT
test_that "a write goes on when the tool is killed" write_without_tool KILL
test_that "the cable is pulled while reading" pulled_while_reading
test_that "the cable is pulled while writing" pulled_while_writing
test_that "unbound by hand while reading" unbound_while_reading
test_that "what the kernel's door refuses" doors_refusals
test_that "by cat and echo alone" by_echo_alone
test_that "the module leaves" module_leaves
test_that "a profile is named while it is handed over" named_anew
run_tests
