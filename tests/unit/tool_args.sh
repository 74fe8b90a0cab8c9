#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The command line of bridgefwctl where no bridge is there: what is understood,
# what is refused with which exit status, and that the tool stays small.
BUILD=${BUILD:-build}
CTL=$BUILD/tools/bridgefwctl
DIR=$(mktemp -d /tmp/bridgefw-unit-XXXXXX)
trap 'rm -rf "$DIR"' EXIT
export BRIDGEFW_STATE_DIR="$DIR/state" BRIDGEFW_FIRMWARE_PATH="$BUILD/firmware"
COUNT=0
FAILED=0

result() { # GOOD NAME
	COUNT=$((COUNT + 1))
	if [ "$1" = 0 ]; then
		echo "ok $COUNT - $2"
	else
		echo "not ok $COUNT - $2"
		sed 's/^/# /' "$DIR/out" "$DIR/err"
		FAILED=$((FAILED + 1))
	fi
}

run() { # WANTED_STATUS PART_OF_OUTPUT ARGUMENT...; an empty part: no output
	status=$1 part=$2
	shift 2
	"$CTL" "$@" >"$DIR/out" 2>"$DIR/err" </dev/null
	is=$?
	if [ -n "$part" ]; then
		[ "$is" = "$status" ] && cat "$DIR/out" "$DIR/err" | grep -qF -e "$part"
	else
		[ "$is" = "$status" ] && [ ! -s "$DIR/out" ] && [ ! -s "$DIR/err" ]
	fi
	result $? "bridgefwctl $*: $status, $part (is $is)"
}

json() { # WANTED_STATUS ARGUMENT...; the object is complete and says the status
	status=$1
	shift
	"$CTL" "$@" --json >"$DIR/out" 2>"$DIR/err" </dev/null
	is=$?
	[ "$is" = "$status" ] && [ ! -s "$DIR/err" ] && head -1 "$DIR/out" | grep -qx '{' &&
		tail -1 "$DIR/out" | grep -qx '}' && grep -q "\"code\":$status" "$DIR/out"
	result $? "bridgefwctl $* --json: $status (is $is)"
}

[ -x "$CTL" ] || "${MAKE:-make}" -s "$CTL" >&2 || exit 1

run 2 'Usage:'
run 0 'Usage:' --help
run 0 'bridgefwctl ' --version
run 0 'profile compile' help
run 0 'Usage: bridgefwctl flash' help flash
run 0 'Usage: bridgefwctl eeprom write' help eeprom
run 0 'Usage: bridgefwctl profile check' profile check --help
run 2 'no command "frobnicate"' frobnicate
run 2 'no command "eeprom"' eeprom
run 2 'no command "nothing"' help nothing
run 2 'not known here: --bogus' list --bogus
run 2 'not known here: --yes' list --yes
run 2 'argument is missing after --label' flash --label
run 2 'arguments are missing' flash
run 2 'arguments are missing' attach
run 2 'too many: c' flash a b c
run 2 'too many: x' monitor x
run 2 '--repeat takes a number' dump --repeat 0
run 2 '--repeat takes a number' dump --repeat=-1
run 2 '--repeat takes a number' dump --repeat 2x
run 2 'not known here: --bot' list --bot
run 2 'not known here: --bot' status --bot
run 2 '--bot goes with --identify' info --bot
run 3 'no bridge' info --identify --bot
run 3 'no bridge' dump --bot
run 2 '--progress takes' dump --progress=fast
run 2 '--label takes' flash --label= x
run 2 "profile is missing" attach 1-1
run 2 "cannot be a profile's name" attach 1-1 --profile '../x'
run 2 'does not go with it' attach 1-1 --journal --profile x
run 2 'do not go together' restore bridgefw0 x --previous
run 2 'both want standard output' dump bridgefw0 - --json
run 2 'name either files or --all' profile compile
run 2 'do not go together' profile compile --install --output x y
run 2 'takes --chip NAME' dump --all
run 2 'go with --all' verify --csv x
run 2 'go with --all' flash --jobs 2 x
run 2 '--jobs takes a number from 1 to 64' flash --all --jobs 65 x
run 2 'not known here: --chip' info --chip x
run 2 'no box and no backup' restore --all --chip x y
run 5 'Without it each box keeps its own' flash --all --chip x --clone-identity y
run 3 'no bridge with the chip x' dump --all --chip x
run 2 '--then FILE is missing' erase
run 5 '--whole-memory and --leave-blank' erase --then x
run 5 '--whole-memory and --leave-blank' erase --then x --leave-blank
run 5 '--whole-memory and --leave-blank' erase --then x --whole-memory
run 2 'not known here: --all' erase --all
run 3 'no bridge' erase --then x --whole-memory --leave-blank
run 3 'no bridge' info
run 3 'no bridge bridgefw7' dump bridgefw7
run 3 'no bridge is known at 9-9' eeprom show 9-9
run 3 'nothing is plugged in at 9-9' restore 9-9
run 0 'No backup' backup list
run 0 'Nothing was written' history
run 10 'no backup "x"' backup show x
run 0 '' attach --journal 9-9
run 0 'No bridge is there' list

run 0 'PL-2507' profile list
run 0 'PL-2507 Product Datasheet' profile show pl2507
run 10 'no profile "none"' profile show none
run 0 'no mistake' profile check kmod/profiles/pl2507.profile
run 0 'no mistake' profile check "$BUILD/firmware/bridgefw/pl2507.bin"
printf '[chip]\nname = x\ntitle = X\nvendor = X\nrecovery = none-known\nbogus = 1\n' >"$DIR/bad.profile"
run 10 'bad.profile:6:' profile check "$DIR/bad.profile"
run 10 '2 of 3' profile check "$DIR/bad.profile" /dev/null kmod/profiles/pl2507.profile
run 10 'bad.profile:6:' profile compile --output "$DIR" "$DIR/bad.profile"
head -c 100 "$BUILD/firmware/bridgefw/pl2507.bin" >"$DIR/cut.bin"
run 10 'cut.bin' profile show "$DIR/cut.bin"
run 0 'would become' profile compile --dry-run --output "$DIR" kmod/profiles/pl2507.profile
[ ! -e "$DIR/pl2507.bin" ]
result $? 'a dry run writes nothing'
run 0 'pl2507.bin' profile compile --output "$DIR" kmod/profiles/pl2507.profile
cmp "$DIR/pl2507.bin" "$BUILD/firmware/bridgefw/pl2507.bin" >"$DIR/out" 2>&1
result $? 'compiled as the build compiles it'

printf '\006\173abc' >"$DIR/image"
run 0 '06 7b 61 62 63' eeprom show "$DIR/image"
run 0 'valid content' eeprom show "$DIR/image" --profile pl2507
printf '\000\000abc' >"$DIR/image"
run 0 'not a valid content' eeprom show "$DIR/image" --profile kmod/profiles/pl2507.profile
run 10 'no profile' eeprom show "$DIR/image" --profile none

LAB=tests/lab/profiles/lab-full.profile
head -c 65536 /dev/zero >"$DIR/old"
cp "$DIR/old" "$DIR/new"
run 0 'equals' diff "$DIR/old" "$DIR/new" --profile $LAB --memory flash
printf 'new serial' | dd of="$DIR/new" bs=1 seek=256 conv=notrunc status=none
run 6 'erase 1 of 17 sectors (4096 bytes), program 4096 bytes' \
	diff "$DIR/old" "$DIR/new" --profile $LAB --memory flash
run 6 '    0x000000  # . . . . . . . . . . . . . . . .' \
	diff "$DIR/old" "$DIR/new" --profile $LAB --memory flash --ascii
run 6 'serial, 0x0100..0x0107: differs' diff "$DIR/old" "$DIR/new" --profile $LAB --memory flash
run 6 '"identity_differs":true' diff "$DIR/old" "$DIR/new" --profile $LAB --memory flash --json
run 6 '0x0100..0x0109  00 00 00 00 00 00 00 00 ..  -> 6e 65 77' \
	diff "$DIR/old" "$DIR/new" --profile $LAB --memory flash
run 6 'not as long as the memory' diff "$DIR/old" "$DIR/new" --profile pl2507
printf '\006\173abd' >"$DIR/other"
run 6 '0x0004..0x0004  63  -> 64' diff "$DIR/image" "$DIR/other" --profile pl2507
run 6 'another length' diff "$DIR/old" "$DIR/other" --profile $LAB --memory flash
run 2 'several memories' diff "$DIR/old" "$DIR/new" --profile $LAB
run 2 'flash eeprom config-rom' diff "$DIR/old" "$DIR/new" --profile $LAB --memory rom
run 10 'knows no memory' diff "$DIR/old" "$DIR/new" --profile pl2571
run 10 'no profile' diff "$DIR/old" "$DIR/new" --profile none
run 2 'of which chip?' diff "$DIR/old" "$DIR/new"
run 2 'is for comparing two files' diff "$DIR/old" --profile pl2507
run 3 'no bridge' diff "$DIR/old"
run 10 "$DIR/none" diff "$DIR/none" "$DIR/new" --profile pl2507
json 6 diff "$DIR/old" "$DIR/new" --profile $LAB --memory flash

json 3 info
json 3 verify --all --chip x y
json 5 restore --all --chip x --clone-identity
json 2 flash
json 2 flash --bogus
json 2 frobnicate
json 10 profile show none
json 3 restore 9-9
for command in 'list' 'history' 'backup list' 'profile list' 'profile show pl2507'; do
	# shellcheck disable=SC2086
	"$CTL" $command --json >"$DIR/out" 2>"$DIR/err" &&
		[ ! -s "$DIR/err" ] && ! grep -q '"error"' "$DIR/out"
	result $? "bridgefwctl $command --json"
done

run 0 'eeprom' complete commands
run 0 'compile' complete commands profile
run 0 '--clone-identity' complete options flash
for command in info dump verify diff flash restore 'eeprom write' 'backup create'; do
	# shellcheck disable=SC2086
	run 0 '--bot' complete options $command
done
run 0 '--install' complete options profile compile
run 0 'pl2507' complete profiles
run 2 'nothing completes' complete weather
bash -n tools/completion/bridgefwctl 2>"$DIR/err"
result $? 'the completion is a script'

objdump -p "$CTL" | sed -n 's/^ *NEEDED *//p' | sort >"$DIR/out"
printf 'libc.so.6\nlibjson-c.so.5\nlibnettle.so.8\nlibudev.so.1\n' | cmp -s - "$DIR/out"
result $? 'linked to libc, libudev, json-c and nettle, and to nothing else'

echo "1..$COUNT"
[ "$FAILED" = 0 ]
