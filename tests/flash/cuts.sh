#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# After a write that was cut short: what the law and the tool make of it. That it can be
# cut short anywhere is proved in tests/proof.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh
. "$DIR"/common.sh
LONG_SUITE=1

# What was read before is not what is there after a cut: it wants two reads again.
law_after_a_cut() {
	ready lab-at49 a && read_twice a flash && cat "$(image lab-at49 a1)" >"$(sys a)/image" &&
		fault "powercut@op=flash.program,n=10,when=inside" || return
	echo_to "$(sys a)/command" "write identity final"
	status_is 0 && eventually "$PATIENCE" box_dead a && box_unplug a && plug lab-at49 &&
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
test_that "after a cut the law asks for two reads again" law_after_a_cut
test_that "the tool restores what was cut in the boot sector" with_the_tool 30 boot
test_that "the tool restores what was cut elsewhere" with_the_tool 100 b
run_tests
