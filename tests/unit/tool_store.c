// SPDX-License-Identifier: GPL-2.0-or-later
/* Backups: on the disk whole or not at all, never overwritten, found again. */
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "boxes.h"
#include "file.h"
#include "state.h"
#include "store.h"
#include "tool_help.h"

static const u8 one[] = "\x06\x7b one content of an EEPROM";
static const u8 two[] = "\x06\x7b two: another one of them";

#define AT_ONCE	8
#define ROUNDS	20

/* A hash that would be a way out of the directory. */
#define EVIL "{\"format\":1,\"sha256\":\"../../../etc/passwd\",\"size\":1,\"memory\":\"x\"}"

static void describe(struct record *r, const char *label)
{
	struct drive drive = { .name = "sda", .model = "WDC", .serial = "WD-1" };
	struct drive_list drives = { .v = &drive, .n = 1 };
	struct bridge b = {
		.chip = "pl2507", .profile = "pl2507", .bus = "usb", .bus_id = "1-1",
		.path_id = "vhci_hcd.0-usb2-1", .ids = "067b:2507:0100", .serial = "AB12CD34",
		.serial_identifies = true, .match = "ids",
	};

	record_describe(r, &b, "eeprom", &drives, label, "write");
}

static void test_keep(void)
{
	struct bfw_error e = {};
	const struct record *found;
	struct record_list l;
	struct record a, b, c;
	u8 *data;
	u32 len;

	store_list(&l);
	is_int(l.n, 0, "nothing is there at first");
	describe(&a, "mine");
	describe(&b, NULL);
	describe(&c, NULL);
	ok(!store_keep(&a, one, sizeof(one), &e), "a backup is kept");
	ok(!store_keep(&b, one, sizeof(one), &e), "the same content again");
	ok(!store_keep(&c, two, sizeof(two), &e), "another content");
	ok(strcmp(a.id, b.id), "each backup has its own id");
	is_text(a.sha256, b.sha256, "equal contents have one hash");

	store_list(&l);
	is_int(l.n, 3, "all three are listed");
	ok(!store_find(&l, a.id, &found, &e), "found by id");
	is_text(found->label, "mine", "with its label");
	is_text(found->drive_serial, "WD-1", "and the drive's serial");
	is_text(found->path_id, "vhci_hcd.0-usb2-1", "and the place");
	ok(found->serial_identifies, "and whether the serial identifies");
	ok(!store_load(found, &data, &len, &e) && len == sizeof(one), "loaded");
	is_bytes(data, one, sizeof(one), "byte for byte");
	free(data);
	ok(!store_find(&l, "mine", &found, &e) && !strcmp(found->id, a.id), "found by label");
	ok(!store_find(&l, "", &found, &e) == 0, "no label is no name");
	bfw_error_clear(&e);
	c.sha256[10] = '\0';
	ok(!store_find(&l, c.sha256, &found, &e) && found->size == sizeof(two),
	   "found by the beginning of its hash");
	ok(store_find(&l, "none", &found, &e) && e.code == BFW_BAD_FILE, "a wrong name is refused");
	store_list_free(&l);
}

static void test_damage(void)
{
	struct bfw_error e = {};
	struct record_list l;
	struct record r;
	char *path, *text;
	u8 *data;
	u32 len;
	size_t i, before;

	store_list(&l);
	before = l.n;
	store_list_free(&l);
	free(tool_put("records/20000101T000000Z-00000000.json", "{ \"format\": 1, \"id\""));
	free(tool_put("records/20000101T000001Z-00000000.json", "[]"));
	free(tool_put("records/20000101T000002Z-00000000.json", "{ \"format\": 1 }"));
	free(tool_put("records/20000101T000003Z-00000000.json", "{ \"format\": 99 }"));
	free(tool_put("records/20000101T000004Z-00000000.json", EVIL));
	tool_warnings = 0;
	store_list(&l);
	is_int(l.n, before, "damaged records are left out");
	is_int(tool_warnings, 5, "each is warned of");
	path = xprintf("%s/records/20000101T000001Z-00000000.json", tool_dir);
	ok(!access(path, F_OK), "and kept");
	free(path);

	for (i = 0; i < l.n && strcmp(l.v[i].label, "mine"); i++)
		;
	path = xprintf("%s/objects/%s", tool_dir, l.v[i].sha256);
	chmod(path, 0600);
	text = xprintf("objects/%s", l.v[i].sha256);
	free(tool_put(text, "something else"));
	free(text);
	ok(store_load(&l.v[i], &data, &len, &e) && e.code == BFW_BAD_FILE,
	   "a content without its hash is refused");
	ok(!data, "and leaves nothing behind");
	store_list_free(&l);

	describe(&r, NULL);
	tool_warnings = 0;
	ok(!store_keep(&r, one, sizeof(one), &e), "the content is kept anew");
	is_int(tool_warnings, 1, "the damaged one is told of");
	ok(!store_load(&r, &data, &len, &e), "and reads back");
	is_bytes(data, one, sizeof(one), "byte for byte");
	free(data);
	free(path);
}

/* As with --all: one image for many boxes, each kept by a process of its own. */
static void test_at_once(void)
{
	static const u8 image[] = "one image for many boxes";
	struct bfw_error e = {};
	struct record_list l;
	int i, round, status, failed = 0;
	struct record r;
	size_t before;
	u8 *data;
	u32 len;

	store_list(&l);
	before = l.n;
	store_list_free(&l);
	for (round = 0; round < ROUNDS; round++) {
		u8 content[sizeof(image) + 1];

		memcpy(content, image, sizeof(image));
		content[sizeof(image)] = round;
		fflush(stdout);
		for (i = 0; i < AT_ONCE; i++) {
			if (fork())
				continue;
			describe(&r, NULL);
			_exit(store_keep(&r, content, sizeof(content), &e) ? 1 : 0);
		}
		while (wait(&status) > 0)
			failed += status != 0;
	}
	is_int(failed, 0, "one content is kept by many at once");
	store_list(&l);
	is_int(l.n, before + ROUNDS * AT_ONCE, "each has its record");
	ok(!store_load(&l.v[0], &data, &len, &e) && len == sizeof(image) + 1, "it reads back");
	free(data);
	store_list_free(&l);
}

static void test_no_room(void)
{
	struct rlimit limit = { .rlim_cur = 10, .rlim_max = RLIM_INFINITY }, old;
	struct bfw_error e = {};
	struct record_list l;
	struct record r;
	size_t before;
	char *file;

	store_list(&l);
	before = l.n;
	store_list_free(&l);
	describe(&r, NULL);
	getrlimit(RLIMIT_FSIZE, &old);
	signal(SIGXFSZ, SIG_IGN);
	limit.rlim_max = old.rlim_max;
	fflush(stdout);
	setrlimit(RLIMIT_FSIZE, &limit);
	store_keep(&r, (const u8 *)"a content that does not fit", 27, &e);
	setrlimit(RLIMIT_FSIZE, &old);
	is_int(e.code, BFW_NO_BACKUP, "no room: the backup is not kept");
	has_text(e.next, "Nothing was written", "and that nothing was written is said");
	store_list(&l);
	is_int(l.n, before, "no half backup is there");
	store_list_free(&l);

	file = tool_put("file", "");
	setenv("BRIDGEFW_STATE_DIR", file, 1);
	memset(&e, 0, sizeof(e));
	ok(store_keep(&r, one, sizeof(one), &e) && e.code == BFW_NO_BACKUP,
	   "a state directory that cannot be one");
	setenv("BRIDGEFW_STATE_DIR", tool_dir, 1);
	free(file);
}

static void test_files(void)
{
	struct bfw_error e = {};
	char *path = xprintf("%s/out", tool_dir), *fifo = xprintf("%s/fifo", tool_dir);
	struct stat st;
	size_t len;
	u8 *data;

	umask(022);
	ok(!file_write(path, "abc", 3, 0666, false, &e), "a file is written");
	ok(!stat(path, &st) && (st.st_mode & 0777) == 0644, "with the umask's permissions");
	ok(file_write(path, "def", 3, 0666, false, &e), "it is not replaced");
	is_text(e.reason, "exists", "because it exists");
	ok(!file_read(path, 10, &data, &len, &e) && len == 3 && !memcmp(data, "abc", 3),
	   "and holds what it held");
	free(data);
	ok(!file_write(path, "def", 3, 0666, true, &e), "unless that is wanted");
	ok(file_read(path, 2, &data, &len, &e) && e.code == BFW_BAD_FILE, "too long a file");
	ok(file_read(tool_dir, 10, &data, &len, &e), "a directory is no file");
	is_text(e.reason, "not-a-file", "and that is said");
	ok(!mkfifo(fifo, 0600) && file_read(fifo, 10, &data, &len, &e), "nor is a pipe");
	ok(file_read("/nonexistent", 10, &data, &len, &e) && e.code == BFW_BAD_FILE,
	   "nor is what is not there");
	ok(file_write("/nonexistent/x", "a", 1, 0600, false, &e), "no directory, no file");
	free(tool_put("empty", ""));
	free(path);
	path = xprintf("%s/empty", tool_dir);
	ok(image_read(path, 10, &data, &len, &e) && e.code == BFW_BAD_FILE,
	   "an empty file is no image");
	ok(!data, "and leaves nothing behind");
	free(fifo);
	free(path);
}

int main(void)
{
	tool_begin();
	test_keep();
	test_damage();
	test_at_once();
	test_no_room();
	test_files();
	return tap_done();
}
