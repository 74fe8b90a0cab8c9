#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Backups: made before each write, whole and on the disk before the first byte
# goes to the box; kept by content; and no write where none can be kept.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh
. "$DIR"/common.sh

objects() { ls "$BRIDGEFW_STATE_DIR/objects" | tr '\n' ' '; }

# Every backup that is told of is there, whole, and named after what it holds.
store_sound() {
	local object

	for object in "$BRIDGEFW_STATE_DIR"/objects/*; do
		is "$(sha "$object")" "$(basename "$object")" "object" &&
			is "$(stat -c %a "$object")" 600 "$object" || return
	done
	for object in $(jq -r .sha256 "$BRIDGEFW_STATE_DIR"/records/*.json); do
		[ -e "$BRIDGEFW_STATE_DIR/objects/$object" ] || fail "no content $object" ||
			return
	done
	is "$(stat -c %a "$BRIDGEFW_STATE_DIR/objects")" 700 "objects" &&
		[ -z "$(find "$BRIDGEFW_STATE_DIR" -name '.*' -type f)" ] ||
		fail "temporary files are left"
}

made_and_described() {
	local disk

	# What udev knows of the drive stands in the backup.
	ready --drive disk --drive-serial LAB-DISK-9 && disk=$(box_disk a) && udevadm settle && fresh_state &&
		gives 0 "$NEW" flash --label 'first' && store_sound &&
		same "$BRIDGEFW_STATE_DIR/objects/$(sha "$FACTORY")" "$FACTORY" || return
	json 0 ".backups | length == 1 and (.[0] | .chip == \"pl2507\" and .profile == \"pl2507\" and .memory == \"eeprom\" and
		.size == 112 and .sha256 == \"$(sha "$FACTORY")\" and .bus == \"usb\" and .bus_id == \"${BOX_BUSID[a]}\" and
		(.path_id | length > 5) and .ids == \"067b:2507:0100\" and .serial == \"LAB2507A0001\" and .serial_identifies and
		.drive.serial == \"LAB-DISK-9\" and (.drive.model | test(\"LAB DISK\")) and .label == \"first\" and .why == \"write\" and
		.match == \"ids\" and (.time | length > 10))" bfw backup list || return
	gives 0 "pl2507 +eeprom +112 +067b:2507:0100 +usb:${BOX_BUSID[a]} +LAB2507A0001 +LAB-DISK-9 +first" bfw backup list &&
		says '^BACKUP +CHIP +MEMORY' && factory
}

# Two writes forth and back: two contents, four records.
kept_by_content() {
	ready && fresh_state && gives 0 "$NEW" flash && gives 0 "$NEW" restore &&
		gives 0 "$NEW" flash && gives 0 "$NEW" restore &&
		store_sound &&
		is "$(objects)" "$(printf '%s\n' "$(sha "$FACTORY")" "$(sha "$OTHER")" | sort | tr '\n' ' ')" "objects" &&
		is "$(ls "$BRIDGEFW_STATE_DIR/records" | wc -l)" 4 "records" &&
		is "$(ls "$BRIDGEFW_STATE_DIR/journal" | wc -l)" 4 "journal" &&
		is "$(ls "$BRIDGEFW_STATE_DIR/ports")" "${BOX_BUSID[a]}" "ports" &&
		json 0 '.backups | length == 4' bfw backup list
}

listed_and_shown() {
	local id

	ready && fresh_state && gives 0 'No backup is in' bfw backup list &&
		json 0 '.backups == []' bfw backup list &&
		gives 0 'is kept as backup' bfw backup create --label asked &&
		json 0 '.backup.why == "asked" and .backup.label == "asked"' bfw backup show asked ||
		return
	id=$(bfw backup list --json | jq -r '.backups[0].id')
	gives 0 "$id" bfw backup show "$id" &&
		says "content +112 bytes, sha256 $(sha "$FACTORY")" && says 'label +asked' &&
		says "port +usb:${BOX_BUSID[a]}" || return
	rm -f "$BOX_TMP/copy"
	gives 0 'copied' bfw backup show "$(sha "$FACTORY" | head -c 8)" --output "$BOX_TMP/copy" &&
		same "$BOX_TMP/copy" "$FACTORY" &&
		refuses 2 exists 'exists already|--force' bfw backup show "$id" -o "$BOX_TMP/copy" &&
		: >"$BOX_TMP/copy" &&
		gives 0 'copied' bfw backup show "$id" -o "$BOX_TMP/copy" --force &&
		same "$BOX_TMP/copy" "$FACTORY" &&
		refuses 10 no-backup 'there is no backup "nonesuch"' bfw backup show nonesuch ||
		return
	gives 0 "$id" bfw backup list "${BOX_BUSID[a]}" &&
		json 0 '.backups == []' bfw backup list --memory flash &&
		json 0 '.backup.size == 112' bfw backup create --memory eeprom --repeat 3 --progress none &&
		json 0 '.backups | length == 2' bfw backup list -m eeprom
}

# Before the request that writes: content, image, record and journal are on the
# disk, and so are the names they have in their directories.
synced_first() {
	local log=$BOX_TMP/strace start file dir

	ready && fresh_state &&
		strace -f -y -e trace=fsync,fdatasync,rename,link,linkat,renameat2,ioctl -o "$log" \
		bridgefwctl eeprom write "${BOX_BUSID[a]}" "$OTHER" --clone-identity --yes >/dev/null ||
			fail "the write failed" || return
	# The last START is the one that writes; the one before only asks.
	start=$(grep -nE 'ioctl\(.*(0xbf, 0x4|0xBF, 0x4)' "$log" | tail -1 | cut -d: -f1)
	[ -n "$start" ] || fail "no START: $(cut -c1-150 "$log")" || return
	head -n "$((start - 1))" "$log" >"$log.before"
	for dir in objects records journal ports; do
		grep -qE "fsync\([0-9]+<[^>]*/$dir/\.bridgefw-[^>]*>\) += 0" "$log.before" ||
			fail "no file of $dir is synced before the write" || return
		grep -qE "fsync\([0-9]+<[^>]*/$dir>\) += 0" "$log.before" ||
			fail "$dir is not synced before the write" || return
	done
	# Contents come before the record that names them, the record before the journal.
	file=$(grep -oE 'fsync\([0-9]+<[^>]*/(objects|records|journal|ports)>' "$log.before" | sed 's/.*\///; s/>//' | uniq | tr '\n' ' ')
	says_order "$file" && store_sound && factory
}
says_order() { is "$(tr ' ' '\n' <<<"$1" | awk 'NF && !seen[$0]++' | tr '\n' ' ')" "objects records journal ports " "order of syncing ($1)"; }

# The box goes at the first byte: the backup is there.
there_at_the_first_byte() {
	ready && fresh_state && box_ctl a fault unplug@op=eeprom.program >/dev/null &&
		gives 7 'restore' flash && store_sound &&
		is "$(jq -r '.why + " " + .sha256' "$BRIDGEFW_STATE_DIR"/records/*.json)" "write $(sha "$FACTORY")" "record" &&
		is "$(jq -r '.state + " " + .new_sha256' "$BRIDGEFW_STATE_DIR"/journal/*.json)" "unknown $(sha "$OTHER")" "journal" &&
		is "$(objects)" "$(printf '%s\n' "$(sha "$FACTORY")" "$(sha "$OTHER")" | sort | tr '\n' ' ')" "objects"
}

# impossible WORDS: no backup, no write
impossible() {
	gives 11 "$1" flash && says 'Nothing was written' &&
		json 11 '.error.code == 11 and .error.reason == "backup"' flash &&
		nothing_written
}

full_disk() {
	local ret

	ready && fresh_state && mount -t tmpfs -o size=16k none "$BRIDGEFW_STATE_DIR" || return
	dd if=/dev/zero of="$BRIDGEFW_STATE_DIR/fill" bs=4k count=4 status=none
	impossible 'No space left on device' && gives 11 'No space left' bfw backup create &&
		is "$(find "$BRIDGEFW_STATE_DIR" -type f -printf '%f ')" "fill " "files"
	ret=$?
	umount "$BRIDGEFW_STATE_DIR"
	return $ret
}

no_inodes() {
	local ret

	ready && fresh_state && mount -t tmpfs -o nr_inodes=6 none "$BRIDGEFW_STATE_DIR" ||
		return
	impossible 'No space left on device'
	ret=$?
	umount "$BRIDGEFW_STATE_DIR"
	return $ret
}

read_only() {
	local ret

	ready && fresh_state && mount -t tmpfs -o ro none "$BRIDGEFW_STATE_DIR" || return
	impossible 'Read-only file system'
	ret=$?
	umount "$BRIDGEFW_STATE_DIR"
	return $ret
}

not_a_directory() {
	ready && BRIDGEFW_STATE_DIR=/proc/version impossible 'cannot be made|Not a directory' &&
		BRIDGEFW_STATE_DIR=/nonesuch/proc BRIDGEFW_STATE_DIR=/proc/nonesuch impossible 'cannot be made'
}

# The backup can be kept, but not the note that a write has begun.
no_journal() {
	local ret

	ready && fresh_state && mkdir -p "$BRIDGEFW_STATE_DIR/ports" &&
		mount -t tmpfs -o ro none "$BRIDGEFW_STATE_DIR/ports" || return
	impossible 'Read-only file system'
	ret=$?
	umount "$BRIDGEFW_STATE_DIR/ports"
	return $ret
}

# A damaged store is told of; what is sound in it works.
damaged_store() {
	ready && fresh_state && gives 0 "$NEW" flash --label good &&
		printf 'x' >"$BRIDGEFW_STATE_DIR/objects/$(sha "$FACTORY")" &&
		refuses 10 backup-damaged 'does not have the hash' bfw restore good --yes &&
		same "$(eeprom a)" "$OTHER" || return
	echo '{"format":1' >"$BRIDGEFW_STATE_DIR/records/20200101T000000.000Z-00000000.json"
	gives 0 'good' bfw backup list && says 'ignored and kept' &&
		json 0 '(.backups | length == 1) and (.warnings | length >= 1)' bfw backup list &&
		gives 0 "$NEW" bfw flash "$FACTORY" --clone-identity --yes &&
		says 'is damaged and kept' && gives 0 "$NEW" flash || return
	gives 0 "$NEW" restore && same "$(eeprom a)" "$FACTORY" &&
		rm "$BRIDGEFW_STATE_DIR"/objects/*.damaged-* &&
		rm "$BRIDGEFW_STATE_DIR/records/20200101T000000.000Z-00000000.json" &&
		store_sound
}

test_that "a backup is made, and says of which box it is" made_and_described
test_that "contents are kept once" kept_by_content
test_that "backup list, show and create" listed_and_shown
test_that "everything is on the disk before the write" synced_first
test_that "the backup is there when the box goes at the first byte" there_at_the_first_byte
test_that "no backup: the disk is full" full_disk
test_that "no backup: no more files" no_inodes
test_that "no backup: a read-only disk" read_only
test_that "no backup: no directory" not_a_directory
test_that "no backup: the journal cannot be kept" no_journal
test_that "a damaged store" damaged_store
run_tests
