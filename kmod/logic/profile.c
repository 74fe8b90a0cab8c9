// SPDX-License-Identifier: GPL-2.0-or-later
/* Compiled profiles: names, lookups, checksums. */
#include "profile.h"

/**
 * bfp_error_set() - put a sentence into an error
 * @e: the error; may be NULL
 * @fmt: as printf
 */
void bfp_error_set(struct bfp_error *e, const char *fmt, ...)
{
	va_list args;

	if (!e)
		return;
	va_start(args, fmt);
	vsnprintf(e->text, sizeof(e->text), fmt, args);
	va_end(args);
}

/**
 * bfp_crc32() - CRC-32 (reflected 0xedb88320), as in Ethernet and zlib
 * @crc: result over what came before, 0 at the start
 * @data: bytes
 * @len: how many
 *
 * Return: the checksum over everything so far.
 */
u32 bfp_crc32(u32 crc, const void *data, size_t len)
{
	/* one entry for each value of four bits */
	static const u32 table[16] = {
		0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac,
		0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
		0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
		0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
	};
	const u8 *p = data;

	crc = ~crc;
	while (len--) {
		crc ^= *p++;
		crc = table[crc & 15] ^ (crc >> 4);
		crc = table[crc & 15] ^ (crc >> 4);
	}
	return ~crc;
}

/**
 * bfp_find_operation() - an operation by what it does
 * @p: checked profile
 * @kind: what it does
 * @memory: index of the memory, -1: the one that names no memory
 *
 * Return: the operation, NULL if the profile does not know it.
 */
const struct bfp_operation *bfp_find_operation(const struct bfp *p,
					       enum bfp_op_kind kind, int memory)
{
	const struct bfp_operation *op = bfp_operations(p);
	u32 i;

	for (i = 0; i < bfp_count(p, BFP_OPERATIONS); i++, op++)
		if (op->kind == kind && op->memory == (memory < 0 ? 0xff : memory))
			return op;
	return NULL;
}

/**
 * bfp_find_memory() - a memory by its name
 * @p: checked profile
 * @name: such as "eeprom"
 *
 * Return: its index, -1 if there is none of that name.
 */
int bfp_find_memory(const struct bfp *p, const char *name)
{
	const struct bfp_memory *m = bfp_memories(p);
	u32 i;

	for (i = 0; i < bfp_count(p, BFP_MEMORIES); i++)
		if (!strcmp(bfp_string(p, m[i].name), name))
			return (int)i;
	return -1;
}

static const char *name_of(const char *const *names, u32 count, u8 value)
{
	return value < count && names[value] ? names[value] : "unknown";
}

/**
 * bfp_evidence_name() - evidence as text
 * @evidence: enum bfp_evidence
 *
 * Return: the word used in profiles, "unknown" for any other value.
 */
const char *bfp_evidence_name(u8 evidence)
{
	static const char *const names[] = {
		[BFP_INFERRED] = "inferred",
		[BFP_REPORTED] = "reported",
		[BFP_TRACED] = "traced",
		[BFP_DOCUMENTED] = "documented",
	};

	return name_of(names, ARRAY_SIZE(names), evidence);
}

/**
 * bfp_op_name() - what an operation does, as text
 * @kind: enum bfp_op_kind
 *
 * Return: the word used in profiles, "unknown" for any other value.
 */
const char *bfp_op_name(u8 kind)
{
	static const char *const names[] = {
		[BFP_OP_IDENTIFY] = "identify",
		[BFP_OP_VERSION] = "version",
		[BFP_OP_READ] = "read",
		[BFP_OP_ERASE_SECTOR] = "erase-sector",
		[BFP_OP_ERASE_ALL] = "erase-all",
		[BFP_OP_PROGRAM] = "program",
		[BFP_OP_VERIFY] = "verify",
		[BFP_OP_UNLOCK] = "unlock",
		[BFP_OP_LOCK] = "lock",
		[BFP_OP_RESET] = "reset",
	};

	return name_of(names, ARRAY_SIZE(names), kind);
}

/**
 * bfp_recovery_name() - how a chip is reached without valid firmware, as text
 * @recovery: enum bfp_recovery
 *
 * Return: the word used in profiles, "unknown" for any other value.
 */
const char *bfp_recovery_name(u8 recovery)
{
	static const char *const names[] = {
		[BFP_RECOVERY_NONE_KNOWN] = "none-known",
		[BFP_RECOVERY_MASK_ROM] = "mask-rom",
		[BFP_RECOVERY_BOOT_MODE] = "boot-mode",
		[BFP_RECOVERY_INTERNAL_ROM] = "internal-rom",
	};

	return name_of(names, ARRAY_SIZE(names), recovery);
}

/**
 * bfp_role_name() - the state that an id stands for, as text
 * @role: enum bfp_role
 *
 * Return: the word used in profiles, "unknown" for any other value.
 */
const char *bfp_role_name(u8 role)
{
	static const char *const names[] = {
		[BFP_ROLE_RUNNING] = "running",
		[BFP_ROLE_BLANK] = "blank",
		[BFP_ROLE_UPLOADER] = "uploader",
	};

	return name_of(names, ARRAY_SIZE(names), role);
}

/**
 * bfp_memory_kind_name() - the kind of a memory, as text
 * @kind: enum bfp_memory_kind
 *
 * Return: the word used in profiles, "unknown" for any other value.
 */
const char *bfp_memory_kind_name(u8 kind)
{
	static const char *const names[] = {
		[BFP_FLASH] = "flash",
		[BFP_EEPROM] = "eeprom",
		[BFP_CONFIG_ROM] = "config-rom",
	};

	return name_of(names, ARRAY_SIZE(names), kind);
}

/**
 * bfp_transport_name() - one transport, as text
 * @bit: exactly one of BFP_TRANSPORT_*
 *
 * Return: the word used in profiles, "unknown" for any other value.
 */
const char *bfp_transport_name(u8 bit)
{
	switch (bit) {
	case BFP_TRANSPORT_SCSI:
		return "scsi";
	case BFP_TRANSPORT_BOT:
		return "bot";
	case BFP_TRANSPORT_CONTROL:
		return "control";
	case BFP_TRANSPORT_1394:
		return "1394";
	default:
		return "unknown";
	}
}

/**
 * bfp_bus_name() - one bus, as text
 * @bit: exactly one of BFP_BUS_*
 *
 * Return: the word used in profiles, "unknown" for any other value.
 */
const char *bfp_bus_name(u8 bit)
{
	return bit == BFP_BUS_USB ? "usb" : bit == BFP_BUS_1394 ? "1394" : "unknown";
}
