#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Parts and bridges that lie, hang or wear out while a flash is written: each ends in
# a clear word, within its timeout, with the truth about the content; and a small
# mishap is made good without erasing again what is right.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh
. "$DIR"/common.sh
LONG_SUITE=1

# on CHIP COMMAND...: with this one, for the functions below
CHIP=lab-at49
on() {
	local CHIP=$1

	"${@:2}"
}

# boot_sector: compares that of the box with the old one
boot_sector() {
	case $CHIP in
	lab-at49) cmp -s -n 16384 "$(flash)" "$(image $CHIP a)" ;;
	lab-nor) cmp -s -i 61440 "$(flash)" "$(image $CHIP a)" ;;
	esac
}

# fails FAULT IMAGE WORD CONTENT: the write ends with that word; and what is there
fails() {
	ready $CHIP a && read_twice a flash &&
		cat "$(image $CHIP "$2")" >"$(sys a)/image" && fault "$1" || return
	echo_to "$(sys a)/command" "write identity"
	status_is 0 && job_ends a || return
	run cat "$(sys a)/last_error"
	says "^$3: " || return
	case $4 in
	old) same "$(flash)" "$(image $CHIP a)" && says 'holds what it held before|nothing was written' ;;
	unknown) says 'reads differently each time' ;;
	mixed) ! cmp -s "$(flash)" "$(image $CHIP a)" && says 'neither the old nor the new' ;;
	esac || fail "$OUT" || return
	# What makes the chip boot was not touched, unless it was all that there was to do.
	[ "$2" = boot ] || boot_sector || fail "the boot sector was touched"
}

# repaired: without the fault what was there before is brought back
repaired() {
	box_ctl a clear >/dev/null && read_twice a flash && by_echo restore &&
		file_is "$(sys a)/last_error" "" &&
		same "$(flash)" "$(image $CHIP a)"
}

# goes_on FAULT...: the write succeeds all the same
goes_on() {
	local spec to=boot

	[ $CHIP = lab-at49 ] || to=a1
	ready $CHIP a && read_twice a flash && cat "$(image $CHIP $to)" >"$(sys a)/image" || return
	for spec; do
		fault "$spec" || return
	done
	by_echo "write identity" && file_is "$(sys a)/last_error" "" &&
		same "$(flash)" "$(image $CHIP $to)" &&
		[ "$(erased | wc -l)" -le 2 ] ||
		fail "$(cat "$(sys a)/last_error"); erased $(erased | wc -l) times"
}

protected() { fails readonly=flash a1 ignored old; }
protected_boot_sector() {
	fails readonly=flash:0 b ignored mixed && is "$(erased | tail -1)" 00 "last sector" &&
		repaired
}
erase_without_effect() { fails noerase=flash:0x10000 a1 mismatch mixed; }
# The old content is read with it, too.
stuck_bit() {
	ready lab-at49 a && fault stuckbit=flash:0x10090:3:0 && read_twice a flash &&
		cat "$(image lab-at49 b)" >"$(sys a)/image" && by_echo "write identity" || return
	run cat "$(sys a)/last_error"
	says '^mismatch: .*neither the old nor the new'
}
# From the first read behind the programming on: nothing is known then.
reads_differ() { fails flaky@op=flash.read,n=33- a1 unstable unknown; }
erase_never_ends() {
	local began=$SECONDS

	# The profile waits 90 s.
	PATIENCE=240 fails stuckbusy@op=flash.erase-sector a1 timeout mixed || return
	[ $((SECONDS - began)) -lt 200 ] || fail "it took $((SECONDS - began)) s"
}
always_refused() { fails stall@op=flash.program,every a1 stall mixed && repaired; }
unlock_refused() { fails stall@op=flash.unlock a1 stall old && is "$(erased)" "" "erases"; }
# Nothing was even unlocked.
id_changes() {
	fails "$1" a1 id-changes old && says 'identifies itself differently' &&
		is "$(ops a flash.unlock)" 0 unlocks && repaired_by_write || return
	ready $CHIP a && fault "$1" && gives 5 'identifies itself differently each time; nothing was written' bridgefwctl flash \
		"${BOX_BUSID[a]}" "$(image $CHIP a1)" --clone-identity --yes &&
		same "$(flash)" "$(image $CHIP a)" && is "$(ops a flash.unlock)" 0 unlocks
}
repaired_by_write() {
	box_ctl a clear >/dev/null && read_twice a flash && by_echo "write identity" &&
		file_is "$(sys a)/last_error" "" && same "$(flash)" "$(image $CHIP a1)"
}

# lied_about LIE OPERATION WORD
lied_about() {
	local content=mixed

	# An erase that the chip refuses is none.
	[ "$1 $2" != "sense erase-sector" ] || content=old
	fails "$1@op=flash.$2,every" a1 "$3" $content && repaired_by_write
}

lab_profiles
test_that "a part that is protected, and says yes" protected
test_that "a boot sector that is protected" protected_boot_sector
test_that "an erase without effect" erase_without_effect
test_that "a bit that is stuck" stuck_bit
test_that "reads that differ each time" reads_differ
test_that "an erase that never ends" erase_never_ends
test_that "programming is refused, always" always_refused
test_that "unlocking is refused" unlock_refused
test_that "a program request is refused once" goes_on stall@op=flash.program,n=5
test_that "a program request that is taken and ignored" goes_on ignored@op=flash.program,n=7
test_that "an erase that is taken and ignored" goes_on ignored@op=flash.erase-sector,n=1
test_that "a bit flips on its way" goes_on flip=3:1@op=flash.program,n=9
test_that "half of a program request arrives" goes_on short@op=flash.program,n=4
test_that "a chip that identifies itself differently each time" on lab-nor id_changes idchange
test_that "a chip that was another one for a moment" on lab-nor id_changes idchange@op=identify,n=2
# What the bridge says of the command that carries it, once and always.
while read -r lie word; do
	for op in program erase-sector; do
		test_that "SCSI: once $lie, $op" on lab-nor goes_on "$lie@op=flash.$op,n=2"
		test_that "SCSI: $lie, $op" on lab-nor lied_about "$lie" $op "$word"
	done
done <<'END'
residue=99999 short
sense stall
csw=garbage io
phase io
badtag io
END
run_tests
