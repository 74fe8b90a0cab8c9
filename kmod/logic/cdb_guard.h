/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which CDBs of other people's programs may reach a bridge; see cdb_guard.c. */
#ifndef BRIDGEFW_LOGIC_CDB_GUARD_H
#define BRIDGEFW_LOGIC_CDB_GUARD_H

#include "profile.h"

bool bfp_cdb_named(const struct bfp *p, const u8 *cdb, u32 len);
bool bfp_cdb_blanks(u8 type, const u8 *cdb, u32 len);
bool bfp_cdb_writes_memory(const u8 *cdb, u32 len, enum bfp_dir dir);

#endif
