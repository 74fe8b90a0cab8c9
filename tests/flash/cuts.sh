#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The interruption proof: the steps of a write are counted, and then the supply fails,
# or the cable is pulled, before, inside and after each of them. What comes back is
# recognised, says what it is, and is brought to exactly the old or the new content;
# a chip without a way back dies only in the part of which the plan has said so.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh
. "$DIR"/common.sh
LONG_SUITE=1
WRITE="write identity final"

staged() { read_twice a flash && cat "$1" >"$(sys a)/image"; }
vendor_count() { box_ctl a count | grep -o '[0-9]*' | head -1; }

# steps CHIP IMAGE: how many requests such a write sends; kept from then on
declare -A STEPS FIRST LAST
steps() {
	local key=$1-$2 before

	[ -n "${STEPS[$key]-}" ] && return
	ready "$1" a && staged "$(image "$1" "$2")" || return
	before=$(vendor_count)
	by_echo "$WRITE" && same "$(flash)" "$(image "$1" "$2")" || return
	STEPS[$key]=$(($(vendor_count) - before))
	# Those of the last part: from the erase of the boot sector to its last program.
	FIRST[$key]=$(jq -r 'select(.vendor) | "\(.op) \(.dir)"' "$(box_trace a)" | tail -n "${STEPS[$key]}" |
		grep -n 'flash.erase-sector none' | tail -1 | cut -d: -f1)
	LAST[$key]=$(jq -r 'select(.vendor) | .op' "$(box_trace a)" | tail -n "${STEPS[$key]}" |
		grep -n flash.program | tail -1 | cut -d: -f1)
	echo "# $key: ${STEPS[$key]} requests, from ${FIRST[$key]} to ${LAST[$key]} on the last sector"
	box_unplug a
}

# interrupt KIND CHIP IMAGE STEP WHEN: interrupts the write; what was there before is in the file
interrupt() {
	ready "$2" a && staged "$(image "$2" "$3")" && fault "$1@vendor,n=$4,when=$5" || return
	echo_to "$(sys a)/command" "$WRITE"
	status_is 0 && eventually "$PATIENCE" box_dead a || fail "step $4 never came" || return
	box_unplug a
}

# recovered CHIP IMAGE BY: whatever the cut has left, it ends as it should
recovered() {
	local chip=$1

	plug "$chip" && file_is "$(sys a)/chip" "$chip" && file_is "$(sys a)/match" ids ||
		return
	# What it says of itself is true.
	if grep -q '"type":"plug".*"boots":true' "$(box_trace a)"; then
		file_is "$(sys a)/state" idle || return
	else
		file_is "$(sys a)/state" blank || return
	fi
	if [ "$3" = restore ]; then
		cmp -s "$(flash)" "$(image "$chip" a)" && return
		read_twice a flash && by_echo "restore attached final" &&
			same "$(flash)" "$(image "$chip" a)" || return
	else
		cmp -s "$(flash)" "$(image "$chip" "$2")" && return
		staged "$(image "$chip" "$2")" && by_echo "$WRITE" &&
			same "$(flash)" "$(image "$chip" "$2")" || return
	fi
	file_is "$(sys a)/last_error" ""
}

# step_of PART STEPS PARTS: the step at that part of the way
step_of() { echo $((1 + ($1 * ($2 - 1)) / $3)); }

# interrupted KIND CHIP IMAGE PART PARTS WHEN: at that part of all steps
interrupted() {
	local at by=restore

	steps "$2" "$3" || return
	at=$(step_of "$4" "${STEPS[$2-$3]}" "$5")
	[ $(($4 % 2)) = 0 ] || by=again
	interrupt "$1" "$2" "$3" "$at" "$6" && recovered "$2" "$3" $by ||
		fail "step $at of ${STEPS[$2-$3]}: $WHY"
}

# interrupted_twice CHIP IMAGE PART PARTS: so is the repair
interrupted_twice() {
	local at

	steps "$1" "$2" || return
	at=$(step_of "$3" "${STEPS[$1-$2]}" "$4")
	interrupt powercut "$1" "$2" "$at" inside && plug "$1" && read_twice a flash &&
		fault "powercut@vendor,n=$((40 + at / 2)),when=inside" || return
	echo_to "$(sys a)/command" "restore attached final"
	status_is 0 || return
	# The bridge goes before the box has ended, and what it left is seen only then.
	eventually "$PATIENCE" ended || fail "the repair did not end: $(cat "$(sys a)/last_error" 2>&1)" || return
	if box_dead a; then
		box_unplug a && recovered "$1" "$2" restore
	else
		same "$(flash)" "$(image "$1" a)"
	fi
}
ended() { box_dead a || { job_over a && [ "$(cat "$(sys a)/last_error" 2>&1)" = "" ]; }; }

# no_way_back PART PARTS WHEN: it is dead exactly where the plan says "final"
no_way_back() {
	local at first last probe status

	steps lab-gone boot || return
	first=${FIRST[lab-gone-boot]} last=${LAST[lab-gone-boot]}
	at=$((first - 2 + ($1 * (last - first + 3)) / ($2 - 1)))
	interrupt powercut lab-gone boot "$at" "$3" || return
	vbridge --bus usb --chip lab-gone --flash "$(flash)" --drive disk --control "$BOX_TMP/probe.sock" \
		>"$BOX_TMP/probe.log" 2>&1 &
	probe=$!
	eventually 20 grep -q 'plugged in\|dead:' "$BOX_TMP/probe.log"
	kill $probe 2>/dev/null
	wait $probe
	status=$?
	if grep -q 'dead: no valid firmware' "$BOX_TMP/probe.log"; then
		[ $status = 3 ] && [ "$at" -ge "$first" ] && [ "$at" -le "$last" ] ||
			fail "step $at $3 was the end of the chip, and final are $first to $last"
	else
		eventually "$PATIENCE" test ! -e "/sys/bus/usb/devices/${BOX_BUSID[a]}" &&
			recovered lab-gone boot restore ||
			fail "step $at $3: $WHY"
	fi
}

# What was read before is not what is there after a cut: it wants two reads again.
law_after_a_cut() {
	steps lab-at49 a1 || return
	interrupt powercut lab-at49 a1 $((STEPS[lab-at49-a1] / 2)) inside && plug lab-at49 &&
		file_is "$(sys a)/memories/flash/reads" 0 || return
	echo_to "$(sys a)/command" "restore attached"
	says "No data available" && read_twice a flash && by_echo "restore attached" &&
		same "$(flash)" "$(image lab-at49 a)"
}

# The tool: its journal and its backup bring it back, also with the modules' memory gone.
with_the_tool() {
	ready lab-at49 a && rm -rf "$BRIDGEFW_STATE_DIR" && mkdir "$BRIDGEFW_STATE_DIR" &&
		fault "powercut@op=flash.program,n=$1,when=inside" &&
		gives 7 'old, new or a mixture' bridgefwctl flash "$(image lab-at49 "$2")" --yes --clone-identity &&
		box_unplug a && modules_reload && lab_profiles && plug lab-at49 || return
	gives 0 "what the interrupted write here replaced" bridgefwctl restore "${BOX_BUSID[a]}" --yes --write-attached &&
		says "$NEW" && same "$(flash)" "$(image lab-at49 a)"
}

lab_profiles
for part in 0 1 2 3 4 5 6 7; do
	for when in before inside after; do
		test_that "power cut $when step $part/8, boot sector" interrupted powercut lab-at49 boot $part 8 $when
	done
	test_that "power cut inside of step $part/8, everything" interrupted powercut lab-at49 b $part 8 inside
	test_that "unplugged inside of step $part/8, one sector" interrupted unplug lab-nor a1 $part 8 inside
	test_that "power cut inside of step $part/8, one small sector" interrupted powercut lab-nor a1 $part 8 inside
	test_that "power cut inside of step $part/8, and of the repair" interrupted_twice lab-at49 boot $part 8
	test_that "no way back, inside of part $part/8" no_way_back $part 8 inside
done
test_that "no way back, before the final part" no_way_back 1 100 before
test_that "after a cut the law asks for two reads again" law_after_a_cut
test_that "the tool restores what was cut in the boot sector" with_the_tool 30 boot
test_that "the tool restores what was cut elsewhere" with_the_tool 100 b
run_tests
