# SPDX-License-Identifier: GPL-2.0-or-later
#
# A made-up chip with a made-up command set: to be written it starts a loader,
# which is another USB device, and comes back by a reset. No command here belongs
# to a real chip. Never use this on a real box.

[chip]
name = lab-renum
title = A chip that goes away to be written
vendor = bridgefw lab
recovery = boot-mode
note = This profile is of a virtual chip with a made-up command set.

[usb 1209:0018]
bcd = 0100-01ff
role = running
evidence = traced
source = made up for the lab, in the range that pid.codes keeps for tests

[usb 1209:0019]
bcd = 0001
role = blank
evidence = traced
source = made up for the lab, in the range that pid.codes keeps for tests
note = The made-up chip without its firmware: it takes another one, and shows no drive.

[usb 1209:001a]
bcd = 0002
role = uploader
evidence = traced
source = made up for the lab, in the range that pid.codes keeps for tests
note = The made-up chip while its flash can be written.

[memory flash]
kind = flash
holds = made-up firmware
size = 32 KiB
access = offset
unit = 64
read-chunk = 4096
write-chunk = 512
sectors = 8 x 4 KiB
boot-sector = 0x7000
erase-value = 0xff
erase-first = yes
interrupted = restorable

[operation identify]
evidence = traced
source = made up for the lab
transports = scsi bot
answer = 4c 4e bf d5 00 08 10 00
step = cdb in 8 : C0 49 44 00 00 08, expect 4c 4e

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
answer = 20 26 01 02
step = cdb in 4 : C0 56 45 00 00 04

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
step = cdb none : C1 55 4E 4C 4B 00, until-reset
step = reenumerate within 10 s as 1209:001a

[operation flash.lock]
evidence = traced
source = made up for the lab
transports = scsi bot
step = cdb none : C1 4C 4F 43 4B 00

[operation flash.read]
evidence = traced
source = made up for the lab
transports = scsi bot
step = cdb in data : C2 {address:be32} {length:be16} 00

[operation flash.erase-sector]
evidence = traced
source = made up for the lab
transports = scsi bot
step = for-each sector
step = cdb none : C3 {address:be32} {sector:8}
step = cdb in 1 : C4 00 00 00 00 01, poll every 5 ms for 5 s, expect 00
step = end

[operation flash.program]
evidence = traced
source = made up for the lab
transports = scsi bot
step = cdb out data : C5 {address:be32} {length:be16} 00

[operation reset]
evidence = traced
source = made up for the lab
transports = scsi bot
step = cdb none : C6 52 53 54 00 00, until-reset
step = reenumerate within 10 s as 1209:0018

[rule flash mark]
kind = bytes
at = 0
bytes = 4c 52 4e 4d
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
at = 0x5ffc
algorithm = crc32
byte-order = little
over = 0..0x5fff
evidence = traced
source = made up for the lab

# Its sector is in no checksum, so a serial number that is carried over breaks none.
[rule flash serial]
kind = identity
at = 0x6010
length = 8
evidence = traced
source = made up for the lab

[field flash serial]
at = 0x6010
length = 8
type = ascii
title = Serial number
evidence = traced
source = made up for the lab
