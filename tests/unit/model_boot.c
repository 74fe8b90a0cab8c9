// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * With what is in its flash the chip comes up, or in its boot mode, or not at
 * all; and whatever ends a write, it is one of these as the profile has it.
 */
#include <unistd.h>

#include "content.h"
#include "model_engine.h"

static u8 image[LAB_VARIANTS][131072], got[131072];
static struct model_memory *flash;

static void make_images(const char *name)
{
	static char made[32];
	char err[256];
	u32 v;

	if (!strcmp(made, name))
		return;
	snprintf(made, sizeof(made), "%s", name);
	for (v = 0; v < LAB_VARIANTS; v++)
		if (lab_content(&box_profile.p, 0, v, image[v], err, sizeof(err))) {
			printf("Bail out! %s\n", err);
			exit(1);
		}
}

static void open_lab(const char *name, enum lab_variant v)
{
	char path[128];

	snprintf(path, sizeof(path), "tests/lab/profiles/%s.profile", name);
	box_open(path, DRIVE_DISK, ATA_SAT);
	flash = &box.chip.memory[0];
	make_images(name);
	memcpy(flash->data, image[v], flash->size);
	box_plug_in(&box);
}

static void give_fault(const char *spec)
{
	char err[256] = "";

	EXPECT_EQ(faults_add(&box.faults, spec, err, sizeof(err)), 0);
	EXPECT_EQ(box_apply_states(&box, err, sizeof(err)), 0);
}

static u32 shown(void)
{
	return (u32)box.identity.vendor << 16 | box.identity.product;
}

static bool disk_answers(void)
{
	u8 inquiry[6] = { 0x12, 0, 0, 0, 36 };
	u32 moved;

	return !box_command(inquiry, sizeof(inquiry), true, 36, &moved) && !(box_data[0] & 0xe0);
}

static void valid_firmware_runs(void)
{
	static const struct {
		const char *name;
		u32 id;
	} chips[] = {
		{ "lab-nor", 0x12090010 }, { "lab-gone", 0x12090012 }, { "lab-at49", 0x12090014 },
		{ "lab-sum", 0x12090016 }, { "lab-renum", 0x12090018 },
	};
	u32 i, v;

	for (i = 0; i < ARRAY_SIZE(chips); i++)
		for (v = 0; v < LAB_VARIANTS; v++) {
			open_lab(chips[i].name, v);
			EXPECT(model_chip_boots(&box.chip));
			EXPECT(box.boots && !box.dead);
			EXPECT_EQ(shown(), chips[i].id);
			EXPECT_EQ(box.identity.bcd, 0x0100);
			EXPECT(disk_answers());
			box_close();
		}
}

/* The firmware's own sector decides, and nothing else does. */
static void only_the_boot_sector_counts(void)
{
	u32 at;

	open_lab("lab-nor", LAB_A);
	for (at = 0; at < flash->size; at += 61) {
		flash->data[at] ^= 0x10;
		EXPECT_EQ(model_chip_boots(&box.chip), at < 0xf000);
		flash->data[at] ^= 0x10;
	}
	EXPECT_EQ(model_memory_stick(flash, 0xf800, 3, !(flash->data[0xf800] & 8)), 0);
	EXPECT(!model_chip_boots(&box.chip));
	box_close();
}

static void boot_mode_has_its_own_id_and_no_drive(void)
{
	u32 i, moved;
	u8 luns;

	open_lab("lab-nor", LAB_A);
	box.luns = 2;
	memset(flash->data + 0xf000, 0xff, 4096);
	box_plug_in(&box);
	EXPECT(!box.boots && !box.dead);
	EXPECT_EQ(shown(), 0x12090011);
	EXPECT_EQ(box.identity.bcd, 0x0001);
	EXPECT(!disk_answers());
	EXPECT_EQ(box_data[0], 0x7f);
	for (i = 0; i < 6; i++) {
		static const u8 ops[] = { 0x00, 0x25, 0x28, 0x1a, 0x85, 0x35 };
		u8 cdb[16] = { ops[i] };

		EXPECT_EQ(box_command(cdb, 10, true, 0, &moved), 1);
		EXPECT_EQ(box_sense(), SENSE_NO_LUN);
	}
	box.configuration = 1;
	EXPECT_EQ(box_control(0xa1, 0xfe, 0, 0, 1, &moved), 0);
	luns = box_data[0];
	EXPECT_EQ(luns, 0);
	/* Every operation of the chip is still there, and brings it back. */
	EXPECT_EQ(engine_run(BFP_OP_IDENTIFY, -1, 0, 0, NULL), 0);
	EXPECT_EQ(engine_run(BFP_OP_READ, 0, 0, flash->size, got), 0);
	EXPECT(!memcmp(got, flash->data, flash->size));
	EXPECT_EQ(engine_run(BFP_OP_UNLOCK, 0, 0, 0, NULL), 0);
	EXPECT_EQ(engine_run(BFP_OP_PROGRAM, 0, 0xf000, 4096, image[LAB_A] + 0xf000), 0);
	EXPECT_EQ(engine_run(BFP_OP_RESET, -1, 0, 0, NULL), 0);
	EXPECT(box.boots);
	EXPECT_EQ(shown(), 0x12090010);
	EXPECT(disk_answers());
	box.luns = 1;
	box_close();
}

static void ids_by_option_are_those_of_the_firmware(void)
{
	open_lab("lab-nor", LAB_A);
	box.fixed_ids = true;
	box.vendor_product = 0x12097777;
	box_plug_in(&box);
	EXPECT_EQ(shown(), 0x12097777);
	memset(flash->data + 0xf000, 0xff, 4096);
	box_plug_in(&box);
	EXPECT_EQ(shown(), 0x12090011);
	box_close();
}

static void chip_without_a_way_back_is_dead(void)
{
	open_lab("lab-gone", LAB_A);
	flash->data[0x100] ^= 1;
	box_plug_in(&box);
	EXPECT(box.dead && !box.boots);
	box.always_boots = true;
	box_plug_in(&box);
	EXPECT(!box.dead && box.boots);
	box.always_boots = false;
	flash->data[0x100] ^= 1;
	box_plug_in(&box);
	EXPECT(!box.dead && box.boots);
	EXPECT_EQ(shown(), 0x12090012);
	box_close();
}

/* Profiles in which only the way back differs; none of them has an id of its own for it. */
static void other_ways_back_show_the_same_id(void)
{
	static const char text[] =
		"[chip]\nname = t\ntitle = t\nvendor = v\nrecovery = %s\n"
		"[usb 1209:0009]\nrole = running\nevidence = traced\nsource = s\n"
		"[memory flash]\nkind = flash\nholds = h\nsize = 256\naccess = offset\n"
		"read-chunk = 64\nwrite-chunk = 64\ninterrupted = mixed\n"
		"%s[operation flash.read]\nevidence = traced\nsource = s\ntransports = bot\n"
		"step = cdb in data : F2 {address:be16} {length:8}\n";
	static const char rule[] =
		"[rule flash some]\nkind = not-blank\nevidence = traced\nsource = s\n";
	static const struct {
		const char *recovery, *rule;
		bool boots, dead;
	} cases[] = {
		{ "none-known", rule, false, true }, { "boot-mode", rule, false, false },
		{ "mask-rom", rule, false, false }, { "internal-rom", rule, false, false },
		{ "none-known", "", true, false },
	};
	char path[] = "/tmp/model_boot.XXXXXX.profile";
	FILE *f;
	u32 i;
	int fd = mkstemps(path, 8);

	if (fd < 0)
		abort();
	close(fd);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		f = fopen(path, "w");
		fprintf(f, text, cases[i].recovery, cases[i].rule);
		fclose(f);
		box_open(path, DRIVE_NONE, 0);
		/* No boot sector is named: all rules count. A new part is blank. */
		EXPECT_EQ(box.boots, cases[i].boots);
		EXPECT_EQ(box.dead, cases[i].dead);
		EXPECT_EQ(shown(), 0x12090009);
		box.chip.memory[0].data[7] = 0;
		box_plug_in(&box);
		EXPECT(box.boots && !box.dead);
		box_close();
	}
	unlink(path);
}

static void chip_without_flash_boots(void)
{
	box_open("kmod/profiles/pl2507.profile", DRIVE_DISK, ATA_SAT);
	EXPECT(box.boots && !box.dead);
	box_close();
	box_open("tests/lab/profiles/lab-full.profile", DRIVE_DISK, ATA_SAT);
	EXPECT(box.boots);
	box_close();
}

static void chip_goes_away_to_be_written(void)
{
	open_lab("lab-renum", LAB_A);
	EXPECT_EQ(engine_run(BFP_OP_PROGRAM, 0, 0, 512, image[LAB_B]), -EIO);
	EXPECT_EQ(engine_run(BFP_OP_UNLOCK, 0, 0, 0, NULL), 0);
	EXPECT_EQ(shown(), 0x1209001a);
	EXPECT_EQ(box.identity.bcd, 0x0002);
	EXPECT(disk_answers());
	EXPECT_EQ(engine_run(BFP_OP_ERASE_SECTOR, 0, 0, flash->size, NULL), 0);
	EXPECT_EQ(engine_run(BFP_OP_PROGRAM, 0, 0, flash->size, image[LAB_B]), 0);
	EXPECT_EQ(engine_run(BFP_OP_RESET, -1, 0, 0, NULL), 0);
	EXPECT_EQ(shown(), 0x12090018);
	EXPECT_EQ(engine_run(BFP_OP_READ, 0, 0, flash->size, got), 0);
	EXPECT(!memcmp(got, image[LAB_B], flash->size));
	/* It is locked again, and a cable that is pulled ends the loader, too. */
	EXPECT_EQ(engine_run(BFP_OP_PROGRAM, 0, 0, 512, image[LAB_B]), -EIO);
	EXPECT_EQ(engine_run(BFP_OP_UNLOCK, 0, 0, 0, NULL), 0);
	box_plug_in(&box);
	EXPECT_EQ(shown(), 0x12090018);
	EXPECT_EQ(engine_run(BFP_OP_PROGRAM, 0, 0, 512, image[LAB_B]), -EIO);
	box_close();
}

/* Everything erased and programmed in order of address, the boot sector last. */
static int write_all(const u8 *to)
{
	const struct bfp_memory *m = bfp_memories(&box.chip.profile);
	u32 boot = le32_to_cpu(m->boot_offset), at, start, size, pass;
	static u8 copy[131072];
	int ret = 0;

	memcpy(copy, to, flash->size);
	if (bfp_find_operation(&box.chip.profile, BFP_OP_UNLOCK, 0))
		ret = engine_run(BFP_OP_UNLOCK, 0, 0, 0, NULL);
	for (pass = 0; pass < 2; pass++)
		for (at = 0; at < flash->size && !ret; at = start + size) {
			model_chip_sector(&box.chip, 0, at, &start, &size);
			if (pass ? start != boot : start == boot)
				continue;
			ret = engine_run(BFP_OP_ERASE_SECTOR, 0, start, size, NULL);
			if (!ret)
				ret = engine_run(BFP_OP_PROGRAM, 0, start, size, copy + start);
		}
	return ret;
}

static void whole_write(const char *name, u32 erases)
{
	open_lab(name, LAB_A);
	engine_polls = 0;
	EXPECT_EQ(write_all(image[LAB_B]), 0);
	EXPECT(!memcmp(flash->data, image[LAB_B], flash->size));
	EXPECT_EQ(flash->erases, erases);
	/* The part is busy once each time, and the host waits for it. */
	EXPECT_EQ(engine_polls, erases);
	EXPECT(model_clock_us(&box.clock) >= (u64)erases * flash->part->sector_us +
	       (u64)flash->size * flash->part->program_us);
	EXPECT_EQ(engine_run(BFP_OP_RESET, -1, 0, 0, NULL), 0);
	EXPECT(box.boots);
	box_close();
}

static void whole_writes(void)
{
	whole_write("lab-nor", 16);
	whole_write("lab-gone", 8);
	whole_write("lab-at49", 5);
	whole_write("lab-sum", 8);
	whole_write("lab-renum", 8);
}

static void erase_all_is_one_erase(void)
{
	u32 i;

	open_lab("lab-at49", LAB_A);
	EXPECT_EQ(engine_run(BFP_OP_UNLOCK, 0, 0, 0, NULL), 0);
	EXPECT_EQ(engine_run(BFP_OP_ERASE_ALL, 0, 0, flash->size, NULL), 0);
	EXPECT_EQ(flash->erases, 1);
	for (i = 0; i < flash->size; i++)
		if (flash->data[i] != 0xff)
			break;
	EXPECT_EQ(i, flash->size);
	box_plug_in(&box);
	EXPECT(!box.boots && !box.dead);
	EXPECT_EQ(shown(), 0x12090015);
	box_close();
}

static void chip_compares_a_checksum(void)
{
	open_lab("lab-sum", LAB_A);
	EXPECT_EQ(engine_run(BFP_OP_READ, 0, 0, flash->size, got), -EOPNOTSUPP);
	EXPECT_EQ(engine_run(BFP_OP_VERIFY, 0, 0, flash->size, image[LAB_A]), 0);
	EXPECT_EQ(engine_run(BFP_OP_VERIFY, 0, 0, flash->size, image[LAB_B]), -EIO);
	EXPECT_EQ(box_sense(), SENSE_MISCOMPARE);
	flash->data[77] ^= 4;
	EXPECT_EQ(engine_run(BFP_OP_VERIFY, 0, 0, flash->size, image[LAB_A]), -EIO);
	box_close();
}

/* Where the write stands that was cut: what is in a sector is old, new or anything. */
static void look_at_wreck(const char *name, u32 k, const char *when)
{
	const struct bfp_memory *m = bfp_memories(&box.chip.profile);
	u32 boot = le32_to_cpu(m->boot_offset), at, start, size, mixed = 0;
	bool boot_whole = false, others_new = true;

	for (at = 0; at < flash->size; at = start + size) {
		bool old, new;

		model_chip_sector(&box.chip, 0, at, &start, &size);
		old = !memcmp(flash->data + start, image[LAB_A] + start, size);
		new = !memcmp(flash->data + start, image[LAB_B] + start, size);
		mixed += !old && !new;
		if (start == boot)
			boot_whole = old || new;
		else
			others_new &= new;
	}
	box_plug_in(&box);
	EXPECT(mixed <= 1);
	/* The boot sector is touched when all others are new; only then may it not boot. */
	EXPECT(boot_whole || others_new);
	EXPECT(!boot_whole || box.boots);
	EXPECT(box.boots || others_new);
	EXPECT_EQ(box.dead, !box.boots && !strcmp(name, "lab-gone"));
	if (expect_bad)
		printf("# %s, cut %s transaction %u\n", name, when, k);
}

static void cut_everywhere(const char *name, u32 step)
{
	static const char * const when[] = { "before", "inside", "after" };
	u32 k, i, n, not_booting = 0;
	char spec[64];

	open_lab(name, LAB_A);
	n = box.vendor_seen;
	EXPECT_EQ(write_all(image[LAB_B]), 0);
	n = box.vendor_seen - n;
	EXPECT_EQ(n, engine_txns);
	box_close();
	for (k = 1; k <= n && !expect_bad; k += step)
		for (i = 0; i < ARRAY_SIZE(when) && !expect_bad; i++) {
			open_lab(name, LAB_A);
			snprintf(spec, sizeof(spec), "powercut@vendor,n=%u,when=%s", k, when[i]);
			give_fault(spec);
			EXPECT_EQ(write_all(image[LAB_B]), -ENODEV);
			EXPECT_EQ(box.next, BOX_POWER_OFF);
			look_at_wreck(name, k, when[i]);
			not_booting += !box.boots;
			box_close();
		}
	EXPECT(not_booting > 5);
}

static void power_cuts_in_a_write(void)
{
	engine_txns = 0;
	cut_everywhere("lab-nor", 1);
	engine_txns = 0;
	cut_everywhere("lab-gone", 29);
	engine_txns = 0;
	cut_everywhere("lab-at49", 7);
	engine_txns = 0;
	cut_everywhere("lab-renum", 1);
}

/* Over endpoint 0, where erasing has no data phase either. */
static void power_cut_inside_an_erase(void)
{
	u32 i, erased = 0, old = 0;

	open_lab("lab-at49", LAB_A);
	EXPECT_EQ(engine_run(BFP_OP_UNLOCK, 0, 0, 0, NULL), 0);
	give_fault("powercut@op=flash.erase-sector,when=inside");
	EXPECT_EQ(engine_run(BFP_OP_ERASE_SECTOR, 0, 0x4000, 0x2000, NULL), -ENODEV);
	for (i = 0x4000; i < 0x6000; i++) {
		old += flash->data[i] == image[LAB_A][i];
		erased += flash->data[i] == 0xff;
	}
	EXPECT(old > 1000 && erased > 1000 && old + erased < 0x2000);
	EXPECT(!memcmp(flash->data, image[LAB_A], 0x4000));
	EXPECT(!memcmp(flash->data + 0x6000, image[LAB_A] + 0x6000, 0x1a000));
	box_plug_in(&box);
	EXPECT(box.boots);
	box.faults.count = 0;
	EXPECT_EQ(engine_run(BFP_OP_UNLOCK, 0, 0, 0, NULL), 0);
	give_fault("powercut@op=flash.erase-all,when=inside");
	EXPECT_EQ(engine_run(BFP_OP_ERASE_ALL, 0, 0, flash->size, NULL), -ENODEV);
	box_plug_in(&box);
	EXPECT(!box.boots && !box.dead);
	box_close();
}

static void unplugging_lets_an_erase_end(void)
{
	u32 i;

	open_lab("lab-nor", LAB_A);
	EXPECT_EQ(engine_run(BFP_OP_UNLOCK, 0, 0, 0, NULL), 0);
	give_fault("unplug@op=flash.erase-sector,when=inside");
	EXPECT_EQ(engine_run(BFP_OP_ERASE_SECTOR, 0, 0x2000, 4096, NULL), -ENODEV);
	EXPECT_EQ(box.next, BOX_UNPLUG);
	for (i = 0x2000; i < 0x3000; i++)
		EXPECT_EQ(flash->data[i], 0xff);
	box_plug_in(&box);
	EXPECT_EQ(engine_run(BFP_OP_UNLOCK, 0, 0, 0, NULL), 0);
	give_fault("unplug@op=flash.program,when=inside");
	EXPECT_EQ(engine_run(BFP_OP_PROGRAM, 0, 0x2000, 512, image[LAB_B] + 0x2000), -ENODEV);
	EXPECT(!memcmp(flash->data + 0x2000, image[LAB_B] + 0x2000, 256));
	for (i = 0x2100; i < 0x2200; i++)
		EXPECT_EQ(flash->data[i], 0xff);
	box_close();
}

static void ignored_operations_change_nothing(void)
{
	open_lab("lab-nor", LAB_A);
	EXPECT_EQ(engine_run(BFP_OP_UNLOCK, 0, 0, 0, NULL), 0);
	give_fault("ignored@op=flash.erase-sector,n=1");
	EXPECT_EQ(engine_run(BFP_OP_ERASE_SECTOR, 0, 0, 4096, NULL), 0);
	EXPECT(!memcmp(flash->data, image[LAB_A], flash->size));
	EXPECT_EQ(engine_run(BFP_OP_ERASE_SECTOR, 0, 0, 4096, NULL), 0);
	EXPECT_EQ(flash->data[0], 0xff);
	give_fault("ignored@op=flash.program");
	EXPECT_EQ(engine_run(BFP_OP_PROGRAM, 0, 0, 512, image[LAB_B]), 0);
	EXPECT_EQ(flash->data[0], 0xff);
	EXPECT_EQ(engine_run(BFP_OP_PROGRAM, 0, 0, 512, image[LAB_B]), 0);
	EXPECT(!memcmp(flash->data, image[LAB_B], 512));
	box_close();
}

static void sectors_can_be_bad(void)
{
	char err[64];

	open_lab("lab-nor", LAB_A);
	give_fault("readonly=flash:0x3fff");
	give_fault("noerase=flash:0x5000");
	EXPECT_EQ(write_all(image[LAB_B]), 0);
	EXPECT(!memcmp(flash->data, image[LAB_B], 0x3000));
	EXPECT(!memcmp(flash->data + 0x3000, image[LAB_A] + 0x3000, 0x1000));
	EXPECT(!memcmp(flash->data + 0x4000, image[LAB_B] + 0x4000, 0x1000));
	EXPECT_EQ(flash->data[0x5001], (image[LAB_A][0x5001] & image[LAB_B][0x5001]));
	EXPECT(!memcmp(flash->data + 0x6000, image[LAB_B] + 0x6000, 0xa000));
	box.faults.count = 0;
	EXPECT_EQ(box_apply_states(&box, err, sizeof(err)), 0);
	EXPECT_EQ(write_all(image[LAB_B]), 0);
	EXPECT(!memcmp(flash->data, image[LAB_B], flash->size));
	give_fault("readonly");
	EXPECT_EQ(write_all(image[LAB_A]), 0);
	EXPECT(!memcmp(flash->data, image[LAB_B], flash->size));
	box_close();
}

static void status_may_never_end(void)
{
	open_lab("lab-nor", LAB_A);
	EXPECT_EQ(engine_run(BFP_OP_UNLOCK, 0, 0, 0, NULL), 0);
	give_fault("stuckbusy@op=flash.erase-sector");
	EXPECT_EQ(engine_run(BFP_OP_ERASE_SECTOR, 0, 0, 4096, NULL), -ETIMEDOUT);
	EXPECT_EQ(flash->data[0], 0xff);
	box.faults.count = 0;
	EXPECT_EQ(engine_run(BFP_OP_ERASE_SECTOR, 0, 0, 4096, NULL), 0);
	box_close();
}

static void flash_id_may_change(void)
{
	u8 answer[4][8];
	u32 i, j;

	open_lab("lab-nor", LAB_A);
	for (i = 0; i < 4; i++) {
		if (i == 1)
			give_fault("idchange");
		EXPECT_EQ(engine_run(BFP_OP_IDENTIFY, -1, 0, 0, NULL), 0);
		memcpy(answer[i], box_data, 8);
		EXPECT(!memcmp(answer[i], "LN\xbf\xd5", 4));
		for (j = 0; j < i; j++)
			EXPECT(memcmp(answer[i], answer[j], 8));
	}
	EXPECT_EQ(engine_run(BFP_OP_VERSION, -1, 0, 0, NULL), 0);
	EXPECT(!memcmp(box_data, "\x20\x26\x01\x02", 4));
	box_close();
}

static void one_program_may_stall_or_lie(void)
{
	open_lab("lab-nor", LAB_A);
	EXPECT_EQ(engine_run(BFP_OP_UNLOCK, 0, 0, 0, NULL), 0);
	EXPECT_EQ(engine_run(BFP_OP_ERASE_SECTOR, 0, 0, 4096, NULL), 0);
	give_fault("stall@op=flash.program,n=2");
	give_fault("phase@op=flash.program,n=3");
	give_fault("residue=64@op=flash.program,n=4");
	EXPECT_EQ(engine_run(BFP_OP_PROGRAM, 0, 0, 512, image[LAB_B]), 0);
	EXPECT_EQ(engine_run(BFP_OP_PROGRAM, 0, 512, 512, image[LAB_B] + 512), -EIO);
	EXPECT_EQ(flash->data[512], 0xff);
	/* What the host is told is another thing than what was done. */
	EXPECT_EQ(engine_run(BFP_OP_PROGRAM, 0, 512, 512, image[LAB_B] + 512), -EIO);
	EXPECT_EQ(engine_run(BFP_OP_PROGRAM, 0, 1024, 512, image[LAB_B] + 1024), -EIO);
	EXPECT(!memcmp(flash->data, image[LAB_B], 1536));
	box_close();
}

int main(void)
{
	RUN(valid_firmware_runs);
	RUN(only_the_boot_sector_counts);
	RUN(boot_mode_has_its_own_id_and_no_drive);
	RUN(ids_by_option_are_those_of_the_firmware);
	RUN(chip_without_a_way_back_is_dead);
	RUN(other_ways_back_show_the_same_id);
	RUN(chip_without_flash_boots);
	RUN(chip_goes_away_to_be_written);
	RUN(whole_writes);
	RUN(erase_all_is_one_erase);
	RUN(chip_compares_a_checksum);
	RUN(power_cuts_in_a_write);
	RUN(power_cut_inside_an_erase);
	RUN(unplugging_lets_an_erase_end);
	RUN(ignored_operations_change_nothing);
	RUN(sectors_can_be_bad);
	RUN(status_may_never_end);
	RUN(flash_id_may_change);
	RUN(one_program_may_stall_or_lie);
	return tap_done();
}
