// SPDX-License-Identifier: GPL-2.0-or-later
/* A bridge's configuration ROM: found in sysfs, read, and told. */
#include <errno.h>
#include <json-c/json.h>

#include "bridge.h"
#include "output.h"
#include "rom.h"
#include "rom_help.h"
#include "tool_help.h"

/* Numbers of this machine, as the kernel shows them. */
static char *put_rom(const char *name, const u32 *q, u32 n)
{
	char *path = tool_put(name, "");
	FILE *f = fopen(path, "w");

	if (!f || fwrite(q, sizeof(*q), n, f) != n || fclose(f)) {
		printf("Bail out! %s cannot be written\n", path);
		exit(1);
	}
	return path;
}

static void tells(const struct bfp_rom *rom, const char *want, const char *name)
{
	char *text;

	tool_capture();
	say_rom(rom);
	text = tool_captured();
	is_text(text, want, name);
	free(text);
}

static void test_text(void)
{
	struct bfp_rom rom;
	struct rom r;

	rom_inxtron(&r);
	bfp_rom_read(r.q, r.n, &rom);
	tells(&rom,
	      "configuration ROM\n"
	      "  guid             0001d20000000001\n"
	      "                   inXtron (OUI 0001d2), serial 0000000001\n"
	      "  vendor           0001d2 (inXtron), \"Oxford Semiconductor Ltd.\"\n"
	      "  model            42a258, \"OXFORD IDE Device LUN 0\"\n"
	      "  unit             SBP-2, a disk (type 0e)\n"
	      "  packets          at most 64 bytes\n", "inXtron's box");

	rom_pl3507(&r);
	r.q[ROM_ROOT] ^= 1;
	bfp_rom_read(r.q, r.n, &rom);
	tells(&rom,
	      "configuration ROM\n"
	      "  guid             0050770e0000043e\n"
	      "                   Prolific (OUI 005077), serial 0000043e, for a disk as it\n"
	      "                   seems (type 0e)\n"
	      "  vendor           005077 (Prolific), \"Prolific PL3507 Combo Device\"\n"
	      "  model            000001\n"
	      "  unit             SBP-2, a disk (type 0e)\n"
	      "  revision         012804\n"
	      "  packets          at most 512 bytes\n"
	      "  checksum         wrong; many old boxes have it so, and work\n", "a PL-3507");

	bfp_rom_read(rom_oxfw911, ARRAY_SIZE(rom_oxfw911), &rom);
	tells(&rom,
	      "configuration ROM\n"
	      "  guid             0030e000000001fa\n"
	      "                   Oxford Semiconductor (OUI 0030e0), serial 00000001fa\n"
	      "  vendor           0030e0 (Oxford Semiconductor)\n"
	      "  model            000001\n"
	      "  unit             SBP-2, a CD/DVD drive (type 05)\n"
	      "  revision         000025\n"
	      "  packets          at most 64 bytes\n", "an OXFW911");

	rom_begin(&r, 0x00d0b80e013150de, 0);
	bfp_rom_read(r.q, r.n, &rom);
	tells(&rom,
	      "configuration ROM\n"
	      "  guid             00d0b80e013150de\n"
	      "                   OUI 00d0b8, of a maker not known here, serial 0e013150de\n"
	      "  unit             none, so no driver serves it\n", "nothing but a GUID");
	rom.specifier = 0x00a02d;
	rom.version = 0x010001;
	tells(&rom,
	      "configuration ROM\n"
	      "  guid             00d0b80e013150de\n"
	      "                   OUI 00d0b8, of a maker not known here, serial 0e013150de\n"
	      "  unit             not SBP-2: specifier 00a02d, version 010001\n",
	      "a unit that is no disk");
	rom.sbp2 = true;
	tells(&rom,
	      "configuration ROM\n"
	      "  guid             00d0b80e013150de\n"
	      "                   OUI 00d0b8, of a maker not known here, serial 0e013150de\n"
	      "  unit             SBP-2\n", "a disk that does not say so");
}

/* One value of it, as JSON; "absent" if there is none of that name. */
static const char *json_value(struct json_object *o, const char *key)
{
	struct json_object *v;

	if (!json_object_object_get_ex(o, key, &v))
		return "absent";
	return v ? json_object_to_json_string_ext(v, JSON_C_TO_STRING_PLAIN) : "null";
}

static void is_json(const struct bfp_rom *rom, const char *const want[][2], size_t n,
		    const char *name)
{
	struct json_object *o = rom_json(rom);
	size_t i;

	is_int(json_object_object_length(o), n, name);
	for (i = 0; i < n; i++)
		is_text(json_value(o, want[i][0]), want[i][1], want[i][0]);
	json_object_put(o);
}

static void test_json(void)
{
	static const char *const full[][2] = {
		{ "guid", "\"0050770e0000043e\"" }, { "guid_oui", "\"005077\"" },
		{ "guid_maker", "\"Prolific\"" }, { "guid_device_type", "14" },
		{ "guid_serial", "\"0000043e\"" }, { "guid_identifies", "true" },
		{ "vendor", "\"005077\"" }, { "vendor_text", "\"Prolific PL3507 Combo Device\"" },
		{ "model", "\"000001\"" }, { "model_text", "\"\"" }, { "sbp2", "true" },
		{ "specifier", "\"00609e\"" }, { "version", "\"010483\"" }, { "device_type", "14" },
		{ "revision", "\"012804\"" }, { "packet_bytes", "512" }, { "link_speed", "2" },
		{ "length", "112" }, { "checksums_good", "true" },
	};
	static const char *const little[][2] = {
		{ "guid", "\"00d0b800eeadbabe\"" }, { "guid_oui", "\"00d0b8\"" },
		{ "guid_maker", "\"\"" }, { "guid_device_type", "null" },
		{ "guid_serial", "\"00eeadbabe\"" }, { "guid_identifies", "false" },
		{ "vendor", "null" }, { "vendor_text", "\"\"" }, { "model", "null" },
		{ "model_text", "\"\"" }, { "sbp2", "false" }, { "specifier", "null" },
		{ "version", "null" }, { "device_type", "null" }, { "revision", "null" },
		{ "packet_bytes", "null" }, { "link_speed", "2" }, { "length", "20" },
		{ "checksums_good", "false" },
	};
	struct bfp_rom rom;
	struct rom r;

	rom_pl3507(&r);
	bfp_rom_read(r.q, r.n, &rom);
	is_json(&rom, full, ARRAY_SIZE(full), "a PL-3507 for scripts");
	rom_begin(&r, 0x00d0b800eeadbabe, 0);
	r.q[0] ^= 1;
	bfp_rom_read(r.q, r.n, &rom);
	is_json(&rom, little, ARRAY_SIZE(little), "nothing but a GUID");
}

static void test_file(void)
{
	u32 many[BFP_ROM_QUADLETS + 4] = { 0 };
	struct bfp_rom rom;
	struct rom r;
	char *path;
	u32 i;

	rom_pl3507(&r);
	path = put_rom("good", r.q, r.n);
	ok(!rom_file_read(path, &rom) && rom.guid == 0x0050770e0000043e && !rom.crc_bad,
	   "a ROM from a file");
	free(path);
	memcpy(many, r.q, r.n * sizeof(*many));
	path = put_rom("long", many, ARRAY_SIZE(many));
	ok(!rom_file_read(path, &rom) && rom.quadlets == r.n, "a file that is too long");
	free(path);
	path = put_rom("short", r.q, 4);
	ok(rom_file_read(path, &rom) == -1 && errno == EINVAL, "one that is too short");
	free(path);
	for (i = 0; i < r.n; i++)
		r.q[i] = __builtin_bswap32(r.q[i]);
	path = put_rom("swapped", r.q, r.n);
	ok(rom_file_read(path, &rom) == -1 && errno == EINVAL, "one of another byte order");
	free(path);
	path = tool_put("empty", "");
	ok(rom_file_read(path, &rom) == -1 && errno == EINVAL, "an empty one");
	free(path);
	ok(rom_file_read("/nonexistent", &rom) == -1 && errno == ENOENT, "none");
	ok(rom_file_read("/", &rom) == -1 && errno == EISDIR, "a directory");
}

static void found(const struct bridge *b, const char *devices, const char *want, const char *name)
{
	char *path = rom_find(b, devices);

	is_text(path ? path + strlen(tool_dir) : "(none)", want, name);
	free(path);
}

static void test_find(void)
{
	struct bridge b = { .bus = "1394", .serial = "0050770e0000043e" };
	char *devices = xprintf("%s/bus", tool_dir);

	found(&b, devices, "(none)", "no FireWire at all");
	free(tool_put("bus/fw0/guid", "0x0050770e0000043e\n"));
	free(tool_put("bus/fw0/is_local", "1\n"));
	free(tool_put("bus/fw0.0/guid", "0x0050770e0000043e\n"));
	free(tool_put("bus/fwx/guid", "0x0050770e0000043e\n"));
	free(tool_put("bus/fw1/guid", "0x0030e000e0000b39\n"));
	free(tool_put("bus/fw2/guid", "what is this\n"));
	found(&b, devices, "(none)", "the computer itself, units, others");
	free(tool_put("bus/fw12/guid", "0x0050770e0000043e\n"));
	free(tool_put("bus/fw12/is_local", "0\n"));
	found(&b, devices, "/bus/fw12/config_rom", "the node with this GUID");

	/* two boxes with one GUID: the bridge's own parent is the right one */
	free(tool_put("sys/fw0/fw3/guid", "0x0050770e0000043e\n"));
	snprintf(b.syspath, sizeof(b.syspath), "%s/sys/fw0/fw3/fw3.0/bridgefw/bridgefw0", tool_dir);
	found(&b, devices, "/sys/fw0/fw3/config_rom", "the node above");
	free(tool_put("sys/fw0/guid", "0x0011223344556677\n"));
	snprintf(b.syspath, sizeof(b.syspath), "%s/sys/fw0/bridgefw/bridgefw0", tool_dir);
	found(&b, devices, "/bus/fw12/config_rom", "a bridge below the computer's own node");

	text_put(b.serial, sizeof(b.serial), "");
	found(&b, devices, "(none)", "a blank box has no GUID to go by");
	text_put(b.serial, sizeof(b.serial), "0050770e0000043e");
	text_put(b.bus, sizeof(b.bus), "usb");
	found(&b, devices, "(none)", "a box on USB");
	free(devices);
}

int main(void)
{
	tool_begin();
	test_text();
	test_json();
	test_file();
	test_find();
	return tap_done();
}
