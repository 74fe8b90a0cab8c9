# SPDX-License-Identifier: GPL-2.0-or-later
#
# A made-up chip on FireWire whose flash lies behind one register, a bus cycle a
# word, as Oxford's definitions list the words for the OXFW912. That these words go to
# the register at 0x80000, that nothing must come before them, how large the flash is
# and how it is read is made up: nothing is known of how a real one is read. No part
# of this is known to work on a real chip. Never use this on a real box.

[chip]
name = lab-oxfw912
title = A chip whose flash lies behind a port
vendor = bridgefw lab
recovery = boot-mode
note = This profile is of a virtual chip with a made-up command set.

[ieee1394 running]
vendor = 0x001209
model = 0x091200
role = running
evidence = traced
source = made up for the lab

# "L912"
[quadlet 0xFFFFF0090020]
value = 0x4c393132
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
write-chunk = 256
sectors = 4 x 256
boot-sector = 0x300
erase-value = 0xff
erase-first = yes
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
answer = 09 12 01 00
step = quadlet-read 0xFFFFF0050000 answer, expect 09 12 ?? ??

[operation version]
evidence = traced
source = made up for the lab
transports = 1394
states = running
answer = 20 26 09 12
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
states = running
step = for-each chunk 4
step = quadlet-read 0xFFFFF000{address:16} data, short-ok
step = end

# Seven reads at certain addresses, each as two words.
[operation flash.unlock]
evidence = traced
source = made up for the lab
transports = 1394
step = quadlet-write 0xFFFFF0080000 : 40 00 30 8C
step = quadlet-write 0xFFFFF0080000 : 68 00 30 8C
step = quadlet-write 0xFFFFF0080000 : 40 00 30 80
step = quadlet-write 0xFFFFF0080000 : 68 00 30 80
step = quadlet-write 0xFFFFF0080000 : 40 00 30 88
step = quadlet-write 0xFFFFF0080000 : 68 00 30 88
step = quadlet-write 0xFFFFF0080000 : 40 00 08 60
step = quadlet-write 0xFFFFF0080000 : 68 00 08 60
step = quadlet-write 0xFFFFF0080000 : 40 00 08 6C
step = quadlet-write 0xFFFFF0080000 : 68 00 08 6C
step = quadlet-write 0xFFFFF0080000 : 40 00 08 64
step = quadlet-write 0xFFFFF0080000 : 68 00 08 64
step = quadlet-write 0xFFFFF0080000 : 40 00 08 68
step = quadlet-write 0xFFFFF0080000 : 68 00 08 68

[operation flash.lock]
evidence = traced
source = made up for the lab
transports = 1394
step = quadlet-write 0xFFFFF0080000 : 40 00 30 8C
step = quadlet-write 0xFFFFF0080000 : 68 00 30 8C
step = quadlet-write 0xFFFFF0080000 : 40 00 30 80
step = quadlet-write 0xFFFFF0080000 : 68 00 30 80
step = quadlet-write 0xFFFFF0080000 : 40 00 30 88
step = quadlet-write 0xFFFFF0080000 : 68 00 30 88
step = quadlet-write 0xFFFFF0080000 : 40 00 08 60
step = quadlet-write 0xFFFFF0080000 : 68 00 08 60
step = quadlet-write 0xFFFFF0080000 : 40 00 08 6C
step = quadlet-write 0xFFFFF0080000 : 68 00 08 6C
step = quadlet-write 0xFFFFF0080000 : 40 00 08 64
step = quadlet-write 0xFFFFF0080000 : 68 00 08 64
step = quadlet-write 0xFFFFF0080000 : 40 00 08 28
step = quadlet-write 0xFFFFF0080000 : 68 00 08 28

# Made up: an address, a read of it, and the port holds what was read.
[operation flash.read]
evidence = traced
source = made up for the lab
transports = 1394
step = for-each chunk 4
step = quadlet-write 0xFFFFF0080000 : 40 00 {address:be16}
step = quadlet-write 0xFFFFF0080000 : 60 00 {address:be16}
step = quadlet-read 0xFFFFF0080000 data
step = end

[operation flash.erase-sector]
evidence = traced
source = made up for the lab
transports = 1394
step = for-each sector
step = quadlet-write 0xFFFFF0080000 : 00 00 00 20
step = quadlet-write 0xFFFFF0080000 : 30 00 00 20
step = quadlet-write 0xFFFFF0080000 : 40 00 {address:be16}
step = quadlet-write 0xFFFFF0080000 : 00 00 00 D0
step = quadlet-write 0xFFFFF0080000 : 30 00 00 D0
step = delay 50 ms
step = quadlet-write 0xFFFFF0080000 : 00 00 00 E0
step = quadlet-write 0xFFFFF0080000 : 30 00 00 E0
step = delay 60 us
step = end

[operation flash.erase-all]
evidence = traced
source = made up for the lab
transports = 1394
step = quadlet-write 0xFFFFF0080000 : 00 00 00 30
step = quadlet-write 0xFFFFF0080000 : 30 00 00 30
step = quadlet-write 0xFFFFF0080000 : 00 00 00 30
step = quadlet-write 0xFFFFF0080000 : 30 00 00 30
step = delay 50 ms
step = quadlet-write 0xFFFFF0080000 : 00 00 00 E0
step = quadlet-write 0xFFFFF0080000 : 30 00 00 E0
step = delay 60 us

[operation flash.program]
evidence = traced
source = made up for the lab
transports = 1394
step = for-each chunk 4
step = quadlet-write 0xFFFFF0080000 : 00 00 00 10
step = quadlet-write 0xFFFFF0080000 : 30 00 00 10
step = quadlet-write 0xFFFFF0080000 : 40 00 {address:be16}
step = quadlet-write 0xFFFFF0080000 : 00 01 {data:be16}
step = quadlet-write 0xFFFFF0080000 : 30 00 {data+2:be16}
step = end

[operation reset]
evidence = traced
source = made up for the lab
transports = 1394
step = quadlet-write 0xFFFFF0080000 : 80 00 00 00, until-reset
step = reenumerate within 10 s

[rule flash mark]
kind = bytes
at = 0
bytes = 4c 39 31 32
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
at = 0x1fc
algorithm = crc32
byte-order = little
over = 0..0x1ff
evidence = traced
source = made up for the lab

# Its sector is in no checksum, so a serial number that is carried over breaks none.
[rule flash serial]
kind = identity
at = 0x210
length = 8
evidence = traced
source = made up for the lab

[field flash serial]
at = 0x210
length = 8
type = ascii
title = Serial number
evidence = traced
source = made up for the lab
