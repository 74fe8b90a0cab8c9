# SPDX-License-Identifier: GPL-2.0-or-later
#
# Oxford OXFW911 and 911plus, FireWire 400 to IDE. A register tells its version, and its
# config ROM can be read. To write it, a mode, an erase and a data register are described;
# the register that takes the start address, the checksum and the size of the flash
# are not, so programming is not here, and what erases is never used.

[chip]
name = oxfw911
title = OXFW911 FireWire 400 to IDE bridge
vendor = Oxford Semiconductor Ltd
recovery = boot-mode
note = Owners revived this chip by holding its pin 57 at ground before and during
  power-on, and then running the maker's programs (Flash911.bat, Production.bat,
  FwUpload.exe). Touching the pin later does nothing, and errors mostly meant a bad
  contact. Config ROM and firmware are two uploads; what those programs send is not
  public. Reading the register at 0xFFFFF0090004 restarts the chip and loses an
  upload: nothing here reads it.

# No id: how the numbers in its config ROM tell this chip from its relatives is not
# public, and the makers of boxes put in their own. A profile that is not found by ids
# is attached by its name, by an owner who knows what is in the box.

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

# The constant is given as a number; that its first character goes first is inferred
# from the names of two audio chips, which are given in the same way.
[operation unlock]
evidence = inferred
source = mixxxdj/hss1394, src/Oxford1394Definitions.h (2008): UPLOAD_MODE_CTRL at offset
  0x90010, 'Edit' enters the upload mode; the order of its characters on the bus follows
  from the names of the FW970 and FW971
note = The main firmware takes it. Whether the chip restarts then, and as what, is not
  stated.
transports = 1394
states = running
step = quadlet-write 0xFFFFF0090010 : 45 64 69 74

[operation erase-all]
evidence = inferred
source = mixxxdj/hss1394, src/Oxford1394Definitions.h (2008): FLASH_ERASE_CTRL at offset
  0x90000, ERASE_ALL_SECTORS 0xFFFFFFFF, reads as 1 when it is done; that the FW911
  takes it so follows from its being named there as a chip without a flash port
note = It erases the config ROM with the firmware, and how either is programmed again
  is not known. How long it takes is not stated.
transports = 1394
states = blank uploader
step = quadlet-write 0xFFFFF0090000 : FF FF FF FF
step = quadlet-read 0xFFFFF0090000 answer, poll every 100 ms for 60 s, expect 00 00 00 01
