/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the grammar of faults and what they do share. */
#ifndef VBRIDGE_FAULT_KIND_H
#define VBRIDGE_FAULT_KIND_H

#include "fault.h"

/* Terms of a condition. */
#define MATCH_VENDOR	0x01
#define MATCH_CONTROL	0x02
#define MATCH_CDB	0x04
#define MATCH_CODE	0x08
#define MATCH_OP	0x10
#define MATCH_IN	0x20
#define MATCH_OUT	0x40
#define MATCH_ANY	0x80	/* instead of what is usual for the kind */
#define MATCH_QUADLET	0x100
#define MATCH_ROM	0x200
#define MATCH_ADDRESS	0x400

#define FOR_EVER	0xffffffffu

enum lasting {
	EVENT,		/* strikes a transaction */
	STATE,		/* is the case from now on; takes no condition */
};

/* On which buses it can happen. */
enum buses {
	BOTH,
	USB_ONLY,
	FW_ONLY,
};

/**
 * struct fault_kind_info - what is said of a kind
 * @name: as in --fault
 * @lasting: whether it strikes a transaction
 * @match: what it is about unless the condition says otherwise
 * @every: strikes each time unless the condition says otherwise
 * @buses: where it can happen
 */
struct fault_kind_info {
	const char *name;
	enum lasting lasting;
	u32 match;
	bool every;
	enum buses buses;
};

extern const struct fault_kind_info fault_kinds[FAULT_KINDS];

#endif
