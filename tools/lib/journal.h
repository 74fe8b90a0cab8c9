/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was written where: survives a crash, a power cut and a reboot. */
#ifndef BRIDGEFW_LIB_JOURNAL_H
#define BRIDGEFW_LIB_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "bridge.h"
#include "port.h"
#include "text.h"

struct bfw_error;
struct json_object;

enum journal_state {
	JOURNAL_NONE,
	JOURNAL_WRITING,	/* started; the end was not seen */
	JOURNAL_DONE,		/* the memory holds the new content */
	JOURNAL_FAILED,		/* the memory holds the old content */
	JOURNAL_MIXED,		/* it holds neither */
	JOURNAL_UNKNOWN,	/* it could not be read back */
	JOURNAL_ERASED,		/* it was erased; the new content is to follow */
};

/**
 * struct journal - one write
 * @id: its name
 * @state: how it stands
 * @started: ISO 8601
 * @ended: likewise, "" while it is not known
 * @job: "write", "restore" or "erase"
 * @bus: "usb" or "1394"
 * @bus_id: where the box was plugged in
 * @path_id: the same in words that survive a reboot
 * @chip: of the box
 * @profile: that was used
 * @memory: name of the memory
 * @ids: that the box showed then
 * @serial: likewise
 * @match: why the profile was used
 * @size: bytes
 * @old_sha256: what the memory held
 * @new_sha256: what it is to hold
 * @backup: id of the record of the old content
 * @image: where the new content came from
 * @ids_after: whether the new content is known to bring listed ids back
 * @reason: why it failed
 * @message: likewise, a sentence
 * @boot_id: of the running system when it was started
 * @job_serial: the kernel's number of the job
 */
struct journal {
	char id[128];
	enum journal_state state;
	char started[TIME_TEXT];
	char ended[TIME_TEXT];
	char job[16];
	char bus[8];
	char bus_id[64];
	char path_id[PATH_ID_LEN];
	char chip[64];
	char profile[64];
	char memory[32];
	char ids[32];
	char serial[160];
	char match[16];
	u32 size;
	char old_sha256[SHA256_TEXT];
	char new_sha256[SHA256_TEXT];
	char backup[64];
	char image[256];
	bool ids_after;
	char reason[24];
	char message[512];
	char boot_id[40];
	u32 job_serial;
};

struct journal_list {
	struct journal *v;
	size_t n;
};

const char *journal_state_word(enum journal_state state);
bool journal_open(const struct journal *j);
bool port_same(const char *bus_id_a, const char *path_id_a,
	       const char *bus_id_b, const char *path_id_b);
int journal_begin(struct journal *j, struct bfw_error *e);
int journal_write(const struct journal *j, struct bfw_error *e);
int journal_end(struct journal *j, enum journal_state state, const char *reason,
		const char *message, struct bfw_error *e);
bool journal_settle(struct journal *j, const char *present_sha256, bool blank);
void journal_ports(struct journal_list *l);
void journal_all(struct journal_list *l);
void journal_list_free(struct journal_list *l);
bool journal_at(const char *bus_id, const char *path_id, struct journal *j);
struct json_object *journal_json(const struct journal *j);
void boot_id_read(char *out, size_t room);

#endif
