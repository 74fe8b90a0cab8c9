// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Looking into a hostile image: whatever lies outside of it is not there, which
 * reads as zero.
 */
#include <string.h>

#include "fwimage.h"
#include "text.h"

static bool inside(const struct image *img, size_t at, size_t len)
{
	return at <= img->size && len <= img->size - at;
}

static u8 byte(const struct image *img, size_t at)
{
	return at < img->size ? img->data[at] : 0;
}

/**
 * image_has() - whether bytes stand at a place
 * @img: the image
 * @at: offset
 * @bytes: those that are sought
 * @len: how many
 */
bool image_has(const struct image *img, size_t at, const void *bytes, size_t len)
{
	return inside(img, at, len) && !memcmp(img->data + at, bytes, len);
}

/**
 * image_find() - the first place of some bytes
 * @img: the image
 * @from: offset at which to begin
 * @to: offset behind the last byte that may belong to them; cut to the image
 * @bytes: those that are sought
 * @len: how many
 *
 * Return: where they stand in the image's data, NULL if nowhere
 */
const u8 *image_find(const struct image *img, size_t from, size_t to, const void *bytes,
		     size_t len)
{
	if (to > img->size)
		to = img->size;
	return from < to ? memmem(img->data + from, to - from, bytes, len) : NULL;
}

/**
 * image_be16() - a number of two bytes, the higher first
 * @img: the image
 * @at: offset
 */
u16 image_be16(const struct image *img, size_t at)
{
	return byte(img, at) << 8 | byte(img, at + 1);
}

/**
 * image_be32() - a number of four bytes, the highest first
 * @img: the image
 * @at: offset
 */
u32 image_be32(const struct image *img, size_t at)
{
	return (u32)image_be16(img, at) << 16 | image_be16(img, at + 2);
}

/**
 * image_le32() - a number of four bytes, the lowest first
 * @img: the image
 * @at: offset
 */
u32 image_le32(const struct image *img, size_t at)
{
	return byte(img, at) | byte(img, at + 1) << 8 | byte(img, at + 2) << 16 |
	       (u32)byte(img, at + 3) << 24;
}

/**
 * image_bytesum() - the sum of bytes
 * @img: the image
 * @from: offset of the first
 * @to: offset behind the last; cut to the image
 *
 * Return: modulo 2^32
 */
u32 image_bytesum(const struct image *img, size_t from, size_t to)
{
	u32 sum = 0;

	if (to > img->size)
		to = img->size;
	for (; from < to; from++)
		sum += img->data[from];
	return sum;
}

/**
 * image_all() - whether bytes are all the same
 * @img: the image
 * @from: offset of the first
 * @to: offset behind the last; cut to the image
 * @value: what they should be
 *
 * Return: true also if there are none
 */
bool image_all(const struct image *img, size_t from, size_t to, u8 value)
{
	if (to > img->size)
		to = img->size;
	for (; from < to; from++)
		if (img->data[from] != value)
			return false;
	return true;
}

/**
 * image_printable() - whether bytes are ASCII characters, at least one no blank
 * @img: the image
 * @at: offset
 * @len: how many
 *
 * Return: false if they are not all in the image
 */
bool image_printable(const struct image *img, size_t at, size_t len)
{
	bool any = false;
	size_t i;

	if (!inside(img, at, len))
		return false;
	for (i = 0; i < len; i++) {
		u8 c = img->data[at + i];

		if (c < 0x20 || c > 0x7e)
			return false;
		any = any || c != ' ';
	}
	return any;
}

/**
 * image_copy_text() - characters of a fixed width, made safe to show
 * @img: the image
 * @at: offset
 * @len: how many; ends before at a zero or at the image's end
 * @out: the text, without blanks at its ends; what is no ASCII is a question mark
 * @room: size of @out
 */
void image_copy_text(const struct image *img, size_t at, size_t len, char *out, size_t room)
{
	size_t i;

	for (i = 0; i < len && i + 1 < room && byte(img, at + i); i++) {
		u8 c = byte(img, at + i);

		out[i] = c < 0x20 || c > 0x7e ? '?' : c;
	}
	out[i] = '\0';
	text_trim(out);
}
