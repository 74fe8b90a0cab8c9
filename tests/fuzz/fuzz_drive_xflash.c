// SPDX-License-Identifier: GPL-2.0-or-later
/* Flashers: the descriptor is put in front, so that what it says is what is fuzzed. */
#include "drive.h"
#include "xflash.h"

static const char table[] =
	"HOW_MANY_BIN=4\0"
	"BIN_START1=0000000000\0BIN_START2=0000000016\0BIN_START3=0000131072\0BIN_START4=0000000000\0"
	"BIN_SIZE1=0000131072\0BIN_SIZE2=0000131072\0BIN_SIZE3=0000000001\0BIN_SIZE4=0000000000\0"
	"NEW_FW1=VY08\0\0\0\0NEW_FW2=\0\0\0\0\0\0\0\0NEW_FW3=VY08\0\0\0\0NEW_FW4=\0\0\0\0\0\0\0\0";

int fuzz_one(const uint8_t *data, size_t size)
{
	struct image img;
	struct xflash x;
	size_t len, i;
	u8 *file;

	if (size < 2)
		return 0;
	len = sizeof(table) + (data[0] & 1 ? 0x22000 : data[1]);
	file = calloc(1, len);
	for (i = sizeof(table); i < len; i += 0x10000 - 1)
		file[i] = 0x02;
	memcpy(file, table, sizeof(table));
	/* edits fall into the table, unless the input wants them elsewhere */
	drive_edit(file, data[0] & 2 ? len : sizeof(table), data + 2, size - 2);
	img = (struct image){ file, len };
	if (xflash_parse(&img, &x))
		for (i = 0; i < XFLASH_IMAGES; i++) {
			const struct xflash_image *one = &x.images[i];

			fuzz_assert(one->state != XFLASH_CLEAR ||
				    (one->size && one->offset <= len &&
				     one->size <= len - one->offset),
				    "what is clear lies in the file");
			fuzz_assert(!strpbrk(one->name, "/.\\") && strlen(one->name) <= 4,
				    "a name leads nowhere");
		}
	drive_recognise(file, len);
	free(file);
	return 0;
}
