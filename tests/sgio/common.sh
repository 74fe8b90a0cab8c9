# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the shell programs of this suite share.
# shellcheck shell=bash disable=SC2034

scsi_is_open() { grep -q scsi "$(sys "$1")/transports"; }

# box NAME OPTION...: CDBs reach its drive
box() {
	box_plug "$@" && { eventually "$PATIENCE" scsi_is_open "$1" || fail "no scsi transport"; } &&
		box_generic "$1" >/dev/null && udevadm settle
}

# sent HEX: how many CDBs that begin so have arrived
sent() { grep -c "\"cdb\":\"$1" "$(box_trace a)" || :; }
