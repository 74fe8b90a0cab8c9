# SPDX-License-Identifier: GPL-2.0-or-later
#
# A made-up chip with a made-up command set: it proves that CDBs arrive with the
# length that a profile gives them. Of the two lengths that SCSI does not know,
# 11 is that of Prolific's lock command as printed, 14 that of its newer ATA
# pass-through; the commands here are neither. Never use this on a real box.

[chip]
name = lab-cdb
title = CDB lengths of the lab
vendor = bridgefw lab
recovery = none-known
note = This profile is of a virtual chip with a made-up command set.

[usb 1209:0002]
role = running
evidence = documented
source = made up for the lab, in the range that pid.codes keeps for tests

[operation identify]
evidence = documented
source = made up for the lab
transports = scsi bot
answer = 4c 41 42 31 31 20 4f 4b
step = cdb in 8 : C6 01 02 03 04 06, timeout 20 s,
  expect 4c 41 42 30 36 20 4f 4b
step = cdb in 8 : CB 01 02 03 04 05 06 07 08 09 11, timeout 20 s,
  expect 4c 41 42 31 31 20 4f 4b

[field identify length_proved]
at = 3
length = 2
type = ascii
title = Length of the CDB that was answered
evidence = documented
source = made up for the lab

[operation version]
evidence = documented
source = made up for the lab
transports = scsi bot
answer = 4c 41 42 31 36 20 4f 4b 20 26 01 02 00 00 12 34
step = cdb in 8 : CE 01 02 03 04 05 06 07 08 09 0A 0B 0C 14, timeout 20 s,
  expect 4c 41 42 31 34 20 4f 4b
step = cdb in 16 : D6 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 16, timeout 20 s,
  expect 4c 41 42 31 36 20 4f 4b

[field version length_proved]
at = 3
length = 2
type = ascii
title = Length of the CDB that was answered
evidence = documented
source = made up for the lab

[field version firmware_version]
at = 8
length = 4
type = bcd
title = Firmware version
evidence = documented
source = made up for the lab
