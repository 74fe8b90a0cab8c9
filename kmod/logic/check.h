/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files that make up bfp_check() share. */
#ifndef BRIDGEFW_LOGIC_CHECK_H
#define BRIDGEFW_LOGIC_CHECK_H

#include "profile.h"

#define BFP_TEXT_MAX	1000	/* longest note or source */
#define BFP_TITLE_MAX	100

/**
 * struct bfp_checking - a check under way
 * @p: the profile; its tables lie inside of it, nothing more is known yet
 * @e: where the first fault is described
 * @table: what is being looked at, for @e
 * @index: likewise
 */
struct bfp_checking {
	const struct bfp *p;
	struct bfp_error *e;
	u32 table;
	u32 index;
};

int bfp_bad(struct bfp_checking *c, const char *fmt, ...) __printf(2, 3);
int bfp_check_text(struct bfp_checking *c, const char *what, __le32 offset, u32 most,
		   bool needed);
int bfp_check_name(struct bfp_checking *c, const char *what, __le32 offset, bool lower);
int bfp_check_blob(struct bfp_checking *c, const char *what, __le32 offset, u64 len);
int bfp_check_evidence(struct bfp_checking *c, u8 evidence, __le32 source);
bool bfp_zero(const u8 *bytes, u32 len);

u32 bfp_sum_size(u8 algorithm);

int bfp_check_memories(struct bfp_checking *c);
int bfp_check_operations(struct bfp_checking *c);
int bfp_check_states(struct bfp_checking *c);
int bfp_check_rules(struct bfp_checking *c);
int bfp_check_fields(struct bfp_checking *c);

#endif
