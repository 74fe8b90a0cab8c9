/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the box says it is: descriptors, honest and hostile ones. */
#ifndef VBRIDGE_DESC_H
#define VBRIDGE_DESC_H

#include "profile.h"
#include "clock.h"

#define DESC_STRINGS	3
#define DESC_STRING_MAX	126
#define DESC_ROOM	512

#define DESC_MANUFACTURER	0
#define DESC_PRODUCT		1
#define DESC_SERIAL		2

#define USB_EP_IN	0x81
#define USB_EP_OUT	0x02

enum hostile {
	HOSTILE_NONE,
	HOSTILE_TOTAL_HUGE,
	HOSTILE_TOTAL_SHORT,
	HOSTILE_ZERO_LENGTH,
	HOSTILE_BAD_LENGTH,
	HOSTILE_NO_ENDPOINTS,
	HOSTILE_MANY_INTERFACES,
	HOSTILE_EP_ZERO_PACKET,
	HOSTILE_DEVICE_SHORT,
	HOSTILE_STRING_LONG,
	HOSTILE_STRING_SHORT,
	HOSTILE_STRING_ODD,
	HOSTILE_STRING_MISSING,
	HOSTILE_STRING_HUGE,
	HOSTILE_STRING_CONTROL,
	HOSTILE_VARIANTS
};

/* A string as it goes over the bus, in UTF-16. */
struct desc_string {
	u16 unit[DESC_STRING_MAX];
	u32 len;
};

/**
 * struct identity - what a box shows of itself
 * @vendor: idVendor
 * @product: idProduct
 * @bcd: bcdDevice
 * @attributes: bmAttributes of the configuration
 * @max_power: in units of 2 mA
 * @string: manufacturer, product, serial number; an empty one has no index
 */
struct identity {
	u16 vendor;
	u16 product;
	u16 bcd;
	u8 attributes;
	u8 max_power;
	struct desc_string string[DESC_STRINGS];
};

void desc_string_ascii(struct desc_string *s, const char *text);
const struct bfp_id *identity_find(const struct bfp *profile, u8 role);
void identity_from_id(struct identity *id, const struct bfp_id *from);
void identity_default(struct identity *id, const struct bfp *profile);
bool identity_from_memory(struct identity *id, const struct bfp *layout, u32 memory,
			  const u8 *content, u32 len);

int hostile_by_name(const char *name);
const char *hostile_name(enum hostile h);

/*
 * The descriptor that GET DESCRIPTOR asks for with @value, into @out of
 * DESC_ROOM bytes. Returns its length, or -ENOENT if there is none.
 */
int desc_get(const struct identity *id, enum hostile lie, enum model_speed speed,
	     u16 value, u8 *out);

#endif
