/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The families; each is defined in the file of its name. */
#ifndef BRIDGEFW_IMAGE_FAMILIES_H
#define BRIDGEFW_IMAGE_FAMILIES_H

#include "fwimage.h"

extern const struct image_family image_btc;
extern const struct image_family image_lg_renesas;
extern const struct image_family image_liteon;
extern const struct image_family image_mt1939;
extern const struct image_family image_mt1959;
extern const struct image_family image_nec;
extern const struct image_family image_pioneer;
extern const struct image_family image_plextor;
extern const struct image_family image_tsst;
extern const struct image_family image_xflash;

#endif
