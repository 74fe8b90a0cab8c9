# SPDX-License-Identifier: GPL-2.0-or-later
#
# A made-up chip with a made-up command set: 128 KiB in the uneven sectors of an
# AT49F001, erased one by one or together, over endpoint 0. No request here belongs
# to a real chip. Never use this on a real box.

[chip]
name = lab-at49
title = Flash of uneven sectors
vendor = bridgefw lab
recovery = boot-mode
note = This profile is of a virtual chip with a made-up command set.

[usb 1209:0014]
bcd = 0100-01ff
role = running
evidence = traced
source = made up for the lab, in the range that pid.codes keeps for tests

[usb 1209:0015]
bcd = 0001
role = blank
evidence = traced
source = made up for the lab, in the range that pid.codes keeps for tests
note = The made-up chip without its firmware: it takes another one, and shows no drive.

[memory flash]
kind = flash
holds = made-up firmware
size = 128 KiB
access = offset
unit = 64
read-chunk = 4096
write-chunk = 256
sectors = 1 x 16 KiB, 2 x 8 KiB, 1 x 32 KiB, 1 x 64 KiB
boot-sector = 0
erase-value = 0xff
erase-first = yes
interrupted = restorable

[operation identify]
evidence = traced
source = made up for the lab
transports = control
answer = 4c 41 1f 05 00 05 14 00
step = control 0xC0 0xA6 value 0x4944 index 0 in 8, expect 4c 41

[field identify maker]
at = 2
type = u8
title = Maker of the flash
evidence = traced
source = made up for the lab

[field identify device]
at = 3
type = u8
title = Type of the flash
evidence = traced
source = made up for the lab

[operation version]
evidence = traced
source = made up for the lab
transports = control
answer = 20 26 03 04
step = control 0xC0 0xA6 value 0x5645 index 0 in 4

[field version firmware_version]
at = 0
length = 4
type = bcd
title = Firmware version
evidence = traced
source = made up for the lab

[operation flash.unlock]
evidence = traced
source = made up for the lab
transports = control
step = control 0x40 0xA5 value 0x554E index 0x4C4B none

[operation flash.lock]
evidence = traced
source = made up for the lab
transports = control
step = control 0x40 0xA5 value 0 index 0 none

[operation flash.read]
evidence = traced
source = made up for the lab
transports = control
step = control 0xC0 0xA0 value {address[15:0]} index {address[16:16]} in data

[operation flash.erase-sector]
evidence = traced
source = made up for the lab
transports = control
step = control 0x40 0xA2 value {sector} index 0x4553 none
step = control 0xC0 0xA3 value 0 index 0 in 1, poll every 50 ms for 90 s, expect 01

[operation flash.erase-all]
evidence = traced
source = made up for the lab
transports = control
step = control 0x40 0xA4 value 0x414C index 0x4C45 none
step = control 0xC0 0xA3 value 0 index 0 in 1, poll every 50 ms for 90 s, expect 01

[operation flash.program]
evidence = traced
source = made up for the lab
transports = control
step = for-each chunk 256
step = control 0x40 0xA1 value {address[15:0]} index {address[16:16]} out data
step = end

[operation reset]
evidence = traced
source = made up for the lab
transports = control
step = control 0x40 0xA7 value 0x5253 index 0 none, until-reset
step = reenumerate within 10 s

[rule flash mark]
kind = bytes
at = 0
bytes = 41 54 34 39
evidence = traced
source = made up for the lab

# The chip looks at this before it starts what is in the sector.
[rule flash boot-sum]
kind = checksum
at = 0x3ffe
algorithm = sum16
byte-order = big
over = 0..0x3fff
evidence = traced
source = made up for the lab

[rule flash image-sum]
kind = checksum
at = 0x1fffc
algorithm = crc32
byte-order = little
over = 0x6000..end
evidence = traced
source = made up for the lab

# Its sector is in no checksum, so a serial number that is carried over breaks none.
[rule flash serial]
kind = identity
at = 0x4010
length = 8
evidence = traced
source = made up for the lab

[field flash serial]
at = 0x4010
length = 8
type = ascii
title = Serial number
evidence = traced
source = made up for the lab
