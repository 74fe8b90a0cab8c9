// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A serial EEPROM of the 24Cxx kind: bytes arrive in page buffers, a page is
 * erased and programmed in one go by the part's own timer, and if the supply
 * fails meanwhile the cells of that page are left anywhere on their way.
 */
#include "memory.h"

/*
 * Erase and program run on all cells of the page at once. When the supply
 * fails, each may still be old, be erased, be half-way or already be new.
 */
static void tear_page(struct model_memory *m, u8 *cells, const u8 *data, u32 len)
{
	u32 i;

	for (i = 0; i < len; i++) {
		switch (model_random(&m->seed) & 3) {
		case 0:
			break;
		case 1:
			cells[i] = 0xff;
			break;
		case 2:
			cells[i] |= data[i];
			break;
		default:
			cells[i] = data[i];
		}
	}
}

/**
 * model_eeprom_program() - bytes arrive and are programmed page by page
 * @m: the part
 * @clock: is advanced by each page's time
 * @offset: first byte
 * @data: what to program
 * @len: how much
 * @cut: what ends it early
 * @cut_at: @cut happens when this many bytes have arrived
 *
 * When the cable is pulled the page that is not complete is never programmed.
 * When the supply fails, it is the one that is torn.
 *
 * Return: 0, or -EIO if the content could not be saved in its file.
 */
int model_eeprom_program(struct model_memory *m, struct model_clock *clock,
			 u32 offset, const u8 *data, u32 len,
			 enum model_cut cut, u32 cut_at)
{
	u32 done = 0;

	while (done < len) {
		u32 at = offset + done;
		u32 n = m->page - at % m->page;
		bool torn = false;
		int ret;

		if (n > len - done)
			n = len - done;
		if (cut != MODEL_CUT_NONE && cut_at < done + n) {
			if (cut == MODEL_CUT_CABLE)
				return 0;
			torn = true;
		}
		model_clock_add_us(clock, m->page_us);
		m->pages++;
		if (!m->write_protect) {
			if (torn)
				tear_page(m, m->data + at, data + done, n);
			else
				memcpy(m->data + at, data + done, n);
			ret = model_memory_save(m, at, n);
			if (ret)
				return ret;
		}
		if (torn)
			return 0;
		done += n;
	}
	return 0;
}
