# SPDX-License-Identifier: GPL-2.0-or-later
#
# For shell suites: virtual enclosures, and tests as one function each. Sourced
# after ktap_helpers.sh. A test touches only bridges that it plugged in itself.
# In an emulated guest a process costs 50 to 80 ms: what every test does is done by
# the shell itself.
# shellcheck shell=bash

REPO=${BRIDGEFW_TOP:-/repo}
IMAGES=$REPO/build/lab/images
LAYOUT=$REPO/tests/lab/profiles/lab-pl2507.profile
BOX_TMP=$(mktemp -d /tmp/box.XXXXXX)
export BRIDGEFW_STATE_DIR=$BOX_TMP/state
mkdir -p "$BRIDGEFW_STATE_DIR"

# Seconds that what must happen may take: many when the machine has other work.
PATIENCE=${BRIDGEFW_PATIENCE:-60}

declare -A BOX_PID		# vbridge
declare -A BOX_BUSID		# where it is plugged in
declare -A BOX_NODE		# bridgefwN; empty if it is none
declare -A BOX_FORMER		# the bridge before a replug, which may still be leaving
declare -A BOX_ON		# usb or 1394
declare -A BOX_BEHIND		# on FireWire: the box that it is plugged into

# A failed check prints why and fails the test that runs; see check().
WHY=
fail() { WHY="$*"; return 1; }
# A test that cannot be made here says why: skip REASON || return
skip() { WHY="$*"; return "$KSFT_SKIP"; }

# pause SECONDS: sleep without a process; nothing ever comes out of this pipe
exec {NEVER}<> <(:)
pause() { read -r -t "$1" -u "$NEVER" || :; }

# slurp VARIABLE FILE: the file's text as $(cat FILE) gives it, without its NULs; the
# status is cat's
slurp() {
	local -n slurped=$1
	local part

	slurped=
	while IFS= read -r -d '' part || [ -n "$part" ]; do
		slurped+=$part
	done 2>/dev/null <"$2"
	while [ "${slurped%$'\n'}" != "$slurped" ]; do
		slurped=${slurped%$'\n'}
	done
	# Nothing there, or an error that the shell does not tell?
	[ -n "$slurped" ] || cat "$2" >/dev/null
}

# eventually SECONDS COMMAND...: repeats it until it succeeds
eventually() {
	local end=$((SECONDS + $1))

	shift
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || return 1
		pause 0.05
	done
}

# A number that no other bridge of this boot has.
bridge_number() { stat -Lc %i "/sys/class/bridgefw/$1" 2>/dev/null; }

# bridge_at BUSID [FORMER]: prints the bridgefwN of what is plugged in there
bridge_at() {
	local dir at

	for dir in /sys/class/bridgefw/bridgefw[0-9]*; do
		read -r at 2>/dev/null <"$dir/bus_id" && [ "$at" = "$1" ] || continue
		[ -z "${2-}" ] || [ "$(bridge_number "${dir##*/}")" != "$2" ] || continue
		echo "${dir##*/}"
		return 0
	done
	return 1
}

box_sock() { echo "$BOX_TMP/$1.sock"; }
box_trace() { echo "$BOX_TMP/$1.trace"; }
box_ctl() { local name=$1; shift; vbridge ctl "$(box_sock "$name")" "$@"; }
sys() { echo "/sys/class/bridgefw/${BOX_NODE[$1]}"; }
dev() { echo "/dev/${BOX_NODE[$1]}"; }

# On FireWire a place is told by the ports on the way to it: see fw_place().
box_busid() {
	local line

	BOX_BUSID[$1]=
	while read -r line; do
		[[ $line =~ 'plugged in: '(usb|1394)' '([^ ]*) ]] && BOX_BUSID[$1]=${BASH_REMATCH[2]}
	done <"$BOX_TMP/$1.log"
	[ -n "${BOX_BUSID[$1]}" ] || return
	[ "${BOX_ON[$1]}" = usb ] || BOX_BUSID[$1]=$(fw_place "$1")
}

# fw_place NAME: "fw0-1.2": the card, the port of the card, that of the box behind it ...
fw_place() {
	local status behind=${BOX_BEHIND[$1]-}

	status=$(box_ctl "$1" status) || return
	[[ $status =~ '"card":'([0-9]+) ]] || return
	echo -n "${behind:+${BOX_BUSID[$behind]-}.}"
	[ -n "$behind" ] || echo -n "$(fw_card "${BASH_REMATCH[1]}")-"
	[[ $status =~ '"port":'([0-9]+) ]] && echo "${BASH_REMATCH[1]}"
}

# fw_card N: how the kernel counts the N-th of the lab's cards, which is the N-th there is
fw_card() { sed -n 's/ .* local$//p' /sys/class/bridgefw/nodes | sort -V | sed -n "$(($1 + 1))p"; }

# box_node NAME: waits for its bridgefwN
box_node() {
	local former=${BOX_FORMER[$1]-}

	eventually "$PATIENCE" bridge_at "${BOX_BUSID[$1]}" "$former" ||
		fail "no bridgefwN at ${BOX_BUSID[$1]}" || return
	BOX_NODE[$1]=$(bridge_at "${BOX_BUSID[$1]}" "$former")
	udevadm settle --timeout="$PATIENCE"
}

# box_start NAME OPTION...: plugs in; whether it becomes a bridge is not asked. A box of
# that name that is plugged in already is another one, and goes. BOX_BUS=1394: on FireWire,
# with BEHIND=NAME into another box.
box_start() {
	local name=$1 place=()

	shift
	box_dead "$name" || box_unplug "$name" || return
	rm -f "$(box_sock "$name")"
	: >"$BOX_TMP/$name.log"
	BOX_ON[$name]=${BOX_BUS-usb}
	BOX_BEHIND[$name]=${BEHIND-}
	[ -z "${BEHIND-}" ] || place=(--behind "$(box_sock "$BEHIND")")
	vbridge --bus "${BOX_ON[$name]}" "${place[@]}" --control "$(box_sock "$name")" --trace "$(box_trace "$name")" "$@" \
		>>"$BOX_TMP/$name.log" 2>&1 &
	BOX_PID[$name]=$!
	BOX_NODE[$name]=
	if ! eventually "$PATIENCE" box_busid "$name"; then
		fail "vbridge $*: $(tail -3 "$BOX_TMP/$name.log")"
		return 1
	fi
}

# box_plug NAME OPTION...: plugs in a box that becomes a bridge
box_plug() {
	box_start "$@" && box_node "$1"
}

# A PL-2507 whose EEPROM persists in NAME.eeprom.
box_pl2507() {
	local name=$1

	shift
	[ -e "$BOX_TMP/$name.eeprom" ] || cp "$IMAGES/lab-factory.bin" "$BOX_TMP/$name.eeprom"
	box_plug "$name" --chip pl2507 --layout "$LAYOUT" --eeprom "$BOX_TMP/$name.eeprom" "$@"
}
eeprom() { echo "$BOX_TMP/$1.eeprom"; }

bridge_gone() { [ ! -e "/sys/class/bridgefw/$1" ] && [ ! -e "/dev/$1" ]; }

# bus_place_free NAME: its bus has noticed that the box is gone
bus_place_free() {
	case ${BOX_ON[$1]} in
	usb) [ ! -e "/sys/bus/usb/devices/${BOX_BUSID[$1]}" ] ;;
	*) ! grep -qs "^${BOX_BUSID[$1]} " /sys/class/bridgefw/nodes ;;
	esac
}

# box_unplug NAME: pulls the cable, waits until the system has noticed
box_unplug() {
	local pid=${BOX_PID[$1]-} node=${BOX_NODE[$1]-}

	[ -n "$pid" ] || return 0
	kill "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
	BOX_PID[$1]=
	if [ -n "$node" ]; then
		eventually "$PATIENCE" bridge_gone "$node" || fail "$node is still there" || return
	fi
	eventually "$PATIENCE" bus_place_free "$1" || fail "${BOX_BUSID[$1]} is still there"
}

# box_dead NAME: whether vbridge has ended by itself (a power cut)
box_dead() { ! kill -0 "${BOX_PID[$1]}" 2>/dev/null; }

# box_replug NAME: out and in again, as a cable is; the memory is kept
box_replug() {
	BOX_FORMER[$1]=$(bridge_number "${BOX_NODE[$1]}")
	box_ctl "$1" replug >/dev/null || fail "replug failed" || return
	eventually "$PATIENCE" box_busid "$1" && box_node "$1"
}

# modules_reload: what the core remembers of earlier boxes is gone; none may be plugged in
modules_reload() {
	rmmod bridgefw_1394 bridgefw_scsi bridgefw_usb bridgefw 2>/dev/null
	[ ! -d /sys/module/bridgefw ] && modprobe bridgefw_usb
}

# autoload off|on: whether udev loads our modules when a box is plugged in
autoload() {
	local file=/etc/modprobe.d/bridgefw-by-hand.conf

	rm -f "$file"
	[ "$1" = on ] || printf 'blacklist %s\n' bridgefw bridgefw_usb bridgefw_scsi \
		bridgefw_1394 >"$file"
	udevadm control --reload
}

# modules_away: none is loaded any more; none of them may be in use
modules_away() {
	rmmod bridgefw_1394 2>/dev/null
	rmmod bridgefw_scsi 2>/dev/null
	rmmod bridgefw_usb 2>/dev/null
	rmmod bridgefw 2>"$BOX_TMP/rmmod"
	[ ! -d /sys/module/bridgefw ] || fail "the modules stay: $(cat "$BOX_TMP/rmmod")"
}

# ends_within SECONDS PID: a background command does; STATUS is its
ended() { ! kill -0 "$1" 2>/dev/null; }
ends_within() {
	eventually "$1" ended "$2" || fail "process $2 does not end in $1 s" || return
	wait "$2"
	STATUS=$?
}

boxes_away() {
	local name

	for name in "${!BOX_PID[@]}"; do
		box_unplug "$name"
	done
}

# child_of NAME GLOB: prints the name of the drive's device that fits; waits for it
child_of() {
	local found glob="/sys/bus/usb/devices/${BOX_BUSID[$1]}/${BOX_BUSID[$1]}:1.0/host*/target*/*/$2"

	[ "${BOX_ON[$1]}" = usb ] || glob="$(fw_device "$1")/*/host*/target*/*/$2"

	eventually "$PATIENCE" compgen -G "$glob" || fail "no ${2%/*} device at ${BOX_BUSID[$1]}" || return
	for found in $glob; do
		echo "${found##*/}"
		return
	done
}
# fw_device NAME: the device that firewire-core made of it
fw_device() {
	local dir guid

	guid=$(box_ctl "$1" status | sed -n 's/.*"guid":"\([0-9a-f]*\)".*/0x\1/p')
	for dir in /sys/bus/firewire/devices/fw*; do
		[ "$(cat "$dir/guid" 2>/dev/null)" = "$guid" ] || continue
		echo "$dir"
		return
	done
	return 1
}
# e.g. sda, sg0
box_disk() { child_of "$1" 'block/*'; }
box_generic() { child_of "$1" 'scsi_generic/*'; }

# --- what tests say -------------------------------------------------------

# run COMMAND...: keeps status in STATUS, output in OUT, errors in ERR
run() {
	"$@" >"$BOX_TMP/out" 2>"$BOX_TMP/err" </dev/null
	STATUS=$?
	OUT= ERR=
	[ ! -s "$BOX_TMP/out" ] || slurp OUT "$BOX_TMP/out"
	[ ! -s "$BOX_TMP/err" ] || slurp ERR "$BOX_TMP/err"
}
status_is() { [ "$STATUS" = "$1" ] || fail "status $STATUS, not $1: $OUT $ERR"; }
says() { grep -qiE -- "$1" <<<"$OUT"$'\n'"$ERR" || fail "'$1' is not in: $OUT $ERR"; }
is() { [ "$1" = "$2" ] || fail "'$1' is not '$2'${3+ ($3)}"; }
# gives STATUS REGEX COMMAND...: runs it; that is its status, and that is what it says
gives() {
	local status=$1 words=$2

	shift 2
	run "$@"
	status_is "$status" && says "$words"
}
same() { cmp "$1" "$2" >/dev/null 2>&1 || fail "$(cmp "$1" "$2" 2>&1)"; }
file_is() {
	local text

	slurp text "$1" && is "$text" "$2" "$1"
}

# job_ends NAME: waits for the end of a job that sysfs started
job_over() {
	local state

	read -r state 2>/dev/null <"$(sys "$1")/state" || state=gone
	[ "$state" != busy ]
}
job_ends() { eventually "$PATIENCE" job_over "$1" || fail "the job does not end"; }

# echo_to FILE TEXT: writes to a sysfs file; STATUS is that of the write, ERR its words
put() { echo "$2" >"$1"; }
echo_to() { run put "$@"; }

# read_twice NAME [MEMORY]: what the law wants before a write
read_twice() {
	local file

	file=$(sys "$1")/${2-eeprom}
	cat "$file" >"$BOX_TMP/read1" && cat "$file" >"$BOX_TMP/read2" &&
		same "$BOX_TMP/read1" "$BOX_TMP/read2"
}

# ops NAME OPERATION: how often the box saw it, e.g. eeprom.program
ops() { grep -c "\"op\":\"$2\"" "$(box_trace "$1")" || :; }

# --- tests ----------------------------------------------------------------

TESTS=()
# test_that DESCRIPTION FUNCTION [ARGUMENT]...: registers one
test_that() { TESTS+=("$(printf '%q ' "$@")"); }

LOG_MARK=
LOG_MARKS=0
log_mark() {
	LOG_MARK="test $$.$((++LOG_MARKS))"
	echo "$LOG_MARK" >/dev/kmsg
}
LOG_BAD='BUG:|WARNING:|Oops|Call Trace|hung_task|blocked for more than|use-after-free|refcount_t'
# log_since: fails if the log no longer holds the mark
log_since() { dmesg | awk -v mark="] $LOG_MARK\$" 'on; $0 ~ mark { on = 1 } END { exit !on }'; }

kernel_sound() {
	local log

	log=$(set -o pipefail && log_since) || fail "the kernel log was lost" || return
	[[ ! $log =~ $LOG_BAD ]] ||
		fail "the kernel log complains"
}

# Boxes are unplugged after each test; with BOX_KEEP=1 only after one that failed.
BOX_KEEP=
test_cleanup() {
	[ "$1" = passed ] && [ -n "$BOX_KEEP" ] && return
	boxes_away
	rm -f "$BOX_TMP"/*.eeprom "$BOX_TMP"/*.trace
}

# Keeps the share of a long suite that a check runs on one kernel. BRIDGEFW_SHARE=I/N
# with a SEED behind a colon says which: one test in N; without it: all.
take_share() {
	local share=${BRIDGEFW_SHARE-} whole=("${TESTS[@]}") i j n seed

	[ -n "$share" ] || return 0
	i=${share%%/*} n=${share#*/} seed=${share#*:}
	n=${n%%:*}
	TESTS=()
	for ((j = 0; j < ${#whole[@]}; j++)); do
		# Not one column of a suite whose tests come in rows of n.
		[ $(((j + j / n + seed) % n)) = "$i" ] && TESTS+=("${whole[j]}")
	done
	# A program with fewer than n tests runs one at least.
	[ "${#TESTS[@]}" -gt 0 ] || TESTS=("${whole[(seed + i) % ${#whole[@]}]}")
	echo "# share $share: ${#TESTS[@]} of ${#whole[@]} tests"
}

# program_in_share: where a check takes a share of everything, a suite runs one in four of
# its programs, and one at least; which, changes with the seed
program_in_share() {
	local seed=${BRIDGEFW_SHARE#*:} name program at=0 n=0

	name=$(readlink -f "$0")
	for program in "${name%/*}"/*.sh; do
		[ -x "$program" ] || continue
		[ "$program" != "$name" ] || at=$n
		n=$((n + 1))
	done
	[ $n -lt 1 ] || [ $(((at + seed) % n)) -lt $(((n + 3) / 4)) ]
}

# Runs all registered tests. With LONG_SUITE=1 a check runs a share of them, with
# BRIDGEFW_SHARE_ALL one of every suite.
LONG_SUITE=
run_tests() {
	local entry words ret

	ktap_print_header
	if [ -n "${BRIDGEFW_SHARE_ALL-}" ] && ! program_in_share; then
		echo "1..0 # SKIP not in this share"
		rm -rf "$BOX_TMP"
		exit "$KSFT_SKIP"
	fi
	[ -z "$LONG_SUITE${BRIDGEFW_SHARE_ALL-}" ] || take_share
	ktap_set_plan "${#TESTS[@]}"
	for entry in "${TESTS[@]}"; do
		eval "words=($entry)"
		WHY=
		log_mark
		ret=0
		"${words[@]:1}" || ret=$?
		if [ $ret = "$KSFT_SKIP" ]; then
			test_cleanup failed
			ktap_test_skip "${words[0]} ($WHY)"
		elif [ $ret = 0 ] && kernel_sound; then
			test_cleanup passed
			ktap_test_pass "${words[0]}"
		else
			printf '# %s\n' "${WHY:-a command failed}" | tr '\n' ' '
			echo
			log_since | tail -15 | sed 's/^/#   /'
			test_cleanup failed
			ktap_test_fail "${words[0]}"
		fi
	done
	boxes_away
	rm -rf "$BOX_TMP"
	ktap_finished
}

boxes_kill() {
	local pid

	for pid in "${BOX_PID[@]}"; do
		[ -z "$pid" ] || kill "$pid" 2>/dev/null
	done
}
trap boxes_kill EXIT
