# SPDX-License-Identifier: GPL-2.0-or-later
#
# A made-up chip with a made-up command set: 128 KiB in eight sectors of 16 KiB, as
# in an Am29F010, the first of which makes it start. Without it nothing answers any
# more. No command here belongs to a real chip. Never use this on a real box.

[chip]
name = lab-gone
title = A chip without a way back
vendor = bridgefw lab
recovery = none-known
note = This profile is of a virtual chip with a made-up command set. Nothing reaches it when its firmware is gone.

[usb 1209:0012]
bcd = 0100-01ff
role = running
evidence = traced
source = made up for the lab, in the range that pid.codes keeps for tests

[memory flash]
kind = flash
holds = made-up firmware
size = 128 KiB
access = offset
unit = 64
read-chunk = 4096
write-chunk = 64
sectors = 8 x 16 KiB
boot-sector = 0
erase-value = 0xff
erase-first = yes
interrupted = final

[operation identify]
evidence = traced
source = made up for the lab
transports = scsi bot
answer = 4c 47 01 20 00 08 12 00
step = cdb in 8 : C8 49 44 00 00 08, expect 4c 47

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
answer = 20 26 02 03
step = cdb in 4 : C8 56 45 00 00 04

[field version firmware_version]
at = 0
length = 4
type = bcd
title = Firmware version
evidence = traced
source = made up for the lab

[operation flash.read]
evidence = traced
source = made up for the lab
transports = scsi bot
step = cdb in data : C9 {address:be24} {length:be16} 00 00 00 00

[operation flash.erase-sector]
evidence = traced
source = made up for the lab
transports = scsi bot
step = cdb none : CA {sector:8} {address:be24} 45, timeout 10 s
step = cdb in 2 : CB 00 00 00 00 02, poll every 50 ms for 45 s, expect 80 ??

[operation flash.program]
evidence = traced
source = made up for the lab
transports = scsi bot
step = for-each chunk 64
step = cdb out data : CC {address:be24} {length:be16} {xor8(template)}
step = end

[operation reset]
evidence = traced
source = made up for the lab
transports = scsi bot
step = cdb none : CF 52 53 54 00 00, until-reset
step = reenumerate within 10 s as 1209:0012

[rule flash mark]
kind = bytes
at = 0
bytes = 47 4f 4e 45
evidence = traced
source = made up for the lab

# The chip looks at this before it starts what is in the sector.
[rule flash boot-sum]
kind = checksum
at = 0x3ffe
algorithm = crc16
byte-order = big
over = 0..0x3fff
evidence = traced
source = made up for the lab

[rule flash image-sum]
kind = checksum
at = 0x1fffc
algorithm = crc32
byte-order = little
over = 0x8000..end
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
