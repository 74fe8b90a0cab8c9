#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The measurements of make bench, in a lab guest. Each is a function that adds rows to
# /share/rows: what, ours, against what, their ratio, and the figure to reach. Model
# time comes from the trace of the box, wall time from pairs that take turns.
set -uo pipefail

REPO=/repo
KSFT_SKIP=4
. "$REPO/tests/lib/box.sh"
. "$REPO/tests/flash/common.sh"

BENCH=$REPO/build/lab/bench
PAIRS=${BENCH_PAIRS:-20}
SIZE=65536
CHUNK=4096
# SST39VF010, as Documentation/lab-vbridge.rst has it
BYTE_US=14
SECTOR_US=18000

die() { echo "bench: ${1:-$WHY}" >&2; exit 1; }
note() { echo "bench: $*" >&2; }

# row WHAT OURS AGAINST RATIO GOAL REACHED NOTE: "" for what there is not
row() {
	jq -cn --arg what "$1" --arg ours "$2" --arg against "$3" --arg ratio "$4" \
		--arg goal "$5" --arg reached "$6" --arg note "$7" '
		def or_null: if . == "" then null else . end;
		{ $what, $ours, $against, ratio: ($ratio | or_null), goal: ($goal | or_null),
		  reached: (if $reached == "" then null else $reached == "yes" end),
		  note: ($note | or_null) }' >>/share/rows || die "a row that is none: $*"
}

# Numbers with decimals; those that are compared are answered with yes or no.
calc() { awk "BEGIN { printf \"%.2f\", $1 }"; }
ratio() { calc "$2 ? $1 / $2 : 0"; }
at_most() { awk "BEGIN { print ($1 <= $2) ? \"yes\" : \"no\" }"; }
at_least() { at_most "$2" "$1"; }
ms() { awk "BEGIN { printf \"%.1f ms\", $1 / 1000 }"; }
of() { jq ".$2" <<<"$1"; }

# median FILE, spread FILE: of one number of microseconds a line; spread: the middle half
median() {
	sort -n "$1" | awk '{ v[NR] = $1 }
		END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}
spread() {
	sort -n "$1" | awk '{ v[NR] = $1 / 1000 }
		END { printf "%.1f..%.1f ms", v[int((NR + 3) / 4)], v[int((3 * NR + 1) / 4)] }'
}

mark() { wc -l <"$(box_trace a)"; }
# since MARK FILTER: what the box has seen since then
since() { tail -n +"$(($1 + 1))" "$(box_trace a)" | jq -s "[.[] | select(.vendor)] | $2"; }
elapsed='(map(.t + .us) | max) - (map(.t) | min)'

plug_nor() { ready lab-nor "$1" --part SST39VF010 || die; }

# by_sg_raw SG FILE: what people do without a driver, a process for each command
by_sg_raw() {
	local at

	: >"$2"
	for ((at = 0; at < SIZE; at += CHUNK)); do
		# shellcheck disable=SC2046
		sg_raw -r $CHUNK -o "$BOX_TMP/piece" "/dev/$1" \
			$(printf 'c2 00 00 %02x %02x' $((at >> 8)) $((at & 255))) \
			$(printf '%02x %02x 00' $((CHUNK >> 8)) $((CHUNK & 255))) 2>/dev/null &&
			cat "$BOX_TMP/piece" >>"$2" || return
	done
}

by_us() { "$BENCH/readloop" "$(dev a)" $SIZE "$1"; }
by_loop() { "$BENCH/readloop" "/dev/$SG" $SIZE "$1" $CHUNK; }
by_people() {
	local from to

	from=$(date +%s%N)
	by_sg_raw "$SG" "$1" || return
	to=$(date +%s%N)
	echo $((to - from))
}

# timed WAY: a dump by it, which must be right; prints how many microseconds it took
timed() {
	local took

	took=$("$1" "$BOX_TMP/$1") && cmp -s "$BOX_TMP/$1" "$(image lab-nor a)" ||
		die "the dump $1 is wrong"
	echo $((took / 1000))
}

# seen WAY: a dump by it, as the box saw it
seen() {
	local from

	from=$(mark)
	timed "$1" >/dev/null
	since "$from" "{ n: length, us: ($elapsed) }"
}

dumps() {
	local i way ours theirs

	note "dump"
	plug_nor a
	SG=$(box_generic a) && ours=$(seen by_us) && theirs=$(seen by_loop) || die
	row "dump of 64 KiB: transactions" "$(of "$ours" n)" "$(of "$theirs" n)" \
		"$(ratio "$(of "$ours" n)" "$(of "$theirs" n)")" "<= 1.05" \
		"$(at_most "$(of "$ours" n)" "$(of "$theirs" n) * 1.05")" \
		"against a bare SG_IO loop in one process, with the same chunks"
	row "dump of 64 KiB: model time" "$(ms "$(of "$ours" us)")" "$(ms "$(of "$theirs" us)")" \
		"$(ratio "$(of "$ours" us)" "$(of "$theirs" us)")" "<= 1.05" \
		"$(at_most "$(of "$ours" us)" "$(of "$theirs" us) * 1.05")" ""
	for ((i = 0; i < PAIRS; i++)); do
		for way in by_us by_loop by_people; do
			timed $way >>"$BOX_TMP/took.$way" || exit 1
		done
	done
	ours=$(median "$BOX_TMP/took.by_us")
	theirs=$(median "$BOX_TMP/took.by_loop")
	row "dump of 64 KiB: wall time, median of $PAIRS" "$(ms "$ours")" "$(ms "$theirs")" \
		"$(ratio "$ours" "$theirs")" "" "" \
		"middle half: $(spread "$BOX_TMP/took.by_us") and $(spread "$BOX_TMP/took.by_loop")"
	theirs=$(median "$BOX_TMP/took.by_people")
	row "dump of 64 KiB against a loop of sg_raw: wall time" "$(ms "$ours")" "$(ms "$theirs")" \
		"$(ratio "$theirs" "$ours")" ">= 10" "$(at_least "$(ratio "$theirs" "$ours")" 10)" \
		"how many times as long sg_raw takes; middle half $(spread "$BOX_TMP/took.by_people")"
	box_unplug a
}

# What a write cannot do without: unlock and lock, the program requests, which last until
# the part is ready, for each erase the request, the time of the part and one look
# whether it is done, and each byte read once.
IDEAL='
	def total(f): map(select(f) | .us) | add // 0;
	def erase: .op == "flash.erase-sector" and .dir == "none";
	def reads: map(select(.op == "flash.read"));
	total(.op == "flash.unlock" or .op == "flash.lock" or .op == "flash.program" or erase)
	+ total(.op == "flash.erase-sector" and .dir == "in" and .data == "00")
	+ (map(select(erase)) | length) * '$SECTOR_US'
	+ ((reads | map(.us) | add) / (reads | map(.actual) | add) * '$SIZE')'

# written IMAGE: model time from the unlock to the end, and what the parts alone take
written() {
	local from

	read_twice a flash && cat "$1" >"$(sys a)/image" || die
	from=$(mark)
	by_echo "write identity" && file_is "$(sys a)/last_error" "" && same "$(flash)" "$1" || die
	since "$from" "sort_by(.n) | (map(.op) | index(\"flash.unlock\")) as \$i | .[\$i:] | {
		us: ($elapsed), ideal: ($IDEAL),
		erases: (map(select(.op == \"flash.erase-sector\" and .dir == \"none\")) | length),
		bytes: (map(select(.op == \"flash.program\") | .actual) | add) }"
}

writes() {
	local full one busy us

	note "write"
	plug_nor a
	full=$(written "$(image lab-nor b)") || exit 1
	us=$(of "$full" us)
	busy=$(of "$full" "erases * $SECTOR_US + .bytes * $BYTE_US")
	row "full write of 64 KiB: model time" "$(ms "$us")" "$(ms "$(of "$full" ideal)")" \
		"$(ratio "$us" "$(of "$full" ideal)")" "<= 1.10" \
		"$(at_most "$us" "$(of "$full" ideal) * 1.10")" \
		"against $(ms "$busy") in which the flash is busy and the round trips that are needed"
	box_unplug a
	plug_nor a
	one=$(written "$(image lab-nor a1)") || exit 1
	row "one changed sector: model time against a full write" "$(ms "$(of "$one" us)")" "$(ms "$us")" \
		"$(ratio "$us" "$(of "$one" us)")" ">= 10" \
		"$(at_least "$(ratio "$us" "$(of "$one" us)")" 10)" "how many times as long the full write takes"
	row "one changed sector: sectors erased" "$(of "$one" erases)" 1 "" "= 1" \
		"$(at_most "$(of "$one" erases)" 1)" ""
	box_unplug a
}

# together N: so many boxes at once; prints the longest model time of a write, in µs
together() {
	local i names=() longest=0 us

	rm -rf "$BRIDGEFW_STATE_DIR" && mkdir -p "$BRIDGEFW_STATE_DIR"
	for ((i = 0; i < $1; i++)); do
		cp "$(image lab-nor a)" "$BOX_TMP/m$i.flash"
		rm -f "$(box_trace "m$i")"
		box_plug "m$i" --chip lab-nor --flash "$BOX_TMP/m$i.flash" --part SST39VF010 --drive disk || die
		eventually "$PATIENCE" grep -q scsi "$(sys "m$i")/transports" || die "no scsi transport"
		names+=("m$i")
	done
	udevadm settle
	bridgefwctl flash --all --chip lab-nor --jobs 8 --yes "$(image lab-nor a1)" >"$BOX_TMP/many.log" 2>&1 ||
		die "$(tail -3 "$BOX_TMP/many.log")"
	for ((i = 0; i < $1; i++)); do
		cmp -s <(head -c 57344 "$BOX_TMP/m$i.flash") <(head -c 57344 "$(image lab-nor a1)") || die "m$i was not written"
		us=$(jq -s "[.[] | select(.vendor)] | $elapsed" "$(box_trace "m$i")")
		[ "$us" -le "$longest" ] || longest=$us
		box_unplug "m$i"
	done
	echo "$longest"
}

many() {
	local one eight

	note "eight bridges"
	one=$(together 1) && eight=$(together 8) || exit 1
	row "eight bridges at once against one: model time" "$(ms "$eight")" "$(ms "$one")" \
		"$(ratio "$eight" "$one")" "<= 1.25" "$(at_most "$eight" "$one * 1.25")" \
		"reads and a write of one sector by the tool; the longest of the eight"
}

# traced GROUP/EVENT...: those are written down from here on; none: no more
TRACED=()
traced() {
	local event word=1

	[ $# -gt 0 ] && echo >$TRACING/trace && TRACED=("$@") || word=0
	for event in "${TRACED[@]}"; do
		echo $word >"$TRACING/events/$event/enable" || die "no event $event"
	done
}

# Work items and timers of the modules, and requests to the box, while nobody asks.
idle() {
	local from events

	note "idle"
	plug_nor a
	cat "$(sys a)/flash" >/dev/null
	sleep 2
	from=$(mark)
	traced timer/timer_start timer/hrtimer_start workqueue/workqueue_execute_start
	sleep 30
	traced
	grep -q 'workqueue_execute_start\|timer_start' $TRACING/trace || die "nothing was traced"
	events=$(grep -c '\[bridgefw\|bridgefw_' $TRACING/trace)
	row "idle for 30 s: timers and work items" "$events" 0 "" "= 0" "$(at_most "$events" 0)" ""
	events=$(since "$from" length)
	row "idle for 30 s: requests to the bridge" "$events" 0 "" "= 0" "$(at_most "$events" 0)" ""
	box_unplug a
}

# What was allocated from the modules' code since a plug-in, and not given back.
HELD='
function field(name,  i) {
	for (i = 1; i <= NF; i++)
		if (index($i, name "=") == 1)
			return substr($i, length(name) + 2)
}
/: (kmalloc|kmem_cache_alloc):/ {
	held[field("ptr")] = /call_site=bridgefw|\[bridgefw/ ? field("bytes_alloc") : 0
}
/: (kfree|kmem_cache_free):/ { delete held[field("ptr")] }
END {
	for (ptr in held)
		sum += held[ptr]
	print sum + 0
}'
memory() {
	local bytes

	note "memory"
	plug_nor a
	box_unplug a
	echo 16384 >$TRACING/buffer_size_kb
	traced kmem/kmalloc kmem/kmem_cache_alloc kmem/kfree kmem/kmem_cache_free
	plug_nor a
	traced
	bytes=$(awk "$HELD" $TRACING/trace)
	[ "$bytes" -gt 0 ] || die "no allocation of the modules was seen"
	bytes=$((bytes + $(stat -c %s /lib/firmware/updates/bridgefw/lab-nor.bin)))
	row "memory that an idle bridge holds" "$bytes bytes" "16384 bytes" "$(ratio "$bytes" 16384)" \
		"<= 1" "$(at_most "$bytes" 16384)" \
		"allocated by the modules' code while it is plugged in, and the profile"
	box_unplug a
}

# window COMMAND...: the longest request to the disk in microseconds while that runs
window() {
	local longest count

	"$@" >/dev/null 2>&1
	echo >&"${LATENCY[1]}"
	read -r -u "${LATENCY[0]}" longest _ count
	[ "$count" -gt 0 ] || die "the disk stood still"
	echo "$longest"
}
modules_come_and_go() {
	modprobe bridgefw_usb && modprobe bridgefw_scsi && box_node a && bridgefwctl info --identify
	rmmod bridgefw_scsi bridgefw_usb bridgefw
}

disturbance() {
	local i alone beside added

	note "disturbance"
	plug_nor a
	rmmod bridgefw_scsi bridgefw_usb bridgefw
	coproc LATENCY { "$BENCH/latency" "/dev/$(box_disk a)"; }
	window sleep 2 >/dev/null
	for ((i = 0; i < PAIRS; i++)); do
		window sleep 2 >>"$BOX_TMP/alone"
		window modules_come_and_go >>"$BOX_TMP/beside"
	done
	eval "exec ${LATENCY[1]}>&-"
	alone=$(median "$BOX_TMP/alone")
	beside=$(median "$BOX_TMP/beside")
	added=$(calc "$beside - $alone")
	row "busy disk: longest request, load, identify, unload" "$(ms "$beside")" "$(ms "$alone")" \
		"" "+20 ms" "$(at_most "$added" 20000)" \
		"median of $PAIRS windows of each, which take turns; added: $(ms "$added")"
}

rm -f /share/rows
TRACING=/sys/kernel/tracing
mountpoint -q $TRACING || mount -t tracefs none $TRACING || die "no tracefs"
lab_profiles
jq -n --arg kernel "$(uname -r)" --argjson cpus "$(nproc)" '{ $kernel, guest_cpus: $cpus }' >/share/about
dumps
writes
many
idle
memory
disturbance
