/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a drive or bridge says about a command that failed. */
#ifndef BRIDGEFW_LOGIC_SENSE_H
#define BRIDGEFW_LOGIC_SENSE_H

#include "port.h"

/**
 * struct bfp_sense - sense data, decoded
 * @key: sense key, 0 to 15
 * @asc: additional sense code
 * @ascq: its qualifier
 * @deferred: it is about an earlier command
 * @has_information: @information was given
 * @information: such as the block where it happened
 */
struct bfp_sense {
	u8 key;
	u8 asc;
	u8 ascq;
	bool deferred;
	bool has_information;
	u64 information;
};

bool bfp_sense_decode(const u8 *data, size_t len, struct bfp_sense *s);
const char *bfp_sense_key_name(u8 key);
int bfp_sense_format(const struct bfp_sense *s, char *out, size_t room);

#endif
