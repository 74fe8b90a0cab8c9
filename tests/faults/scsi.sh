#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A bridge that lies where it carries SCSI. Commands of a profile that go that
# way (the made-up chip lab-cdb) fail clearly, the next ones work, and so does the
# disk. What goes over endpoint 0 does not care.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh
. "$DIR"/common.sh

# The disk, and nothing of what a page cache holds of it.
disk_works() {
	local disk

	disk=$(box_disk a) &&
		dd if="/dev/$disk" of=/dev/null bs=4k count=4 iflag=direct status=none ||
		fail "the disk cannot be read"
}

scsi_is_there() { grep -q scsi "$(sys a)/transports"; }

# ready_cdb: box "a" is a lab-cdb with a disk
ready_cdb() {
	if [ -z "${BOX_PID[a]-}" ] || box_dead a; then
		box_unplug a && box_plug a --chip lab-cdb || return
	fi
	box_ctl a clear >/dev/null && eventually "$PATIENCE" scsi_is_there ||
		fail "no scsi transport"
}

identify() { timeout 120 bridgefwctl info "${BOX_BUSID[a]}" --identify; }

# asks FAULT STATUS WORDS: the chip is asked what it is
asks() {
	ready_cdb && fault "$1" && gives "$2" "$3" identify && repaired &&
		eventually "$PATIENCE" scsi_is_there &&
		gives 0 'Firmware version +20260102' identify && disk_works
}

honest() {
	ready_cdb && gives 0 'Firmware version +20260102' identify &&
		file_is "$(sys a)/firmware_version" 20260102 &&
		disk_works
}

# goes FAULT: in the middle of a command
goes() {
	ready_cdb && fault "$1" && gives 7 'the box is gone' identify || return
	eventually "$PATIENCE" box_dead a &&
		eventually "$PATIENCE" bridge_gone "${BOX_NODE[a]}" ||
		fail "the box is still there"
}

# beside FAULT: the drive's own commands are lied about while the EEPROM is read,
# written and restored; reading the disk goes on all the time
beside() {
	local disk reader status

	box_unplug a && cp "$FACTORY" "$(eeprom a)" && box_pl2507 a && disk=$(box_disk a) &&
		fault "$1" || return
	( while :; do dd if="/dev/$disk" of=/dev/null bs=4k count=1 iflag=direct status=none; sleep 0.1; done ) 2>/dev/null &
	reader=$!
	gives 0 'read 2 times alike' timeout 200 bridgefwctl dump "$BOX_TMP/dump" --force &&
		same "$BOX_TMP/dump" "$FACTORY"
	status=$?
	kill "$reader"
	wait "$reader" 2>/dev/null
	[ "$status" = 0 ] && repaired && gives 0 'read back and equal' flash &&
		same "$(eeprom a)" "$OTHER" &&
		gives 0 'read back and equal' restore && same "$(eeprom a)" "$FACTORY" &&
		disk_works && box_unplug a
}

bridgefwctl profile compile --install "$REPO/tests/lab/profiles/lab-cdb.profile" >/dev/null ||
	exit 1
modprobe bridgefw_usb

test_that "scsi: an honest chip" honest
test_that "scsi: wrong tag" asks badtag@op=identify 1 'the transfer failed'
test_that "scsi: phase error" asks phase@op=identify 1 'the transfer failed'
test_that "scsi: status without its signature" asks csw=signature@op=identify 1 'the transfer failed'
test_that "scsi: status cut short" asks csw=truncated@op=identify 1 'the transfer failed'
test_that "scsi: status too long" asks csw=long@op=identify 1 'the transfer failed'
test_that "scsi: garbage as status" asks csw=garbage@op=identify 1 'the transfer failed'
test_that "scsi: a status that is none" asks csw=status@op=identify 1 'the transfer failed'
test_that "scsi: the residue says that less came" asks residue=3@op=identify 1 'fewer bytes'
test_that "scsi: the residue says that less than nothing came" asks residue=99999@op=identify 1 'fewer bytes'
test_that "scsi: less comes" asks short=3@op=identify 1 'fewer bytes'
test_that "scsi: the command is refused" asks stall@op=identify 1 'refused the request|fewer bytes'
test_that "scsi: senseless sense data" asks sense@op=identify 1 'refused the request|fewer bytes'
test_that "scsi: another answer than the profile expects" asks flip=0:0@op=identify 1 'an answer that its profile does not expect'
test_that "scsi: no answer at all" asks nak@op=identify 1 'did not answer in time'
test_that "scsi: unplugged inside of a command" goes unplug@op=identify,byte=4
test_that "scsi: power cut inside of a command" goes powercut@op=version,byte=4
test_that "endpoint 0 beside wrong tags" beside badtag@cdb=28,n=2
test_that "endpoint 0 beside phase errors" beside phase@cdb=28,n=2
run_tests
