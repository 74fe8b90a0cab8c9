#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# profile list, show, check and compile; the owner's own profiles, what they may
# not do, and which parameters of the module change that.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh
. "$DIR"/common.sh
BOX_KEEP=

LOCAL=/lib/firmware/updates/bridgefw
TEXTS=/etc/bridgefw/profiles
PARAMETERS=/sys/module/bridgefw/parameters
TAINT_USER=64

# own NAME VID:PID [SED]: a profile of the owner's, which has the PL-2507's commands
own() {
	sed -e "s/^name = .*/name = $1/" -e "s/^\[usb 067b:2507\]/[usb $2]/" -e '/^\[usb 152e:2507\]/,/^$/d' -e "${3-}" \
		"$REPO/kmod/profiles/pl2507.profile" >"$BOX_TMP/$1.profile"
}
away() { rm -rf "$LOCAL" "$TEXTS"; }

# plug_own NAME: a box with the ids of that profile
plug_own() {
	cp "$FACTORY" "$(eeprom a)"
	box_plug a --profile "$BOX_TMP/$1.profile" --layout "$LAYOUT" --ids "$2" --eeprom "$(eeprom a)" --drive none
}

listed() {
	local chip

	away && gives 0 '^NAME +CHIP +ORIGIN +READS +WRITES' bfw profile list &&
		says '^pl2507 +PL-2507 .* system +eeprom \(documented\) +eeprom \(documented\)' &&
		says '^oxford-blank +' && ! grep -q '^lab-' <<<"$OUT" ||
		fail "a profile of the lab is installed" || return
	for chip in pl2507 pl3507 pl2571 pl2771 pl2773 pl2775 oxford-blank oxford-uploader \
		oxfw900 oxfw911 oxfw912 oxfw9xx oxuf922; do
		json 0 ".profiles[] | select(.name == \"$chip\") | .origin == \"system\" and (.hidden | not) and (.title | length > 5) and (.vendor | length > 5)" bfw profile list ||
			return
	done
}

shown() {
	gives 0 '^pl2507$' bfw profile show pl2507 && says 'recovery +internal-rom' &&
		says 'usb 067b:2507, running \(reported\)' &&
		says 'eeprom\.read: documented, over control' &&
		says 'source: PL-2507 Product Datasheet v1\.3' &&
		says 'eeprom: eeprom, 2 to 255 bytes, as the device says; a cut write is mixed' &&
		says 'must hold the bytes 06 7b or 7b 06' || return
	json 0 '.name == "pl2507" and (.ids | length) == 2 and (.operations | length) == 2 and (.rules | length) == 2 and
		all(.ids[], .operations[], .rules[], .fields[]; (.evidence | length > 3) and (.source | length > 3)) and
		(.sha256 | length) == 64 and .memories[0].interrupted == "mixed"' bfw profile show pl2507 || return
	gives 0 'No operation of this chip is known' bfw profile show pl2571 &&
		gives 0 'erase-all: reported, over scsi bot' bfw profile show pl3507 &&
		says 'How to program the flash' &&
		gives 0 'version: traced, over scsi, only on request' bfw profile show pl2773 &&
		gives 0 '^lab-full$' bfw profile show "$REPO/tests/lab/profiles/lab-full.profile" &&
		gives 0 '^pl2507$' bfw profile show /lib/firmware/bridgefw/pl2507.bin &&
		refuses 10 no-profile 'there is no profile "nonesuch"' bfw profile show nonesuch &&
		refuses 10 profile 'nonesuch' bfw profile show ./nonesuch.profile &&
		head -c 100 /lib/firmware/bridgefw/pl2507.bin >"$BOX_TMP/cut.bin" &&
		gives 10 'cut\.bin: ' bfw profile show "$BOX_TMP/cut.bin"
}

# wrong SED LINE WORDS: a profile with that change is refused, at that line
wrong() {
	local file=$BOX_TMP/wrong.profile line

	sed -e 's/^name = .*/name = wrong/' -e "$1" "$REPO/kmod/profiles/pl2507.profile" >"$file"
	line=$(grep -nE -m1 -- "$2" "$file" | cut -d: -f1)
	gives 10 "^(bridgefwctl: )?$file:$line: .*$3" bfw profile check "$file" ||
		fail "line $line: $OUT $ERR"
}

mistakes_are_found() {
	wrong 's/^evidence = documented/evidence = guess/' 'guess' 'expected inferred, reported, traced or documented' &&
		wrong 's/^settle = .*/settle = soon/' 'soon' 'expected' &&
		wrong 's/^size = 255/size = 255\nsize = 254/' 'size = 254' 'size' &&
		wrong 's/^access = whole/acess = whole/' 'acess' 'acess' &&
		wrong 's/^\[memory eeprom\]/[memry eeprom]/' 'memry' 'memry' &&
		wrong 's/in data/in dta/' 'in dta' '' &&
		wrong 's/{interface}/{intrface}/' 'intrface' 'intrface' &&
		wrong 's/0xC1/0x41/' '0x41 0x06' '' || return
	mv "$BOX_TMP/wrong.profile" "$BOX_TMP/right.profile"
	own right 1209:5555
	gives 0 'right, .*: no mistake found' bfw profile check "$BOX_TMP/right.profile" &&
		gives 0 'no mistake found' bfw profile check "$REPO"/kmod/profiles/*.profile &&
		json 0 '.profiles | length >= 8 and all(.[]; .name and (.error | not))' bfw profile check "$REPO"/kmod/profiles/*.profile ||
		return
	sed 's/^evidence = documented/evidence = guess/' "$BOX_TMP/right.profile" >"$BOX_TMP/wrong.profile"
	gives 10 '2 of 3 profiles have mistakes' bfw profile check "$BOX_TMP/wrong.profile" "$BOX_TMP/right.profile" /nonesuch.profile &&
		says 'wrong\.profile:[0-9]+: ' && says 'no mistake found' &&
		says '/nonesuch\.profile' &&
		json 10 '(.profiles | length) == 3 and .profiles[0].error and .profiles[1].name == "right"' bfw profile check "$BOX_TMP/wrong.profile" "$BOX_TMP/right.profile" /nonesuch.profile
}

compiled() {
	mkdir -p "$BOX_TMP/built" &&
		gives 0 "would become $BOX_TMP/built/pl2507\.bin" bfw profile compile "$REPO/kmod/profiles/pl2507.profile" -o "$BOX_TMP/built" -n &&
		is "$(ls "$BOX_TMP/built")" "" "files" &&
		gives 0 "$BOX_TMP/built/pl2507\.bin, [0-9]+ bytes" bfw profile compile "$REPO/kmod/profiles/pl2507.profile" --output "$BOX_TMP/built" &&
		same "$BOX_TMP/built/pl2507.bin" /lib/firmware/bridgefw/pl2507.bin &&
		is "$(ls "$BOX_TMP/built")" pl2507.bin "files" || return
	own right 1209:5555 &&
		sed 's/^size = .*/size = x/' "$BOX_TMP/right.profile" >"$BOX_TMP/wrong.profile" ||
		return
	refuses 10 profile 'wrong\.profile:[0-9]+: ' bfw profile compile "$BOX_TMP/wrong.profile" --output "$BOX_TMP/built" &&
		is "$(ls "$BOX_TMP/built")" pl2507.bin "files" &&
		refuses 10 no-profile 'there is no profile in /etc/bridgefw/profiles' bfw profile compile --all --install &&
		refuses 5 exists 'came with the system' bfw profile compile --install "$REPO/kmod/profiles/pl2507.profile" &&
		chmod 755 "$BOX_TMP" &&
		refuses 8 permission '' as_user bridgefwctl profile compile "$BOX_TMP/right.profile" --install
}

# A profile of the owner's: from its text to a box that is read.
installed() {
	away && modprobe bridgefw_usb && mkdir -p "$TEXTS" && own mybox 1209:5555 &&
		cp "$BOX_TMP/mybox.profile" "$TEXTS/" &&
		gives 0 'mybox\.profile is not installed' bfw profile list &&
		gives 0 'They count for boxes that are plugged in from now on' bfw profile compile --all --install &&
		json 0 '.profiles[] | select(.name == "mybox") | .origin == "local"' bfw profile list &&
		gives 0 '^mybox +.* local +' bfw profile list || return
	plug_own mybox 1209:5555 && file_is "$(sys a)/chip" mybox &&
		file_is "$(sys a)/profile_origin" local && file_is "$(sys a)/match" ids &&
		json 0 '.bridge.profile_origin == "local"' bfw info &&
		gives 0 'mybox \(local\)' bfw info &&
		gives 0 'read 2 times alike' bfw dump "$BOX_TMP/dump" --force &&
		same "$BOX_TMP/dump" "$FACTORY" || return
	echo '# changed' >>"$TEXTS/mybox.profile" &&
		sed -i 's/^title = .*/title = Another title/' "$TEXTS/mybox.profile" &&
		gives 0 'mybox\.profile changed' bfw profile list
}

taint() { echo $(($(cat /proc/sys/kernel/tainted) & TAINT_USER)); }

# It opens no writing, at any door, unless the module was told so.
local_does_not_write() {
	local tainted

	# Another program of the suite may have done so before.
	tainted=$(taint)
	away && modprobe bridgefw_usb && own mybox 1209:5555 &&
		bfw profile compile --install "$BOX_TMP/mybox.profile" >/dev/null &&
		plug_own mybox 1209:5555 && PROGRAMS=0 &&
		file_is $PARAMETERS/local_writes N &&
		refuses 5 local 'one of your own, and those do not open writing' bfw flash "$OTHER" --clone-identity --yes &&
		says 'local_writes' &&
		nothing_written && read_twice a && cat "$OTHER" >"$(sys a)/image" || return
	echo_to "$(sys a)/command" "write identity"
	status_is 1 && says 'Permission denied' && nothing_written && is "$(taint)" "$tainted" "taint" ||
		return
	echo 1 >$PARAMETERS/local_writes
	is "$(taint)" $TAINT_USER "taint" && gives 0 "$NEW" flash &&
		same "$(eeprom a)" "$OTHER" && gives 0 "$NEW" restore &&
		same "$(eeprom a)" "$FACTORY"
	local ret=$?
	echo 0 >$PARAMETERS/local_writes
	[ $ret = 0 ] && PROGRAMS=$(ops a eeprom.program) &&
		gives 5 'do not open writing' flash && nothing_written
}

# A system profile's name, other content: it takes the place, and writes nothing.
takes_the_place() {
	away && modprobe bridgefw_usb && own pl2507 067b:2507 's/^title = .*/title = Mine/' &&
		bfw profile compile --install --force "$BOX_TMP/pl2507.profile" >/dev/null &&
		json 0 '[.profiles[] | select(.name == "pl2507") | .origin + " " + (.hidden | tostring)] == ["local false", "system true"]' bfw profile list &&
		plug_own pl2507 067b:2507 && file_is "$(sys a)/profile_origin" local &&
		PROGRAMS=0 &&
		refuses 5 local 'do not open writing' bfw flash "$OTHER" --clone-identity --yes &&
		nothing_written || return
	away && box_replug a && file_is "$(sys a)/profile_origin" system
}

# bar WORD: what evidence the module wants
bar() { echo "$1" >$PARAMETERS/evidence_bar; }

evidence_is_wanted() {
	local ret

	away && modprobe bridgefw_usb && file_is $PARAMETERS/evidence_bar traced &&
		own weak 1209:5556 '/^\[operation eeprom.program\]/,/^$/s/^evidence = .*/evidence = reported/' &&
		bfw profile compile --install "$BOX_TMP/weak.profile" >/dev/null &&
		plug_own weak 1209:5556 && file_is "$(sys a)/evidence" reported && PROGRAMS=0 &&
		echo 1 >$PARAMETERS/local_writes &&
		refuses 5 evidence 'eeprom.program is only reported .* writing needs traced' bfw flash "$OTHER" --clone-identity --yes &&
		nothing_written && bar reported &&
		gives 0 "$NEW" flash && same "$(eeprom a)" "$OTHER" && bar documented &&
		gives 5 'writing needs documented' restore && bar reported && gives 0 "$NEW" restore &&
		same "$(eeprom a)" "$FACTORY" &&
		! bar nonsense 2>/dev/null && file_is $PARAMETERS/evidence_bar reported
	ret=$?
	bar traced
	echo 0 >$PARAMETERS/local_writes
	return $ret
}

# Documented commands pass the highest bar; lowering it taints, raising it does not.
highest_bar() {
	local ret

	away && cp "$FACTORY" "$(eeprom a)" && box_pl2507 a --drive none && bar documented &&
		gives 0 "$NEW" flash && gives 0 "$NEW" restore
	ret=$?
	bar traced
	return $ret
}

# What the kernel would not take, the tool does not either; and a kernel that is
# given it all the same says no.
kernel_checks_again() {
	away && modprobe bridgefw_usb && own mybox 1209:5555 &&
		bfw profile compile --install "$BOX_TMP/mybox.profile" >/dev/null || return
	# One bit of the file.
	printf '\x01' | dd of="$LOCAL/mybox.bin" bs=1 seek=200 conv=notrunc status=none
	gives 10 'mybox' bfw profile show mybox && gives 0 'mybox' bfw profile list &&
		json 0 '(.warnings | length >= 1)' bfw profile list || return
	cp "$FACTORY" "$(eeprom a)"
	box_start a --profile "$BOX_TMP/mybox.profile" --ids 1209:5555 --eeprom "$(eeprom a)" --drive none &&
		sleep 2 || return
	! bridge_at "${BOX_BUSID[a]}" >/dev/null || fail "a damaged profile is used" || return
	is "$(vendor_requests a)" 0 "vendor requests" &&
		gives 10 'does not accept the profile|damaged' bfw attach "${BOX_BUSID[a]}" --profile mybox
	local ret=$?
	away
	return $ret
}

test_that "profile list" listed
test_that "profile show" shown
test_that "profile check names file and line" mistakes_are_found
test_that "profile compile" compiled
test_that "a profile of the owner's is installed and used" installed
test_that "a profile of the owner's does not open writing" local_does_not_write
test_that "a profile of the owner's in a system profile's place" takes_the_place
test_that "writing wants evidence" evidence_is_wanted
test_that "the highest bar" highest_bar
test_that "a damaged profile" kernel_checks_again
run_tests
