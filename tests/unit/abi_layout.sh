#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The ABI header has one layout for programs of 32 and of 64 bits, for every
# compiler, for C++ as well, and it stands alone.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1

FLAGS="-Dstatic_assert=_Static_assert -fsyntax-only -Wall -Wextra -Wpadded -Werror -Ikmod/uapi"
# Without a C library of 32 bits its compilers look for the kernel's headers elsewhere.
ARCH="-isystem /usr/include/$(gcc -print-multiarch)"
said=$(mktemp)
trap 'rm -f "$said"' EXIT
n=0

# compiles DESCRIPTION COMMAND...: one result
compiles() {
	local what=$1

	shift
	n=$((n + 1))
	if "$@" >"$said" 2>&1; then
		echo "ok $n - $what"
	else
		echo "not ok $n - $what"
		sed 's/^/# /' "$said"
	fi
}

echo "TAP version 13"
echo "1..7"
for cc in gcc clang; do
	for bits in 64 32; do
		# shellcheck disable=SC2086 # lists of options
		compiles "$cc, $bits bits" $cc -m$bits -ffreestanding -std=gnu11 $FLAGS $ARCH -x c tests/lib/layout.h
	done
done
# shellcheck disable=SC2086
compiles "packing by default changes nothing" gcc -m32 -ffreestanding -fpack-struct=4 $FLAGS $ARCH -x c tests/lib/layout.h
# shellcheck disable=SC2086
compiles "strict C90 takes the header" gcc -std=c90 -pedantic $FLAGS -x c kmod/uapi/linux/bridgefw.h
# shellcheck disable=SC2086
compiles "C++ takes the header" clang -x c++ -std=c++11 -fsyntax-only -Wall -Wextra -Werror -Ikmod/uapi $ARCH kmod/uapi/linux/bridgefw.h
