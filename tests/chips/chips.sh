#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What every chip with a profile must do, whatever is known of it. The chips are
# those that are installed, and the one of Documentation/adding-a-chip.rst: its
# file is taken from the page and compiled as a local profile.
#
# A chip whose memory can be written wants two valid contents that differ,
# tests/lab/images/CHIP-a.hex and -b.hex; where the lab has none, a chip without
# image rules gets made-up bytes.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh

PAGE=$REPO/Documentation/adding-a-chip.rst
BAR=/sys/module/bridgefw/parameters
BOX_KEEP=1
LONG_SUITE=1
CHIP=

# The chip's own profile as JSON.
profile() { bridgefwctl profile show "$1" --json; }

# content CHIP a|b FILE: a valid content of its EEPROM
content() {
	local image

	case $1-$2 in
	pl2507-a) image=$IMAGES/lab-factory.bin ;;
	pl2507-b) image=$IMAGES/lab-other.bin ;;
	*) image=$IMAGES/$1-$2.bin ;;
	esac
	if [ -e "$image" ]; then
		cp "$image" "$3"
	elif [ "$1" = example ]; then
		example_content "$2" >"$3"
	else
		yes "$1 $2" | head -c "$(profile "$1" | jq '[.. | objects | select(.kind? == "eeprom")][0].size')" >"$3"
	fi
}

# By the rules of the page: 4c first, a checksum that makes the sum zero last.
example_content() {
	local bytes sum=0 i fill=255

	bytes=(0x4c 0 0x09 0x12 0x05 0)
	for ((i = 6; i < 112; i++)); do
		[ "$1" = a ] || fill=$i
		bytes[i]=$fill
	done
	for ((i = 112; i < 124; i++)); do bytes[i]=$((0x41 + i - 112)); done
	bytes[124]=0 bytes[125]=0 bytes[126]=0
	for i in "${bytes[@]}"; do sum=$((sum + i)); done
	bytes[127]=$(((256 - sum % 256) % 256))
	for i in "${bytes[@]}"; do printf '%b' "$(printf '\\x%02x' $((i)))"; done
}

page_profile() {
	awk '/^\.\. file: kmod\/profiles\/example.profile/ { on = 1 }
	     on && /^   / { sub(/^   /, ""); print; seen = 1; next }
	     on && seen && /^[^ ]/ { exit }
	     on && seen && /^$/ { print }' "$PAGE"
}

# A chip that nobody knows on USB is none of this suite's.
on_usb() { profile "$1" | jq -e '[.ids[] | select(.id | startswith("usb"))] | length > 0' >/dev/null; }

has_eeprom() { profile "$1" | jq -e '[.. | objects | select(.kind? == "eeprom")] | length > 0' >/dev/null; }

# ready CHIP: box "a" is one, as it came from the factory; it stays for the next test
ready() {
	[ "$CHIP" = "$1" ] && [ -n "${BOX_PID[a]-}" ] && ! box_dead a && return
	box_unplug a || return
	CHIP=$1
	rm -f "$(box_trace a)"
	if has_eeprom "$1"; then
		content "$1" a "$(eeprom a)" && box_plug a --chip "$1" --eeprom "$(eeprom a)"
	else
		box_plug a --chip "$1"
	fi
}
vendor_requests() { grep -c '"vendor":true' "$(box_trace a)" || :; }

unknown_vendor_requests() { grep -c '"vendor":true.*"known":false\|"known":false.*"vendor":true' "$(box_trace a)" || :; }

# --- what each chip must do -----------------------------------------------------

recognised() {
	local json

	ready "$1" || return
	json=$(bridgefwctl list --json) || fail "list: $json" || return
	is "$(jq -r '[.. | objects | select(has("chip"))][0].chip' <<<"$json")" "$1" "list" &&
	file_is "$(sys a)/chip" "$1" && file_is "$(sys a)/match" ids || return
	run bridgefwctl info
	status_is 0 && says "$1" || return
	run udevadm info --query=property "$(dev a)"
	says "^BRIDGEFW_CHIP=$1\$" || return
	# Only what the owner asks for is sent.
	is "$(vendor_requests)" 0 "vendor requests"
}

# Every operation, rule, field and id tells its evidence and where it is from.
sourced() {
	local json

	json=$(profile "$1") || fail "profile show: $json" || return
	jq -e '[.. | objects | select(has("evidence"))] | length > 0' <<<"$json" >/dev/null ||
		fail "no evidence in profile show" || return
	is "$(jq -r '[.. | objects | select(has("evidence") and (has("source") | not))] | length' <<<"$json")" 0 "entries without a source" &&
	is "$(jq -r '[.. | objects | select(has("evidence") and (.source // "" | length) == 0)] | length' <<<"$json")" 0 "empty sources"
}

# A memory that can be read reads what the part holds; one that cannot says so.
read_or_refused() {
	local memory name

	ready "$1" || return
	for memory in "$(sys a)"/memories/*/; do
		[ -d "$memory" ] || continue
		name=$(basename "$memory")
		[ "$(cat "$memory/read_evidence")" != none ] || continue
		run bridgefwctl dump --memory "$name" --force "$BOX_TMP/dump.$name"
		status_is 0 || return
		[ "$name" != eeprom ] || same "$BOX_TMP/dump.$name" "$(eeprom a)" || return
		file_is "$memory/reads" 2 || return
	done
	if ! compgen -G "$(sys a)/memories/*" >/dev/null; then
		run bridgefwctl dump "$BOX_TMP/dump"
		status_is 5 && says "not known" || return
		run dd if="$(dev a)" of=/dev/null status=none
		status_is 1 || return
	fi
	is "$(unknown_vendor_requests)" 0 "requests outside of the profile"
}

# One that can be written is written, verified, and restored; one that cannot is
# refused, and nothing is sent.
written_or_refused() {
	local memory sent

	ready "$1" || return
	memory=$(sys a)/memories/eeprom sent=$(vendor_requests)
	if [ ! -d "$memory" ] || [ "$(cat "$memory/program_evidence")" = none ]; then
		head -c 64 /dev/urandom >"$BOX_TMP/image"
		run bridgefwctl flash "$BOX_TMP/image" --clone-identity --yes
		status_is 5 && is "$(vendor_requests)" "$sent" "vendor requests"
		return
	fi
	content "$1" b "$BOX_TMP/b"
	[ "$(cat "$(sys a)/profile_origin")" = system ] || echo 1 >$BAR/local_writes
	run bridgefwctl eeprom write "$BOX_TMP/b" --clone-identity --yes
	status_is 0 && same "$(eeprom a)" "$BOX_TMP/b" || return
	run bridgefwctl verify "$BOX_TMP/b"
	status_is 0 || return
	run bridgefwctl restore --yes
	content "$1" a "$BOX_TMP/a"
	status_is 0 && same "$(eeprom a)" "$BOX_TMP/a" &&
	is "$(unknown_vendor_requests)" 0 "requests outside of the profile"
}

# A chip that waits for firmware is explained to its owner.
explained() {
	local role

	ready "$1" || return
	role=$(profile "$1" | jq -r '[.. | objects | .role? // empty][0]')
	case $role in
	blank | uploader) file_is "$(sys a)/state" blank && [ "$(wc -w <"$(sys a)/note")" -gt 10 ] || fail "no note" ;;
	running) file_is "$(sys a)/state" idle ;;
	*) fail "role $role" ;;
	esac
}

# What identify and version bring is what was published.
answers() {
	local want

	want=$(profile "$1" | jq -r '[.. | objects | select(.answer? // "" != "")][0].answer // empty')
	ready "$1" || return
	run bridgefwctl info --identify
	if [ -z "$want" ]; then
		[ "$STATUS" != 0 ] ||
			! grep -q '"op":"\(identify\|version\)"' "$(box_trace a)" ||
			fail "something was asked that nobody published"
		return
	fi
	status_is 0 && eventually 5 grep -q '"op":"\(identify\|version\)"' "$(box_trace a)" ||
		return
	says "answer +$want"
}

mkdir -p /etc/bridgefw/profiles
page_profile >/etc/bridgefw/profiles/example.profile
bridgefwctl profile compile --all --install >/dev/null ||
	echo "# the page's profile does not compile"
modprobe bridgefw_usb

chips=example
for bin in /lib/firmware/bridgefw/*.bin; do
	name=$(basename "$bin" .bin)
	[[ $name = *index ]] || chips+=" $name"
done
for chip in $chips; do
	on_usb "$chip" || continue
	test_that "$chip is recognised, and nothing is sent" recognised "$chip"
	test_that "$chip: everything has evidence and a source" sourced "$chip"
	test_that "$chip is read, or says that this is not known" read_or_refused "$chip"
	test_that "$chip is written and restored, or this is refused" written_or_refused "$chip"
	test_that "$chip explains the state it is in" explained "$chip"
	test_that "$chip answers what was published" answers "$chip"
done
run_tests
