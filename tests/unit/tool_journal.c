// SPDX-License-Identifier: GPL-2.0-or-later
/* The journal: what was written where, and how it stands. */
#include "file.h"
#include "journal.h"
#include "tool_help.h"

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define C "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"

/* A port that would say more to the kernel than a port. */
#define EVIL "{\"format\":1,\"state\":\"done\",\"id\":\"x\",\"bus_id\":\"7-3 evil\"," \
	     "\"profile\":\"p\",\"old_sha256\":\"" A "\",\"new_sha256\":\"" B "\"}"

static struct journal entry(const char *bus_id, const char *path_id)
{
	struct journal j = {
		.job = "write", .bus = "usb", .chip = "pl2507", .profile = "pl2507",
		.memory = "eeprom", .ids = "067b:2507:0100", .match = "ids", .size = 64,
		.old_sha256 = A, .new_sha256 = B, .backup = "a-backup", .image = "file",
		.job_serial = 7,
	};

	text_put(j.bus_id, sizeof(j.bus_id), bus_id);
	text_put(j.path_id, sizeof(j.path_id), path_id);
	return j;
}

static void test_life(void)
{
	struct journal j = entry("1-1", "host-usb2-1"), k;
	struct journal_list l;
	struct bfw_error e = {};
	char *path;

	ok(!journal_at("1-1", "", &k), "no port is known at first");
	ok(!journal_begin(&j, &e), "an entry is begun");
	path = xprintf("%s/ports/1-1", tool_dir);
	ok(!access(path, F_OK), "under the name that udev looks for");
	free(path);
	ok(journal_at("1-1", "", &k), "the port is known");
	is_int(k.state, JOURNAL_WRITING, "the write is under way");
	ok(journal_open(&k), "so the box may need repair");
	is_int(k.job_serial, 7, "numbers survive");
	is_text(k.backup, "a-backup", "texts survive");
	ok(!journal_end(&j, JOURNAL_MIXED, "mismatch", "it differs", &e), "it ends");
	ok(journal_at("1-1", "", &k) && k.state == JOURNAL_MIXED, "as a mixture");
	is_text(k.reason, "mismatch", "with its reason");

	k = entry("1-1", "host-usb2-1");
	ok(!journal_begin(&k, &e), "another write at the port");
	ok(strcmp(k.id, j.id), "has its own id");
	ok(!journal_end(&j, JOURNAL_DONE, "", "", &e), "the first one is settled late");
	ok(journal_at("1-1", "", &j) && j.state == JOURNAL_WRITING && !strcmp(j.id, k.id),
	   "the port still tells of the last one");
	journal_all(&l);
	is_int(l.n, 2, "both are in the journal");
	ok(!strcmp(l.v[0].id, k.id) || !strcmp(l.v[1].id, k.id), "the last one, too");
	journal_list_free(&l);
}

static void test_places(void)
{
	struct journal j = entry("3-2", "host-usb2-2"), k;
	struct bfw_error e = {};

	ok(!journal_begin(&j, &e), "a write at another port");
	ok(journal_at("5-2", "host-usb2-2", &k) && !strcmp(k.bus_id, "3-2"),
	   "the bus has another number after a reboot");
	ok(!journal_at("3-2", "other-usb2-9", &k),
	   "another port that has got the number is not it");
	ok(journal_at("3-2", "", &k), "the number will do where nothing else is known");
	ok(!journal_at("9-9", "", &k) && k.state == JOURNAL_NONE, "an unknown port");
}

static void test_settle(void)
{
	struct journal j = entry("1-1", "");

	j.state = JOURNAL_WRITING;
	ok(journal_settle(&j, B, false) && j.state == JOURNAL_DONE, "the new content: it was done");
	ok(!journal_settle(&j, A, false) && j.state == JOURNAL_DONE, "and that stays so");
	j.state = JOURNAL_UNKNOWN;
	ok(journal_settle(&j, A, false) && j.state == JOURNAL_FAILED, "the old content: it failed");
	j.state = JOURNAL_WRITING;
	ok(journal_settle(&j, C, false) && j.state == JOURNAL_MIXED, "neither: a mixture");
	ok(!journal_settle(&j, C, false) && journal_open(&j), "which stays open");
	ok(journal_settle(&j, A, false) && !journal_open(&j), "until it is repaired");
	j.state = JOURNAL_WRITING;
	ok(journal_settle(&j, C, true) && j.state == JOURNAL_MIXED, "no write leaves it blank");
	text_put(j.job, sizeof(j.job), "erase");
	ok(journal_settle(&j, C, true) && j.state == JOURNAL_ERASED, "an erase does");
	ok(journal_open(&j), "and what is to follow is still to come");
	ok(journal_settle(&j, B, false) && j.state == JOURNAL_DONE, "until it has");
}

static void test_damage(void)
{
	struct journal_list l;
	size_t before;

	journal_ports(&l);
	before = l.n;
	journal_list_free(&l);
	tool_warnings = 0;
	free(tool_put("ports/7-1", "not JSON"));
	free(tool_put("ports/7-2", "{\"format\":1,\"state\":\"done\"}"));
	free(tool_put("ports/7-3", EVIL));
	free(tool_put("ports/7-4", "{\"format\":1,\"state\":[],\"id\":{},\"size\":\"x\"}"));
	free(tool_put("ports/7-5", ""));
	journal_ports(&l);
	is_int(l.n, before, "damaged entries are left out");
	is_int(tool_warnings, 5, "each is warned of");
	journal_list_free(&l);
}

static void test_no_room(void)
{
	struct journal j = entry("1-1", "");
	struct bfw_error e = {};
	char *file = tool_put("file", "");

	setenv("BRIDGEFW_STATE_DIR", file, 1);
	ok(journal_begin(&j, &e) && e.code == BFW_NO_BACKUP, "no journal, no write");
	has_text(e.next, "Nothing was written", "and that is said");
	setenv("BRIDGEFW_STATE_DIR", tool_dir, 1);
	free(file);
}

int main(void)
{
	char *ports, *journal;

	tool_begin();
	ports = xprintf("%s/ports", tool_dir);
	journal = xprintf("%s/journal", tool_dir);
	mkdir(ports, 0755);
	mkdir(journal, 0755);
	test_life();
	test_places();
	test_settle();
	test_damage();
	test_no_room();
	free(ports);
	free(journal);
	return tap_done();
}
