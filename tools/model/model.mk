# SPDX-License-Identifier: GPL-2.0-or-later
#
# The chip model: for the lab, and for whatever else wants to try a profile
# without a chip. It is built by those who use it, with the logic files.
MODEL_SRCS := $(addprefix tools/model/,boot.c chip.c eeprom.c effect.c flashport.c memory.c nor.c \
	recognise.c upload.c)
