# SPDX-License-Identifier: GPL-2.0-or-later
#
# Prolific PL-2773, USB 3.0 and eSATA to SATA. One block of information can be
# read; no other command for its firmware is public.

[chip]
name = pl2773
title = PL-2773 USB 3.0 and eSATA to SATA bridge
vendor = Prolific Technology Inc.
recovery = none-known

[usb 067b:2773]
role = running
evidence = reported
source = smartmontools USB device page; two logs of owners in the Ubuntu forums

# The author asked for 16 bytes as the vendor's program does, and for 256: the
# block is 256 bytes long and then repeats, and some bytes change from one read
# to the next. F4, which he tried too, is refused by the chip and not used here.
[operation version]
evidence = traced
source = "PL2773 reverse engineering", Tommy Vestermark, 2014-11-04, attachment
  of smartmontools ticket 482: iSmart.exe under API Monitor, replayed with
  sg_raw on hardware
note = Information that seems to describe the firmware. It is asked for only when
  the owner wants it.
transports = scsi
on-request = yes
answer = 06 7b 27 73 20 11 05 24 08 21 00 01 03 00 04 00
step = cdb in 16 : D0 00 00 00 06 7B 00 00 00 00 00 00, timeout 20 s,
  expect 06 7b

[field version check_word]
at = 0
length = 2
type = hex
title = Check word
evidence = inferred
source = These two bytes stand in all vendor commands of this family

[field version chip]
at = 2
length = 2
type = bcd
title = Chip
evidence = inferred
source = Bytes 27 73 in the published answer of a PL-2773

[field version firmware_date]
at = 4
length = 4
type = bcd
title = Date, as year, month and day
evidence = inferred
source = Bytes 20 11 05 24 in the published answer read as a date

[field version build]
at = 8
length = 2
type = hex
title = Build or time
evidence = inferred
source = Bytes 08 21 behind the date in the published answer

[field version rest]
at = 10
length = 6
type = hex
title = Not known
evidence = traced
source = "PL2773 reverse engineering", Tommy Vestermark, 2014-11-04
