# SPDX-License-Identifier: GPL-2.0-or-later
#
# A job is done again and again; the first time the first allocation fails that is
# made on behalf of our modules, whoever makes it, then the second, and so on until
# the job gets through without meeting the one that would fail. Each time: what is
# said afterwards is true, and the same job then succeeds.
#
# The kernel's failslab chooses allocations by what stands on the stack, and fails
# one if the number of those chosen so far is a multiple of `interval`. It counts for
# as long as it runs, so the count is kept here; with an interval that was never
# reached, exactly one allocation fails.
# shellcheck shell=bash

FAILSLAB=/sys/kernel/debug/failslab
FAILPAGES=/sys/kernel/debug/fail_page_alloc
COUNT_FILE=/run/bridgefw-alloc.count
MODULES="bridgefw bridgefw_usb bridgefw_scsi"
LONG_SUITE=1

# No job allocates as often as that.
ENDLESS=20000

# The trace that the kernel prints of an allocation that failed is no complaint, see
# vmalloc().
LOG_BAD=${LOG_BAD/Call Trace|/}

needs_faults() {
	[ -d $FAILSLAB ] && [ -e $FAILSLAB/require-start ] && return
	echo "TAP version 13"
	echo "1..0 # SKIP this kernel cannot let allocations fail"
	exit "$KSFT_SKIP"
}

# text_of MODULE...: sets START and END of their code, which lies together when they
# were loaded one after the other
text_of() {
	local symbols others

	symbols=$(awk -v wanted=" $* " '$2 ~ /^[tT]$/ && NF == 4 {
			name = substr($4, 2, length($4) - 2)
			print $1, index(wanted, " " name " ") ? "wanted" : name
		}' /proc/kallsyms | sort)
	START=$(awk '$2 == "wanted" { print $1; exit }' <<<"$symbols")
	END=$(awk '$2 == "wanted" { last = $1 } END { print last }' <<<"$symbols")
	[ -n "$START" ] || fail "not loaded: $*" || return
	others=$(awk -v first="$START" -v last="$END" \
		'$1 > first && $1 < last && $2 != "wanted" { print $2 }' <<<"$symbols" | sort -u)
	[ -z "$others" ] || fail "other modules lie between $*: $others" || return
	# Of the last function only the start is known.
	START=0x$START END=$(printf '0x%x' $((0x$END + 4096)))
}

# text_range: where our modules are
text_range() {
	local START END

	# shellcheck disable=SC2086 # a list of names
	text_of $MODULES && RANGE_START=$START RANGE_END=$END
}

# What watches the kernel allocates, too; that is not what is asked here.
caches_choose() {
	local file

	for file in /sys/kernel/slab/*/failslab; do
		case $file in
		*kmemleak* | *debug_objects* | */:*) ;;
		*) echo 1 >"$file" ;;
		esac
	done
}

faults_setup() {
	local dir START END

	needs_faults
	modprobe vhci_hcd && text_of vhci_hcd || return
	caches_choose
	echo Y >$FAILSLAB/cache-filter
	# Memory of many pages comes from elsewhere first, and then cannot fail one by one.
	echo 3 >$FAILPAGES/min-order
	echo N >$FAILPAGES/ignore-gfp-highmem
	for dir in $FAILSLAB $FAILPAGES; do
		echo 0 >$dir/probability
		echo N >$dir/ignore-gfp-wait
		echo N >$dir/task-filter
		echo 0 >$dir/space
		echo 32 >$dir/stacktrace-depth
		# The virtual controller forgets a request for which it has no memory, and who
		# waits for that waits for ever.
		echo "$START" >$dir/reject-start
		echo "$END" >$dir/reject-end
	done
	echo 1 >$FAILSLAB/verbose
	echo 0 >$FAILPAGES/verbose
	echo -1 >$FAILPAGES/times
	echo 1 >$FAILPAGES/interval
	COUNT=$(cat $COUNT_FILE 2>/dev/null || echo 0)
	text_range || return
	# An interval of one does not count.
	[ "$COUNT" != 0 ] || { arm 2 && disarm; }
}

# What is counted in any case, with no bridge at all: a profile that is not there.
count_on() { echo "9-9 nonesuch" >/sys/class/bridgefw/attach; } 2>/dev/null

# arm N: from now on the N-th allocation fails
arm() {
	local dir

	for dir in $FAILSLAB $FAILPAGES; do
		echo "$RANGE_START" >$dir/require-start
		echo "$RANGE_END" >$dir/require-end
	done
	INTERVAL=$((COUNT + $1))
	echo $INTERVAL >$FAILSLAB/interval
	echo 1 >$FAILSLAB/times
	echo 100 >$FAILSLAB/probability
	echo 100 >$FAILPAGES/probability
}

# disarm: HIT is set if one has failed
disarm() {
	local tries

	echo 0 >$FAILPAGES/probability
	HIT=
	[ "$(cat $FAILSLAB/times)" != 0 ] || HIT=1
	# Whatever the count is now, it shall be known.
	for ((tries = 0; tries < ENDLESS && $(cat $FAILSLAB/times); tries++)); do
		count_on
	done
	echo 0 >$FAILSLAB/probability
	COUNT=$INTERVAL
	echo "$COUNT" >$COUNT_FILE
	[ "$(cat $FAILSLAB/times)" = 0 ] || fail "the allocations cannot be counted"
}

# The shortest job allocates more often than that, so that of each job one is met.
FIRST_WITHIN=16

# next N: the one after the N-th. Of a share each is taken in turn; a long job does
# the same many times over, so that the strides get longer.
next() {
	local share=${BRIDGEFW_SHARE-} n seed

	if [ -z "$share" ]; then
		echo $(($1 + 1 + $1 / 64))
		return
	fi
	n=${share#*/} seed=${share#*:}
	n=${n%%:*}
	if [ "$1" = 0 ]; then
		echo $((1 + (seed + ${share%%/*}) % (n < FIRST_WITHIN ? n : FIRST_WITHIN)))
	else
		echo $(($1 + n + $1 / 16))
	fi
}

# A share is one of allocations here, not of tests.
take_share() { :; }

# each_allocation READY JOB TOLD AGAIN: those are commands. READY prepares; JOB runs
# with a failing allocation, its own failure is none; TOLD checks what was said of
# it; AGAIN does the same without. TOLD finds HIT.
each_allocation() {
	local n=0 hits=0 said

	HIT=1
	while [ -n "$HIT" ]; do
		n=$(next $n)
		[ $n -lt $ENDLESS ] || fail "it never ends" || return
		$1 || fail "before allocation $n: $WHY" || return
		arm $n
		$2
		disarm || return
		said="status $STATUS: $OUT $ERR"
		$3 || fail "allocation $n${HIT:+, which failed}: $WHY ($said)" || return
		$4 || fail "after allocation $n had failed: $WHY" || return
		[ -z "$HIT" ] || hits=$((hits + 1))
	done
	echo "# $hits of about $n allocations failed"
	[ $hits -gt 0 ] || fail "no allocation failed"
}

# status_agrees FILE OLD NEW: what the device is said to hold is what is there
status_agrees() {
	local content

	content=$(bridgefwctl status --json 2>/dev/null | jq -r .content)
	case $content in
	old) same "$1" "$2" ;;
	new) same "$1" "$3" ;;
	mixed) ! cmp -s "$1" "$2" && ! cmp -s "$1" "$3" || fail "it is no mixture" ;;
	unknown) grep -q . "$(sys a)/last_error" || fail "nothing is said of an unknown content" ;;
	*) fail "content: '$content'" ;;
	esac
}

# told_by_echo FILE OLD NEW: of a job that sysfs was told to do
told_by_echo() {
	explained && well || return
	if [ "$STATUS" != 0 ]; then
		same "$1" "$2"
	else
		status_agrees "$@"
	fi
}

# explained: a command that failed has said why
explained() { [ "$STATUS" = 0 ] || [ -n "$ERR" ] || fail "status $STATUS, and not a word"; }
# well: without a failing allocation it must have succeeded
well() { [ -n "$HIT" ] || status_is 0; }
