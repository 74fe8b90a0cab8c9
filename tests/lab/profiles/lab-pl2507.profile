# SPDX-License-Identifier: GPL-2.0-or-later
#
# The lab's PL-2507: ids and requests of the real chip, and a table whose layout
# behind the first word is made up. Nobody outside of Prolific knows the real
# one. Never use this on a real box; it is not installed.

[chip]
name = lab-pl2507
title = PL-2507 of the lab, with a made-up EEPROM layout
vendor = bridgefw lab
recovery = internal-rom
note = This profile is of a virtual chip. Its EEPROM layout is made up.

[usb 067b:2507]
role = running
evidence = reported
source = The id of the real PL-2507, see kmod/profiles/pl2507.profile

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
source = PL-2507 Product Datasheet v1.3 (August 2003), p. 14, GET_EEPROM_STR
transports = control
step = control 0xC1 0x06 value 0 index {interface} in data, timeout 5 s, short-ok

[operation eeprom.program]
evidence = documented
source = PL-2507 Product Datasheet v1.3 (August 2003), p. 14, SET_EEPROM_STR
transports = control
step = control 0x41 0x05 value 0 index {interface} out data, timeout 5 s

[rule eeprom validity]
kind = bytes
at = 0
bytes = 06 7b | 7b 06
evidence = documented
source = PL-2507 Product Datasheet v1.3, p. 14

[rule eeprom byte-order]
kind = keep
at = 0
length = 2
evidence = inferred
source = The order that the device has is kept

[field eeprom validity]
at = 0x00
length = 2
type = hex
title = Validity word
evidence = documented
source = PL-2507 Product Datasheet v1.3, p. 14

[field eeprom idVendor]
at = 0x02
type = le16
title = USB vendor id
evidence = inferred
source = made up for the lab

[field eeprom idProduct]
at = 0x04
type = le16
title = USB product id
evidence = inferred
source = made up for the lab

[field eeprom bcdDevice]
at = 0x06
type = le16
title = Device release
evidence = inferred
source = made up for the lab

[field eeprom bmAttributes]
at = 0x08
type = u8
title = Attributes of the configuration
evidence = inferred
source = made up for the lab

[field eeprom bMaxPower]
at = 0x09
type = u8
title = Power from the bus, in units of 2 mA
evidence = inferred
source = made up for the lab

[field eeprom iManufacturer]
at = 0x10
length = 32
type = ascii
title = Manufacturer
evidence = inferred
source = made up for the lab

[field eeprom iProduct]
at = 0x30
length = 32
type = ascii
title = Product
evidence = inferred
source = made up for the lab

[field eeprom iSerialNumber]
at = 0x50
length = 32
type = utf16le
title = Serial number
evidence = inferred
source = made up for the lab
