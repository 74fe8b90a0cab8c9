#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Every reason not to write, each with its exit code, in words and as JSON; and
# that nothing reached the box.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh
. "$DIR"/common.sh

# refused STATUS REASON WORDS COMMAND...
refused() { refuses "$@" && nothing_written; }

# bad FILE REASON WORDS: as an image
bad() { refused 10 "$2" "$3" bfw flash "$1" --clone-identity --yes && says 'Nothing was written'; }

bad_images() {
	local dir=$BOX_TMP/images

	ready && rm -rf "$dir" && mkdir -p "$dir" && mkfifo "$dir/fifo" && : >"$dir/empty" ||
		return
	head -c 100 "$OTHER" >"$dir/truncated"
	{ cat "$OTHER"; head -c 100 /dev/zero; } >"$dir/longer"
	{ cat "$OTHER"; head -c 1000 /dev/zero; } >"$dir/much-longer"
	{ printf '\xff\xff'; tail -c +3 "$OTHER"; } >"$dir/no-word"
	{ printf '\x7b\x06'; tail -c +3 "$OTHER"; } >"$dir/swapped"
	bad "$dir/missing" io 'cannot be opened: No such file' &&
		bad "$dir" not-a-file 'is not a regular file' &&
		bad /dev/zero not-a-file 'is not a regular file' &&
		bad "$dir/fifo" not-a-file 'is not a regular file' &&
		bad "$dir/empty" file-size 'is empty' &&
		bad "$dir/much-longer" file-size 'at most 255' &&
		bad "$dir/no-word" image-rule 'may not go into eeprom' &&
		bad "$dir/swapped" image-rule 'may not go into eeprom' &&
		bad "$dir/truncated" image-size 'of this device has 112' && bad "$dir/longer" image-size 'of this device has 112'
}

unreadable_image() {
	ready && cp "$OTHER" "$BOX_TMP/secret" && chmod 0 "$BOX_TMP/secret" &&
		refused 10 io 'cannot be opened: Permission denied' \
			without -dac_override,-dac_read_search bridgefwctl flash "$BOX_TMP/secret" --clone-identity --yes
}

same_content() {
	ready && refused 4 same 'holds .* already; nothing was written' bfw flash "$FACTORY" --clone-identity --yes &&
		json 4 ".sha256 == \"$(sha "$FACTORY")\"" bfw flash "$FACTORY" --yes
}

foreign_identity() {
	ready && fresh_state && refused 5 identity 'clone-identity' bfw flash "$OTHER" --yes &&
		json 5 '.error.next | test("--clone-identity")' bfw flash "$OTHER" --yes &&
		[ -z "$(ls "$BRIDGEFW_STATE_DIR/records" 2>/dev/null)" ] ||
		fail "a backup was made for nothing"
}

nobody_confirms() {
	ready && refused 5 confirm '--yes' bfw flash "$OTHER" --clone-identity
}

# The owner is asked, at a terminal, and only "yes" is yes.
at_a_terminal() {
	local word

	ready || return
	for word in no y '' YES; do
		run bash -c 'printf "%s\n" "$1" | script -qec "bridgefwctl flash $2 $3 --clone-identity" /dev/null' \
			bash "$word" "${BOX_BUSID[a]}" "$OTHER"
		status_is 5 && says 'Write it\? \(yes/no\)' && says 'you did not say yes' &&
			nothing_written || return
	done
	run bash -c 'printf "yes\n" | script -qec "bridgefwctl flash $1 $2 --clone-identity" /dev/null' bash "${BOX_BUSID[a]}" "$OTHER"
	status_is 0 && says "$NEW" && same "$(eeprom a)" "$OTHER" && factory
}

capability() {
	ready && refused 8 capability 'needs the capability CAP_SYS_RAWIO' without -sys_rawio bridgefwctl flash "$OTHER" --clone-identity --yes &&
		refuses 8 permission '' without -sys_rawio bridgefwctl attach "${BOX_BUSID[a]}" --profile pl2507
}

# used WORDS: while somebody uses the disk, and who is told
used() {
	refused 9 in-use "$1" bfw flash "$OTHER" --clone-identity --yes &&
		says 'Nothing was written' &&
		json 9 ".error.users | length >= 1 and any(.[]; test(\"$1\"))" bfw flash "$OTHER" --clone-identity --yes &&
		json 9 '.error.users | length >= 1' bfw flash "$OTHER" --clone-identity --dry-run &&
		nothing_written
}

mounted() {
	local disk ret

	ready --drive disk && disk=$(box_disk a) && mkfs.ext4 -q "/dev/$disk" &&
		mkdir -p "$BOX_TMP/a mount" &&
		mount "/dev/$disk" "$BOX_TMP/a mount" || return
	used "/dev/$disk is mounted on $BOX_TMP/a mount"
	ret=$?
	umount "$BOX_TMP/a mount"
	return $ret
}

mounted_partition() {
	local disk ret

	ready --drive disk && disk=$(box_disk a) &&
		printf 'label: dos\n2048,\n' | sfdisk -q "/dev/$disk" && udevadm settle &&
		mkfs.ext4 -qF "/dev/${disk}1" && mkdir -p "$BOX_TMP/mnt" &&
		mount "/dev/${disk}1" "$BOX_TMP/mnt" || return
	used "/dev/${disk}1 is mounted on $BOX_TMP/mnt"
	ret=$?
	umount "$BOX_TMP/mnt"
	sfdisk -q --delete "/dev/$disk"
	return $ret
}

swapped() {
	local disk ret

	ready --drive disk && disk=$(box_disk a) && mkswap -q "/dev/$disk" >/dev/null &&
		swapon "/dev/$disk" || return
	used "/dev/$disk is used as swap"
	ret=$?
	swapoff "/dev/$disk"
	return $ret
}

opened() {
	local disk pid ret

	ready --drive disk && disk=$(box_disk a) || return
	perl -e 'use Fcntl; sysopen(F, $ARGV[0], O_RDWR | O_EXCL) or die; open(R, ">", $ARGV[1]); close(R); sleep 600' \
		"/dev/$disk" "$BOX_TMP/opened" &
	pid=$!
	eventually 20 test -e "$BOX_TMP/opened" || fail "not opened" || return
	used "/dev/$disk is open in process $pid .perl."
	ret=$?
	kill "$pid"
	wait "$pid" 2>/dev/null
	rm "$BOX_TMP/opened"
	return $ret
}

# Once nobody uses it, it is written.
free_again() {
	ready --drive disk && gives 0 "$NEW" flash && same "$(eeprom a)" "$OTHER" && factory
}

another_tool() {
	local ret

	ready || return
	exec 8<>"$(dev a)"
	flock -x 8
	refused 9 busy 'another bridgefwctl is about to write' bfw flash "$OTHER" --clone-identity --yes
	ret=$?
	exec 8>&-
	return $ret
}

another_job() {
	ready && cat "$FACTORY" >"$(sys a)/image" &&
		box_ctl a fault delay=4000@op=eeprom.read,n=1 >/dev/null || return
	echo_to "$(sys a)/command" verify
	status_is 0 && gives 9 'another job runs' bfw flash "$OTHER" --clone-identity --yes &&
		json 0 '.job == "verify" and .state == "idle"' bfw status --wait &&
		nothing_written
}

# Which consent is missing is said before anything is kept or asked.
attached_by_hand() {
	box_unplug a && READY=hand && cp "$FACTORY" "$(eeprom a)" &&
		box_start a --chip pl2507 --layout "$LAYOUT" --eeprom "$(eeprom a)" --drive none --ids 1209:7777 &&
		gives 0 'Nothing was sent to it' bfw attach "${BOX_BUSID[a]}" --profile pl2507 &&
		box_node a && PROGRAMS=$(ops a eeprom.program) &&
		refused 5 attached 'write-attached' bfw flash "$OTHER" --clone-identity --yes &&
		gives 0 "$NEW" bfw flash "$OTHER" --clone-identity --yes --write-attached &&
		same "$(eeprom a)" "$OTHER"
	local ret=$?
	box_unplug a
	return $ret
}

# What is known of its flash would only destroy it: no switch at any door lets it through.
erase_stays_closed() {
	local bar=/sys/module/bridgefw/parameters/evidence_bar level ret=0

	for level in traced inferred; do
		echo $level >$bar
		refuses 5 absent 'erase-all is only reported .*How to program is not known' \
			bfw flash "$OTHER" --clone-identity --write-attached --accept-final --accept-unread --yes &&
			says 'No switch allows it' && by_command write && by_command erase || ret=1
	done
	echo traced >$bar
	return $ret
}

by_command() {
	echo_to "$(sys a)/command" "$1 identity attached final unread"
	says 'not supported|Invalid argument'
}

chip_without_commands() {
	box_unplug a && rm -f "$(box_trace a)" && READY=other &&
		box_plug a --chip pl3507 --drive none || return
	PROGRAMS=$(ops a eeprom.program)
	refuses 5 absent 'not known how this chip does that' bfw dump "$BOX_TMP/x" &&
		erase_stays_closed &&
		refuses 5 absent 'not known how this chip does that' bfw restore --yes &&
		refuses 5 absent 'not known how this chip does that' bfw eeprom show &&
		refuses 5 absent 'not known how this chip does that' bfw info --identify &&
		is "$(vendor_requests a)" 0 "vendor requests"
	local ret=$?
	box_unplug a
	return $ret
}

test_that "images that are none" bad_images
test_that "an image that may not be read" unreadable_image
test_that "a content that is there already" same_content
test_that "a foreign identity" foreign_identity
test_that "nobody is there to confirm" nobody_confirms
test_that "the owner is asked, and says no or yes" at_a_terminal
test_that "no CAP_SYS_RAWIO" capability
test_that "the drive is mounted" mounted
test_that "a partition of the drive is mounted" mounted_partition
test_that "the drive is swap" swapped
test_that "the drive is open exclusively" opened
test_that "the drive is free again" free_again
test_that "another run of the tool" another_tool
test_that "another job" another_job
test_that "a profile that was only named by hand" attached_by_hand
test_that "a chip whose commands are not known" chip_without_commands
run_tests
