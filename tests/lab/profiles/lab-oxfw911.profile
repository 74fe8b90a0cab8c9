# SPDX-License-Identifier: GPL-2.0-or-later
#
# A made-up chip on FireWire that is written as Oxford's register map tells of the
# OXFW911: an upload mode, a start address, data in quadlets with the lowest byte
# first, and a checksum that the chip makes, the reading of which ends the upload and
# starts it anew. All that the map leaves open is made up: ids, sizes, sectors, which
# register takes the start address, what the checksum is. Nothing reads its flash. No
# part of this is known of a real chip. Never use this on a real box.

[chip]
name = lab-oxfw911
title = A chip that takes uploads in quadlets
vendor = bridgefw lab
recovery = boot-mode
note = This profile is of a virtual chip with a made-up command set.

[ieee1394 running]
vendor = 0x001209
model = 0x091100
role = running
evidence = traced
source = made up for the lab

[ieee1394 upload]
vendor = 0x001209
model = 0x091101
role = uploader
evidence = traced
source = made up for the lab
note = The made-up chip while its flash can be written.

# "L911"
[quadlet 0xFFFFF0090020]
value = 0x4c393131
role = blank
evidence = traced
source = made up for the lab
note = The made-up chip without its firmware: it takes another one, and shows no drive.

[memory flash]
kind = flash
holds = made-up firmware
size = 1024
access = offset
unit = 4
read-chunk = 1024
write-chunk = 1024
sectors = 4 x 256
boot-sector = 0x300
erase-value = 0xff
interrupted = restorable

[memory config-rom]
kind = config-rom
holds = configuration ROM, as the node shows it
size = 1024
min-size = 4
base = 0x400
length = device
access = whole
unit = 4
interrupted = mixed

[operation identify]
evidence = traced
source = made up for the lab
transports = 1394
states = running
answer = 09 11 04 00
step = quadlet-read 0xFFFFF0050000 answer, expect 09 11 ?? ??

[operation version]
evidence = traced
source = made up for the lab
transports = 1394
states = running
answer = 20 26 09 11
step = quadlet-read 0xFFFFF0060000 answer

[field version firmware_version]
at = 0
length = 4
type = bcd
title = Firmware version
evidence = traced
source = made up for the lab

[operation config-rom.read]
evidence = traced
source = made up for the lab
transports = 1394
states = running uploader
step = for-each chunk 4
step = quadlet-read 0xFFFFF000{address:16} data, short-ok
step = end

# "Edit"
[operation flash.unlock]
evidence = traced
source = made up for the lab
transports = 1394
states = running
step = quadlet-write 0xFFFFF0090010 : 45 64 69 74, until-reset
step = reenumerate within 10 s as upload

[operation flash.erase-sector]
evidence = traced
source = made up for the lab
transports = 1394
states = uploader blank
step = for-each sector
step = quadlet-write 0xFFFFF0090000 : {address:be32}
step = quadlet-read 0xFFFFF0090000 answer, poll every 5 ms for 5 s, expect 00 00 00 01
step = end

[operation flash.erase-all]
evidence = traced
source = made up for the lab
transports = 1394
states = uploader blank
step = quadlet-write 0xFFFFF0090000 : FF FF FF FF
step = quadlet-read 0xFFFFF0090000 answer, poll every 5 ms for 5 s, expect 00 00 00 01

# An upload is one row of data from a start address: so it erases first, and then
# sends everything in one go, the sector that makes the chip start last.
[operation flash.program]
evidence = traced
source = made up for the lab
transports = 1394
states = uploader blank
step = for-each sector
step = quadlet-write 0xFFFFF0090000 : {address:be32}
step = quadlet-read 0xFFFFF0090000 answer, poll every 5 ms for 5 s, expect 00 00 00 01
step = end
step = quadlet-write 0xFFFFF0090008 : {address:be32}
step = for-each chunk 4
step = quadlet-write 0xFFFFF0090004 data, le
step = end

# Reading this register resets the chip, whatever it was read for.
[operation flash.verify]
evidence = traced
source = made up for the lab
transports = 1394
states = uploader blank
step = quadlet-read 0xFFFFF0090004 answer, expect {sum32(image):be32}, until-reset
step = reenumerate within 10 s

[rule flash mark]
kind = bytes
at = 0
bytes = 4c 39 31 31
evidence = traced
source = made up for the lab

[rule flash boot-mark]
kind = bytes
at = 0x300
bytes = 42 4f 4f 54
evidence = traced
source = made up for the lab

# The chip looks at this before it starts what is in the sector.
[rule flash boot-sum]
kind = checksum
at = 0x3fe
algorithm = sum16
byte-order = little
over = 0x300..0x3ff
evidence = traced
source = made up for the lab

[rule flash image-sum]
kind = checksum
at = 0x2fc
algorithm = crc32
byte-order = little
over = 0..0x2ff
evidence = traced
source = made up for the lab
