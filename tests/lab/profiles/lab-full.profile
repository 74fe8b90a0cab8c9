# SPDX-License-Identifier: GPL-2.0-or-later
#
# A made-up chip that uses everything that a profile can say, so that compiler,
# check, encoder and decoder are tried with all of it. No command here belongs
# to a real chip. Never use this on a real box.

[chip]
name = lab-full
title = Everything that a profile can say
vendor = bridgefw lab
recovery = mask-rom
note = This profile is of a virtual chip with a made-up command set.

[usb 1209:0003]
bcd = 0100-01ff
role = running
evidence = documented
source = made up for the lab, in the range that pid.codes keeps for tests

[usb 1209:0004]
bcd = 0001
role = uploader
evidence = documented
source = made up for the lab, in the range that pid.codes keeps for tests
note = The loader of the made-up chip.

[ieee1394 node]
vendor = 0x001209
model = 0x000003
revision = 0x012800/0xffff00
role = running
evidence = documented
source = made up for the lab

[quadlet 0xFFFFF0090020]
value = 0x4c414200/0xffffff00
role = blank
evidence = documented
source = made up for the lab
note = The made-up chip without its firmware.

[memory flash]
kind = flash
holds = made-up firmware
size = 64 KiB
access = offset
base = 0x10000
unit = 4
read-chunk = 512
write-chunk = 128
sectors = 15 x 4 KiB, 2 x 2048
boot-sector = 0xf800
erase-value = 0xff
erase-first = yes
interrupted = restorable
settle = 20 ms

[memory eeprom]
kind = eeprom
holds = made-up settings
size = 1024
access = offset
unit = 2
read-chunk = 64
write-chunk = 16
interrupted = mixed
settle = 100 ms

[memory config-rom]
kind = config-rom
holds = made-up config ROM
size = 1024
access = offset
base = 0x400
unit = 4
read-chunk = 1024
write-chunk = 1024
sectors = 4 x 256
interrupted = final

[operation identify]
evidence = documented
source = made up for the lab
transports = scsi bot
answer = 06 7b 4c 46 20 26 11 22
step = cdb in 8 : C0 49 44 00 {length:8} {sum8(template)}, expect 06 7b 4c ??

[field identify mark]
at = 0
type = be16
title = Mark
evidence = documented
source = made up for the lab

[field identify firmware_version]
at = 4
length = 4
type = bcd
title = Date of the firmware
evidence = documented
source = made up for the lab

# Data goes out, so it is run only when it is asked for by name.
[operation version]
evidence = documented
source = made up for the lab
note = Asks with a payload and reads the answer afterwards.
transports = control
on-request = yes
answer = 01 02
step = control 0x40 0x10 value 0x1234 index (A5 00) out payload payload 56 45 52 {length:8} {crc16(template):le16}
step = control 0xC0 0x11 value 0 index 0 in 2, timeout 1 s, poll every 10 ms for 2 s, expect 01 ??

[operation flash.unlock]
evidence = documented
source = made up for the lab
transports = scsi bot
buses = usb 1394
states = running uploader
step = cdb none : C1 55 4E 4C 4F 06 7B 00 00 00 00
step = delay 60 us

[operation flash.lock]
evidence = documented
source = made up for the lab
transports = scsi bot
step = cdb none : C1 00 00 00 00 06 7B 00 00 00 00

# Address in two slices with the high one behind, length in blocks less one.
[operation flash.read]
evidence = documented
source = made up for the lab
transports = scsi bot
step = cdb in data : C2 00 {address[7:0]} {address[15:8]} 0b0000000{address[16:16]} {length/4-1:be16} 0b101{sector[4:0]}

[operation flash.erase-sector]
evidence = documented
source = made up for the lab
transports = scsi bot
step = for-each sector
step = cdb none : C3 {sector:8} {address:be24} {xor8(template)}
step = cdb in 1 : C4 00 00 00 00 01, poll every 5 ms for 3 s, expect 0?
step = end

[operation flash.erase-all]
evidence = documented
source = made up for the lab
transports = scsi bot
step = cdb none : C5 {total:le32} 5A, timeout 30 s
step = delay 50 ms
step = cdb in 1 : C4 00 00 00 00 01, poll every 50 ms for 20 s, expect 00

[operation flash.program]
evidence = documented
source = made up for the lab
transports = scsi bot
step = for-each sector
step = for-each chunk 128
step = cdb out data : C7 {address:le32} {length:be16} {sum16(data):be16} {neg8(template)}, timeout 5 s
step = end
step = end
step = cdb none : C8 00 {crc32(image):be32} {total/4:be24}
step = cdb none : C8 01 {sum32(image):le32} {total+1:be32}

# Four bytes at a time, inside of the CDB itself.
[operation flash.verify]
evidence = documented
source = made up for the lab
transports = scsi bot
step = for-each chunk 4
step = cdb none : C9 {address:be32} {data:be16} {data+2:le16} {sum8(data)}
step = end

[operation eeprom.read]
evidence = documented
source = made up for the lab
transports = control
step = control 0xC0 0x20 value {address} index 0 in data

[operation eeprom.program]
evidence = documented
source = made up for the lab
transports = control
step = for-each chunk 16
step = control 0x40 0x21 value {address/2[7:0]} index {address/2[9:8]} out data
step = delay 5 ms
step = end

[operation config-rom.read]
evidence = documented
source = made up for the lab
transports = 1394
step = for-each chunk 4
step = quadlet-read 0xFFFFF000{address:16} data, le
step = end

[operation config-rom.erase-sector]
evidence = documented
source = made up for the lab
transports = 1394
step = for-each sector
step = quadlet-write 0xFFFFF0090000 : {sector:be32}
step = quadlet-read 0xFFFFF0090000 answer, poll every 1 ms for 1 s, expect 00 00 00 01
step = end

[operation config-rom.program]
evidence = documented
source = made up for the lab
transports = 1394
step = quadlet-write 0xFFFFF0090008 : {address:be32}
step = for-each chunk 4
step = quadlet-write 0xFFFFF0090004 data, le
step = end
step = quadlet-read 0xFFFFF0090004 answer, until-reset, expect {sum32(image):be32}

[operation reset]
evidence = documented
source = made up for the lab
transports = control
step = control 0x40 0x30 value 0 index 0 none, until-reset
step = reenumerate within 10 s as 1209:0003

[rule flash mark]
kind = bytes
at = 0
bytes = 4c 41 42 | 42 41 4c
evidence = documented
source = made up for the lab

[rule flash not-blank]
kind = not-blank
evidence = documented
source = made up for the lab

[rule flash serial]
kind = identity
at = 0x100
length = 8
evidence = documented
source = made up for the lab

[rule flash checksum]
kind = checksum
at = 0xfffe
algorithm = sum16
byte-order = little
over = 0..0xffff
evidence = documented
source = made up for the lab

[rule eeprom region]
kind = keep
at = 8
length = 2
evidence = documented
source = made up for the lab

[rule eeprom check]
kind = checksum
at = 0
algorithm = neg8
over = 1..end
evidence = documented
source = made up for the lab

[field flash serial]
at = 0x100
length = 8
type = hex
title = Serial number
evidence = documented
source = made up for the lab

[field eeprom counter]
at = 4
type = be32
title = Counter
evidence = documented
source = made up for the lab

[field eeprom mask]
at = 0x10
type = le32
evidence = documented
source = made up for the lab

[field eeprom flags]
at = 1
type = u8
evidence = documented
source = made up for the lab

[field eeprom model]
at = 0x20
length = 16
type = ascii
title = Model
evidence = documented
source = made up for the lab

[field eeprom owner]
at = 0x40
length = 32
type = utf16le
title = Owner
evidence = documented
source = made up for the lab
