#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the other suites take for granted: a udev that works, clients that are
# not ours, the project in place, and a kernel with nothing to complain of.

DIR=$(dirname "$(readlink -f "$0")")
. "$DIR"/../kselftest/ktap_helpers.sh

# check DESCRIPTION COMMAND...: one test; what the command says goes along
check() {
	local what=$1 said

	shift
	if said=$("$@" 2>&1); then
		ktap_test_pass "$what"
	else
		printf '%s\n' "$said" | sed 's/^/# /'
		ktap_test_fail "$what"
	fi
}

# A device that is made now must be in udev's database when udev has settled.
udev_answers() {
	pidof systemd-udevd || pidof udevd || return
	modprobe vhci_hcd && udevadm settle --timeout=30 || return
	udevadm info --query=property /sys/bus/usb/devices/usb1 | grep '^DRIVER=usb$\|^ID_MODEL='
}

# The names come from the compiled database, not from the device.
hwdb_compiled() {
	systemd-hwdb query 'usb:v067Bp2507d0000' | grep '^ID_VENDOR_FROM_DATABASE=Prolific'
}

modules_load() {
	local name

	for name in usb_storage uas usbmon sg sd_mod sr_mod; do
		modprobe "$name" || return
		[ -d "/sys/module/$name" ] || return
	done
}

clients_present() {
	local name

	for name in lsusb sg_inq sg_raw smartctl hdparm tcpdump strace jq udevadm; do
		command -v "$name" || return
	done
}

usb_visible() {
	lsusb | grep 'Linux Foundation 2.0 root hub'
}

project_visible() {
	[ -x /repo/tests/lab/vm ] && [ -f /repo/Makefile ] && ! touch /repo/build/.written
}

root_writable() {
	touch /etc/.written && rm /etc/.written && touch /tmp/.written
}

ktap_print_header
ktap_set_plan 8
check "udev handles a new device" udev_answers
check "udev's database of names is compiled" hwdb_compiled
check "the kernel's own storage modules load" modules_load
check "independent clients are there" clients_present
check "lsusb sees the virtual controller" usb_visible
check "the project is at /repo, read-only" project_visible
check "the guest's own files can be written" root_writable
check "the kernel is not tainted by a warning or a crash" \
	test $(($(cat /proc/sys/kernel/tainted) & (1 << 7 | 1 << 9 | 1 << 14))) -eq 0
ktap_finished
