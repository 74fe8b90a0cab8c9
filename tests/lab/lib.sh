# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What the lab's scripts share: where things are, how they speak, and how two
# of them that want the same thing at once end up making it once.

LAB=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TOP=$(cd "$LAB/../.." && pwd)
BUILD=$TOP/build
CACHE=${BRIDGEFW_CACHE:-$BUILD/cache}
LOGS=$BUILD/logs
ME=${0##*/}

# The kernels every change is tested on, oldest first.
KERNELS="6.1 6.12"

mkdir -p "$CACHE" "$LOGS"
CACHE=$(cd "$CACHE" && pwd)

say() { printf '%s: %s\n' "$ME" "$*" >&2; }

die() {
	say "$*"
	exit 1
}

need() {
	local cmd missing=

	for cmd in "$@"; do
		command -v "$cmd" >/dev/null || missing="$missing $cmd"
	done
	[ -z "$missing" ] ||
		die "not found:$missing; run tests/lab/packages to install what the lab needs"
}

need_root() {
	[ "$(id -u)" = 0 ] || die "must run as root: $1"
}

# once NAME FUNCTION [ARG...]: have FUNCTION make $CACHE/NAME, a directory,
# unless it is there. FUNCTION gets the path of an empty directory to fill.
# The directory appears under its name only when it is complete; a second
# caller waits for the first.
once() {
	local name=$1 make=$2 part fd

	shift 2
	[ -e "$CACHE/$name" ] && return 0
	mkdir -p "$CACHE/$(dirname "$name")"
	exec {fd}>"$CACHE/$name.lock"
	flock "$fd"
	if [ ! -e "$CACHE/$name" ]; then
		part=$CACHE/$name.part
		rm -rf "$part"
		mkdir -p "$part"
		# A subshell of its own, so that errexit holds inside.
		(set -e; "$make" "$part" "$@") {fd}>&- &
		wait $! || die "could not make $CACHE/$name (see above)"
		sync -f "$part"
		mv "$part" "$CACHE/$name"
	fi
	exec {fd}>&-
}

# kernel_fetch VERSION: has that kernel there, which may take minutes
kernel_fetch() {
	case $1 in
	debug | uml) "$LAB/fetch-own" "$1" ;;
	*) "$LAB/fetch-kernel" "$1" ;;
	esac
}

# kernel_dir VERSION: where that kernel was unpacked
kernel_dir() {
	case $1 in
	debug | uml) readlink -f "$BUILD/lab/kernel/$1" ;;
	*) printf '%s/kernel/%s\n' "$CACHE" "$1" ;;
	esac
}

# kernel_release VERSION: what `uname -r` says under it
kernel_release() { cat "$(kernel_dir "$1")/release"; }

# guest_name: of the guest's root in the cache; another list of packages is another one
guest_name() { printf 'guest-%s\n' "$(sha256sum "$LAB/fetch-root" | cut -c1-12)"; }
