/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a profile's templates to bytes on the wire, and back (for models). */
#ifndef BRIDGEFW_LOGIC_ENCODE_H
#define BRIDGEFW_LOGIC_ENCODE_H

#include "profile.h"

/**
 * struct bfp_values - what the items of a template are filled with
 * @address: memory base + offset of the current chunk or sector, bytes
 * @length: bytes of the data phase
 * @sector: number of the current sector
 * @total: bytes of the whole image
 * @interface: USB interface number
 * @data: the current chunk; NULL when nothing is written
 * @data_len: its bytes
 * @image: everything that is written; NULL when nothing is
 * @image_len: its bytes
 */
struct bfp_values {
	u64 address;
	u32 length;
	u32 sector;
	u32 total;
	u32 interface;
	const u8 *data;
	u32 data_len;
	const u8 *image;
	u32 image_len;
};

/* Bytes that @count items from @first make; bfp_check() has seen that it is a whole number. */
u32 bfp_template_size(const struct bfp *p, u32 first, u32 count);

/*
 * Writes bfp_template_size() bytes to @out. -ERANGE if a value does not fit
 * into its item, -EINVAL if it is not a multiple of the item's divisor or the
 * data does not reach far enough, -ENOSPC if @room is too small.
 */
int bfp_encode(const struct bfp *p, u32 first, u32 count,
	       const struct bfp_values *v, u8 *out, u32 room);

/*
 * The reverse, for the model: whether @bytes could have come from the
 * template; values that stand in it are put into @v (address, length, sector,
 * total, interface; inline data goes to @data, of @data_room bytes, with
 * @v->data_len set). The caller sets @v beforehand: values that do not stand
 * in the template stay as they are, and bit slices replace only the bits that
 * they carry. Checksums over the template and over inline data are
 * checked; checksums over data that comes later are returned through
 * @sum/@sum_item for the caller to check once it has the data (NULL: ignored).
 * Returns 1 match, 0 no match.
 */
int bfp_decode(const struct bfp *p, u32 first, u32 count, const u8 *bytes, u32 size,
	       struct bfp_values *v, u8 *data, u32 data_room,
	       u64 *sum, const struct bfp_item **sum_item);

u32 bfp_checksum(u8 algorithm, const u8 *data, u32 len);

/* The same in parts. */
u32 bfp_sum_start(u8 algorithm);
u32 bfp_sum_more(u8 algorithm, u32 sum, const u8 *data, u32 len);
u32 bfp_sum_end(u8 algorithm, u32 sum);

#endif
