// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every profile of the tree: compiles, to the same bytes each time, passes the
 * check and can be used in full. Then the compiled files are damaged, with a
 * valid checksum, and either refused or still usable without a bad access.
 */
#include <glob.h>

#include "../fuzz/walk.h"
#include "profile_help.h"

static u8 *data;
static u32 seed = 4711;

static u32 rnd(u32 below)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % below;
}

static void reseal(u8 *file, u32 size)
{
	struct bfp_header *h = (struct bfp_header *)file;

	h->crc = 0;
	h->crc = cpu_to_le32(bfp_crc32(0, file, size));
}

static u32 accepted;

/* One check of a damaged file, in memory that ends where the file does. */
static bool refused(const u8 *file, size_t size)
{
	u8 *copy = malloc(size ? size : 1);
	struct bfp_error e = { .text = "" };
	struct bfp p;
	int ret;

	memcpy(copy, file, size);
	ret = bfp_check(&p, copy, size, &e);
	if (!ret) {
		walk_profile(&p, data);
		accepted++;
	} else if (ret != -EINVAL || !*e.text) {
		printf("# refused with %d and \"%s\"\n", ret, e.text);
		accepted += 1000000;
	}
	free(copy);
	return ret;
}

/* Random bytes changed, with the checksum put right, so that the rest is looked at. */
static void damaged(const u8 *file, u32 size, const char *path)
{
	u8 *copy = malloc(size);
	u32 i, k, n, rounds = 3000;

	accepted = 0;
	for (i = 0; i < rounds; i++) {
		memcpy(copy, file, size);
		for (n = 1 + rnd(3); n; n--) {
			k = rnd(size);
			switch (rnd(3)) {
			case 0:
				copy[k] ^= (u8)(1 << rnd(8));
				break;
			case 1:
				copy[k] = (u8)rnd(256);
				break;
			default:
				copy[k] = rnd(2) ? 0xff : 0;
				break;
			}
		}
		reseal(copy, size);
		refused(copy, size);
	}
	ok(accepted < rounds, "%s: 3000 times damaged, %u still make sense", path, accepted);
	free(copy);
}

static void every_bit(const u8 *file, u32 size, const char *path)
{
	u8 *copy = malloc(size);
	u32 i, wrong = 0;

	memcpy(copy, file, size);
	for (i = 0; i < 8 * size; i += 1 + rnd(7)) {
		copy[i / 8] ^= (u8)(1 << i % 8);
		wrong += !refused(copy, size);
		copy[i / 8] ^= (u8)(1 << i % 8);
	}
	is_int(wrong, 0, "a flipped bit is noticed by the checksum");
	for (i = 0; i < size; i++)
		wrong += !refused(copy, i);
	ok(!wrong, "%s: cut anywhere, it is refused", path);
	free(copy);
}

static void one(const char *path)
{
	void *file = NULL, *again = NULL;
	size_t size = 0, again_size = 0;
	struct bfp_error e;
	char err[512] = "";
	struct bfp p;

	if (!ok(!profile_compile_file(path, &file, &size, err, sizeof(err)), "%s compiles", path)) {
		printf("# %s\n", err);
		return;
	}
	profile_compile_file(path, &again, &again_size, err, sizeof(err));
	ok(size == again_size && !memcmp(file, again, size), "%s: to the same bytes again", path);
	if (ok(!bfp_check(&p, file, size, &e), "%s passes the check", path))
		ok(walk_profile(&p, data) > 0, "%s can be used in full", path);
	else
		printf("# %s\n", e.text);
	ok(bfp_check(&p, (u8 *)file + 1, size - 1, &e) == -EINVAL &&
	   strstr(e.text, "divides by 8"), "%s: an odd address is refused", path);
	damaged(file, (u32)size, path);
	every_bit(file, (u32)size, path);
	free(file);
	free(again);
}

/* Numbers of the header that would make the file something else. */
static void headers(void)
{
	struct bfp_header *h;
	struct bfp_error e;
	struct bfp p, q;
	u8 *copy;

	load("tests/lab/profiles/lab-full.profile", &p);
	copy = malloc(p.size);
	h = (struct bfp_header *)copy;
#define TRY(change, says, name) do {			\
		memcpy(copy, p.base, p.size);		\
		change;					\
		reseal(copy, p.size);			\
		ok(bfp_check(&q, copy, p.size, &e) == -EINVAL, name);	\
		has_text(e.text, says, "what is said of it");		\
	} while (0)
	TRY(h->magic = 0, "no BFWP at its start", "another kind of file");
	TRY(h->format = cpu_to_le16(3), "format 3, and only 2 is understood", "a later format");
	TRY(h->format = cpu_to_le16(1), "format 1, and only 2 is understood", "an earlier format");
	TRY(h->size = cpu_to_le32(p.size - 8), "and says that it has", "another size");
	TRY(h->flags = cpu_to_le16(1), "bits set that mean nothing", "unknown flags");
	TRY(h->pad[6] = 1, "bits set that mean nothing", "padding that is used");
	TRY(h->recovery = 9, "recovery 9 means nothing", "an unknown word");
	TRY(h->table[BFP_STEPS].offset = cpu_to_le32(8), "not a place for it", "a table in the header");
	TRY(h->table[BFP_STEPS].offset = cpu_to_le32(0xfffffff8), "not a place for it",
	    "a table far away");
	TRY(h->table[BFP_STEPS].count = cpu_to_le32(0xffffffff), "reaches past the end",
	    "a table without end");
	TRY(h->table[BFP_IDS].count = cpu_to_le32(0), "is to come back with an id that the profile does not have",
	    "a table that is shorter than what refers to it");
	TRY(h->name = cpu_to_le32(0xfffffff0), "name reaches past the end", "a string far away");
	TRY(h->name = cpu_to_le32(0), "name is empty", "an empty name");
	TRY(copy[le32_to_cpu(h->table[BFP_BLOB].offset)] = 'x', "does not begin with the empty string",
	    "a blob without the empty string");
	TRY(copy[p.size - 1] = 'x', "has no end", "a last string without end");
#undef TRY
	memcpy(copy, p.base, p.size);
	copy[p.size - 1] ^= 1;
	ok(bfp_check(&q, copy, p.size, &e) == -EINVAL, "damage that nobody sealed");
	has_text(e.text, "the checksum of the file is wrong", "what is said of it");
	ok(bfp_check(&q, copy, BFP_FILE_MAX + 1, &e) == -EINVAL, "a file that is too large");
	has_text(e.text, "are too many for a compiled profile", "what is said of it");
	ok(bfp_check(&q, copy, 0, NULL) == -EINVAL, "an empty file, and nobody listens");
	free(copy);
	unload(&p);
}

int main(void)
{
	glob_t g;
	size_t i;

	data = malloc(WALK_DATA);
	for (i = 0; i < WALK_DATA; i++)
		data[i] = (u8)rnd(256);
	glob("kmod/profiles/*.profile", 0, NULL, &g);
	glob("tests/lab/profiles/*.profile", GLOB_APPEND, NULL, &g);
	ok(g.gl_pathc >= 11, "%zu profiles are in the tree", g.gl_pathc);
	for (i = 0; i < g.gl_pathc; i++)
		one(g.gl_pathv[i]);
	globfree(&g);
	headers();
	free(data);
	return tap_done();
}
