/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A bridge, open, with the memory that the command is about. */
#ifndef BRIDGEFWCTL_ACCESS_H
#define BRIDGEFWCTL_ACCESS_H

#include <stdbool.h>

#include "bridge.h"
#include "command.h"
#include "device.h"
#include "profiles.h"
#include "text.h"

/* Nobody knows how the memory is read: it can be written, if at all, unseen. */
static inline bool memory_unreadable(const struct bridgefw_memory *m)
{
	return !m->read_evidence;
}

/**
 * struct access - what commands that read or write start from
 * @b: the bridge
 * @d: its device, open
 * @m: the memory
 * @profile: the profile in use, from its file
 * @profile_known: whether that could be opened
 * @profile_memory: the memory's number in it
 * @present: what the memory holds, once read
 * @len: its bytes
 * @sha256: its hash
 * @mode: how progress is shown
 * @progress: of the read under way
 */
struct access {
	struct bridge b;
	struct device d;
	struct bridgefw_memory m;
	struct profile_file profile;
	bool profile_known;
	u32 profile_memory;
	u8 *present;
	u32 len;
	char sha256[SHA256_TEXT];
	enum progress_mode mode;
	struct progress progress;
};

int access_open(struct access *a, const char *selector, const struct options *o, bool write,
		struct bfw_error *e);
int access_open_bridge(struct access *a, const struct bridge *b, const struct options *o,
		       bool write, struct bfw_error *e);
int access_read(struct access *a, unsigned int times, struct bfw_error *e);
void access_close(struct access *a);

#endif
