/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Firmware that never was: content that a profile's rules accept. */
#ifndef LAB_CONTENT_H
#define LAB_CONTENT_H

#include "profile.h"

enum lab_variant {
	LAB_A,
	LAB_B,		/* differs from A everywhere, but where a rule names the bytes */
	LAB_A1,		/* differs from A in one sector, which is not that of the boot */
	LAB_BOOT,	/* differs from A in the boot sector only */
	LAB_VARIANTS
};

const char *lab_variant_name(enum lab_variant v);

/* Fills the memory's size at @out. 0, or -EINVAL with a sentence in @err. */
int lab_content(const struct bfp *p, u32 memory, enum lab_variant v, u8 *out,
		char *err, size_t room);

#endif
