# SPDX-License-Identifier: GPL-2.0-or-later
#
# The firmware uploader of Oxford Semiconductor's (later PLX's) bridges. It is
# recognised and explained; its protocol is not public, so there is no operation.

[chip]
name = oxford-uploader
title = Oxford firmware uploader
vendor = PLX Technology, Inc. (formerly Oxford Semiconductor, Ltd)
recovery = boot-mode

[usb 0928:8000]
role = uploader
evidence = reported
source = usb.ids: "Firmware uploader"
note = The bridge in this box runs the loader that takes new firmware: an update
  is under way, or was cut off. If the program of the box's maker is at work, let
  it finish, and do not unplug the box. If not, start that program again; the box
  is not lost. The drive behind it is most likely untouched, unless the box
  encrypted it. The loader's protocol is not public, so bridgefw sends it nothing.
