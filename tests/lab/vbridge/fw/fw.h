/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The enclosure as a FireWire node: what is at which address of it. */
#ifndef VBRIDGE_FW_FW_H
#define VBRIDGE_FW_FW_H

#include "fw/sbp2.h"

/* Where bridges have registers of their own. */
#define FW_WINDOW	0xfffff0050000ull
#define FW_WINDOW_END	0xfffff00a0000ull

/* Core CSRs that it has, from the start of the register space. */
#define FW_CSRS		4

/**
 * struct fw - the node
 * @box: the enclosure
 * @node: its packets
 * @sbp2: its target
 * @wanted: what it is to tell of itself; company, model and revision come from the
 *	chip's id where @fixed does not say otherwise
 * @fixed_vendor: by option
 * @fixed_model: likewise
 * @fixed_revision: likewise
 * @id: what it tells of itself now
 * @rom: its configuration ROM
 * @rom_size: bytes; 0: there is none
 * @running: its firmware runs: there is a target
 * @csr: content of registers that do nothing
 * @seed: of what is random in its ROM
 */
struct fw {
	struct box *box;
	struct node node;
	struct sbp2 sbp2;
	struct rom_identity wanted;
	bool fixed_vendor;
	bool fixed_model;
	bool fixed_revision;
	struct rom_identity id;
	u8 rom[ROM_SIZE];
	u32 rom_size;
	bool running;
	u32 csr[FW_CSRS];
	u32 seed;
};

/* fw.c */
void fw_init(struct fw *fw, struct box *box,
	     int (*send)(void *ctx, const struct lab1394_packet *p));
void fw_plug_in(struct fw *fw);
void fw_free(struct fw *fw);
void fw_tick(struct fw *fw, bool hurry);
int fw_timeout_ms(const struct fw *fw);

/* identity.c */
void fw_take_identity(struct fw *fw);
void fw_usual_texts(u32 company, const struct bfp *profile, struct rom_identity *id);
const struct bfp_id *fw_id(const struct bfp *profile, u8 kind, u8 role);

/* quadlet.c */
bool quadlet_owns(struct fw *fw, const struct lab1394_packet *p);
void quadlet_request(struct fw *fw, const struct lab1394_packet *p);
void rom_request(struct fw *fw, const struct lab1394_packet *p);

#endif
