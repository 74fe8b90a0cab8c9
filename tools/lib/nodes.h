/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The nodes of the FireWire buses, whether a bridge represents them or not. */
#ifndef BRIDGEFW_LIB_NODES_H
#define BRIDGEFW_LIB_NODES_H

#include <stdbool.h>
#include <stddef.h>

#include "port.h"

#define NODES_FILE	"/sys/class/bridgefw/nodes"

struct json_object;

/**
 * struct node - one node, as the module has seen it after the last bus reset
 * @place: where it is plugged in, "fw0-1.2"; "fw0" for the computer's own card
 * @number: its node number
 * @link: whether its link layer is on
 * @speed: of its PHY
 * @what: "bridge", "running", "blank" ...: see the ABI of the file
 * @bridge: "bridgefwN"; "" if it is none
 * @vendor: number of its module's vendor
 * @model: its model
 * @revision: of its firmware
 * @guid: its GUID
 * @has_rom: the four above are known
 * @sbp2: it speaks the protocol of disks
 * @value: the quadlet that was read instead of a configuration ROM
 * @has_value: it is known
 * @vendor_text: its own words
 * @model_text: likewise
 */
struct node {
	char place[64];
	unsigned int number;
	bool link;
	char speed[8];
	char what[16];
	char bridge[24];
	u32 vendor;
	u32 model;
	u32 revision;
	u64 guid;
	bool has_rom;
	bool sbp2;
	u32 value;
	bool has_value;
	char vendor_text[64];
	char model_text[64];
};

struct node_list {
	struct node *v;
	size_t n;
};

void node_list_read(struct node_list *l, const char *file);
void node_list_free(struct node_list *l);
const struct node *node_at(const struct node_list *l, const char *place);
bool node_may_be_bridge(const struct node *n);
void node_words(const struct node *n, char *out, size_t room);
void node_advice(const struct node *n, char *out, size_t room);
struct json_object *node_json(const struct node *n);

#endif
