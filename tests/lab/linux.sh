# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The sources of the kernel, as Debian packs them: fetched once, unpacked by who
# wants something of them. Needs lib.sh and apt.sh.

# kselftest's shell helpers (ktap_helpers.sh) and, on x86, the stack filter of
# injected faults are not in 6.1.
LINUX_PACKAGE=linux-source-6.12

linux_make() {
	local dir=$1 deb

	say "downloading $LINUX_PACKAGE"
	mkdir "$dir/deb"
	apt_fetch bookworm "$dir/deb" "$LINUX_PACKAGE"
	deb=$(echo "$dir"/deb/*.deb)
	dpkg-deb -f "$deb" Version >"$dir/version"
	dpkg-deb --fsys-tarfile "$deb" |
		tar -xO --wildcards './usr/src/linux-source-*.tar.xz' >"$dir/linux.tar.xz"
	rm -r "$dir/deb"
}

# linux_fetch: has CACHE/linux/{linux.tar.xz,version} there
linux_fetch() {
	need apt-get dpkg-deb tar xz
	once linux linux_make
}

# linux_unpack DIR [PATH...]: the sources, or these parts of them, into DIR
linux_unpack() {
	local dir=$1 part list=()

	shift
	for part in "$@"; do
		list+=("$LINUX_PACKAGE/$part")
	done
	tar -xJf "$CACHE/linux/linux.tar.xz" -C "$dir" --strip-components=1 "${list[@]}"
}
