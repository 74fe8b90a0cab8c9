#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Faults while a memory is read, against everything that reads: dump, verify,
# show, and write and restore, which read first. Whatever happens, nothing is
# written, no half of a file is left, and `list` and `info` do not mind.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh
. "$DIR"/common.sh

dump() { rm -f "$BOX_TMP/dump"; bridgefwctl dump "${BOX_BUSID[a]}" "$BOX_TMP/dump"; }
verify() { bridgefwctl verify "${BOX_BUSID[a]}" "$FACTORY"; }
show() { bridgefwctl eeprom show "${BOX_BUSID[a]}"; }
door() { cat "$(sys a)/eeprom"; }
no_file() { [ ! -e "$BOX_TMP/dump" ] && [ -z "$(compgen -G "$BOX_TMP/.bridgefw-*")" ] || fail "a dump is left"; }

# What needs no answer of the memory goes on.
others_go_on() {
	gives 0 "${BOX_NODE[a]} +pl2507" bridgefwctl list &&
		gives 0 'documented' bridgefwctl info "${BOX_BUSID[a]}"
}

# broken FAULT STATUS WORDS ERRNO: what each reader says; ERRNO is what cat says
broken() {
	local what

	for what in dump verify show flash restore; do
		ready && fault "$1" || return
		gives "$2" "$3" "$what" && no_file && nothing_written || return
	done
	says 'Nothing was written' || return
	if [ -n "$4" ]; then
		fault "$1" && gives 1 "$4" door || return
	fi
	others_go_on && repaired && gives 0 'read 2 times alike' dump &&
		same "$BOX_TMP/dump" "$FACTORY"
}

# lost FAULT READER...: faults that end the box: it is plugged in again for each
lost() {
	local what fault=$1

	shift
	for what; do
		ready && fault "$fault" || return
		gives 7 'the box is gone' "$what" && no_file && same "$(eeprom a)" "$FACTORY" &&
			is "$(ops a eeprom.program)" "$PROGRAMS" "program requests" || return
		eventually "$PATIENCE" box_dead a &&
			eventually "$PATIENCE" bridge_gone "${BOX_NODE[a]}" ||
			fail "the box is still there" || return
	done
	gives 0 'No bridge is there' bridgefwctl list &&
		gives 3 'no bridge is known at' bridgefwctl info "${BOX_BUSID[a]}" &&
		gives 3 'nothing is plugged in' restore
}

cat_fails() {
	ready && fault unplug@op=eeprom.read && gives 1 'No such device or address' door
}

# The cable slips and holds again: what ran then has failed, the next one works.
comes_back() {
	ready && fault reenumerate@op=eeprom.read && gives 7 'the box is gone' dump &&
		no_file &&
		box_node a && others_go_on && gives 0 'read 2 times alike' dump &&
		same "$BOX_TMP/dump" "$FACTORY"
}

# Slow is not dead: the profile gives each request five seconds.
slow() {
	ready && fault delay=1200@op=eeprom.read,every || return
	run bridgefwctl dump "${BOX_BUSID[a]}" "$BOX_TMP/slow" --progress plain
	status_is 0 && says 'reading: .*bytes' && same "$BOX_TMP/slow" "$FACTORY" &&
		rm "$BOX_TMP/slow"
}

# A table that comes short every time looks like a shorter table; what is longer
# does not go over it.
always_short() {
	ready && fault short=40@op=eeprom.read,every && gives 0 '40 bytes, read 2 times' dump ||
		return
	head -c 40 "$FACTORY" | cmp -s - "$BOX_TMP/dump" || fail "not the first 40 bytes" ||
		return
	gives 6 'differs from' verify && gives 10 'Nothing was written' flash &&
		nothing_written &&
		read_twice a && sysfs_stage "$OTHER" || return
	echo_to "$(sys a)/command" "write identity"
	status_is 1 && says 'Invalid argument' && nothing_written
}

# The tool's two reads agree; the kernel's own one, before it writes, does not.
differs_at_the_last_moment() {
	ready && fault flaky@op=eeprom.read,n=3- &&
		gives 5 'differ.*nothing was written' flash &&
		nothing_written && repaired && read_twice a && sysfs_stage "$OTHER" || return
	fault flip=9:0@op=eeprom.read && sysfs_job "write identity" &&
		file_is "$(sys a)/state" failed || return
	run cat "$(sys a)/last_error"
	says '^unstable: .*nothing was written' && nothing_written
}

# Without two reads that agree there is no write, at any door.
differs_every_time() {
	broken flaky@op=eeprom.read 5 'two reads of the memory differed' '' &&
		fault flaky@op=eeprom.read &&
		cat "$(sys a)/eeprom" "$(sys a)/eeprom" "$(sys a)/eeprom" >/dev/null &&
		sysfs_stage "$OTHER" || return
	echo_to "$(sys a)/command" "write identity"
	status_is 1 && says 'No data available' && nothing_written
}

test_that "reading: the request is refused" broken stall@op=eeprom.read,every 1 'refused the request' 'Broken pipe'
test_that "reading: less comes than a table has" broken short=1@op=eeprom.read,every 1 'fewer bytes' 'Remote I/O'
test_that "reading: less comes once" broken short=40@op=eeprom.read 5 'gave 112 bytes, the one before 40' ''
test_that "reading: one bit is wrong once" broken flip=0x20:3@op=eeprom.read 5 'differs from the one before at offset 0x0020' ''
test_that "reading: every read differs" differs_every_time
test_that "reading: no answer at all" broken nak@op=eeprom.read 1 'did not answer in time' 'timed out'
test_that "reading: more comes than was asked for" broken overrun@op=eeprom.read 1 'the transfer failed' ''
test_that "reading: unplugged before it answers" lost unplug@op=eeprom.read dump verify flash restore
test_that "reading: unplugged while it answers" lost unplug@op=eeprom.read,byte=30 flash
test_that "reading: power cut while it answers" lost powercut@op=eeprom.read,byte=30 dump flash
test_that "reading: unplugged under cat" cat_fails
test_that "reading: the box comes back by itself" comes_back
test_that "reading: a slow answer is an answer" slow
test_that "reading: a table that is always short" always_short
test_that "reading: the content changes just before a write" differs_at_the_last_moment
run_tests
