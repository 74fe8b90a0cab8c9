# SPDX-License-Identifier: GPL-2.0-or-later
#
# Prolific PL-2771, USB 3.0 to SATA. Recognised; no command for its firmware is
# public. Whether it answers what the PL-2773 answers is not known, so it is not
# asked.

[chip]
name = pl2771
title = PL-2771 USB 3.0 to SATA bridge
vendor = Prolific Technology Inc.
recovery = none-known

[usb 067b:2771]
role = running
evidence = reported
source = smartmontools drivedb.h
