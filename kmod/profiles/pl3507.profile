# SPDX-License-Identifier: GPL-2.0-or-later
#
# Prolific PL-3507, USB 2.0 and FireWire to IDE. It is recognised, its config ROM is
# read as that of any node, and nothing more: no way to read its flash, to program it,
# to read its version or its EEPROM is public. What is public about unlocking and
# erasing comes from one look at a program, was never run by who wrote it down, and
# would only destroy what nobody can put back. It stands here so that it can be named
# and refused: none of it belongs to a memory, so no write can use it, whatever bar is
# set.

[chip]
name = pl3507
title = PL-3507 USB 2.0 and FireWire to IDE bridge
vendor = Prolific Technology Inc.
recovery = none-known
note = No report is known of a PL-3507 that showed itself on any bus after its
  flash was lost, so take it for beyond repair by software. The release number
  (bcdDevice) says nothing about the firmware: boards with the old and with the
  corrected firmware both show 0.01. The FireWire serial 00071002 is the maker's
  default and stands on many boxes.

[usb 067b:3507]
role = running
evidence = reported
source = Linux drivers/usb/storage/unusual_devs.h; smartmontools USB device
  page; logs of owners in the Ubuntu forums

[ieee1394 prolific]
vendor = 0x005077
model = 0x000001
revision = 0x012804
role = running
evidence = reported
source = sbp2 logs of two units in the Ubuntu forums (GUIDs 0050770e100034a9 and
  0050770e00071002); OUI: Prolific firmware readme of 2003-02-24, as quoted at
  https://blog.not-a-kernel-guy.com/2007/06/07/195/

[ieee1394 inxtron]
vendor = 0x0001d2
model = 0x000001
revision = 0x012804
role = running
evidence = reported
source = sbp2 log of a unit in the Ubuntu forums (GUID 0001d20e00ad0688) that
  shows the same model and revision as Prolific's own units
note = This is a PL-3507 under the company id of inXtron.

[memory config-rom]
kind = config-rom
holds = configuration ROM, as the node shows it
size = 1024
min-size = 4
length = device
access = whole
base = 0x400
unit = 4
interrupted = mixed

[operation config-rom.read]
evidence = documented
source = IEEE 1394 and ISO/IEC 13213 (IEEE 1212): a node's configuration ROM is read by
  quadlets from 0xFFFFF0000400 on and has at most 1024 bytes
transports = 1394
states = running uploader
step = for-each chunk 4
step = quadlet-read 0xFFFFF000{address:16} data, short-ok
step = end

[operation unlock]
evidence = reported
source = Message 47246 in the archive of the linux-usb list: a quick look at some of
  the code of ROMWriter2.3RS64.exe, not run
transports = scsi bot
note = Printed with 11 bytes, which is no standard length; what the vendor's tool
  really sends is not known, nor whether data follow. Early firmware has no lock, so
  the erase may work without this.
step = cdb none : F6 00 55 4E 4C 4F 06 7B 00 00 00

[operation lock]
evidence = reported
source = Message 47246 in the archive of the linux-usb list: a quick look at some of
  the code of ROMWriter2.3RS64.exe, not run
transports = scsi bot
note = Printed with 11 bytes, as unlock is.
step = cdb none : F6 00 00 00 00 00 06 7B 00 00 00

[operation erase-all]
evidence = reported
source = Message 47246 in the archive of the linux-usb list: a quick look at some of
  the code of ROMWriter2.3RS64.exe, not run
transports = scsi bot
note = What it erases, the whole flash or a part, how long that takes and what the
  chip says meanwhile is not known. How to program the flash again is not, either.
step = cdb none : E1 00 00 00 06 7B
