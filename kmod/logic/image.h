/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether an image may go into a memory, by the profile's rules. */
#ifndef BRIDGEFW_LOGIC_IMAGE_H
#define BRIDGEFW_LOGIC_IMAGE_H

#include "profile.h"

enum bfp_verdict {
	BFP_IMAGE_OK,
	BFP_IMAGE_SIZE,		/* wrong length */
	BFP_IMAGE_BYTES,	/* a required byte sequence is not there */
	BFP_IMAGE_KEEP,		/* differs from the device where it must not */
	BFP_IMAGE_BLANK,	/* all one value */
	BFP_IMAGE_CHECKSUM,
};

/*
 * @present/@present_len: the memory's present content, NULL if unknown (then
 * KEEP rules are not looked at, and the length is held against the profile
 * only). A KEEP rule whose bytes a BYTES rule names as well does not bind when
 * the present content breaks that rule: torn content must not stay torn. @e gets
 * a sentence that names rule, offset, what is and what should be.
 */
enum bfp_verdict bfp_image_check(const struct bfp *p, u32 memory,
				 const u8 *image, u32 len,
				 const u8 *present, u32 present_len,
				 struct bfp_error *e);

/* The same for what was read from the device: is it a valid content at all? */
enum bfp_verdict bfp_content_check(const struct bfp *p, u32 memory,
				   const u8 *content, u32 len, struct bfp_error *e);

/* The same for a part of it, by those bytes and checksum rules that lie there wholly. */
enum bfp_verdict bfp_part_check(const struct bfp *p, u32 memory, const u8 *content, u32 len,
				u32 from, u32 size, struct bfp_error *e);

/* Whether the profile says where in @memory the box's own identity lies. */
bool bfp_identity_known(const struct bfp *p, u32 memory);

/* Copies identity bytes from @present into @image (both at least the memory's length). */
bool bfp_identity_blank(const struct bfp *p, u32 memory, const u8 *content, u32 len);
void bfp_identity_carry(const struct bfp *p, u32 memory, u8 *image, const u8 *present, u32 len);

/* A field as text, e.g. "0x067b", "Prolific"; returns its length like snprintf. */
int bfp_field_format(const struct bfp *p, const struct bfp_field *f,
		     const u8 *data, u32 len, char *out, size_t room);

#endif
