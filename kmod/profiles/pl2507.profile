# SPDX-License-Identifier: GPL-2.0-or-later
#
# Prolific PL-2507. Its serial EEPROM has the only read and write path of all
# Prolific bridges that a vendor's document describes. Commands for its flash
# are not public, so there is no flash here.

[chip]
name = pl2507
title = PL-2507 USB 2.0 to IDE bridge
vendor = Prolific Technology Inc.
recovery = internal-rom
note = A table in the EEPROM replaces the chip's own USB ids and strings, and it
  counts only if its first word is 067B. Without a valid first word the chip
  starts from its internal ROM. A table with a valid first word takes effect
  whatever else it holds. The rest of its layout is not public.

[usb 067b:2507]
role = running
evidence = reported
source = usb.ids, smartmontools drivedb.h and Linux
  drivers/usb/storage/unusual_devs.h name this id

[usb 152e:2507]
role = running
evidence = reported
source = usb.ids: "PL-2507 IDE Controller" of LG / HLDS (for example GP08NU10),
  and listings of linux-hardware.org
note = This is a PL-2507 under the vendor id of LG / HLDS.

# The longest table that the requests can carry is 255 bytes. The time that the
# part needs to store it is not public; a 24C02 would take 32 pages of 5 ms, and
# settle is several times that.
[memory eeprom]
kind = eeprom
holds = USB ids, device release, attributes, power and strings
size = 255
min-size = 2
length = device
access = whole
settle = 1000 ms
interrupted = mixed

[operation eeprom.read]
evidence = documented
source = PL-2507 Product Datasheet v1.3 (August 2003), p. 14, sections 6.3 to
  6.3.2, GET_EEPROM_STR; the interface number as wIndex: USB 2.0, section 9.3.4
transports = control
step = control 0xC1 0x06 value 0 index {interface} in data, timeout 5 s, short-ok

[operation eeprom.program]
evidence = documented
source = PL-2507 Product Datasheet v1.3 (August 2003), p. 14, sections 6.3 to
  6.3.2, SET_EEPROM_STR; the interface number as wIndex: USB 2.0, section 9.3.4
note = The whole table goes over in one request, and there is no offset. If the
  power fails inside of it, the table can be a mixture with a valid first word.
transports = control
step = control 0x41 0x05 value 0 index {interface} out data, timeout 5 s

[rule eeprom validity]
kind = bytes
at = 0
bytes = 06 7b | 7b 06
evidence = documented
source = PL-2507 Product Datasheet v1.3, p. 14: the table is used only if its
  first word equals 067B

[rule eeprom byte-order]
kind = keep
at = 0
length = 2
evidence = inferred
source = The datasheet does not say which byte of the first word comes first, so
  the order that the device has is kept

[field eeprom validity]
at = 0
length = 2
type = hex
title = Validity word
evidence = documented
source = PL-2507 Product Datasheet v1.3, p. 14
