# SPDX-License-Identifier: GPL-2.0-or-later
#
# Whatever shows Oxford Semiconductor's company id on FireWire. The numbers do not tell
# which chip it is: its config ROM is read, and no register of it is known.

[chip]
name = oxfw9xx
title = Oxford FireWire bridge
vendor = Oxford Semiconductor Ltd
recovery = none-known
note = Which chip of the family this is does not show. A box whose model is called 911
  has an OXFW911: `bridgefwctl attach --profile oxfw911` says so by hand. The GUID
  0030e000eeadbabe is the factory's and stands on many boxes; the first digit of
  its lower half seems to follow the kind of drive (e: disk, 5: optical drive).
  Boxes with OXUF943SE (WD My Book) keep the key of an encrypted disk in the same
  flash.

[ieee1394 oxford]
vendor = 0x0030e0
role = running
evidence = reported
source = IEEE oui.txt: 0030E0 is Oxford Semiconductor Ltd; GUIDs of such boxes in the
  lists of their owners (0030e001e0ac0f63, 0030e002ee310858)

[ieee1394 inxtron]
vendor = 0x0001d2
model = 0x42a258
role = running
evidence = reported
source = linux-kernel list, 2003-06-02: config ROM of a box with vendor "Oxford
  Semiconductor Ltd." and model "OXFORD IDE Device LUN 0"
note = This is a bridge of Oxford Semiconductor under the company id of inXtron.

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
