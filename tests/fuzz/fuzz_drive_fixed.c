// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Images whose signs stand at fixed places. The first byte says which of them are
 * put there, the second how long the file is; the rest is put over it.
 */
#include "drive.h"

static const struct {
	size_t at;
	const char *text;
} signs[] = {
	{ 0x110, "Normal" }, { 0x110, "Kernel" }, { 0, "PLEXTOR CD-R   PX-W4824A" },
	{ 0, "PLEXTOR CD-R   PREMIUM" }, { 0x20, "REV LVL         ROM REV " },
	{ 0x18, "MAIN" }, { 0x3000, "MT1959 Boot BU5 " },
	{ 0x40bc, "BTC     DRW1008         0000" },
};

int fuzz_one(const uint8_t *data, size_t size)
{
	/*
	 * Small ones are where reading goes over the end, and quick. What a large one
	 * has besides are sums, which are read to an end that is checked before.
	 */
	static const size_t sizes[] = {
		0x21, 0x38, 0x48, 0x115, 0x118, 0x400, 0x401, 0x410, 0x1000, 0x3010, 0x3020,
		0x40d8, 0x4100, 0x10000, 0x20000, 0x7a000,
	};
	size_t len, i;
	u8 *image;

	if (size < 3)
		return 0;
	len = sizes[data[1] % ARRAY_SIZE(sizes)];
	image = calloc(1, len);
	for (i = 0; i < ARRAY_SIZE(signs); i++)
		if (data[0] & (1 << i) && signs[i].at + strlen(signs[i].text) <= len)
			memcpy(image + signs[i].at, signs[i].text, strlen(signs[i].text));
	drive_edit(image, len, data + 2, size - 2);
	/* and cut by a few bytes */
	len -= data[2] % 32;
	image = realloc(image, len);
	drive_recognise(image, len);
	free(image);
	return 0;
}
