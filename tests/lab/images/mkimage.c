// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes an image for the flash of one of the lab's chips: mkimage PROFILE VARIANT OUT */
#include <stdlib.h>

#include "content.h"
#include "profile_text.h"

static int flash_of(const struct bfp *p)
{
	const struct bfp_memory *m = bfp_memories(p);
	u32 i;

	for (i = 0; i < bfp_count(p, BFP_MEMORIES); i++)
		if (m[i].kind == BFP_FLASH)
			return i;
	return -1;
}

static int variant_of(const char *name)
{
	int i;

	for (i = 0; i < LAB_VARIANTS; i++)
		if (!strcmp(name, lab_variant_name(i)))
			return i;
	return -1;
}

static int write_file(const char *path, const u8 *data, size_t len)
{
	FILE *f = fopen(path, "wb");
	size_t n;

	if (!f)
		return -errno;
	n = fwrite(data, 1, len, f);
	return fclose(f) || n != len ? -EIO : 0;
}

int main(int argc, char **argv)
{
	struct bfp_error e = { .text = "" };
	int memory, variant, ret;
	char err[512] = "";
	size_t size;
	void *data;
	struct bfp p;
	u8 *image;

	variant = argc == 4 ? variant_of(argv[2]) : -1;
	if (variant < 0) {
		fprintf(stderr, "usage: mkimage PROFILE a|b|a1|boot OUT\n");
		return 2;
	}
	if (profile_compile_file(argv[1], &data, &size, err, sizeof(err)) ||
	    bfp_check(&p, data, size, &e)) {
		fprintf(stderr, "mkimage: %s%s\n", err, e.text);
		return 1;
	}
	memory = flash_of(&p);
	if (memory < 0) {
		fprintf(stderr, "mkimage: %s: the chip has no flash\n", argv[1]);
		return 1;
	}
	size = le32_to_cpu(bfp_memories(&p)[memory].size);
	image = malloc(size);
	if (!image)
		return 1;
	ret = lab_content(&p, memory, variant, image, err, sizeof(err));
	if (ret)
		fprintf(stderr, "mkimage: %s: no %s can be made: %s\n", argv[1], argv[2], err);
	else if (write_file(argv[3], image, size))
		fprintf(stderr, "mkimage: %s: %s\n", argv[3], strerror(errno));
	else
		ret = -ENOENT;
	free(image);
	free(data);
	return ret == -ENOENT ? 0 : 1;
}
