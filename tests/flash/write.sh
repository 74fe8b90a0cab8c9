#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A flash is written with as little as it takes, in an order in which the chip
# boots for as long as it can, and only with what the law asks for.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh
. "$DIR"/common.sh

LONG_SUITE=1

# Only the sector that differs, and all of it is read back afterwards.
one_sector() {
	local chip=$1 sector=$2

	ready "$chip" a && write_by_echo "$(image "$chip" a1)" &&
		same "$(flash)" "$(image "$chip" a1)" &&
		file_is "$(sys a)/last_error" "" && is "$(erased)" "$sector" "erased sectors" ||
		return
	[ "$(ops a flash.read)" -gt 0 ] && file_is "$(sys a)/memories/flash/reads" 1
}

# Everything, and what makes the chip boot comes last; then back again.
everything() {
	local chip=$1 count=$2 last=$3

	ready "$chip" a && write_by_echo "$(image "$chip" b)" &&
		same "$(flash)" "$(image "$chip" b)" || return
	is "$(erased | wc -l)" "$count" "erases" &&
		is "$(erased | sort -u | wc -l)" "$count" "sectors" &&
		is "$(erased | tail -1)" "$last" "last sector" || return
	# A sector is programmed before the next one is erased.
	is "$(jq -r 'select(.op == "flash.erase-sector" and .dir == "none" or .op == "flash.program") | .op' \
		"$(box_trace a)" | uniq | sort | uniq -c | awk '{ print $1 }' | uniq)" "$count" "turns" || return
	cat "$(sys a)/previous" >"$BOX_TMP/previous" &&
		same "$BOX_TMP/previous" "$(image "$chip" a)" &&
		read_twice a flash && by_echo "restore final" &&
		same "$(flash)" "$(image "$chip" a)"
}

# Bits can be cleared without an erase.
no_erase() {
	ready lab-at49 a && cp "$(flash)" "$BOX_TMP/cleared" || return
	printf '\0\0\0\0' | dd of="$BOX_TMP/cleared" bs=1 seek=$((0x5000)) conv=notrunc status=none
	write_by_echo "$BOX_TMP/cleared" && same "$(flash)" "$BOX_TMP/cleared" &&
		is "$(erased)" "" "erases" &&
		is "$(ops a flash.program)" 1 "program requests"
}

# The whole of it with the tool: plan, backup, write, restore.
with_the_tool() {
	ready lab-nor a && rm -rf "$BRIDGEFW_STATE_DIR" && mkdir "$BRIDGEFW_STATE_DIR" || return
	gives 6 '1 of 16 sectors' bridgefwctl diff "$(image lab-nor a1)" && says 'sectors? +' ||
		return
	gives 0 "$NEW" bridgefwctl flash "$(image lab-nor a1)" --yes --clone-identity &&
		says 'erase 1 of 16 sectors \(4096 bytes\), program 4096 bytes' &&
		says 'kept as backup' &&
		same "$(flash)" "$(image lab-nor a1)" &&
		gives 0 equals bridgefwctl verify "$(image lab-nor a1)" &&
		gives 0 "$NEW" bridgefwctl restore --yes && same "$(flash)" "$(image lab-nor a)"
}

# The box keeps its serial; another one's comes only with consent.
identity_stays() {
	ready lab-nor a && gives 0 "$NEW" bridgefwctl flash "$(image lab-nor b)" --yes &&
		says '1 byte of the image gave way' || return
	cmp -s <(tail -c +$((0xe011)) "$(flash)" | head -c 8) <(printf LAB0000A) ||
		fail "the serial has gone" || return
	cmp -s -n $((0xe010)) "$(flash)" "$(image lab-nor b)" ||
		fail "the rest is not the image" || return
	gives 0 "$NEW" bridgefwctl flash "$(image lab-nor b)" --yes --clone-identity &&
		same "$(flash)" "$(image lab-nor b)"
}

nothing_sent() {
	is "$(ops a flash.unlock) $(ops a flash.erase-sector) $(ops a flash.program)" "0 0 0" "requests" &&
		same "$(flash)" "$(image "$1" a)"
}

# Where a power cut may be the end of the chip, somebody has to agree to that.
final_wants_consent() {
	ready lab-gone a && read_twice a flash &&
		cat "$(image lab-gone boot)" >"$(sys a)/image" &&
		by_echo "write identity" &&
		grep -q '^final: .*nothing was written' "$(sys a)/last_error" ||
		fail "$(cat "$(sys a)/last_error")" || return
	nothing_sent lab-gone &&
		gives 5 'accept-final' bridgefwctl flash "$(image lab-gone boot)" --yes --clone-identity &&
		nothing_sent lab-gone || return
	# What does not touch the boot sector needs none.
	cat "$(image lab-gone a1)" >"$(sys a)/image" && by_echo "write identity" &&
		same "$(flash)" "$(image lab-gone a1)" || return
	gives 0 "$NEW" bridgefwctl flash "$(image lab-gone boot)" --yes --clone-identity --accept-final &&
		says 'FINAL|final' && same "$(flash)" "$(image lab-gone boot)"
}

# Each reason not to start, at the door of sysfs.
refusals() {
	local bar=/sys/module/bridgefw/parameters/local_writes

	ready lab-at49 a || return
	cat "$(image lab-at49 b)" >"$(sys a)/image"
	echo_to "$(sys a)/command" "write identity"
	says "No data available" && nothing_sent lab-at49 && read_twice a flash || return
	head -c 100 "$(image lab-at49 b)" >"$(sys a)/image"
	echo_to "$(sys a)/command" "write identity"
	says "Invalid argument" && nothing_sent lab-at49 || return
	head -c 131072 /dev/zero >"$(sys a)/image"
	echo_to "$(sys a)/command" "write identity"
	says "Invalid argument" && nothing_sent lab-at49 || return
	cat "$(image lab-at49 b)" >"$(sys a)/image"
	echo_to "$(sys a)/command" "write nonsense"
	says "Invalid argument" || return
	echo 0 >$bar
	echo_to "$(sys a)/command" "write identity"
	echo 1 >$bar
	says "Permission denied" && nothing_sent lab-at49 || return
	run setpriv --bounding-set=-sys_rawio --inh-caps=-sys_rawio bash -c 'echo "write identity" >"$1"' bash "$(sys a)/command"
	says "Operation not permitted" && nothing_sent lab-at49
}

log_says() { log_since | grep -qE -- "$1" || fail "'$1' is not in the kernel log"; }

# Below the bar nothing starts: not the write, if only its erase is not well known.
evidence() {
	local bar=/sys/module/bridgefw/parameters/evidence_bar

	sed -e '/^\[operation flash.erase-sector\]/,/^$/s/^evidence = .*/evidence = reported/' -e 's/^name = .*/name = lab-weak/' -e 's/1209:001/1209:009/' \
		"$REPO/tests/lab/profiles/lab-nor.profile" >"$TEXTS/lab-weak.profile"
	rm "$TEXTS/lab-nor.profile"
	bridgefwctl profile compile --all --install >/dev/null
	cp "$(image lab-nor a)" "$(flash)" &&
		box_plug a --profile "$TEXTS/lab-weak.profile" --flash "$(flash)" --drive disk &&
		has_scsi &&
		box_disk a >/dev/null && udevadm settle && read_twice a flash &&
		cat "$(image lab-nor b)" >"$(sys a)/image"
	local ret=$?
	rm "$TEXTS/lab-weak.profile"
	lab_profiles
	[ $ret = 0 ] || return
	echo_to "$(sys a)/command" "write identity"
	says "Permission denied" && nothing_sent lab-nor &&
		log_says 'erase-sector of flash is only reported \(made up for the lab\).*evidence_bar=reported' || return
	gives 5 'flash.erase-sector is only reported \(made up for the lab\), and writing needs traced' \
		bridgefwctl flash "$(image lab-nor b)" --yes --clone-identity &&
		says 'evidence_bar=reported allows it' && nothing_sent lab-nor || return
	echo reported >$bar &&
		gives 0 "$NEW" bridgefwctl flash "$(image lab-nor b)" --yes --clone-identity
	ret=$?
	echo traced >$bar
	return $ret
}

# Cancelled between two sectors: told, and taken back with one command.
cancelled() {
	ready lab-at49 a && read_twice a flash && cat "$(image lab-at49 b)" >"$(sys a)/image" &&
		fault "delay=300@op=flash.program,every" || return
	echo_to "$(sys a)/command" "write identity"
	status_is 0 && sleep 1 && file_is "$(sys a)/state" busy || return
	echo_to "$(sys a)/command" cancel
	box_ctl a clear >/dev/null
	status_is 0 && job_ends a && grep -q '^cancelled: ' "$(sys a)/last_error" ||
		fail "$(cat "$(sys a)/last_error")" || return
	! cmp -s "$(flash)" "$(image lab-at49 b)" || fail "it was not cancelled" || return
	read_twice a flash && by_echo restore && same "$(flash)" "$(image lab-at49 a)"
}

lab_profiles
test_that "one sector of 64 KiB, over endpoint 0" one_sector lab-at49 04
test_that "one sector of 4 KiB, by CDBs" one_sector lab-nor 0000d000
test_that "everything, over endpoint 0" everything lab-at49 5 00
test_that "everything, by CDBs" everything lab-nor 16 0000f000
test_that "cleared bits need no erase" no_erase
test_that "the tool: diff, flash, verify, restore" with_the_tool
test_that "the box keeps its serial" identity_stays
test_that "what may be final wants consent" final_wants_consent
test_that "each refusal, at sysfs" refusals
test_that "an erase below the bar stops a write" evidence
test_that "a write is cancelled" cancelled
run_tests
