#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# bridgefw_1394 comes and goes beside busy disks, jobs and open files; so do cards.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh
. "$DIR"/common.sh
. "$REPO"/tests/lifetime/common.sh
. "$DIR"/life_common.sh

MNT=$BOX_TMP/mnt
BUSY=()

# Fresh files on a file system, past the cache.
work() {
	local round=0

	while [ ! -e "$BOX_TMP/stop" ]; do
		dd if=/dev/urandom of="$MNT/f$((round++ % 4))" bs=64k count=2 oflag=direct status=none ||
			{ touch "$BOX_TMP/broken"; return; }
	done
}

# timed N DISK: reads it all the while; a line into the N-th pipe tells how long each took
timed() {
	rm -f "$BOX_TMP/ask$1"
	mkfifo "$BOX_TMP/ask$1"
	: >"$BOX_TMP/times$1"
	"$DIR"/latency "/dev/$2" <"$BOX_TMP/ask$1" >"$BOX_TMP/times$1" 2>>"$BOX_TMP/latency" &
	BUSY+=($!)
	exec {ASK[$1]}>"$BOX_TMP/ask$1"
}
declare -A ASK
# times WHAT: prints the longest and the median request since the last time
times() {
	local n line before

	for n in "${!ASK[@]}"; do
		before=$(wc -l <"$BOX_TMP/times$n")
		echo >&"${ASK[$n]}"
		eventually "$PATIENCE" told "$n" "$before" || fail "the reader of disk $n has ended: $(cat "$BOX_TMP/latency")" ||
			return
		line=$(tail -1 "$BOX_TMP/times$n")
		set -- "$1" $line
		[ "$4" -gt 0 ] || fail "disk $n stood still" || return
		echo "# $1, disk $n: longest $(($2 / 1000)) ms, median $(($3 / 1000)) ms of $4 requests"
	done
}
told() { [ "$(wc -l <"$BOX_TMP/times$1")" -gt "$2" ]; }

stop_work() {
	local fd pid

	touch "$BOX_TMP/stop"
	for fd in "${ASK[@]}"; do
		exec {fd}>&-
	done
	ASK=()
	for pid in "${BUSY[@]}"; do
		ends_within "$PATIENCE" "$pid" && status_is 0 || return
	done
	BUSY=()
	umount "$MNT" && [ ! -e "$BOX_TMP/broken" ] || fail "the file system failed"
}

# What the SCSI layer counts, the box saw and the kernel said of a disk.
undisturbed() {
	local name

	for name in a b; do
		run bash -c "tr -d '\\0' <'$(box_trace $name)' | grep '\"cdb\"' | grep -v '\"status\":\"ok\"'"
		is "$OUT" "" "commands of $name that failed" || return
		file_is "/sys/block/${DISK[$name]}/device/ioerr_cnt" "${ERRORS[$name]}" || return
	done
	run bash -c "$(declare -f log_since); LOG_MARK='$LOG_MARK'; log_since | grep -iE 'scsi.*reset|requeue|I/O error|timing out|abort|EXT4-fs (error|warning)'"
	is "$OUT" "" "kernel log"
}
declare -A DISK ERRORS

# one_reset COMMAND...: does it, with exactly one
one_reset() {
	local before

	before=$(resets)
	"$@" || fail "$*" || return
	at_rest || return
	is "$(resets)" $((before + 1)) "bus resets in $*"
}

beside_busy_disks() {
	local round name

	autoload off
	running a pl3507 && running b oxfw911 && DISK[a]=$(box_disk a) && DISK[b]=$(box_disk b) && modules_away || return
	mkfs.ext4 -q -O ^has_journal -E lazy_itable_init=1,nodiscard "/dev/${DISK[a]}" && mkdir -p "$MNT" &&
		mount "/dev/${DISK[a]}" "$MNT" && at_rest || fail "no file system" || return
	for name in a b; do
		ERRORS[$name]=$(cat "/sys/block/${DISK[$name]}/device/ioerr_cnt")
		: >"$(box_trace $name)"
	done
	rm -f "$BOX_TMP/stop" "$BOX_TMP/broken"
	work &
	BUSY=($!)
	timed 1 "${DISK[a]}"
	timed 2 "${DISK[b]}"
	sleep 1
	times "alone" || return
	for round in 1 2 3; do
		one_reset modprobe bridgefw_1394 && times "loading" || return
		box_node a && box_node b && cat "$(sys a)/config-rom" >/dev/null && times "in use" || return
		one_reset rmmod bridgefw_1394 && times "unloading" || return
	done
	stop_work && undisturbed && fsck.ext4 -fn "/dev/${DISK[a]}" >/dev/null
}
# What a test that failed has left running.
clean_up() {
	local ret=0

	"$@" || ret=$?
	[ ${#BUSY[@]} = 0 ] || { kill "${BUSY[@]}"; wait "${BUSY[@]}"; umount "$MNT"; BUSY=(); ASK=(); } 2>/dev/null
	return $ret
}

# refuses MODULE: to be unloaded, because it is in use
refuses() {
	run rmmod "$1"
	status_is 1 && says "in use" && [ -d "/sys/module/$1" ] || fail "$1 could be unloaded"
}
goes() {
	run rmmod "$1"
	status_is 0 && [ ! -d "/sys/module/$1" ] || fail "$1 cannot be unloaded: $ERR"
}

leaves_with_files_open() {
	local node sysfs

	running a pl3507 || return
	exec {node}<"$(dev a)" {sysfs}<"$(sys a)/config-rom"
	goes bridgefw_1394 && no_bridge || fail "the bridge stays" || return
	fd_says "$node" "No such device or address" && fd_says "$sysfs" "No such device" && refuses bridgefw || return
	modprobe bridgefw_1394 && box_node a && rom_well a && fd_says "$node" "No such device or address" || return
	exec {node}<&- {sysfs}<&-
}

# slow_write: a write that takes some seconds
slow_write() {
	chip a lab-oxfw912 a --drive none && read_twice a flash && cat "$(image lab-oxfw912 b)" >"$(sys a)/image" &&
		fault a "delay=400@op=flash.program,n=1-10" || return
	echo_to "$(sys a)/command" "write identity"
	status_is 0 && sleep 0.7 && file_is "$(sys a)/state" busy
}
stays_during_a_job() {
	slow_write && refuses bridgefw_1394 && refuses bridgefw && refuses lab_1394 && job_ends a &&
		file_is "$(sys a)/last_error" "" && goes bridgefw_1394 && goes bridgefw_scsi && goes bridgefw
}
no_sleep_during_a_job() {
	[ -w /sys/power/pm_test ] && grep -qw freezer /sys/power/pm_test && grep -qw freeze /sys/power/state ||
		skip "this kernel cannot rehearse going to sleep" || return
	echo freezer >/sys/power/pm_test
	slow_write || return
	echo_to /sys/power/state freeze
	[ "$STATUS" != 0 ] || fail "the system went to sleep during a write" || return
	log_since | grep -q "no sleep now: 1 job" || fail "nobody says why" || return
	job_ends a && file_is "$(sys a)/last_error" "" || return
	echo_to /sys/power/state freeze
	status_is 0 && rom_well a
}

# firewire-core makes our unit anew when somebody else adds to a card's ROM.
others_add_to_the_rom() {
	local number fd round

	modinfo firewire_net >/dev/null 2>&1 || skip "no firewire-net" || return
	running a pl3507 && number=$(bridge_number "${BOX_NODE[a]}") || return
	exec {fd}<"$(dev a)"
	for round in 1 2 3; do
		modprobe firewire_net && pause 1 && rom_well a && rmmod firewire_net && pause 1 && rom_well a || return
		is "$(bridge_number "${BOX_NODE[a]}")" "$number" "the bridge" || return
	done
	fd_read "$fd"
	status_is 0 || return
	exec {fd}<&-
}

# cards_go: whatever keeps them is about to let go
cards_go() { eventually 30 rmmod lab_1394 || fail "the cards stay: $(rmmod lab_1394 2>&1)"; }

card_leaves_with_files_open() {
	local node sysfs

	running a pl3507 || return
	exec {node}<"$(dev a)" {sysfs}<"$(sys a)/config-rom"
	kill -9 "${BOX_PID[a]}"
	cards_go && eventually 5 no_bridge || fail "the bridge stays" || return
	fd_says "$node" "No such device or address" && fd_says "$sysfs" "No such device" || return
	exec {node}<&- {sysfs}<&-
	is "$(cat $NODES)" "" "nodes"
}
card_leaves_while_somebody_reads() {
	local reader

	running a pl3507 && touch "$BOX_TMP/go" || return
	while [ -e "$BOX_TMP/go" ]; do cat /sys/class/bridgefw/bridgefw*/config-rom $NODES; done >/dev/null 2>&1 &
	reader=$!
	kill -9 "${BOX_PID[a]}"
	cards_go && rm "$BOX_TMP/go" && ends_within 10 $reader && eventually 5 no_bridge || fail "the bridge stays"
}
# One that takes a while.
card_leaves_during_a_scan() {
	local round

	for round in 0 3 6; do
		cards && box_start a --chip oxfw911 --drive none --fault delay=100@rom,every || return
		pause "0.$round"
		kill -9 "${BOX_PID[a]}"
		cards_go && eventually 5 no_bridge || fail "round $round: ${WHY:-the bridge stays}" || return
	done
}
all_go_during_a_scan() {
	local round

	for round in 0 3 6 9; do
		cards && box_start a --chip oxfw911 --drive none --fault delay=100@rom,every || return
		pause "0.$round"
		goes bridgefw_1394 && no_bridge || fail "round $round: ${WHY:-the bridge stays}" || return
		boxes_away
	done
}

# two_cards GUID GUID
two_cards() {
	running a pl3507 --guid "$1" && running b pl3507 --card 1 --guid "$2" || return
	is "${BOX_BUSID[a]%-*}" "$(fw_card 0)" && is "${BOX_BUSID[b]%-*}" "$(fw_card 1)" && rom_well a && rom_well b &&
		file_is "$(sys a)/serial" "$1" && file_is "$(sys b)/serial" "$2" &&
		[ "${BOX_NODE[a]}" != "${BOX_NODE[b]}" ] && [ "$(box_disk a)" != "" ] || return
	# What happens to one is nothing to the other.
	two=$(bridge_number "${BOX_NODE[b]}")
	box_unplug a && rom_well b && is "$(bridge_number "${BOX_NODE[b]}")" "$two"
}
different() {
	two_cards 0050770e00071234 0050770e00075678 && gives 0 . bridgefwctl info serial:0050770e00075678
}
twins() {
	running a pl3507 --guid 0050770e00071234 && running b pl3507 --card 1 --guid 0050770e00071234 &&
		gives 5 . bridgefwctl info serial:0050770e00071234 && ! compgen -G "/dev/bridgefw-by-id/*0050770e00071234*" ||
		fail "it names one of them: $OUT $ERR" || return
	rom_well a && rom_well b && box_unplug a && eventually "$PATIENCE" bridgefwctl info serial:0050770e00071234
}

fw_profiles
fw_life "loaded and unloaded beside busy disks" clean_up beside_busy_disks
fw_life "unloaded while files are open" leaves_with_files_open
fw_life "all stay during a write, and can go after it" stays_during_a_job
fw_life "no sleep during a write" no_sleep_during_a_job
fw_life "others add to the card's ROM" others_add_to_the_rom
fw_life "a card leaves while files are open" card_leaves_with_files_open
fw_life "a card leaves while somebody reads" card_leaves_while_somebody_reads
fw_life "a card leaves during a scan" card_leaves_during_a_scan
fw_life "the module leaves during a scan" all_go_during_a_scan
fw_life "two cards, a box on each" different
fw_life "two cards, twins" twins
run_tests
