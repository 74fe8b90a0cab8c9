// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether the chip comes up with what is in its flash. */
#include <stdlib.h>

#include "chip.h"
#include "image.h"

static bool content_boots(const struct model_chip *chip, u32 memory, const u8 *content, u32 len)
{
	const struct bfp *p = &chip->profile;
	const struct bfp_memory *mem = bfp_memories(p) + memory;
	u32 start, size;

	if (!le32_to_cpu(mem->boot_known))
		return bfp_content_check(p, memory, content, len, NULL) == BFP_IMAGE_OK;
	if (!model_chip_sector(chip, memory, le32_to_cpu(mem->boot_offset), &start, &size))
		return false;
	return bfp_part_check(p, memory, content, len, start, size, NULL) == BFP_IMAGE_OK;
}

/**
 * model_chip_boots() - whether the chip's firmware can run
 * @chip: the chip
 *
 * What is known of valid firmware is what the profile's rules say. Where it
 * names the sector that makes the chip start, the rules about that sector
 * decide; otherwise all of them do.
 *
 * Return: true if it can, or if the chip has no flash.
 */
bool model_chip_boots(const struct model_chip *chip)
{
	const struct bfp_memory *mem = bfp_memories(&chip->profile);
	const struct model_memory *m;
	bool boots;
	u8 *content;
	u32 i;

	for (i = 0; i < chip->memories; i++)
		if (mem[i].kind == BFP_FLASH)
			break;
	if (i == chip->memories)
		return true;
	m = &chip->memory[i];
	/* What the processor reads is what any reader does, broken cells and all. */
	content = malloc(m->size);
	if (!content)
		return false;
	boots = content_boots(chip, i, content, model_memory_read(m, 0, content, m->size));
	free(content);
	return boots;
}
