# SPDX-License-Identifier: GPL-2.0-or-later
#
# A made-up chip with a made-up command set: 32 KiB that can be written and not
# read. It compares a checksum of what it holds with one that it is sent. No command
# here belongs to a real chip. Never use this on a real box.

[chip]
name = lab-sum
title = A chip that cannot be read back
vendor = bridgefw lab
recovery = boot-mode
note = This profile is of a virtual chip with a made-up command set.

[usb 1209:0016]
bcd = 0100-01ff
role = running
evidence = traced
source = made up for the lab, in the range that pid.codes keeps for tests

[usb 1209:0017]
bcd = 0001
role = blank
evidence = traced
source = made up for the lab, in the range that pid.codes keeps for tests
note = The made-up chip without its firmware: it takes another one, and shows no drive.

[memory flash]
kind = flash
holds = made-up firmware
size = 32 KiB
access = offset
unit = 128
read-chunk = 32 KiB
write-chunk = 256
sectors = 8 x 4 KiB
boot-sector = 0x7000
erase-value = 0xff
erase-first = yes
interrupted = restorable

[operation identify]
evidence = traced
source = made up for the lab
transports = scsi bot
answer = 4c 53 bf d5 00 08 16 00
step = cdb in 8 : D1 49 44 00 00 08, expect 4c 53

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
transports = scsi bot
answer = 20 26 04 05
step = cdb in 4 : D1 56 45 00 00 04

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
transports = scsi bot
step = cdb none : D2 55 4E 4C 4B 00

[operation flash.lock]
evidence = traced
source = made up for the lab
transports = scsi bot
step = cdb none : D2 4C 4F 43 4B 00

[operation flash.erase-sector]
evidence = traced
source = made up for the lab
transports = scsi bot
step = cdb none : D3 53 {sector:8} {address:be24}
step = cdb in 1 : D4 00 00 00 00 01, poll every 5 ms for 5 s, expect 00

[operation flash.erase-all]
evidence = traced
source = made up for the lab
transports = scsi bot
step = cdb none : D3 41 4C 4C {total:be16}
step = cdb in 1 : D4 00 00 00 00 01, poll every 5 ms for 5 s, expect 00

[operation flash.program]
evidence = traced
source = made up for the lab
transports = scsi bot
step = cdb out data : D5 {address:be24} {length:be16} 00 00 00 00

# The chip fails the command if what it holds makes another checksum.
[operation flash.verify]
evidence = traced
source = made up for the lab
transports = scsi bot
step = cdb none : D6 43 {crc32(image):be32} 00 00 00 00

[operation reset]
evidence = traced
source = made up for the lab
transports = scsi bot
step = cdb none : D7 52 53 54 00 00, until-reset
step = reenumerate within 10 s

[rule flash mark]
kind = bytes
at = 0
bytes = 4c 53 55 4d
evidence = traced
source = made up for the lab

[rule flash boot-mark]
kind = bytes
at = 0x7000
bytes = 42 4f 4f 54
evidence = traced
source = made up for the lab

# The chip looks at this before it starts what is in the sector.
[rule flash boot-sum]
kind = checksum
at = 0x7ffe
algorithm = sum16
byte-order = little
over = 0x7000..0x7fff
evidence = traced
source = made up for the lab

[rule flash image-sum]
kind = checksum
at = 0x6ffc
algorithm = crc32
byte-order = little
over = 0..0x6fff
evidence = traced
source = made up for the lab
