// SPDX-License-Identifier: GPL-2.0-or-later
/* Flashers: what is clear in them is found; what is scrambled, cut or hostile is told apart. */
#include "drive_help.h"
#include "xflash.h"

#define TABLE_AT	0x2000
#define IMAGE_SIZE	0x100000
#define FILE_SIZE	(0x10000 + 2 * IMAGE_SIZE)

/* What the table of the next flasher says. */
static struct {
	const char *starts[XFLASH_IMAGES];
	const char *sizes[XFLASH_IMAGES];
	const char *names[XFLASH_IMAGES];
} says = {
	{ "0000004096", "0001060864", "0000000000", "0000000000" },
	{ "0001048576", "0000000000", "0000000000", "0000000000" },
	{ "VY08", "", "", "" },
};

/* Where the table ends: what counts the places of images from there. */
static size_t put_table(struct made *f, const char *head)
{
	size_t at = TABLE_AT;
	char line[32];
	int i, n;

	put_text(f, at, head);
	at += strlen(head);
	f->data[at++] = 0;
	for (i = 0; i < 3 * XFLASH_IMAGES; i++) {
		int k = i % XFLASH_IMAGES;

		if (i < XFLASH_IMAGES)
			n = snprintf(line, sizeof(line), "BIN_START%d=%s", k + 1, says.starts[k]);
		else if (i < 2 * XFLASH_IMAGES)
			n = snprintf(line, sizeof(line), "BIN_SIZE%d=%s", k + 1, says.sizes[k]);
		else
			n = snprintf(line, sizeof(line), "NEW_FW%d=%s", k + 1, says.names[k]);
		put(f, at, line, n);
		at += n;
		if (i >= 2 * XFLASH_IMAGES) {
			memset(f->data + at, 0, 7 - strlen(says.names[k]));
			at += 7 - strlen(says.names[k]);
		}
		f->data[at++] = 0;
	}
	return at;
}

static size_t behind;

static struct made made_flasher(size_t shift)
{
	struct made img = made_liteon("SONY    DVD RW DRU-700A VY082004/12/10 10:30", "VY08");
	struct made f = made_new(FILE_SIZE);

	put_text(&f, 0, "MZ");
	behind = put_table(&f, "HOW_MANY_BIN=1");
	put(&f, behind + 4096 + shift, img.data, img.size);
	free(img.data);
	return f;
}

static bool parse(const struct made *f, struct xflash *x)
{
	u8 *copy = malloc(f->size);
	struct image img = { copy, f->size };
	bool found;

	memcpy(copy, f->data, f->size);
	found = xflash_parse(&img, x);
	free(copy);
	return found;
}

static int state(const struct made *f, int n)
{
	struct xflash x;

	return parse(f, &x) ? (int)x.images[n].state : -1;
}

static void test_clear(void)
{
	struct made f = made_flasher(0);
	struct xflash x;

	ok(parse(&f, &x), "the descriptor is found");
	is_int(x.behind, behind, "and its end");
	is_int(x.images[0].state, XFLASH_CLEAR, "the image is clear");
	is_int(x.images[0].offset, behind + 4096, "where the descriptor says");
	is_int(x.images[0].size, IMAGE_SIZE, "with its size");
	is_text(x.images[0].name, "VY08", "and its name");
	is_int(x.images[1].state, XFLASH_ABSENT, "there is no second one");
	recognise(&f);
	is_text(taken(), "xflash", "the file is taken for a flasher");
	is_text(verdict(), "good", "all of whose images are clear");
	has_text(notes(IMAGE_NOT_FOR), "it is a program", "and that is not for a drive as it is");
	put(&f, 0x1000, "Ver 1.9.12\0", 12);
	parse(&f, &x);
	is_text(x.version, "1.9.12", "its version");
	put(&f, TABLE_AT, "PARA_OPT=00001", 14);
	is_int(state(&f, 0), XFLASH_CLEAR, "the newer word at the head");
	free(f.data);
	f = made_flasher(0x1000);
	ok(parse(&f, &x) && x.images[0].state == XFLASH_CLEAR &&
	   x.images[0].offset == behind + 0x2000, "an XFB's image is 0x1000 further");
	free(f.data);
}

/* What these scramblers do is told in a source; here only its trace is needed. */
static void test_scrambled(void)
{
	struct made f = made_flasher(0);
	u8 *img = f.data + behind + 4096;
	size_t i;

	for (i = 0; i < 0x8000; i++) {
		u8 byte = img[i];

		img[i] = img[IMAGE_SIZE - 1 - i];
		img[IMAGE_SIZE - 1 - i] = byte;
	}
	is_int(state(&f, 0), XFLASH_FLIPPED, "flip-n-swap is told");
	recognise(&f);
	is_text(check_of("image1"), "bad", "and not called clear");
	free(f.data);
	f = made_flasher(0);
	f.data[behind + 4096] ^= 0x5a;
	is_int(state(&f, 0), XFLASH_SCRAMBLED, "other scrambling is told");
	free(f.data);
}

static void test_hostile(void)
{
	static const char *const bad[] = {
		"9999999999", "4294967295", "4294963200", "0001048577", "0002097152",
		"0002170880",
	};
	const char *keep = says.starts[0], *keep_size = says.sizes[0];
	const char *keep_name = says.names[0];
	struct made f;
	struct xflash x;
	size_t i, size;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		says.starts[0] = bad[i];
		f = made_flasher(0);
		ok(state(&f, 0) != XFLASH_CLEAR, "start %s is not taken for clear", bad[i]);
		free(f.data);
		says.starts[0] = keep;
		says.sizes[0] = bad[i];
		f = made_flasher(0);
		ok(state(&f, 0) != XFLASH_CLEAR, "size %s is not taken for clear", bad[i]);
		free(f.data);
		says.sizes[0] = keep_size;
	}
	says.sizes[0] = "0000000001";
	f = made_flasher(0);
	ok(state(&f, 0) == XFLASH_SCRAMBLED, "one byte is no image, even that of a jump");
	free(f.data);
	says.sizes[0] = "000104857x";
	f = made_flasher(0);
	is_int(state(&f, 0), -1, "what is no number is no descriptor");
	free(f.data);
	says.sizes[0] = keep_size;

	says.names[0] = "../x";
	f = made_flasher(0);
	ok(parse(&f, &x) && !strcmp(x.images[0].name, "x"), "of a name only letters and digits");
	free(f.data);
	says.names[0] = keep_name;

	f = made_flasher(0);
	for (size = TABLE_AT; size <= behind; size++) {
		f.size = size;
		if (state(&f, 0) > XFLASH_OUTSIDE)
			break;
	}
	is_int(size, behind + 1, "cut at each byte of the descriptor");
	f.size = behind + 4096 + IMAGE_SIZE - 1;
	is_int(state(&f, 0), XFLASH_OUTSIDE, "cut at the image's last byte");
	f.size++;
	is_int(state(&f, 0), XFLASH_CLEAR, "not cut");
	memcpy(f.data + TABLE_AT, "HOW_MANY_BOX", 12);
	is_int(state(&f, 0), -1, "without the word at its head there is no descriptor");
	free(f.data);
}

/* Descriptors without end, each of which breaks off late. */
static void test_many(void)
{
	struct made f = made_new(0x400000);
	size_t at;

	put_text(&f, 0, "HOW_MANY_BIN=4");
	for (at = 0x20; at + 80 < f.size; at += 66)
		memcpy(f.data + at, "BIN_START1=0000000001\0BIN_START2=0000000001\0BIN_START3=0000000001\0",
		       66);
	is_int(state(&f, 0), -1, "beginnings of descriptors make none");
	free(f.data);
}

int main(void)
{
	test_clear();
	test_scrambled();
	test_hostile();
	test_many();
	image_result_free(&said);
	return tap_done();
}
