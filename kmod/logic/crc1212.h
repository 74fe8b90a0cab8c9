/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The CRC-16 of configuration ROMs and topology maps (IEEE 1212-2001 7.3). */
#ifndef BRIDGEFW_CRC1212_H
#define BRIDGEFW_CRC1212_H

#include "port.h"

/**
 * bfp_crc1212() - CRC-16 over quadlets
 * @q: as numbers, highest bit first on the bus
 * @n: how many
 *
 * Polynomial x^16 + x^12 + x^5 + 1, started from zero. Return: the CRC.
 */
static inline u16 bfp_crc1212(const u32 *q, u32 n)
{
	u32 crc = 0, i;
	int bit;

	for (i = 0; i < n; i++)
		for (bit = 31; bit >= 0; bit--) {
			u32 out = (crc >> 15 ^ q[i] >> bit) & 1;

			crc = (crc << 1 & 0xffff) ^ (out ? 0x1021 : 0);
		}
	return (u16)crc;
}

#endif
