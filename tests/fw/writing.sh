#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Writing over FireWire: by the engine and the law that USB has. One chip's flash lies
# behind a port and can be read back; the other takes uploads, and its own checksum is
# all that it ever tells.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh
. "$DIR"/common.sh
LONG_SUITE=1

PORT=lab-oxfw912
UPLOADS=lab-oxfw911
# The end of a line lies behind it.
CHIP_SAYS='chip says that it'
READ_BACK='read back'
# Every consent that a write of what cannot be read wants.
UNREAD="--clone-identity --accept-unread --yes"

fresh() { rm -rf "$BRIDGEFW_STATE_DIR" && mkdir "$BRIDGEFW_STATE_DIR" && rm -f "$(box_trace a)"; }
ready912() { fresh && chip a $PORT a "$@"; }
blank911() { fresh && chip a $UPLOADS - "$@"; }
ready911() { fresh && chip a $UPLOADS a "$@"; }
holds() { same "$(flash)" "$(image "$1" "$2")"; }
stage() { cat "$1" >"$(sys a)/image"; }
error_is() { grep -qE -- "$1" "$(sys a)/last_error" || fail "not '$1': $(cat "$(sys a)/last_error")"; }

# words: what went to the port and came from it, one a line, "w" or "r" before each
words() {
	sed -n 's/.*"type":"quadlet".*"address":"fffff0080000".*"dir":"\([io]\)[nu]t*".*"data":"\([0-9a-f]*\)".*/\1 \2/p' \
		"$(box_trace a)"
}
# port_erased: the addresses of the sectors that were erased
port_erased() { words | awk '$1 == "o" { if (w == "30000020") print substr($2, 5); w = $2 }'; }

# Each quadlet that was programmed was read afterwards, and what came was what it got.
port_read_back() {
	words | awk '
		$1 == "o" && cmd == "30000010" && $2 ~ /^4000/ { at = substr($2, 5) }
		$1 == "o" && $2 ~ /^6000/ { from = substr($2, 5) }
		$1 == "o" && $2 ~ /^0001/ { high = substr($2, 5) }
		$1 == "o" && high != "" && $2 ~ /^3000/ {
			put[at] = high substr($2, 5); high = ""; n++
		}
		$1 == "i" && from in put { got[from] = $2 }
		$1 == "o" { cmd = $2 }
		END {
			for (at in put)
				if (got[at] != put[at]) { print at ": " put[at] ", " got[at]; exit 1 }
			exit !n
		}'
}

# upload_ends: how often the register was read that resets the chip; fails if something
# else than the data of an upload came before
upload_ends() {
	awk -v end="\"address\":\"$ENDS_UPLOAD\"" '
		!/"type":"quadlet"/ { next }
		index($0, end) && /"dir":"in"/ { n++; if (!after) bad++ }
		{ after = index($0, end) && /"dir":"out"/ }
		END { print n + 0; exit bad > 0 }' "$(box_trace a)"
}

# lawful_port OLD NEW: all that was changed was read back, and nothing erased in vain
lawful_port() {
	local at

	port_read_back >"$BOX_TMP/unread" || fail "not read back: $(cat "$BOX_TMP/unread")" || return
	for at in $(port_erased); do
		! cmp -s -i $((0x$at)) -n 256 "$1" "$2" || fail "sector $at was erased in vain" || return
	done
	foreign
}
# lawful_uploads JOBS: that was read once in each job, after its upload, and never else
lawful_uploads() {
	local n

	n=$(upload_ends) || fail "the upload's end was read without an upload" || return
	is "$n" "$1" "reads of the upload's end" && foreign
}
# Nothing was sent that no profile knows.
foreign() {
	! grep '"type":"quadlet"' "$(box_trace a)" | grep -v '"known":true' | grep -v '"address":"fffff0090020"' ||
		fail "quadlets that the profile does not know"
}

# --- a flash that can be read -----------------------------------------------

# With echo alone, while its disk is there.
one_sector() {
	ready912 --drive disk && box_disk a >/dev/null && write_by_echo "$(image $PORT a1)" &&
		file_is "$(sys a)/last_error" "" && holds $PORT a1 && is "$(port_erased)" 0100 "erased sectors" &&
		lawful_port "$(image $PORT a)" "$(image $PORT a1)"
}
everything() {
	ready912 && write_by_echo "$(image $PORT b)" && file_is "$(sys a)/last_error" "" && holds $PORT b &&
		is "$(port_erased | sort | tr '\n' ' ')" "0000 0100 0200 0300 " "erased sectors" &&
		is "$(port_erased | tail -1)" 0300 "last sector" &&
		lawful_port "$(image $PORT a)" "$(image $PORT b)" || return
	cat "$(sys a)/previous" >"$BOX_TMP/previous" && same "$BOX_TMP/previous" "$(image $PORT a)" &&
		read_twice a flash && by_echo restore && holds $PORT a
}
with_the_tool() {
	ready912 && gives 0 . bridgefwctl dump "$BOX_TMP/dump" --force && same "$BOX_TMP/dump" "$(image $PORT a)" &&
		gives 0 "$NEW" bridgefwctl flash "$(image $PORT a1)" --yes && says 'erase 1 of 4 sectors' &&
		holds $PORT a1 && gives 0 equals bridgefwctl verify "$(image $PORT a1)" &&
		gives 0 "$NEW" bridgefwctl restore --yes && holds $PORT a &&
		gives 0 'write +lab-oxfw912' bridgefwctl history && says 'restore +lab-oxfw912'
}
# Blank, it has a way to all of this, too.
without_firmware() {
	fresh && chip a $PORT - --drive disk && file_is "$(sys a)/state" blank &&
		gives 0 "$NEW" bridgefwctl flash "$(image $PORT b)" --yes --clone-identity && holds $PORT b
}
identity_stays() {
	ready912 && gives 0 "$NEW" bridgefwctl flash "$(image $PORT b)" --yes && says 'gave way|gets the serial' || return
	cmp -s <(tail -c +$((0x211)) "$(flash)" | head -c 8) <(printf LAB0000A) || fail "the serial has gone" || return
	gives 0 "$NEW" bridgefwctl flash "$(image $PORT b)" --yes --clone-identity && holds $PORT b
}
refused_while_mounted() {
	local disk ret

	truncate -s 1M "$BOX_TMP/disk.img" && mkfs.ext2 -q "$BOX_TMP/disk.img" &&
		ready912 --drive disk --disk "$BOX_TMP/disk.img" && disk=$(box_disk a) && has_scsi &&
		mkdir -p "$BOX_TMP/mnt" && mount -o ro "/dev/$disk" "$BOX_TMP/mnt" || return
	gives 9 'a drive behind the bridge is in use' bridgefwctl flash "$(image $PORT b)" --yes --clone-identity &&
		read_twice a flash && stage "$(image $PORT b)"
	ret=$?
	echo_to "$(sys a)/command" "write identity"
	umount "$BOX_TMP/mnt"
	[ $ret = 0 ] && says 'resource busy' && holds $PORT a && is "$(port_erased)" "" "erases"
}
# As long as the job runs the disk is nobody else's; then it is as it was.
disk_is_held() {
	local disk ret

	ready912 --drive disk && disk=$(box_disk a) && has_scsi && udevadm settle --timeout="$PATIENCE" &&
		read_twice a flash && stage "$(image $PORT a1)" && fault "delay=100@op=flash.program,every" || return
	echo_to "$(sys a)/command" "write identity"
	status_is 0 && file_is "$(sys a)/state" busy &&
		gives 16 '' perl -MErrno -MFcntl -e 'sysopen(F, shift, O_RDWR | O_EXCL) or exit $!{EBUSY} ? 16 : 1' "/dev/$disk" &&
		file_is "$(sys a)/state" busy
	ret=$?
	box_ctl a clear >/dev/null
	job_ends a && [ $ret = 0 ] && holds $PORT a1 &&
		dd if="/dev/$disk" of=/dev/null count=8 iflag=direct status=none
}

# --- one that takes uploads --------------------------------------------------

unread_wants_consent() {
	blank911 && file_is "$(sys a)/memories/flash/read_evidence" none && stage "$(image $UPLOADS b)" || return
	echo_to "$(sys a)/command" "write identity"
	says "Permission denied" || return
	gives 5 'not known how this chip does that' bridgefwctl dump "$BOX_TMP/x" &&
		gives 5 'loses it for ever' bridgefwctl flash "$(image $UPLOADS b)" --yes --clone-identity && says '--accept-unread' &&
		gives 5 identity bridgefwctl flash "$(image $UPLOADS b)" --yes --accept-unread &&
		is "$(ops a flash.erase-sector) $(ops a flash.program)" "0 0" requests && lawful_uploads 0
}
# shellcheck disable=SC2086 # words
brought_back() {
	blank911 --drive disk && file_is "$(sys a)/state" blank &&
		gives 0 "$CHIP_SAYS" bridgefwctl flash "$(image $UPLOADS b)" $UNREAD || return
	! says "$READ_BACK and" || fail "it claims to have read: $OUT" || return
	holds $UPLOADS b && file_is "$(sys a)/state" idle && file_is "$(sys a)/chip" $UPLOADS &&
		node_is a 'vendor=001209 model=091100' && box_disk a >/dev/null && lawful_uploads 1 || return
	gives 0 . bridgefwctl list && gives 0 . bridgefwctl info "${BOX_BUSID[a]}" &&
		gives 5 . bridgefwctl verify "$(image $UPLOADS b)" && lawful_uploads 1
}
# It leaves for an upload mode of its own, and comes back.
running_rewritten() {
	ready911 --drive disk && box_disk a >/dev/null && udevadm settle --timeout="$PATIENCE" &&
		stage "$(image $UPLOADS b)" && by_echo "write identity unread" && file_is "$(sys a)/last_error" "" &&
		file_is "$(sys a)/state" idle && holds $UPLOADS b && box_disk a >/dev/null && lawful_uploads 1
}
# No command but a write reads what resets the chip.
nothing_else_ends_an_upload() {
	blank911 && gives 0 . bridgefwctl list && gives 0 . bridgefwctl info "${BOX_BUSID[a]}" &&
		stage "$(image $UPLOADS b)" || return
	echo_to "$(sys a)/command" identify
	echo_to "$(sys a)/command" verify
	says 'not supported|denied' && gives 5 . bridgefwctl verify "$(image $UPLOADS b)" &&
		box_ctl a reset >/dev/null && sleep 1 && box_ctl a replug >/dev/null && sleep 1 && file_is "$(sys a)/state" blank && lawful_uploads 0
}

# wrong_word FAULT REASON WORDS STATE: what its checksum is, or that it is lost
wrong_word() {
	blank911 && fault "$1" && stage "$(image $UPLOADS b)" && by_echo "write identity unread" &&
		error_is "^$2: $3" && ! says "$CHIP_SAYS" && file_is "$(sys a)/state" failed || return
	# What is there shows by itself.
	node_is a "$4" && lawful_uploads 1
}
liar() { wrong_word readonly=flash mismatch 'flash was written, and the chip says that it does not hold' 'value=4c393131'; }

# --- the bus -----------------------------------------------------------------

# Which of two one is, only the cable tells.
another_blank() {
	blank911 && BEHIND=a chip b $PORT - && stage "$(image $UPLOADS b)" || return
	echo_to "$(sys a)/command" "write identity unread"
	says 'not unique' || return
	# shellcheck disable=SC2086 # words
	gives 5 'two boxes without firmware' bridgefwctl flash "${BOX_BUSID[a]}" "$(image $UPLOADS b)" $UNREAD &&
		is "$(ops a flash.erase-sector)" 0 erases && box_unplug b || return
	# shellcheck disable=SC2086 # words
	gives 0 "$CHIP_SAYS" bridgefwctl flash "${BOX_BUSID[a]}" "$(image $UPLOADS b)" $UNREAD && lawful_uploads 1
}

# What only looks is asked again.
reads_go_on() {
	ready912 && fault "busreset@op=config-rom.read,n=5,when=$1" && fault "busreset@op=identify,when=$1" &&
		by_echo identify && file_is "$(sys a)/last_error" "" &&
		gives 0 . bridgefwctl dump --memory config-rom "$BOX_TMP/rom" --force &&
		[ "$(box_ctl a faults | grep -c 'hit 1')" = 2 ] || fail "no reset came: $(box_ctl a faults)"
}

# reset_in OP N WHEN: the write ends with that word, says what is so, and is finished
reset_in() {
	ready912 && read_twice a flash && stage "$(image $PORT b)" && fault "busreset@op=flash.$1,n=$2,when=$3" &&
		by_echo "write identity" && content_told bus-reset && read_twice a flash && stage "$(image $PORT b)" &&
		by_echo "write identity" && file_is "$(sys a)/last_error" "" && holds $PORT b
}

# content_told REASON: that ended it, and of the content it says what is so
content_told() {
	run cat "$(sys a)/last_error"
	says "^$1: " || return
	case $OUT in
	*'holds what it held before'* | *'nothing was written'*) holds $PORT a ;;
	*'neither the old nor the new'*) ! holds $PORT a && ! holds $PORT "${2-b}" || fail "it is no mixture: $OUT" ;;
	*'cannot be read back'*) : ;;
	*) fail "it does not say what is there: $OUT" ;;
	esac
}

# fails FAULT REASON: a clear end in its time; then it is brought back
fails() {
	local began=$SECONDS

	ready912 && read_twice a flash && stage "$(image $PORT a1)" && fault "$1" && by_echo "write identity" &&
		content_told "$2" a1 || return
	[ $((SECONDS - began)) -lt 40 ] || fail "it took $((SECONDS - began)) s" || return
	box_ctl a clear >/dev/null && read_twice a flash && stage "$(image $PORT a1)" && by_echo "write identity" &&
		file_is "$(sys a)/last_error" "" && holds $PORT a1
}
goes_on() {
	ready912 && read_twice a flash && stage "$(image $PORT a1)" && fault "$1" && by_echo "write identity" &&
		file_is "$(sys a)/last_error" "" && holds $PORT a1
}
gone() {
	ready912 && fault "unplug@op=flash.program,n=40,when=inside" &&
		gives 7 'old, new or a mixture' bridgefwctl flash "$(image $PORT b)" --yes --clone-identity || return
	box_unplug a
	box_plug a --chip $PORT --flash "$(flash)" && gives 0 "$NEW" bridgefwctl restore "${BOX_BUSID[a]}" --yes --write-attached &&
		holds $PORT a
}
upload_reset() {
	blank911 && stage "$(image $UPLOADS b)" && fault "busreset@op=flash.program,n=50,when=$1" &&
		by_echo "write identity unread" && error_is '^bus-reset: .*cannot be read' && box_ctl a clear >/dev/null &&
		eventually "$PATIENCE" grep -q -E 'blank|idle|failed' "$(sys a)/state" || return
	# shellcheck disable=SC2086 # words
	gives 0 "$CHIP_SAYS" bridgefwctl flash "$(image $UPLOADS b)" $UNREAD && holds $UPLOADS b
}
erase_never_done() {
	blank911 && stage "$(image $UPLOADS b)" && fault "stuckbusy@op=flash.erase-sector" && fault "stuckbusy@op=flash.program,in" &&
		by_echo "write identity unread" && error_is '^timeout: .*cannot be read' && is "$(ops a flash.program)" 0 "uploads"
}

fw_profiles
test_that "one sector, by echo alone, with its disk held" one_sector
test_that "everything, the sector that boots last, and back" everything
test_that "the tool: dump, flash, verify, restore, history" with_the_tool
test_that "without firmware it takes one" without_firmware
test_that "the box keeps its serial" identity_stays
test_that "refused while its disk is mounted" refused_while_mounted
test_that "its disk is held while the job runs" disk_is_held
test_that "uploads: what cannot be read wants consent" unread_wants_consent
test_that "uploads: a blank chip is brought back" brought_back
test_that "uploads: a running one is written anew" running_rewritten
test_that "uploads: only a write reads what resets it" nothing_else_ends_an_upload
test_that "uploads: another checksum" wrong_word flip=0:1@op=flash.verify mismatch 'flash was written, and the chip says that it does not hold' 'model=091100'
test_that "uploads: a part that holds nothing of it" liar
test_that "uploads: the last answer comes too late" wrong_word late@op=flash.verify timeout 'flash was written, and the chip could not be asked' 'model=091100'
test_that "uploads: the last answer never comes" wrong_word nak@op=flash.verify,status timeout 'flash was written, and the chip could not be asked' 'model=091100'
test_that "two without firmware" another_blank
for when in before inside after; do
	test_that "a bus reset $when a read" reads_go_on $when
	test_that "a bus reset $when an erase" reset_in erase-sector 11 $when
	test_that "a bus reset $when a word of data" reset_in program 40 $when
	test_that "uploads: a bus reset $when a quadlet" upload_reset $when
done
test_that "uploads: an erase that never ends" erase_never_done
test_that "unplugged while it is written" gone
while read -r spec word; do
	test_that "a write with $spec" fails "$spec" "$word"
done <<'END'
busy@op=flash.program,n=40- timeout
rcode=7@op=flash.program,n=40- stall
rcode=5@op=flash.program,n=40- io
late@op=flash.program,n=40- timeout
nak@op=flash.program,n=40- timeout
noerase=flash:0x100 mismatch
readonly=flash ignored
END
test_that "a word is busy once" goes_on busy@op=flash.program,n=40
test_that "a word is refused once" goes_on rcode=6@op=flash.program,n=40
test_that "a word is lost" goes_on ignored@op=flash.program,n=40
test_that "a bit flips in a word of data" goes_on flip=3:1@op=flash.program,n=45
run_tests
