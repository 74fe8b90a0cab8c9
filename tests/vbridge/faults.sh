#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Each fault, as usb-storage and the kernel see it, and that the box works again
# afterwards. What bridgefw makes of them is tested in the other suites.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh

GOOD='06 7b 27 73 20 11 05 24 +08 21 00 01 03 00 04 00'

# The one vendor command of the PL-2773, with its published answer.
vendor() { run sg_raw -t 4 -r 16 "/dev/$SG" D0 00 00 00 06 7B 00 00 00 00 00 00; }

box_2773() {
	[ -n "${BOX_PID[a]-}" ] && ! box_dead a || box_start a --chip pl2773 || return
	SG=$(box_generic a)
}

# One box for all faults that it survives.
BOX_KEEP=1
new_box() { box_unplug a && box_start a "$@"; }

# strikes FAULT WORDS: the command ends with those words, and the next one well
strikes() {
	box_2773 && box_ctl a fault "$1" || return
	vendor
	says "$2" || return
	run box_ctl a faults
	says 'hit 1' || return
	SG=$(box_generic a) && vendor && status_is 0 && says "$GOOD" || return
	box_ctl a clear
}

late() {
	local start

	box_2773 && box_ctl a fault delay=1500 || return
	start=$(date +%s%N)
	vendor
	says "$GOOD" || return
	[ $((($(date +%s%N) - start) / 1000000)) -ge 1500 ] || fail "it was not late" || return
	box_ctl a clear
}

# The delay of a command that the host has given up is not the next one's.
too_late() {
	local start

	box_2773 && box_ctl a fault delay=60000 || return
	vendor
	says DID_TIME_OUT || return
	start=$SECONDS
	vendor
	says "$GOOD" || return
	[ $((SECONDS - start)) -lt 40 ] || fail "the next command was late, too" || return
	box_ctl a clear
}

# ends FAULT WORD: the process ends, and says so
ends() {
	new_box --chip pl2773 --fault "$1" && SG=$(box_generic a) || return
	vendor
	status_is 99 || return
	eventually 15 box_dead a || fail "vbridge is still there" || return
	grep -q "^$2: " "$BOX_TMP/a.log" || fail "$(cat "$BOX_TMP/a.log")"
}

comes_back() {
	box_2773 && box_ctl a fault reenumerate@vendor,end || return
	vendor
	says "$GOOD" || return
	eventually 15 grep -c '"type":"plug"' "$(box_trace a)" || return
	eventually 15 test "$(grep -c 'plugged in' "$BOX_TMP/a.log")" -ge 2
	SG=$(box_generic a) && vendor && says "$GOOD"
}

# A file system over a disk that stalls, mixes up its tags and hangs.
busy_disk() {
	local disk sum

	new_box --chip pl2773 --fault stall@cdb=28,n=30,byte=512 --fault badtag@cdb=2a,n=5 \
		--fault delay=200@cdb=2a,n=8-12 --fault csw=garbage@cdb=2a,n=20 &&
		disk=/dev/$(box_disk a) || return
	mkfs.ext4 -q "$disk" && mkdir -p "$BOX_TMP/mnt" && mount "$disk" "$BOX_TMP/mnt" ||
		fail "no file system" || return
	head -c 6M /dev/urandom >"$BOX_TMP/mnt/file"
	sum=$(sha256sum <"$BOX_TMP/mnt/file")
	umount "$BOX_TMP/mnt"
	echo 3 >/proc/sys/vm/drop_caches
	mount "$disk" "$BOX_TMP/mnt" || fail "cannot be mounted again" || return
	is "$(sha256sum <"$BOX_TMP/mnt/file")" "$sum" "the file"
	local same=$?
	umount "$BOX_TMP/mnt"
	[ $same = 0 ] || return
	run box_ctl a faults
	is "$(grep -c 'hit 0' <<<"$OUT")" 0 "faults that did not strike"
}

# hostile VARIANT yes|no: whether the host configures such a device
hostile() {
	local end=$((SECONDS + 40)) patience=30

	[ "$2" = yes ] || patience=4
	box_unplug a
	vbridge --bus usb --chip pl2507 --drive none --serial S --patience $patience \
		--fault "hostile-descriptors=$1" >"$BOX_TMP/a.log" 2>&1 &
	BOX_PID[a]=$!
	until grep -q configured "$BOX_TMP/a.log" || grep -q 'plugged in' "$BOX_TMP/a.log"; do
		[ $SECONDS -lt $end ] || fail "neither was said" || return
		sleep 0.2
	done
	if [ "$2" = yes ]; then
		grep -q 'plugged in' "$BOX_TMP/a.log" || fail "$(cat "$BOX_TMP/a.log")"
	else
		grep -q 'not configured' "$BOX_TMP/a.log" || fail "$(cat "$BOX_TMP/a.log")"
	fi
}

torn_disk_write() {
	head -c 1M /dev/zero | tr '\0' A >"$BOX_TMP/disk"
	new_box --chip pl2773 --disk "$BOX_TMP/disk" --fault powercut@cdb=2a,byte=1000 || return
	head -c 4096 /dev/zero | tr '\0' B |
		dd of="/dev/$(box_disk a)" bs=4096 oflag=direct status=none 2>/dev/null
	eventually 15 box_dead a || fail "vbridge is still there" || return
	is "$(head -c 4096 "$BOX_TMP/disk" | tr -cd B | wc -c)" 1000 "bytes written"
}

test_that "stall" strikes stall 'Aborted Command'
test_that "stall after four bytes" strikes stall@vendor,byte=4 'Aborted Command'
test_that "stall instead of the status" strikes stall@op=version,status "$GOOD"
test_that "short" strikes short=5 '06 7b 27 73 20 '
test_that "one bit changed" strikes flip=0:0 '07 7b 27 73'
test_that "wrong tag" strikes badtag@vendor DID_ERROR
test_that "phase error" strikes phase@vendor DID_ERROR
test_that "status block: garbage" strikes csw@vendor DID_ERROR
test_that "status block: signature" strikes csw=signature@vendor DID_ERROR
test_that "status block: truncated" strikes csw=truncated@vendor DID_ERROR
test_that "status block: too long" strikes csw=long@vendor DID_ERROR
test_that "status block: unknown status" strikes csw=status@vendor DID_ERROR
test_that "residue lies" strikes residue=9@vendor 'Received 7 bytes'
test_that "residue larger than all" strikes residue=99999@vendor 'No data received'
test_that "sense" strikes sense=2/4/1@vendor 'becoming ready'
test_that "senseless sense" strikes sense@vendor 'ASC=ff, ASCQ=ff'
test_that "more than was asked for" strikes overrun 'Invalid field in cdb'
test_that "no answer, ever" strikes nak DID_TIME_OUT
test_that "no status, ever" strikes nak@vendor,status DID_TIME_OUT
test_that "late" late
test_that "too late" too_late
test_that "comes back by itself" comes_back
test_that "cable pulled before" ends unplug unplugged
test_that "cable pulled inside" ends unplug@vendor,byte=3 unplugged
test_that "power cut before" ends powercut powercut
test_that "power cut before the status" ends powercut@vendor,status powercut
test_that "power cut inside of a disk write" torn_disk_write
test_that "a busy file system" busy_disk
for variant in total-huge no-endpoints many-interfaces zero-packet string-long string-short \
	string-odd string-missing string-huge string-control; do
	test_that "hostile descriptors: $variant" hostile $variant yes
done
for variant in total-short zero-length bad-length device-short; do
	test_that "hostile descriptors: $variant" hostile $variant no
done
LONG_SUITE=1
run_tests
