# SPDX-License-Identifier: GPL-2.0-or-later
#
# A bridge of Oxford Semiconductor (later PLX) that has no firmware. It is
# recognised and explained. How firmware is sent to it over USB is not public,
# so there is no operation.

[chip]
name = oxford-blank
title = Oxford bridge without firmware
vendor = PLX Technology, Inc. (formerly Oxford Semiconductor, Ltd)
recovery = boot-mode

[usb 0928:ffff]
role = blank
evidence = reported
source = usb.ids: "Blank Oxford Device"; seen on a WD My Book in 2006
note = The bridge in this box has lost its firmware, or an update was cut off; it
  waits for a new one. The drive behind it is most likely untouched: taken out,
  it can be read in another enclosure or computer, unless the box encrypted it.
  How firmware is sent over USB is not public, so bridgefw cannot do it. The
  program of the box's maker can: start it again on a computer where it runs,
  with the configuration file of this very model. For an OXUF934 it may ask for
  maker, type, speed and burst mode of the flash: read them off the part, or off
  a box of the same kind that works. If the box encrypts (WD My Book with
  OXUF943SE), the key lies in the same flash: do not erase it as a whole.

# On FireWire such a node has no config ROM and answers one register, 0xFFFFF0090020, with
# four characters of its own. Only those of two audio chips are public, which are no
# bridges; and "any four characters" cannot be said by a value and a mask. So there is
# no id for it: the module finds such a node by itself, and shows what it answers.
