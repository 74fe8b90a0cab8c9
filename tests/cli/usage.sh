#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The command line itself, help, completion, and what the program is linked with.
# No box is needed.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh
. "${BRIDGEFW_TOP:-/repo}"/tests/lib/box.sh
. "$DIR"/common.sh

MAN=/usr/share/man/man8/bridgefwctl.8

# The commands, two words where they have two.
all_commands() {
	local first second

	for first in $(bfw complete commands); do
		second=$(bfw complete commands "$first")
		if [ -n "$second" ]; then
			sed "s/^/$first /" <<<"$second"
		else
			echo "$first"
		fi
	done
}

wrong_command_lines() {
	refuses 2 usage 'there is no command "frobnicate"' bfw frobnicate &&
		refuses 2 usage 'option is not known here: --frob' bfw list --frob &&
		refuses 2 usage 'option is not known here: --yes' bfw list --yes &&
		refuses 2 usage 'there is an argument too many: x' bfw list x &&
		refuses 2 usage 'arguments are missing' bfw flash &&
		refuses 2 usage 'arguments are missing' bfw verify &&
		refuses 2 usage 'arguments are missing' bfw profile check &&
		gives 2 'an argument is missing after --label' bfw flash x --label &&
		refuses 2 usage 'takes a number from 1 to 1000, not 0' bfw dump --repeat 0 &&
		refuses 2 usage 'takes a number from 1 to 1000, not 1001' bfw dump --repeat=1001 &&
		refuses 2 usage 'takes a number from 1 to 1000, not -1' bfw dump --repeat=-1 &&
		refuses 2 usage 'takes auto, bar, plain or none, not loud' bfw dump --progress loud &&
		refuses 2 usage 'takes 1 to 120 bytes' bfw flash x --label '' &&
		refuses 2 usage 'takes 1 to 120 bytes' bfw flash x --label "$(printf 'x%.0s' {1..121})" &&
		refuses 2 usage 'do not go together' bfw restore 1-1 20261122T000000.000Z-00000000 --previous &&
		refuses 2 usage 'do not go together' bfw profile compile x --install --output y &&
		refuses 2 usage 'name either files or --all' bfw profile compile &&
		refuses 2 usage 'name either files or --all' bfw profile compile x --all &&
		refuses 2 usage 'profile is missing' bfw attach 1-1 &&
		refuses 2 usage 'does not go with it' bfw attach 1-1 --journal --profile pl2507 &&
		refuses 2 usage 'cannot be a profile' bfw attach 1-1 --profile ../x &&
		refuses 2 usage 'nothing completes' bfw complete nonsense &&
		gives 2 'both want standard output' bfw dump - --json
}

no_command() {
	gives 2 'Usage: bridgefwctl COMMAND' bfw &&
		gives 0 'Usage: bridgefwctl COMMAND' bfw --help &&
		gives 0 'Usage: bridgefwctl COMMAND' bfw help &&
		gives 0 '^bridgefwctl [0-9]' bfw --version &&
		gives 0 '^bridgefwctl [0-9]' bfw -V
}

# Each command is explained, with each of its options, in help and manual.
everything_is_explained() {
	local command option

	[ -e "$MAN" ] || [ -e "$MAN.gz" ] || fail "no manual page is installed" || return
	[ "$(all_commands | wc -l)" -ge 17 ] || fail "few commands: $(all_commands)" || return
	while read -r command; do
		gives 0 "Usage: bridgefwctl $command " bfw help $command &&
			gives 0 "Usage: bridgefwctl $command " bfw $command --help &&
			gives 0 "Usage: bridgefwctl $command " bfw $command -h || return
		grep -q "^\.\(It \|\)Cm.*${command}" "$MAN" ||
			fail "$command is not in the manual" || return
		for option in $(bfw complete options $command); do
			option=${option%=}
			grep -q -- " $option" <<<"$OUT" ||
				fail "help $command does not tell of $option" || return
			grep -qE "Fl (. , )?-${option#--}\b" "$MAN" ||
				fail "$option is not in the manual" || return
		done
	done < <(all_commands)
	gives 0 'Usage: bridgefwctl eeprom write' bfw help eeprom &&
		says 'Usage: bridgefwctl eeprom show' &&
		refuses 2 usage 'there is no command' bfw help nonsense
}

# Each exit code that the tool has is in the manual and in help.
exit_codes_are_explained() {
	local code

	for code in 0 1 2 3 4 5 6 7 8 9 10 11 12; do
		grep -q "^\.It $code\$" "$MAN" || fail "exit code $code is not in the manual" ||
			return
	done
	gives 0 'Exit status: 0 done, 1 failure, 2 usage' bfw help
}

# What no suite tries has no test.
everything_is_tried() {
	local command option

	while read -r command; do
		grep -qE "(bfw|bridgefwctl)( --json)? $command( |\$|\")" "$REPO"/tests/*/*.sh ||
			fail "$command is not tried" || return
		for option in $(bfw complete options $command); do
			option=${option%=}
			grep -q -- "$option" "$REPO"/tests/*/*.sh || fail "$option is not tried" ||
				return
		done
	done < <(all_commands)
}

no_device() {
	refuses 3 no-device 'no bridge is there' bfw info &&
		refuses 3 no-device 'no bridge is there' bfw dump x &&
		refuses 3 no-device 'no bridge is known at 1-9' bfw info 1-9 &&
		refuses 3 no-device 'there is no bridge bridgefw7' bfw info bridgefw7 &&
		refuses 3 no-device 'there is no bridge 7' bfw info 7 &&
		refuses 3 no-device 'does not exist: is the box plugged in' bfw info /dev/bridgefw7 &&
		refuses 3 no-device '/dev/null is no bridge' bfw info /dev/null &&
		refuses 3 no-device 'no bridge shows the serial' bfw info serial:NONE &&
		refuses 3 no-device 'no bridge with the chip' bfw info chip:pl2507 &&
		refuses 3 no-device 'nothing is plugged in at 1-9' bfw restore 1-9 &&
		refuses 3 no-device 'nothing is plugged in at 1-9' bfw attach 1-9 --profile pl2507 &&
		gives 0 'No bridge is there' bfw list &&
		json 0 '.bridges == [] and .boxes == []' bfw list
}

# complete WORD...: what bash offers behind these words
complete_words() {
	bash -c '
		. /usr/share/bash-completion/bash_completion
		. /usr/share/bash-completion/completions/bridgefwctl || exit
		COMP_WORDS=("$@")
		COMP_CWORD=$(($# - 1))
		COMP_LINE="$*"
		COMP_POINT=${#COMP_LINE}
		_bridgefwctl
		printf "%s\n" "${COMPREPLY[@]}"' bash "$@" 2>/dev/null | sed 's/ *$//' | sort -u
}
offers() {
	local want=$1

	shift
	OUT=$(complete_words "$@")
	grep -qxF -- "$want" <<<"$OUT" || fail "$want is not offered behind '$*': $OUT"
}

completion() {
	: >"$BOX_TMP/image.bin"
	offers list bridgefwctl '' && offers restore bridgefwctl res && is "$OUT" restore &&
		offers show bridgefwctl eeprom '' && offers compile bridgefwctl profile c &&
		offers --clone-identity bridgefwctl flash --cl && is "$OUT" --clone-identity &&
		offers --repeat= bridgefwctl dump --r &&
		offers pl2507 bridgefwctl profile show pl2 &&
		offers pl2507 bridgefwctl attach --profile pl2 &&
		offers plain bridgefwctl dump --progress p &&
		offers "$BOX_TMP/image.bin" bridgefwctl flash "$BOX_TMP/im" &&
		offers eeprom bridgefwctl help e
}

# A small program: libc, libudev, json-c, nettle, and what these need themselves.
linked_with_little() {
	# The runner of the suites preloads a library of its own.
	run env -u LD_PRELOAD ldd "$(command -v bridgefwctl)"
	status_is 0 || return
	OUT=$(sed 's/^[[:space:]]*//; s/ .*//; s|.*/||; s/\.so.*//' <<<"$OUT" | sort | tr '\n' ' ')
	is "$(tr ' ' '\n' <<<"$OUT" | grep -vxE '|libc|libudev|libjson-c|libnettle|libcap|linux-vdso|ld-linux-x86-64')" "" \
		"libraries" && says 'libudev' && says 'libjson-c' && says 'libnettle'
}

# A command that is none is a program of its own, if there is one.
external_command() {
	mkdir -p /usr/lib/bridgefw
	printf '#!/bin/sh\necho "external: $*"\nexit 3\n' >/usr/lib/bridgefw/bridgefwctl-labtest
	chmod +x /usr/lib/bridgefw/bridgefwctl-labtest
	gives 3 '^external: a --b c' bfw labtest a --b c
	local ret=$?
	rm /usr/lib/bridgefw/bridgefwctl-labtest
	return $ret
}

# A closed or full standard output is not a success.
output_is_lost() {
	run bash -c 'bridgefwctl help >/dev/full'
	status_is 1 && says 'standard output' || return
	run bash -c 'bridgefwctl list --json >/dev/full'
	status_is 1 && says 'standard output'
}

test_that "wrong command lines" wrong_command_lines
test_that "no command, help, version" no_command
test_that "help and manual explain every command and option" everything_is_explained
test_that "help and manual explain every exit code" exit_codes_are_explained
test_that "this suite tries every command and option" everything_is_tried
test_that "no such device" no_device
test_that "bash completes commands, options, profiles and files" completion
test_that "it is linked with little" linked_with_little
test_that "a program of its own is run as a command" external_command
test_that "an output that cannot be written is a failure" output_is_lost
run_tests
