# SPDX-License-Identifier: GPL-2.0-or-later
#
# Oxford OXFW912, FireWire 400 and 800 to IDE, with 64 KiB of flash inside. The words
# that unlock, erase and program its flash are public; the register that they go to,
# whether something must come before them, and how the flash is read are not. So what
# writes is inferred, and refused; and as nothing reads the flash or compares it, no
# switch opens it.

[chip]
name = oxfw912
title = OXFW912 FireWire 800 to IDE bridge
vendor = Oxford Semiconductor Ltd
recovery = none-known
note = A constant 'ULCK' is listed for this chip, and not where it goes. A program of
  the maker could clone a 912, so there is a way to read it; it is not public.

# No id: how the numbers in its config ROM tell this chip from its relatives is not
# public, and the makers of boxes put in their own. A profile that is not found by ids
# is attached by its name, by an owner who knows what is in the box.

# The sectors are not known: so there is no way to erase less than everything.
[memory flash]
kind = flash
holds = firmware and, likely, the box's own config ROM
size = 64 KiB
access = offset
unit = 4
read-chunk = 4
write-chunk = 4
erase-value = 0xff
erase-first = yes
interrupted = final

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

[operation identify]
evidence = reported
source = mixxxdj/hss1394, src/Oxford1394Definitions.h (2008): CSR_VERSION at offset
  0x50000, chip identity and firmware revision
note = What its bits mean on this chip is not public.
transports = 1394
on-request = yes
states = running
step = quadlet-read 0xFFFFF0050000 answer

[field identify csr_version]
at = 0
length = 4
type = hex
title = CSR_VERSION
evidence = reported
source = mixxxdj/hss1394, src/Oxford1394Definitions.h (2008)

[operation version]
evidence = reported
source = mixxxdj/hss1394, src/Oxford1394Definitions.h (2008): CSR_EXTRA_VERSION at offset
  0x60000, "FW912 and related": number of the fix above, internal version below
transports = 1394
on-request = yes
states = running
step = quadlet-read 0xFFFFF0060000 answer

[field version fix]
at = 0
type = be16
title = Number of the fix
evidence = reported
source = mixxxdj/hss1394, src/Oxford1394Definitions.h (2008)

[field version internal_version]
at = 2
type = be16
title = Internal version
evidence = reported
source = mixxxdj/hss1394, src/Oxford1394Definitions.h (2008)

[operation flash.unlock]
evidence = inferred
source = mixxxdj/hss1394, src/Oxford1394Definitions.h (2008): the fourteen words of the
  unlock sequence of the OXFW912; that these words go to the register FLASH_PORT at
  offset 0x80000 is not stated there
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
evidence = inferred
source = mixxxdj/hss1394, src/Oxford1394Definitions.h (2008): the fourteen words of the
  lock sequence of the OXFW912; that these words go to the register FLASH_PORT at offset
  0x80000 is not stated there
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

[operation flash.erase-all]
evidence = inferred
source = mixxxdj/hss1394, src/Oxford1394Definitions.h (2008): the words that erase all
  of the OXFW912, and its pauses; that these words go to the register FLASH_PORT at
  offset 0x80000 is not stated there
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
evidence = inferred
source = mixxxdj/hss1394, src/Oxford1394Definitions.h (2008): the words that program a
  quadlet of the OXFW912; that their address is a byte's and the order of the bytes in
  its two halves; that these words go to the register FLASH_PORT at offset 0x80000 is
  not stated there
transports = 1394
step = for-each chunk 4
step = quadlet-write 0xFFFFF0080000 : 00 00 00 10
step = quadlet-write 0xFFFFF0080000 : 30 00 00 10
step = quadlet-write 0xFFFFF0080000 : 40 00 {address:be16}
step = quadlet-write 0xFFFFF0080000 : 00 01 {data:be16}
step = quadlet-write 0xFFFFF0080000 : 30 00 {data+2:be16}
step = end

[operation reset]
evidence = inferred
source = mixxxdj/hss1394, src/Oxford1394Definitions.h (2008): the word that resets the
  processor of the OXFW912; that these words go to the register FLASH_PORT at offset
  0x80000 is not stated there
transports = 1394
step = quadlet-write 0xFFFFF0080000 : 80 00 00 00, until-reset
step = reenumerate within 30 s
