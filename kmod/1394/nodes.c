// SPDX-License-Identifier: GPL-2.0-or-later
/* Every node of every bus in words, for /sys/class/bridgefw/nodes. */
#include <linux/kernel.h>
#include <linux/string.h>

#include "fw.h"

struct text {
	char *buf;
	size_t room;
	size_t len;
};

static __printf(2, 3) void put(struct text *t, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	t->len += vscnprintf(t->buf + t->len, t->room - t->len, fmt, args);
	va_end(args);
}

static const char *speed_name(u8 speed)
{
	static const char * const names[] = { "S100", "S200", "S400", "beta" };

	return speed < ARRAY_SIZE(names) ? names[speed] : "beta";
}

/* A device's own words: what would end the quotation is left out. */
static void put_text(struct text *t, const char *key, const char *text)
{
	put(t, " %s=\"", key);
	for (; *text; text++)
		if (*text != '"' && *text >= ' ' && *text <= '~')
			put(t, "%c", *text);
	put(t, "\"");
}

static void put_rom(struct text *t, const struct bfp_rom *rom)
{
	put(t, " vendor=%06x model=%06x revision=%06x guid=%016llx sbp2=%s",
	    rom->vendor, rom->model, rom->revision, rom->guid, rom->sbp2 ? "yes" : "no");
	if (rom->vendor_text[0])
		put_text(t, "vendor_text", rom->vendor_text);
	if (rom->model_text[0])
		put_text(t, "model_text", rom->model_text);
}

static const char *what(const struct fwseat *seat)
{
	static const char * const kinds[] = {
		[FWKIND_NEW] = "new",
		[FWKIND_RUNNING] = "running",
		[FWKIND_NO_ROM] = "no-rom",
		[FWKIND_BLANK] = "blank",
		[FWKIND_BOOTING] = "booting",
		[FWKIND_REFUSES] = "refuses",
		[FWKIND_SILENT] = "silent",
	};

	if (!seat->link)
		return "link-off";
	return seat->bridge[0] ? "bridge" : kinds[seat->seen.kind];
}

static void put_seat(struct text *t, const struct fwseat *seat)
{
	put(t, "%s %u %s %s %s", seat->name, seat->phy, seat->link ? "on" : "off",
	    speed_name(seat->speed), what(seat));
	if (seat->link && seat->bridge[0])
		put(t, " bridge=%s", seat->bridge);
	if (seat->link && seat->seen.kind == FWKIND_RUNNING)
		put_rom(t, &seat->seen.rom);
	else if (seat->link && (seat->seen.kind == FWKIND_BLANK ||
				seat->seen.kind == FWKIND_NO_ROM))
		put(t, " value=%08x", seat->seen.value);
	put(t, "\n");
}

static void put_bus(struct text *t, struct fwbus *bus)
{
	const struct fwseat *seat;
	u32 phy;

	for (phy = 0; phy < bus->count; phy++) {
		if (phy == bus->local)
			put(t, "fw%d %u on %s local\n", bus->index, phy,
			    speed_name(bus->local_speed));
		list_for_each_entry(seat, &bus->seats, node)
			if (seat->present && seat->phy == phy)
				put_seat(t, seat);
	}
}

/**
 * bridgefw_1394_nodes() - every node, a line each, by bus and PHY ID
 * @buf: gets text
 * @room: its bytes
 *
 * Return: bytes that were put there.
 */
size_t bridgefw_1394_nodes(char *buf, size_t room)
{
	struct text t = { .buf = buf, .room = room };
	struct fwbus *bus = NULL;

	while ((bus = bridgefw_fwbus_next(bus))) {
		mutex_lock(&bus->lock);
		put_bus(&t, bus);
		mutex_unlock(&bus->lock);
	}
	return t.len;
}
