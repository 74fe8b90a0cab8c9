# SPDX-License-Identifier: GPL-2.0-or-later
#
# What is the same through every door. MEM is the memory, OLD what it holds, NEW what
# differs from that everywhere.
# shellcheck shell=bash

case_reading() {
	box && "${DOOR}_read" "$BOX_TMP/read" && ends_as "done" && same "$BOX_TMP/read" "$OLD" &&
		untouched || return
	[ "$(cat "$(sys a)/memories/$MEM/reads")" -ge 1 ] || fail "it counts for no read"
}

case_writing() { box && law_reads && door_write "$NEW" identity && written "$NEW"; }

case_one_part() {
	box && law_reads && door_write "$NEAR" identity && written "$NEAR" || return
	[ "$MEM" != flash ] || is "$(erased | wc -l)" 1 "erased sectors"
}

case_verifying() {
	box && "${DOOR}_verify" "$OLD" && ends_as "done" && untouched &&
		"${DOOR}_verify" "$NEW" && ends_as content-differs && untouched || return
	# The tool compares by itself, without a job.
	[ "$DOOR" = tool ] || files_say failed content-differs
}

case_restoring() {
	box && law_reads && door_write "$NEW" identity && written "$NEW" &&
		"${DOOR}_law_reads" && "${DOOR}_restore" && ends_as "done" &&
		files_say "$RESTING" "" && same "$(content)" "$OLD"
}

# What follows an erase is a write like any other.
case_erasing() {
	box && law_reads && "${DOOR}_erase" "$NEW" identity && ends_as "done" &&
		files_say blank "" && file_is "$(sys a)/job" erase && file_is "$(sys a)/progress" 100 &&
		cmp -s "$(content)" <(head -c "$(stat -c %s "$NEW")" /dev/zero | tr '\0' '\377') ||
		fail "it is not blank: $OUTCOME, $WHY" || return
	RESTING=idle OUTCOME=""
	"${DOOR}_law_reads" && door_write "$NEW" identity && written "$NEW"
}

# An erase by plan is the end of such a chip, whoever agrees to what.
case_no_way_back() {
	box && law_reads && "${DOOR}_erase" "$NEW" identity final && refused no-way-back
}

# Nothing can be read: that is to be agreed to, and then the chip is asked.
case_unread() {
	box && remember && door_write "$NEW" identity && refused unread || return
	OUTCOME= && door_write "$NEW" identity unread && written "$NEW"
}

case_capability() {
	box && law_reads || return
	AS=(setpriv --bounding-set=-sys_rawio --inh-caps=-sys_rawio)
	door_write "$NEW" identity && refused capability || return
	# Nor is a door left open for somebody else.
	[ "$DOOR" != fwupload ] || file_is "$(sys a)/memories/$MEM/upload" closed
}

case_not_read() {
	box && door_write "$NEW" identity && refused not-read || return
	# Once is not enough.
	cat "$(sys a)/$MEM" >/dev/null && door_write "$NEW" identity && refused not-read
}

case_no_image() { box && law_reads && door_write "" identity && refused no-image; }
case_too_short() { box && law_reads && door_write "$SHORT" identity && refused image-size; }
case_too_long() { box && law_reads && door_write "$LONG" identity && refused image-size; }
case_broken() { box && law_reads && door_write "$BROKEN" identity && refused image-rule; }

# Where the profile knows the identity, the box keeps its own; else consent is missing.
case_identity() {
	box && law_reads && door_write "$NEW" || return
	if [ -n "${KEPT-}" ]; then
		written "$KEPT"
	else
		refused identity
	fi
}

case_in_use() {
	local disk ret

	box --drive disk && disk=$(box_disk a) && udevadm settle --timeout="$PATIENCE" &&
		mkfs.ext4 -q "/dev/$disk" && mkdir -p "$BOX_TMP/mnt" &&
		mount "/dev/$disk" "$BOX_TMP/mnt" || return
	law_reads && door_write "$NEW" identity && refused in-use
	ret=$?
	umount "$BOX_TMP/mnt"
	[ $ret = 0 ] || return
	# Nothing of it is left.
	door_write "$NEW" identity && ends_as "done" && same "$(content)" "$NEW"
}

# The other one is not disturbed.
case_busy() {
	local ret

	box && law_reads && cat "$OLD" >"$(sys a)/image" &&
		fault "$BUSY" && echo verify >"$(sys a)/command" &&
		door_write "$NEW" identity
	ret=$?
	[ $ret = 0 ] && ends_as busy || return
	box_ctl a clear >/dev/null && job_ends a && files_say "$RESTING" "" &&
		file_is "$(sys a)/job" verify && untouched
}

# In the middle of it; then as if nothing had been.
case_cancelled() {
	box && law_reads && fault "$SLOW" && "${DOOR}_begin" "$NEW" identity final && under_way &&
		eventually "$PATIENCE" slowed && "${DOOR}_cancel" || return
	box_ctl a clear >/dev/null
	"${DOOR}_end" && failed cancelled || return
	! cmp -s "$(content)" "$NEW" || fail "it was not cancelled" || return
	OUTCOME= && "${DOOR}_law_reads" && door_write "$NEW" identity final && ends_as "done" &&
		same "$(content)" "$NEW"
}
# The transaction that SLOW is about has begun.
slowed() { box_ctl a faults | grep -q 'hit [1-9]'; }

# By the same door the box is brought back to what it held.
case_unplugged() {
	box && law_reads && fault "$PULLED" && "${DOOR}_begin" "$NEW" identity final &&
		eventually "$PATIENCE" box_dead a && "${DOOR}_end" && ends_as gone || return
	box_unplug a
	! cmp -s "$(content)" "$NEW" || fail "it came to its end" || return
	BOX_NODE[a]=
	plug_in && eventually "$PATIENCE" job_over a && "${DOOR}_law_reads" &&
		door_write "$OLD" identity attached final || return
	# Nothing may have been lost yet.
	[ "$OUTCOME" = same ] || ends_as "done" || return
	same "$(content)" "$OLD" && is "$(cat "$(sys a)/last_error")" "" last_error
}

# A chip of which nothing is known but its name.
case_absent() {
	box_plug a --chip pl3507 --drive none && remember && door_write "" identity &&
		ends_as absent && files_say "$RESTING" "" && is "$(writes_seen)" 0 "writing requests" &&
		is "$(grep -c '"vendor":true' "$(box_trace a)")" 0 "vendor requests"
}

# The profile was only named by hand.
case_attached() {
	box --ids 1209:7777 && file_is "$(sys a)/match" attached && law_reads &&
		door_write "$NEW" identity && refused attached || return
	OUTCOME= && door_write "$NEW" identity attached && ends_as "done" && same "$(content)" "$NEW"
}

# A profile of one's own does not open writing.
case_local() {
	local bar=/sys/module/bridgefw/parameters/local_writes ret

	box && law_reads && echo 0 >$bar && door_write "$NEW" identity && refused local
	ret=$?
	echo 1 >$bar
	return $ret
}

case_evidence() {
	local bar=/sys/module/bridgefw/parameters/evidence_bar ret

	box && law_reads && echo documented >$bar && door_write "$NEW" identity && refused evidence
	ret=$?
	echo traced >$bar
	return $ret
}

# What may be the end of the chip; the tool asks before it starts a job.
case_final() {
	box && law_reads && door_write "$NEW" identity && ends_as final && untouched || return
	[ "$DOOR" = tool ] || files_say failed final || return
	OUTCOME= && "${DOOR}_law_reads" && door_write "$NEW" identity final && ends_as "done" &&
		same "$(content)" "$NEW"
}
