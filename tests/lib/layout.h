/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ABI as bytes: where each member of linux/bridgefw.h is, and the numbers of
 * the ioctls. They are the same for programs of 32 and of 64 bits, and stay so.
 * Where there is no C library for assert.h, the compiler is told static_assert.
 */
#ifndef LAYOUT_H
#define LAYOUT_H

#ifndef static_assert
#include <assert.h>
#endif
#include <linux/bridgefw.h>
#include <stddef.h>

#define SIZE_IS(type, bytes) \
	static_assert(sizeof(struct type) == (bytes), "size of struct " #type)
#define MEMBER_AT(type, member, offset) \
	static_assert(offsetof(struct type, member) == (offset), #type "." #member)
#define NUMBER_IS(name, number) \
	static_assert(BRIDGEFW_IOC_##name == (number), "BRIDGEFW_IOC_" #name)

SIZE_IS(bridgefw_info, 272);
MEMBER_AT(bridgefw_info, index, 0);
MEMBER_AT(bridgefw_info, state, 4);
MEMBER_AT(bridgefw_info, match, 8);
MEMBER_AT(bridgefw_info, flags, 12);
MEMBER_AT(bridgefw_info, transports, 16);
MEMBER_AT(bridgefw_info, memories, 20);
MEMBER_AT(bridgefw_info, vendor_id, 24);
MEMBER_AT(bridgefw_info, product_id, 28);
MEMBER_AT(bridgefw_info, revision, 32);
MEMBER_AT(bridgefw_info, pad, 36);
MEMBER_AT(bridgefw_info, bus, 40);
MEMBER_AT(bridgefw_info, bus_id, 48);
MEMBER_AT(bridgefw_info, profile, 80);
MEMBER_AT(bridgefw_info, chip, 112);
MEMBER_AT(bridgefw_info, serial, 144);

SIZE_IS(bridgefw_memory, 80);
MEMBER_AT(bridgefw_memory, memory, 0);
MEMBER_AT(bridgefw_memory, flags, 4);
MEMBER_AT(bridgefw_memory, kind, 8);
MEMBER_AT(bridgefw_memory, size, 12);
MEMBER_AT(bridgefw_memory, length, 16);
MEMBER_AT(bridgefw_memory, unit, 20);
MEMBER_AT(bridgefw_memory, reads, 24);
MEMBER_AT(bridgefw_memory, read_evidence, 28);
MEMBER_AT(bridgefw_memory, program_evidence, 32);
MEMBER_AT(bridgefw_memory, interrupted, 36);
MEMBER_AT(bridgefw_memory, pad, 40);
MEMBER_AT(bridgefw_memory, name, 48);

SIZE_IS(bridgefw_read, 24);
MEMBER_AT(bridgefw_read, memory, 0);
MEMBER_AT(bridgefw_read, flags, 4);
MEMBER_AT(bridgefw_read, offset, 8);
MEMBER_AT(bridgefw_read, length, 12);
MEMBER_AT(bridgefw_read, data, 16);

SIZE_IS(bridgefw_stage, 24);
MEMBER_AT(bridgefw_stage, memory, 0);
MEMBER_AT(bridgefw_stage, flags, 4);
MEMBER_AT(bridgefw_stage, length, 8);
MEMBER_AT(bridgefw_stage, pad, 12);
MEMBER_AT(bridgefw_stage, data, 16);

SIZE_IS(bridgefw_start, 16);
MEMBER_AT(bridgefw_start, job, 0);
MEMBER_AT(bridgefw_start, memory, 4);
MEMBER_AT(bridgefw_start, flags, 8);
MEMBER_AT(bridgefw_start, reason, 12);

SIZE_IS(bridgefw_status, 240);
MEMBER_AT(bridgefw_status, state, 0);
MEMBER_AT(bridgefw_status, job, 4);
MEMBER_AT(bridgefw_status, memory, 8);
MEMBER_AT(bridgefw_status, error, 12);
MEMBER_AT(bridgefw_status, reason, 16);
MEMBER_AT(bridgefw_status, content, 20);
MEMBER_AT(bridgefw_status, done, 24);
MEMBER_AT(bridgefw_status, total, 32);
MEMBER_AT(bridgefw_status, serial, 40);
MEMBER_AT(bridgefw_status, differs_at, 44);
MEMBER_AT(bridgefw_status, text, 48);

SIZE_IS(bridgefw_answer, 4096);
MEMBER_AT(bridgefw_answer, kind, 0);
MEMBER_AT(bridgefw_answer, length, 4);
MEMBER_AT(bridgefw_answer, data, 8);

SIZE_IS(bridgefw_lun, 8);
MEMBER_AT(bridgefw_lun, lun, 0);
MEMBER_AT(bridgefw_lun, pad, 4);

NUMBER_IS(GET_INFO, 0x8110bf00u);
NUMBER_IS(GET_MEMORY, 0xc050bf01u);
NUMBER_IS(READ, 0xc018bf02u);
NUMBER_IS(STAGE, 0x4018bf03u);
NUMBER_IS(START, 0xc010bf04u);
NUMBER_IS(GET_STATUS, 0x80f0bf05u);
NUMBER_IS(CANCEL, 0x0000bf06u);
NUMBER_IS(CLAIM, 0x0000bf07u);
NUMBER_IS(RELEASE, 0x0000bf08u);
NUMBER_IS(GET_ANSWER, 0xd000bf09u);
NUMBER_IS(SET_LUN, 0x4008bf0au);

#undef SIZE_IS
#undef MEMBER_AT
#undef NUMBER_IS

#endif
