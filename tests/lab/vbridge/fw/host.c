// SPDX-License-Identifier: GPL-2.0-or-later
/* An enclosure on FireWire: a node of the bus of a fake card. */
#include <stdlib.h>
#include <unistd.h>

#include "ctl.h"
#include "fw/cable.h"
#include "fw/find.h"
#include "fw/fw.h"
#include "host.h"
#include "wall.h"

#define AT_ONCE		64	/* packets that are taken before somebody else has a turn */
#define APART_MS	100	/* between out and in, so that the host sees both */
#define OXFORD		0x0030e0
#define OEM_MODEL	0x42a258	/* as printed of a box with an Oxford bridge */

/**
 * struct fw_host - a box's end of a FireWire cable
 * @host: what the run sees of it
 * @fw: the node
 * @opt: the options
 * @link: its link layer is on
 * @handle: that others use who are plugged into it, if it is plugged in itself
 * @port: of what it is plugged into
 */
struct fw_host {
	struct host host;
	struct fw fw;
	const struct options *opt;
	bool link;
	u32 handle;
	u32 port;
};

static struct fw_host *host_of(struct host *h)
{
	return (struct fw_host *)((char *)h - offsetof(struct fw_host, host));
}

static const struct fw_host *host_of_const(const struct host *h)
{
	return (const struct fw_host *)((const char *)h - offsetof(struct fw_host, host));
}

static int load(struct host *h)
{
	(void)h;
	return cable_load();
}

/* The handle of the box that this one is plugged into, which has a new one at each plug. */
static int handle_behind(const char *behind, u32 *handle)
{
	static char reply[CTL_REPLY + 16];
	char *end, *at;

	*handle = 0;
	if (!behind)
		return 0;
	*handle = strtoul(behind, &end, 0);
	if (*behind && !*end)
		return 0;
	if (ctl_ask(behind, "status\n", reply, sizeof(reply)))
		return -ENOENT;
	at = strstr(reply, "\"handle\":");
	*handle = at ? strtoul(at + strlen("\"handle\":"), NULL, 10) : 0;
	return *handle ? 0 : -ENOENT;
}

/* Of what is dead, the PHY still passes packets on. */
static bool link_is_on(const struct fw_host *f)
{
	return f->link && !f->host.box->dead;
}

static int plug(struct host *h)
{
	struct fw_host *f = host_of(h);
	const struct fw_options *o = &f->opt->fw;
	struct lab1394_plug p = {
		.card = o->card,
		.flags = link_is_on(f) ? LAB1394_LINK_ON : 0,
		.port = f->opt->port,
		.speed = h->box->clock.speed - MODEL_S100,
		.self_ids = o->self_ids,
	};
	int ret = handle_behind(o->behind, &p.behind);

	if (ret)
		return ret;
	memcpy(p.self_id, o->self_id, sizeof(o->self_id));
	if (o->self_ids)
		p.flags |= LAB1394_RAW;
	fw_plug_in(&f->fw);
	ret = cable_plug(&p);
	if (ret < 0)
		return ret;
	h->fd = ret;
	f->handle = p.handle;
	f->port = p.taken;
	return 0;
}

static void unplug(struct host *h)
{
	struct fw_host *f = host_of(h);

	close(h->fd);
	h->fd = -1;
	fw_free(&f->fw);
	nap_ms(APART_MS);
}

static int receive(struct host *h)
{
	struct fw_host *f = host_of(h);
	struct lab1394_packet p;
	ssize_t n;
	u32 i;

	for (i = 0; i < AT_ONCE && h->box->next == BOX_GO_ON; i++) {
		n = cable_receive(h->fd, &p);
		if (n <= 0)
			return n;
		h->transfers++;
		node_receive(&f->fw.node, &p, n);
	}
	return 0;
}

static void pump(struct host *h)
{
	if (h->fd >= 0)
		fw_tick(&host_of(h)->fw, false);
}

static void hurry(struct host *h)
{
	if (h->fd >= 0)
		fw_tick(&host_of(h)->fw, true);
}

static int timeout_ms(const struct host *h)
{
	return h->fd < 0 ? -1 : fw_timeout_ms(&host_of_const(h)->fw);
}

/* Whether it can be expected that the host makes a device of it. */
static bool makes_device(const struct fw_host *f)
{
	return f->fw.rom_size && f->host.box->hostile_rom == ROM_HONEST && !f->opt->fw.self_ids;
}

static bool settled(struct host *h)
{
	struct fw_host *f = host_of(h);

	/* A bus reset is no news for a link that is off. */
	if (!link_is_on(f)) {
		snprintf(h->busid, sizeof(h->busid), "phy%u", f->handle);
		return true;
	}
	if (!f->fw.node.on_bus)
		return false;
	if (makes_device(f))
		return find_device(f->fw.id.guid, f->fw.node.id, h->busid, sizeof(h->busid));
	snprintf(h->busid, sizeof(h->busid), "node%u", f->fw.node.id & 0x3f);
	return true;
}

static void place(const struct host *h, char *out, size_t room)
{
	const struct fw_host *f = host_of_const(h);

	if (f->fw.node.on_bus)
		snprintf(out, room, "card %u node %u", f->opt->fw.card, f->fw.node.id & 0x3f);
	else
		snprintf(out, room, "card %u handle %u", f->opt->fw.card, f->handle);
}

static const char *state(const struct fw_host *f)
{
	if (!link_is_on(f))
		return "link off";
	return f->fw.rom_size ? "config ROM" : "no config ROM";
}

static void shows(const struct host *h, char *out, size_t room)
{
	const struct fw_host *f = host_of_const(h);

	snprintf(out, room, "GUID %016llx %s", (unsigned long long)f->fw.id.guid, state(f));
}

static void status(const struct host *h, char *out, size_t room)
{
	const struct fw_host *f = host_of_const(h);
	u32 i, logins = 0;

	for (i = 0; i < SBP2_LOGINS; i++)
		logins += f->fw.sbp2.login[i].used;
	snprintf(out, room,
		 "\"card\":%u,\"handle\":%u,\"port\":%u,\"node\":%u,\"generation\":%u,\"guid\":\"%016llx\",\"link\":%s,\"rom\":%u,\"logins\":%u,",
		 f->opt->fw.card, h->fd >= 0 ? f->handle : 0, f->port, f->fw.node.id & 0x3f,
		 f->fw.node.generation, (unsigned long long)f->fw.id.guid,
		 link_is_on(f) ? "true" : "false", f->fw.rom_size, logins);
}

static void plug_error(const struct host *h, int ret, char *out, size_t room)
{
	const struct fw_options *o = &host_of_const(h)->opt->fw;

	if (ret == -ENOENT && o->behind)
		snprintf(out, room, "%s: no box on FireWire is there to be plugged into",
			 o->behind);
	else if (ret == -EBUSY)
		snprintf(out, room, "the port is taken");
	else
		snprintf(out, room, "cannot plug in at card %u: %s", o->card, strerror(-ret));
}

static int reset_bus(struct host *h)
{
	return h->fd < 0 ? -ENODEV : node_reset_bus(&host_of(h)->fw.node);
}

static void switch_link(struct host *h, bool on)
{
	host_of(h)->link = on;
}

static const struct host_ops ops = {
	.bus = "1394",
	.missing = "lab_1394",
	.load = load,
	.plug = plug,
	.unplug = unplug,
	.receive = receive,
	.pump = pump,
	.hurry = hurry,
	.timeout_ms = timeout_ms,
	.settled = settled,
	.place = place,
	.shows = shows,
	.status = status,
	.plug_error = plug_error,
	.reset_bus = reset_bus,
	.link = switch_link,
};

/* FNV-1a, continued from @h */
static u32 hash(u32 h, const char *text)
{
	while (text && *text)
		h = (h ^ (u8)*text++) * 16777619u;
	return h;
}

/*
 * A GUID that stays as long as the files of the box do: company, and where Prolific's
 * (byte 3) and Oxford's (upper four bits of the lower half) have it the type of the drive.
 */
static u64 made_up_guid(const struct options *o, u32 company, u8 type)
{
	u32 h = hash(2166136261u, o->disk[0]);

	h = hash(hash(hash(h, o->eeprom), o->flash), o->control);
	return (u64)company << 40 | (u64)(company == OXFORD ? 0 : type) << 32 |
	       (company == OXFORD ? (u32)type << 28 | h >> 4 : h);
}

static void choose_texts(struct rom_identity *id, const char *texts)
{
	const char *slash = strchr(texts, '/');

	snprintf(id->vendor_text, sizeof(id->vendor_text), "%.*s", (int)(slash - texts), texts);
	snprintf(id->model_text, sizeof(id->model_text), "%s", slash + 1);
}

static void choose_identity(struct fw_host *f, struct box *box)
{
	const struct options *o = f->opt;
	const struct bfp *p = &box->chip.profile;
	const struct bfp_id *known = fw_id(p, BFP_ID_1394, BFP_ROLE_RUNNING);
	struct rom_identity *id = &f->fw.wanted;
	/* Peripheral device types: disks are those of reduced block commands. */
	static const u8 types[] = {
		[DRIVE_NONE] = 0x1f, [DRIVE_DISK] = 0x0e, [DRIVE_DVD] = 0x05,
	};
	u32 i;

	id->vendor = known ? le32_to_cpu(known->vendor) : OXFORD;
	if (o->fw.has_company)
		id->vendor = o->fw.company;
	id->model = o->fw.has_model ? o->fw.model : OEM_MODEL;
	id->revision = o->fw.revision;
	id->has_revision = o->fw.has_revision;
	f->fw.fixed_vendor = o->fw.has_company;
	f->fw.fixed_model = o->fw.has_model;
	f->fw.fixed_revision = o->fw.has_revision;
	fw_usual_texts(id->vendor, p, id);
	if (o->fw.texts)
		choose_texts(id, o->fw.texts);
	for (i = 0; i < o->drives; i++)
		id->unit[i] = types[o->drive[i]];
	id->units = o->drives;
	id->speed = box->clock.speed - MODEL_S100;
	id->guid = o->fw.guid;
	if (!id->guid)
		id->guid = made_up_guid(o, id->vendor, o->drive[0] == DRIVE_DVD ? 0x05 : 0x0e);
	f->fw.seed = o->seed;
}

static int send_packet(void *ctx, const struct lab1394_packet *p)
{
	struct fw *fw = ctx;
	struct fw_host *f = (struct fw_host *)((char *)fw - offsetof(struct fw_host, fw));

	return f->host.fd < 0 ? -ENOTCONN : cable_send(f->host.fd, p);
}

/**
 * fw_host() - the box hangs on FireWire
 * @o: the options
 * @box: the box
 *
 * Return: its end of the cable, not plugged in.
 */
struct host *fw_host(const struct options *o, struct box *box)
{
	static struct fw_host f;

	f = (struct fw_host){
		.host = { .ops = &ops, .box = box, .fd = -1 },
		.opt = o,
		.link = !o->fw.link_off,
	};
	fw_init(&f.fw, box, send_packet);
	choose_identity(&f, box);
	return &f.host;
}
