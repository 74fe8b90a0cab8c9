#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Allocations that fail while a memory is read, compared and staged for.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh
. "$DIR"/common.sh

FACTORY=$IMAGES/lab-factory.bin

ready() { [ -n "${BOX_PID[a]-}" ] || box_pl2507 a; }

# Never a wrong byte, and never too few of them with a good word.
cat_job() { run bash -c 'cat "$1" >"$2"' bash "$(sys a)/eeprom" "$BOX_TMP/read"; }
cat_told() {
	explained && well || return
	[ "$STATUS" != 0 ] || same "$BOX_TMP/read" "$FACTORY"
}
cat_again() { cat_job && status_is 0 && same "$BOX_TMP/read" "$FACTORY"; }

dump_job() { rm -f "$BOX_TMP/dump" && run bridgefwctl dump "$BOX_TMP/dump" --force; }
dump_told() {
	explained && well || return
	[ "$STATUS" != 0 ] || same "$BOX_TMP/dump" "$FACTORY"
}
dump_again() { dump_job && status_is 0 && same "$BOX_TMP/dump" "$FACTORY"; }

# A content that could not be read is not a different one.
verify_job() { run bridgefwctl verify "$FACTORY"; }
verify_told() { explained && well && { [ "$STATUS" != 6 ] || fail "called different: $OUT $ERR"; }; }
verify_again() { gives 0 equals bridgefwctl verify "$FACTORY"; }

stage_job() { run bash -c 'cat "$1" >"$2"' bash "$FACTORY" "$(sys a)/image"; }
stage_told() {
	explained && well || return
	[ "$STATUS" = 0 ] || return 0
	echo_to "$(sys a)/command" verify
	status_is 0 && job_ends a && file_is "$(sys a)/last_error" ""
}
stage_again() { HIT='' stage_job && stage_told; }

modules_reload
modprobe bridgefw_scsi
faults_setup
BOX_KEEP=1
test_that "a read by sysfs" each_allocation ready cat_job cat_told cat_again
test_that "a dump with the tool" each_allocation ready dump_job dump_told dump_again
test_that "verify with the tool" each_allocation ready verify_job verify_told verify_again
test_that "staging by sysfs" each_allocation ready stage_job stage_told stage_again
run_tests
