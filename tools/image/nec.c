// SPDX-License-Identifier: GPL-2.0-or-later
/* NEC and Optiarc: named here so that nobody takes their absence for an oversight. */
#include "families.h"

static const struct image_fact binflash_fact = {
	BFP_REPORTED, "binflash necinternal.cpp"
};

const struct image_family image_nec = {
	.name = "nec",
	.title = "NEC or Optiarc",
	.by = "not at all: they have a type of four characters and the version of a boot code, but where these stand in an image is not known here",
	.fact = &binflash_fact,
};
