# SPDX-License-Identifier: GPL-2.0-or-later
#
# Oxford OXUF922, FireWire 800 and USB 2.0 to IDE. A register tells its version, and its
# config ROM can be read. Its flash is a part of its own, behind a port that is named
# and not described.

[chip]
name = oxuf922
title = OXUF922 FireWire 800 and USB 2.0 to IDE bridge
vendor = Oxford Semiconductor Ltd
recovery = none-known
note = With firmware 1.02 this chip lost data under Mac OS X 10.3; 1.05 mended that. The
  makers' updates worked over FireWire, with no disk fitted. What they send is not
  public.

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
