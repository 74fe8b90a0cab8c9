// SPDX-License-Identifier: GPL-2.0-or-later
/* Every fault that profile text can have, with the line that is blamed. */
#include "profile_help.h"

#define CHIP								\
	"[chip]\n"				/*  1 */		\
	"name = t\n"				/*  2 */		\
	"title = T\n"				/*  3 */		\
	"vendor = V\n"				/*  4 */		\
	"recovery = none-known\n"		/*  5 */

#define SAYS "evidence = traced\nsource = s\n"

#define MEMORY								\
	CHIP								\
	"[memory m]\n"				/*  6 */		\
	"kind = flash\n"			/*  7 */		\
	"holds = h\n"				/*  8 */		\
	"size = 1024\n"				/*  9 */		\
	"access = offset\n"			/* 10 */		\
	"unit = 4\n"				/* 11 */		\
	"read-chunk = 64\n"			/* 12 */		\
	"write-chunk = 64\n"			/* 13 */		\
	"sectors = 4 x 256\n"			/* 14 */		\
	"interrupted = final\n"			/* 15 */

#define WHOLE								\
	CHIP								\
	"[memory m]\n"				/*  6 */		\
	"kind = eeprom\n"			/*  7 */		\
	"holds = h\n"				/*  8 */		\
	"size = 255\n"				/*  9 */		\
	"min-size = 2\n"			/* 10 */		\
	"length = device\n"			/* 11 */		\
	"access = whole\n"			/* 12 */		\
	"interrupted = mixed\n"			/* 13 */

#define OP(name, transports)						\
	"[operation " name "]\n"		/* 16 */		\
	"evidence = traced\n"			/* 17 */		\
	"source = s\n"				/* 18 */		\
	"transports = " transports "\n"		/* 19 */

#define STEP(text) "step = " text "\n"
#define RULE "[rule m r]\n" SAYS		/* 16 to 18 */
#define FIELD "[field m f]\n" SAYS		/* 16 to 18 */
#define USB "[usb 1209:0001]\n" SAYS		/* 6 to 8 */

static const struct {
	const char *text;
	int line;		/* 0: none is named */
	const char *says;
} faults[] = {
	/* what is no INI file */
	{ "", 1, "there is no [chip] section" },
	{ "name = t\n", 1, "'name' stands before the first [section]" },
	{ "[chip\n", 1, "a section is written [title] with nothing behind it" },
	{ "[chip] # x\n", 1, "a section is written [title] with nothing behind it" },
	{ "[]\n", 1, "the title of a section has 1 to 49 characters, not 0" },
	{ "[chip]\nname\n", 2, "expected 'name = value', '[section]', a comment" },
	{ "[chip]\nname: t\n", 2, "expected 'name = value', '[section]', a comment" },
	{ "[chip]\n = t\n", 2, "a name has 1 to 49 characters, not 0" },
	{ "[chip]\nname = t ; x\n", 2, "';' after a blank: a comment must stand on a line of its own" },
	{ "[chip]\nname = t\n  more ; x\n", 3, "';' after a blank" },
	{ "[chip]\nname = \x01\n", 2, "byte 0x01 at column 8 is not printable UTF-8 text" },
	{ "[chip]\nname = \xc3(\n", 2, "byte 0xc3 at column 8 is not printable UTF-8 text" },
	{ "[chip]\nname = \xc0\xaf\n", 2, "byte 0xc0 at column 8" },
	{ "[chip]\nnote = 0123456789012345678901234567890123456789012345678901234567890123456789"
	  "012345678901234567890123456789012345678901234567890123456789012345678901234567890123456"
	  "7890123456789012345678901234567890123456789\n", 2, "go on on the next line, with a blank first" },

	/* sections and keys in general */
	{ CHIP "[thing]\n", 6, "[thing] is no section, expected one that begins with chip, usb" },
	{ CHIP "[chipper]\n", 6, "[chipper] is no section" },
	{ CHIP "[chip]\n", 6, "[chip] stands there twice, first in line 1" },
	{ "[chip x]\n", 1, "it is written [chip]" },
	{ "[chip]\nname = t\ntitle = T\nvendor = V\n", 1, "[chip] needs 'recovery'" },
	{ "[chip]\nname =\ntitle = T\n", 2, "[chip] has no value for 'name'" },
	{ CHIP "color = red\n", 6, "'color' is no key of [chip], expected one of: name, title" },
	{ CHIP "name = u\n", 6, "'name' stands in [chip] twice, first in line 2" },
	{ "[chip]\nname = t\ntitle = T\nvendor = V\nrecovery = magic\n", 5,
	  "recovery is 'magic', expected none-known, mask-rom, boot-mode or internal-rom" },
	{ "[chip]\nname = T\ntitle = T\nvendor = V\nrecovery = mask-rom\n", 1, "'T' is not a name" },
	{ "[chip]\nname = 9t\ntitle = T\nvendor = V\nrecovery = mask-rom\n", 1, "'9t' is not a name" },
	{ "[chip]\nname = a23456789012345678901234567890123\ntitle = T\nvendor = V\n"
	  "recovery = mask-rom\n", 1, "name is longer than 31 bytes" },
	{ "[chip]\nname = t\ntitle = a\xe2\x80\xaetfel\nvendor = V\nrecovery = mask-rom\n", 1,
	  "title has a character that cannot be shown" },

	/* ids */
	{ CHIP "[usb 1209]\n", 6, "a USB id is written [usb VID:PID]" },
	{ CHIP "[usb 1209:000g]\n", 6, "a USB id is written [usb VID:PID]" },
	{ CHIP "[usb 1209:0001 x]\n", 6, "a USB id is written [usb VID:PID]" },
	{ CHIP USB, 6, "[usb 1209:0001] needs 'role'" },
	{ CHIP USB "role = dead\n", 9, "role is 'dead', expected running, blank or uploader" },
	{ CHIP "[usb 1209:0001]\nrole = blank\nsource = s\n", 6, "[usb 1209:0001] needs 'evidence'" },
	{ CHIP "[usb 1209:0001]\nrole = blank\nevidence = traced\n", 6, "needs 'source'" },
	{ CHIP "[usb 1209:0001]\nrole = blank\nevidence = traced\nsource =\n", 9,
	  "has no value for 'source'" },
	{ CHIP "[usb 1209:0001]\nrole = blank\nevidence = guess\nsource = s\n", 8,
	  "evidence is 'guess', expected inferred, reported, traced or documented" },
	{ CHIP USB "role = blank\nbcd = 1\n", 10, "bcd is '1', expected four digits, or a range" },
	{ CHIP USB "role = blank\nbcd = 0001-00\n", 10, "expected four digits, or a range" },
	{ CHIP USB "role = blank\nbcd = 0200-0100\n", 6, "bcdDevice range 0200-0100 is not a range" },
	{ CHIP USB "role = blank\nvendor = 1\n", 10, "'vendor' is no key of [usb 1209:0001]" },
	{ CHIP USB "role = blank\n" USB "role = running\n", 10,
	  "the same id stands in the profile twice" },
	{ CHIP "[ieee1394]\n", 6, "an id of a config ROM is written [ieee1394 NAME]" },
	{ CHIP "[ieee1394 n]\nrole = blank\nmodel = 1\n" SAYS, 6, "needs a vendor or a revision" },
	{ CHIP "[ieee1394 n]\nvendor = 0x1000000\n", 7, "vendor is 0x1000000, expected at most 16777215" },
	{ CHIP "[ieee1394 n]\nrevision = 1/2/3\n", 7, "expected VALUE or VALUE/MASK" },
	{ CHIP "[ieee1394 n]\nrevision = 0x03/0x01\nrole = blank\n" SAYS, 6,
	  "revision 0x000003 has bits outside of its mask 0x000001" },
	{ CHIP "[quadlet]\n", 6, "is written [quadlet ADDRESS]" },
	{ CHIP "[quadlet x]\n", 6, "address is 'x', expected a number" },
	{ CHIP "[quadlet 0x1000]\nvalue = 1\nrole = blank\n" SAYS, 6,
	  "0x1000 is not the address of a quadlet in register space" },
	{ CHIP "[quadlet 0xFFFFF0090022]\nvalue = 1\nrole = blank\n" SAYS, 6, "is not the address of a quadlet" },
	{ CHIP "[quadlet 0xFFFFF0090020]\nvalue = 3/1\nrole = blank\n" SAYS, 6, "outside of its mask" },

	/* memories */
	{ CHIP "[memory]\n", 6, "a memory is written [memory NAME]" },
	{ CHIP "[memory a b]\n", 6, "a memory is written [memory NAME]" },
	{ CHIP "[memory m]\nkind = tape\nholds = h\n", 7, "kind is 'tape', expected flash, eeprom or config-rom" },
	{ CHIP "[memory m]\nkind = flash\nholds = h\naccess = offset\ninterrupted = final\nsize = 0x\n",
	  11, "size is '0x', expected a number" },
	{ CHIP "[memory m]\nkind = flash\nholds = h\naccess = offset\ninterrupted = final\nsize = 12 GiB\n",
	  11, "size is '12 GiB', expected a number" },
	{ CHIP "[memory m]\nkind = flash\nholds = h\naccess = offset\ninterrupted = final\nsize = 17 MiB\n",
	  11, "size is 17 MiB, expected at most 16777216" },
	{ CHIP "[memory m]\nkind = flash\nholds = h\naccess = offset\ninterrupted = final\nsize = 8\n", 6,
	  "needs 'read-chunk'" },
	{ MEMORY "settle = soon\n", 16, "settle is 'soon', expected a time such as 60 us, 50 ms or 5 s" },
	{ MEMORY "settle = 0 s\n", 16, "expected a time" },
	{ MEMORY "settle = 10 min\n", 6, "settle is longer than 120000 ms" },
	{ MEMORY "base = 0x1000000000000\n", 16, "base is 0x1000000000000, expected at most" },
	{ MEMORY "min-size = 8\n", 6, "length = device needs access = whole" },
	{ MEMORY "boot-sector = 0x80\n", 6, "no sector begins at boot-sector 0x80" },
	{ MEMORY "boot-sector = 0x400\n", 6, "boot-sector 0x400 is outside of the memory" },
	{ MEMORY "erase-value = 256\n", 16, "erase-value is 256, expected at most 255" },
	{ MEMORY "erase-first = maybe\n", 16, "erase-first is 'maybe', expected no or yes" },
	{ MEMORY "[memory m]\nkind = flash\nholds = h\nsize = 4\naccess = whole\ninterrupted = final\n", 16,
	  "two memories have the name 'm'" },
	{ CHIP "[memory read]\nkind = flash\nholds = h\nsize = 4\naccess = whole\ninterrupted = final\n", 6,
	  "memory 'read' has the name of an operation" },
	{ WHOLE "sectors = 255 x 1\n", 6, "a memory that is written whole has no sectors" },
	{ WHOLE "read-chunk = 64\n", 6, "the size itself with access = whole" },
	{ CHIP "[memory m]\nkind = flash\nholds = h\nsize = 6\nunit = 4\naccess = whole\ninterrupted = final\n",
	  6, "unit 4 does not divide size" },
	{ CHIP "[memory m]\nkind = flash\nholds = h\nsize = 8\naccess = offset\nread-chunk = 8\n"
	  "write-chunk = 8\nsectors = 2 of 4\ninterrupted = final\n", 13,
	  "sectors has '2 of 4', expected COUNT x SIZE" },
	{ CHIP "[memory m]\nkind = flash\nholds = h\nsize = 8\naccess = offset\nread-chunk = 8\n"
	  "write-chunk = 8\nsectors = 2 x 2\ninterrupted = final\n", 6,
	  "the sectors make 4 bytes, and the memory has 8" },
	{ CHIP "[memory m]\nkind = flash\nholds = h\nsize = 8\naccess = offset\nread-chunk = 8\n"
	  "write-chunk = 8\nsectors = 1 x 4, 0 x 4\ninterrupted = final\n", 6, "0 sectors of 4 bytes are not possible" },

	/* operations */
	{ MEMORY "[operation]\n", 16, "an operation is written [operation MEMORY.KIND] or [operation KIND]" },
	{ MEMORY "[operation x.read]\n", 16, "there is no [memory x]" },
	{ MEMORY "[operation m.burn]\n", 16, "'burn' is no operation, expected identify, version, read" },
	{ MEMORY OP("m.read", "usb"), 19, "transports is 'usb', expected scsi, bot, control or 1394" },
	{ MEMORY OP("m.read", "scsi scsi"), 19, "transports names scsi twice" },
	{ MEMORY OP("m.read", "scsi"), 16, "[operation m.read] needs 'step'" },
	{ MEMORY OP("read", "scsi") STEP("cdb in data : 01"), 16, "read must name a memory" },
	{ MEMORY OP("m.identify", "scsi") STEP("cdb in 4 : 01"), 16,
	  "identify is about the chip and names no memory" },
	{ MEMORY OP("identify", "scsi") STEP("cdb none : 01"), 16, "identify gets no answer from the chip" },
	{ MEMORY OP("identify", "scsi") "on-request = 1\n" STEP("cdb in 4 : 01"), 20,
	  "on-request is '1', expected no or yes" },
	{ MEMORY OP("identify", "scsi") "answer = 1\n" STEP("cdb in 4 : 01"), 20,
	  "answer is '1', expected bytes of two hexadecimal digits" },
	{ MEMORY OP("identify", "scsi") "answer = 11 22\n" STEP("cdb in 4 : 01"), 16,
	  "the published answer has 2 bytes, and the step asks for 4" },
	{ MEMORY OP("m.erase-all", "scsi") "answer = 11\n" STEP("cdb none : 01"), 16,
	  "the published answer has 1 bytes, and the step asks for 0" },
	{ MEMORY OP("m.read", "scsi") STEP("cdb none : 01"), 16, "no step of read carries the memory's data" },
	{ MEMORY OP("m.program", "scsi") STEP("cdb none : 01"), 16, "no step of program carries the memory's data" },
	{ MEMORY OP("m.read", "scsi") STEP("cdb in data : 01") OP("m.read", "bot") STEP("cdb in data : 01"),
	  21, "the same operation stands in the profile twice" },
	{ WHOLE OP("m.erase-sector", "scsi") STEP("cdb none : 01"), 14, "erase-sector needs a memory with sectors" },
	{ MEMORY OP("m.read", "scsi") STEP("cdb in data : 01") STEP("cdb in data : 01"), 21,
	  "one step of an operation carries the data, not two" },

	/* steps that cannot be understood */
	{ MEMORY OP("m.read", "scsi") STEP("send 01"), 20,
	  "the step cannot be understood: expected cdb, control, quadlet-read" },
	{ MEMORY OP("m.read", "scsi") STEP("cdb in data 01"), 20, "expected cdb PHASE : BYTES" },
	{ MEMORY OP("m.read", "scsi") STEP("cdb in data x : 01"), 20, "expected cdb PHASE : BYTES" },
	{ MEMORY OP("m.read", "scsi") STEP("cdb in : 01"), 20, "what the data phase carries: none, in data" },
	{ MEMORY OP("m.read", "scsi") STEP("cdb in payload : 01"), 20, "what the data phase carries" },
	{ MEMORY OP("m.read", "scsi") STEP("cdb in 5000 : 01"), 20, "the answer's length is 5000, expected at most 4096" },
	{ MEMORY OP("m.read", "scsi") STEP("cdb in data : "), 20, "there is nothing to send" },
	{ MEMORY OP("m.read", "scsi") STEP("cdb in data : XY"), 20, "'XY' cannot be understood: expected hexadecimal" },
	{ MEMORY OP("m.read", "scsi") STEP("cdb in data : 0b12"), 20, "'12' cannot be understood" },
	{ MEMORY OP("m.read", "scsi") STEP("cdb in data : 01 {address:8"), 20, "'{address:8' has no closing '}'" },
	{ MEMORY OP("m.read", "scsi") STEP("cdb in data : 01 {page:8}"), 20,
	  "field {page:8} cannot be understood: expected address, length, data" },
	{ MEMORY OP("m.read", "scsi") STEP("cdb in data : 01 {address}"), 20, "a width, such as {address:be24}" },
	{ MEMORY OP("m.read", "scsi") STEP("cdb in data : 01 {address:99}"), 20, "a width of 1 to 64 bits" },
	{ MEMORY OP("m.read", "scsi") STEP("cdb in data : 01 {address[1:2]}"), 20, "bits as [HIGH:LOW]" },
	{ MEMORY OP("m.read", "scsi") STEP("cdb in data : 01 {address[64:1]}"), 20, "bits as [HIGH:LOW]" },
	{ MEMORY OP("m.read", "scsi") STEP("cdb in data : 01 {address/0:8}"), 20, "a number to divide by behind '/'" },
	{ MEMORY OP("m.read", "scsi") STEP("cdb in data : 01 {address+x:8}"), 20, "a number up to 16777216" },
	{ MEMORY OP("m.read", "scsi") STEP("cdb in data : 01 {address[7:0]:9}"), 20, "a width that is that of the slice" },
	{ MEMORY OP("m.read", "scsi") STEP("cdb in data : 01 {sum8}"), 20, "expected address, length, data" },
	{ MEMORY OP("m.read", "scsi") STEP("cdb in data : 01 {sum8(cdb)}"), 20, "a checksum over (data), (image) or (template)" },
	{ MEMORY OP("m.read", "scsi") STEP("cdb in data : 01 {length;8}"), 20, "NAME, then /N, +N or -N" },
	{ MEMORY OP("m.read", "scsi") STEP("cdb in data : 01, quickly"), 20, "behind ',' one of: timeout TIME" },
	{ MEMORY OP("m.read", "scsi") STEP("cdb in data : 01, timeout 5"), 20, "timeout is '5', expected a time" },
	{ MEMORY OP("m.read", "scsi") STEP("cdb in data : 01, expect 01"), 20, "expect only behind a step with an answer" },
	{ MEMORY OP("m.unlock", "scsi") STEP("cdb in 4 : 01, expect 0"), 20, "expect is '0', expected bytes" },
	{ MEMORY OP("m.unlock", "scsi") STEP("cdb in 4 : 01, poll 5"), 20, "poll every TIME for TIME" },
	{ MEMORY OP("m.unlock", "scsi") STEP("cdb out payload : 01"), 20, "'payload' and its bytes at the end of the step" },
	{ MEMORY OP("m.unlock", "scsi") STEP("cdb none : 01 payload 02"), 20, "no payload, unless the step says" },
	{ MEMORY OP("m.read", "control") STEP("control C1"), 20, "control TYPE REQUEST value W index W PHASE" },
	{ MEMORY OP("m.read", "control") STEP("control C1 06 index 0 value 0 in data"), 20, "control TYPE REQUEST" },
	{ MEMORY OP("m.read", "control") STEP("control C1 106 value 0 index 0 in data"), 20, "control TYPE REQUEST" },
	{ MEMORY OP("m.read", "control") STEP("control C1 06 value 65536 index 0 in data"), 20,
	  "value is 65536, expected at most 65535" },
	{ MEMORY OP("m.read", "control") STEP("control C1 06 value (00) index 0 in data"), 20, "value (00) has 8 bits, expected 16" },
	{ MEMORY OP("m.read", "control") STEP("control C1 06 value {address:be16} index 0 in data"), 20,
	  "no width here: the field has 16 bits, little-endian" },
	{ MEMORY OP("m.read", "control") STEP("control C1 06 value {address[19:0]} index 0 in data"), 20, "at most 16 bits" },
	{ MEMORY OP("m.read", "control") STEP("control C1 06 value 0 index 0 in data more"), 20, "control TYPE REQUEST" },
	{ MEMORY OP("m.read", "1394") STEP("quadlet-read 0xFFFFF0090020"), 20, "quadlet-read ADDRESS data" },
	{ MEMORY OP("m.read", "1394") STEP("quadlet-read 0xFFFF data"), 20, "the address has 16 bits, expected 48" },
	{ MEMORY OP("m.read", "1394") STEP("quadlet-write 0xFFFFF0090020"), 20, "quadlet-write ADDRESS data, or" },
	{ MEMORY OP("m.unlock", "scsi") STEP("delay a while"), 20, "delay is 'a while', expected a time" },
	{ MEMORY OP("m.unlock", "scsi") STEP("delay 1 s, le"), 20, "no ',' behind delay" },
	{ MEMORY OP("reset", "scsi") STEP("reenumerate soon"), 20, "reenumerate within TIME" },
	{ MEMORY OP("reset", "scsi") STEP("reenumerate within 5 s as 1209:0001"), 20, "'1209:0001' is no id of this profile" },
	{ MEMORY OP("m.read", "scsi") STEP("for-each page"), 20, "for-each sector, or for-each chunk N" },
	{ MEMORY OP("m.read", "scsi") STEP("for-each chunk all"), 20, "chunk is 'all', expected a number" },

	/* steps that say something impossible */
	{ MEMORY OP("m.read", "scsi") STEP("cdb in data : 01 4"), 20, "the CDB has 12 bits: it must be 1 to 16 whole bytes" },
	{ MEMORY OP("m.read", "scsi") STEP("cdb in data : 0102030405060708 090A0B0C0D0E0F10 11"), 20, "the CDB has 136 bits" },
	{ MEMORY OP("m.read", "scsi") STEP("cdb in data : {address:be16}"), 20, "the operation code of the CDB must be a fixed byte" },
	{ MEMORY OP("m.read", "scsi") STEP("cdb in data : 2A 00"), 20, "CDB 2a is a command to the drive" },
	{ MEMORY OP("m.erase-all", "scsi") STEP("cdb none : 04 00 00 00 00 00"), 20, "CDB 04 is a command to the drive" },
	{ MEMORY OP("m.read", "control") STEP("cdb in data : 01"), 20, "does not travel over every transport" },
	{ MEMORY OP("m.read", "scsi control") STEP("cdb in data : 01"), 20, "does not travel over every transport" },
	{ MEMORY OP("m.read", "scsi") STEP("control C1 06 value 0 index 0 in data"), 20, "does not travel" },
	{ MEMORY OP("m.read", "scsi") STEP("quadlet-read 0xFFFFF0090020 data"), 20, "does not travel" },
	{ MEMORY OP("m.read", "scsi") STEP("cdb out data : 01"), 20, "the data goes in the wrong direction for read" },
	{ MEMORY OP("m.program", "scsi") STEP("cdb in data : 01"), 20, "the data goes in the wrong direction for program" },
	{ MEMORY OP("m.unlock", "scsi") STEP("cdb in data : 01"), 20, "only read, program and verify carry the memory's data" },
	{ MEMORY OP("identify", "scsi") STEP("cdb out payload : 01 payload 02") STEP("cdb in 2 : 01"), 20,
	  "identify sends data to the chip, so it must be on-request" },
	{ MEMORY OP("m.unlock", "scsi") STEP("cdb in 0 : 01"), 20, "an answer of 0 bytes is not within 1..4096" },
	{ MEMORY OP("m.unlock", "scsi") STEP("cdb in 2 : 01, expect 01 02 03"), 20, "3 bytes are expected of an answer of 2" },
	{ MEMORY OP("m.unlock", "scsi") STEP("cdb in 2 : 01, poll every 1 ms for 1 s"), 20, "poll needs an expect" },
	{ MEMORY OP("m.unlock", "scsi") STEP("cdb none : 01, poll every 1 ms for 1 s"), 20, "poll needs an answer" },
	{ MEMORY OP("m.unlock", "scsi") STEP("cdb in 1 : 01, expect 01, poll every 1 us for 1 s"), 20, "poll must pause at least 100 us" },
	{ MEMORY OP("m.unlock", "scsi") STEP("cdb in 1 : 01, expect 01, poll every 1 ms for 3 min"), 20, "poll must end within 120000 ms" },
	{ MEMORY OP("m.read", "scsi") STEP("cdb in data : 01, short-ok"), 20, "short-ok is for reading a memory with length = device" },
	{ MEMORY OP("m.read", "scsi") STEP("cdb in data : 01, le"), 20, "le is for quadlets that carry data" },
	{ MEMORY OP("m.read", "scsi") STEP("cdb in data : 01, timeout 3 min"), 20, "timeout 180000 ms is not within 1..120000 ms" },
	{ MEMORY OP("m.read", "control") STEP("control C1 06 value 0 index 0 in data, timeout 6 s"), 20, "timeout 6000 ms is not within 1..5000 ms" },
	{ MEMORY OP("m.read", "control") STEP("control 41 06 value 0 index 0 in data"), 20, "request type 0x41 says the opposite direction" },
	{ MEMORY OP("m.unlock", "control") STEP("control C1 06 value 0 index 0 none"), 20, "request type 0xc1 says in, and no data comes in" },
	{ MEMORY OP("m.read", "control") STEP("control 80 06 value 0 index 0 in data"), 20, "is neither a vendor nor a class request" },
	{ MEMORY OP("m.read", "control") STEP("control C5 06 value 0 index 0 in data"), 20, "has no known recipient" },
	{ WHOLE OP("m.read", "control") STEP("control C1 06 value 0 index 0 in data"), 18, "needs short-ok" },
	{ WHOLE OP("m.read", "control") STEP("control C1 06 value {address} index 0 in data, short-ok"), 18,
	  "{address} has no meaning with access = whole" },
	{ MEMORY OP("m.read", "1394") STEP("quadlet-read 0xFFFFF0090020 data"), 20, "put it into 'for-each chunk 4'" },
	{ MEMORY OP("m.program", "scsi") STEP("for-each chunk 48") STEP("cdb none : 01 {data:8}"), 21, "{data} needs chunks that divide the memory and each of its sectors: 48 does not" },
	{ MEMORY OP("m.unlock", "1394") STEP("quadlet-read 0x000000090020 answer"), 20, "must begin with the fixed digits FFFFF" },
	{ MEMORY OP("m.unlock", "1394") STEP("quadlet-read {total:48} answer"), 20, "{total} has no meaning in unlock" },
	{ MEMORY OP("m.erase-all", "1394") STEP("quadlet-write {total:48} : 00000001"), 20, "must begin with the fixed digits FFFFF" },
	{ MEMORY OP("m.unlock", "1394") STEP("quadlet-read 0xFFFFF0090021 answer"), 20, "it must divide by 4" },
	{ MEMORY OP("m.unlock", "1394") STEP("quadlet-write 0xFFFFF0090020 : 01 02"), 20, "the value of the quadlet has 16 bits and not 32" },
	{ MEMORY OP("m.unlock", "scsi") STEP("delay 61 s"), 20, "a delay of 61000000 us is not within" },
	{ MEMORY OP("reset", "scsi") STEP("reenumerate within 3 min"), 20, "the chip must be back within 1..120000 ms" },
	{ MEMORY OP("m.read", "scsi") STEP("end"), 20, "end without for-each" },
	{ MEMORY OP("m.read", "scsi") STEP("for-each sector") STEP("cdb in data : 01"), 16, "for-each without end" },
	{ MEMORY OP("m.read", "scsi") STEP("for-each sector") STEP("end"), 21, "the loop is empty" },
	{ MEMORY OP("m.read", "scsi") STEP("for-each chunk 8") STEP("for-each sector"), 21, "for-each sector must be the outer loop" },
	{ MEMORY OP("m.read", "scsi") STEP("for-each chunk 8") STEP("for-each chunk 4") STEP("for-each chunk 4"), 22,
	  "loops are nested deeper than 2" },
	{ MEMORY OP("m.read", "scsi") STEP("for-each chunk 3"), 20, "a chunk of 3 bytes is not a multiple of the memory's unit" },
	{ WHOLE OP("m.read", "scsi") STEP("for-each sector"), 18, "the memory has no sectors to loop over" },
	{ MEMORY OP("reset", "scsi") STEP("for-each chunk 4"), 20, "reset walks no memory" },
	{ MEMORY OP("m.read", "scsi") STEP("for-each chunk 4") STEP("reenumerate within 1 s"), 21, "a loop cannot wait for the chip" },

	/* templates that cut a value short, or name one that is not there */
	{ MEMORY OP("m.read", "scsi") STEP("cdb in data : 01 {address:8}"), 20, "the value can be 0x3ff, which does not fit into 8 bits" },
	{ MEMORY OP("m.read", "scsi") STEP("cdb in data : 01 {address[7:0]}"), 16, "bit 9 of {address}, which can be 0x3ff, is sent in no step" },
	{ MEMORY OP("m.read", "scsi") STEP("cdb in data : 01 {address/2[7:0]} {address[9:8]} 0 0b00"), 20, "slices of one value must divide and add alike" },
	{ MEMORY OP("m.read", "scsi") STEP("cdb in data : 01 {length/512:8}"), 20, "the value is not always a multiple of 512" },
	{ MEMORY OP("m.read", "scsi") STEP("cdb in data : 01 {length-5:8}"), 20, "the value can fall below zero" },
	{ MEMORY OP("m.read", "scsi") STEP("cdb in data : 01 {length:4} 0b10 {length:le16} 0b00"), 20, "the value can be 0x40, which does not fit into 4 bits" },
	{ MEMORY OP("m.read", "scsi") STEP("cdb in data : 01 0b1 {address:le16} 0b0000000"), 20, "little-endian needs whole bytes that begin at a byte" },
	{ MEMORY OP("m.read", "scsi") STEP("cdb in data : 01 {interface:8}"), 20, "{interface} has a meaning in control requests only" },
	{ MEMORY OP("m.read", "scsi") STEP("cdb in data : 01 {data:8}"), 20, "{data} has no meaning in read" },
	{ MEMORY OP("m.read", "scsi") STEP("cdb in data : 01 {sum8(data)}"), 20, "a checksum of the data has no meaning in read" },
	{ MEMORY OP("m.program", "scsi") STEP("cdb none : 01 {data+60:be64}"), 20, "{data} reaches past the 64 bytes of the chunk" },
	{ MEMORY OP("m.program", "scsi") STEP("cdb none : 01 {data:7} 0b0"), 20, "{data} is whole bytes as they are" },
	{ MEMORY OP("m.program", "scsi") STEP("cdb none : 01 {data/2:8}"), 20, "{data} is whole bytes as they are" },
	{ MEMORY OP("m.program", "scsi") STEP("cdb out data : 01 {sum16(data):8}"), 20, "the checksum needs at least 16 bits" },
	{ MEMORY OP("m.program", "scsi") STEP("cdb out data : 01 {sum8(template)} {xor8(template)}"), 20, "a template can have one checksum" },
	{ MEMORY OP("m.unlock", "scsi") STEP("cdb none : 01 {address:be16}"), 20, "{address} has no meaning in unlock" },
	{ MEMORY OP("m.unlock", "scsi") STEP("cdb none : 01 {length:8}"), 20, "{length} is of nothing" },
	{ WHOLE OP("m.erase-all", "scsi") STEP("cdb none : 01 {sector:8}"), 18, "{sector} has no meaning without sectors" },

	/* rules */
	{ MEMORY "[rule m]\n", 16, "it is written [rule MEMORY NAME]" },
	{ MEMORY "[rule x r]\n", 16, "there is no [memory x]" },
	{ MEMORY RULE "kind = size\n", 19, "kind is 'size', expected bytes, keep, not-blank, checksum or identity" },
	{ MEMORY RULE "kind = bytes\nat = 0\n", 16, "[rule m r] needs 'bytes'" },
	{ MEMORY RULE "kind = bytes\nat = 0\nbytes = 01 | 02 03\n", 21, "the alternatives of bytes are not equally long" },
	{ MEMORY RULE "kind = bytes\nat = 0\nbytes = 01 |\n", 21, "bytes is '', expected bytes" },
	{ MEMORY RULE "kind = bytes\nat = 1023\nbytes = 01 02\n", 16, "bytes 1023-1024 are not inside of the memory" },
	{ MEMORY RULE "kind = keep\nat = 0\n", 16, "[rule m r] needs 'length'" },
	{ MEMORY RULE "kind = keep\nat = 0\nlength = 0\n", 16, "no length is given" },
	{ MEMORY RULE "kind = not-blank\nat = 0\n", 20, "'at' is no key of [rule m r]" },
	{ MEMORY RULE "kind = checksum\nat = 0\nalgorithm = md5\n", 21, "algorithm is 'md5', expected sum8, sum16" },
	{ MEMORY RULE "kind = checksum\nat = 0\nalgorithm = sum8\nover = 1-4\n", 22, "over is '1-4', expected FIRST..LAST or FIRST..end" },
	{ MEMORY RULE "kind = checksum\nat = 0\nalgorithm = sum8\nover = 4..1\n", 22, "over is '4..1'" },
	{ MEMORY RULE "kind = checksum\nat = 0\nalgorithm = sum16\nover = 2..9\n", 16, "[rule m r] needs 'byte-order'" },
	{ MEMORY RULE "kind = checksum\nat = 0\nalgorithm = sum8\nover = 2..1024\n", 16, "the checksum reaches past the end of the memory" },
	{ MEMORY RULE "kind = not-blank\n" RULE "kind = not-blank\n", 20, "two rules have the name 'r'" },

	/* fields */
	{ MEMORY "[field m]\n", 16, "it is written [field MEMORY NAME] or [field OPERATION NAME]" },
	{ MEMORY "[field x f]\n", 16, "there is neither a [memory x] nor an [operation x]" },
	{ MEMORY FIELD "at = 0\n", 16, "[field m f] needs 'type'" },
	{ MEMORY FIELD "at = 0\ntype = float\n", 20, "type is 'float', expected hex, u8" },
	{ MEMORY FIELD "at = 0\ntype = ascii\n", 16, "[field m f] needs 'length'" },
	{ MEMORY FIELD "at = 0\ntype = le16\nlength = 4\n", 16, "length 4 does not fit the type, which has 2" },
	{ MEMORY FIELD "at = 0\ntype = utf16le\nlength = 5\n", 16, "length 5 is odd" },
	{ MEMORY FIELD "at = 0\ntype = hex\nlength = 257\n", 16, "length 257 is not within 1..256" },
	{ MEMORY FIELD "at = 1020\ntype = hex\nlength = 5\n", 16, "bytes 1020-1024 are not inside of what has 1024 bytes" },
	{ MEMORY FIELD "at = 0\ntype = u8\n" FIELD "at = 1\ntype = u8\n", 21, "two fields have the name 'f'" },
	{ MEMORY OP("identify", "scsi") STEP("cdb in 4 : 01") "[field identify f]\n" SAYS "at = 2\ntype = be32\n", 21,
	  "bytes 2-5 are not inside of what has 4 bytes" },
};

static void check(const char *text, size_t len, int line, const char *says, const char *name)
{
	char err[512] = "", place[32];
	size_t out_len = 1;
	void *out = &out;
	bool good;
	int ret;

	ret = profile_compile_text("F", text, len, &out, &out_len, err, sizeof(err));
	if (line)
		snprintf(place, sizeof(place), "F:%d: ", line);
	else
		snprintf(place, sizeof(place), "F: ");
	good = ok(ret == -1 && !out && !out_len && !strncmp(err, place, strlen(place)) &&
		  strstr(err, says), "%s", name);
	if (!good)
		printf("# \"%s\"\n# should be \"%s...%s\"\n", ret ? err : "(no error)", place, says);
	free(ret ? NULL : out);
}

int main(void)
{
	static const char zero[] = "[chip]\nname = a\0b\n";
	char *big = malloc(PROFILE_TEXT_MAX + 2), err[512];
	char tiny[8];
	size_t i, len;
	void *out;

	for (i = 0; i < sizeof(faults) / sizeof(*faults); i++)
		check(faults[i].text, strlen(faults[i].text), faults[i].line, faults[i].says,
		      faults[i].says);
	check(zero, sizeof(zero) - 1, 2, "byte 0x00 at column 9", "a zero in the text");
	memset(big, '\n', PROFILE_TEXT_MAX + 1);
	check(big, PROFILE_TEXT_MAX + 1, 0, "are too many for a profile", "a text that is too long");
	free(big);

	ok(profile_compile_file("tests/no-such.profile", &out, &len, err, sizeof(err)) == -1,
	   "a file that is not there");
	is_text(err, "tests/no-such.profile: cannot be opened: No such file or directory",
		"what is said of it");
	ok(profile_compile_file("tests", &out, &len, err, sizeof(err)) == -1, "a directory");
	has_text(err, "cannot be read", "what is said of it");
	ok(profile_compile_text("F", "x", 1, &out, &len, tiny, sizeof(tiny)) == -1 &&
	   strlen(tiny) == 7, "a message longer than its room is cut");
	return tap_done();
}
