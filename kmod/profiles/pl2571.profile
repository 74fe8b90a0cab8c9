# SPDX-License-Identifier: GPL-2.0-or-later
#
# Prolific PL-2571, USB 2.0 to SATA. Recognised; no command for its firmware is
# public.

[chip]
name = pl2571
title = PL-2571 USB 2.0 to SATA bridge
vendor = Prolific Technology Inc.
recovery = none-known

[usb 067b:2571]
role = running
evidence = reported
source = smartmontools drivedb.h; usb.ids

[usb 152e:2571]
role = running
evidence = inferred
source = usb.ids names the product ("GP08NU6W DVD-RW" of LG / HLDS) and not the
  chip; that it is a PL-2571 follows from the number alone
note = The number says PL-2571; nobody is known to have looked at the chip.
