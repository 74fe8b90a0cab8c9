/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the logic files need of their surroundings, in the kernel and outside
 * of it. Nothing else in this directory may include a system header.
 */
#ifndef BRIDGEFW_LOGIC_PORT_H
#define BRIDGEFW_LOGIC_PORT_H

#ifdef __KERNEL__

#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/string.h>
#include <linux/types.h>

/* Divides *@n by @by, returns the remainder. */
static inline u32 bfp_div(u64 *n, u32 by)
{
	u32 rest;

	*n = div_u64_rem(*n, by, &rest);
	return rest;
}

#else

#include <assert.h>
#include <endian.h>
#include <errno.h>
#include <linux/types.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t s32;
typedef int64_t s64;

#define cpu_to_le16(x)	((__le16)htole16(x))
#define cpu_to_le32(x)	((__le32)htole32(x))
#define cpu_to_le64(x)	((__le64)htole64(x))
#define le16_to_cpu(x)	le16toh((uint16_t)(x))
#define le32_to_cpu(x)	le32toh((uint32_t)(x))
#define le64_to_cpu(x)	le64toh((uint64_t)(x))

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#ifndef fallthrough
#define fallthrough	__attribute__((__fallthrough__))
#endif
#define __printf(a, b)	__attribute__((__format__(__printf__, a, b)))

/* Divides *@n by @by, returns the remainder. */
static inline u32 bfp_div(u64 *n, u32 by)
{
	u32 rest = (u32)(*n % by);

	*n /= by;
	return rest;
}

#endif /* __KERNEL__ */
#endif
