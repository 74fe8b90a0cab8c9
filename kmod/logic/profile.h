/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A compiled profile: what is known of one chip, as flat little-endian
 * records that the kernel can use where the firmware loader put them.
 *
 * The text form is described in Documentation/profile-format.rst. The file is
 * a header, then tables of fixed-size records, then one blob that holds
 * strings (zero-terminated) and byte sequences. bfp_check() looks at every
 * index, length and enumeration once; after it has said yes, the accessors
 * below need no further checks.
 */
#ifndef BRIDGEFW_LOGIC_PROFILE_H
#define BRIDGEFW_LOGIC_PROFILE_H

#include "port.h"

#define BFP_MAGIC		0x50574642	/* "BFWP" in the file */
#define BFP_INDEX_MAGIC		0x49574642	/* "BFWI" */
#define BFP_FORMAT		2
#define BFP_NONE		0xffff		/* an index that points nowhere */
#define BFP_NAME_MAX		32		/* longest name, with its zero */
#define BFP_FILE_MAX		(256 * 1024)	/* a larger file is refused */
#define BFP_CDB_MAX		16
#define BFP_SETUP_SIZE		8
#define BFP_MEMORY_MAX		(16 * 1024 * 1024)
#define BFP_MEMORIES_MAX	8
#define BFP_TIMEOUT_MAX_MS	120000
#define BFP_CONTROL_TIMEOUT_MAX_MS 5000
#define BFP_DELAY_MAX_US	60000000
#define BFP_LOOP_DEPTH		2
#define BFP_ANSWER_MAX		4096		/* longest answer that is no memory content */

/* Tables in the order in which the header lists them. */
enum bfp_table {
	BFP_IDS,
	BFP_MEMORIES,
	BFP_GEOMETRY,
	BFP_OPERATIONS,
	BFP_STEPS,
	BFP_ITEMS,
	BFP_RULES,
	BFP_FIELDS,
	BFP_BLOB,
	BFP_NTABLES
};

enum bfp_evidence {
	BFP_INFERRED = 1,
	BFP_REPORTED,
	BFP_TRACED,
	BFP_DOCUMENTED,
};

/* How the chip can be reached when its firmware or table is gone. */
enum bfp_recovery {
	BFP_RECOVERY_NONE_KNOWN = 1,
	BFP_RECOVERY_MASK_ROM,
	BFP_RECOVERY_BOOT_MODE,
	BFP_RECOVERY_INTERNAL_ROM,
};

enum bfp_id_kind {
	BFP_ID_USB = 1,
	BFP_ID_1394,		/* config ROM: vendor, model, revision */
	BFP_ID_QUADLET,		/* value of one quadlet of a node without config ROM */
};

/* What state a box with this id is in. */
enum bfp_role {
	BFP_ROLE_RUNNING = 1,
	BFP_ROLE_BLANK,
	BFP_ROLE_UPLOADER,
};

/* Which members of an id must agree. */
#define BFP_ID_HAS_PRODUCT	0x0001	/* usb product / 1394 model */
#define BFP_ID_HAS_REVISION	0x0002	/* usb bcd range / 1394 revision under mask */
#define BFP_ID_HAS_VENDOR	0x0004

enum bfp_memory_kind {
	BFP_FLASH = 1,
	BFP_EEPROM,
	BFP_CONFIG_ROM,
};

/* What a power cut in the middle of the one request that writes leaves. */
enum bfp_interrupted {
	BFP_INTERRUPTED_RESTORABLE = 1,	/* the chip can be reached, content told apart */
	BFP_INTERRUPTED_MIXED,		/* reachable; content may look valid and be a mixture */
	BFP_INTERRUPTED_FINAL,		/* nothing reaches the chip again */
};

#define BFP_MEM_WHOLE		0x0001	/* no offset: always read and written from 0, whole */
#define BFP_MEM_LENGTH_DEVICE	0x0002	/* its length is what a whole read returns, <= size */
#define BFP_MEM_ERASE_FIRST	0x0004	/* programs 1->0 only: erase before program */

enum bfp_op_kind {
	BFP_OP_IDENTIFY = 1,
	BFP_OP_VERSION,
	BFP_OP_READ,
	BFP_OP_ERASE_SECTOR,
	BFP_OP_ERASE_ALL,
	BFP_OP_PROGRAM,
	BFP_OP_VERIFY,
	BFP_OP_UNLOCK,
	BFP_OP_LOCK,
	BFP_OP_RESET,
	BFP_OP_KINDS
};

#define BFP_TRANSPORT_SCSI	0x01
#define BFP_TRANSPORT_BOT	0x02
#define BFP_TRANSPORT_CONTROL	0x04
#define BFP_TRANSPORT_1394	0x08

/* The bus on which an operation was seen to work: a CDB can take either. */
#define BFP_BUS_USB		0x01
#define BFP_BUS_1394		0x02

/* States of the chip in which an operation may be sent, a bit for each enum bfp_role. */
#define BFP_STATE(role)		(1u << ((role) - 1))
#define BFP_STATES_ALL		0x07

/*
 * How an operation runs. The caller names a range of the memory (everything,
 * with BFP_MEM_WHOLE). Without a loop the steps run once for each piece of the
 * range: at most read_chunk bytes for read and verify, at most write_chunk
 * bytes for program, one sector for erase-sector; everything, for erase-all.
 * With a loop the steps run once, and the loop walks the range: a sector loop
 * takes the sectors that the range touches, one after another; a chunk loop
 * cuts what surrounds it (a sector or the range) into pieces of at most unit
 * bytes. {address}, {length}, {data} and {sector} mean the innermost piece,
 * {total} and checksums over the image always the whole of what the job moves.
 * A step that has no data phase of its own takes {length} from that piece too.
 */

/* An operation that is known but is run only when the user asks for it by name. */
#define BFP_OPF_ON_REQUEST	0x01

enum bfp_step_kind {
	BFP_STEP_CDB = 1,
	BFP_STEP_CONTROL,
	BFP_STEP_QUADLET_READ,
	BFP_STEP_QUADLET_WRITE,
	BFP_STEP_DELAY,
	BFP_STEP_REENUMERATE,
	BFP_STEP_LOOP_SECTOR,	/* the steps up to the end, once for each sector touched */
	BFP_STEP_LOOP_CHUNK,	/* ... once for each chunk of at most unit bytes */
	BFP_STEP_LOOP_END,
};

enum bfp_dir {
	BFP_DIR_NONE,
	BFP_DIR_IN,
	BFP_DIR_OUT,
};

/* What the data phase carries. */
enum bfp_carry {
	BFP_CARRY_NOTHING,
	BFP_CARRY_DATA,		/* memory content: the part at {address}, {length} long */
	BFP_CARRY_ANSWER,	/* an answer of fixed length, for expect, poll and fields */
	BFP_CARRY_PAYLOAD,	/* bytes built from items */
};

#define BFP_STEPF_LE		0x01	/* quadlet: lowest address in its lowest byte */
#define BFP_STEPF_SHORT_OK	0x02	/* fewer bytes than asked for are the memory's length */
#define BFP_STEPF_POLL		0x04	/* repeat until expect agrees */
#define BFP_STEPF_UNTIL_RESET	0x08	/* the device may vanish instead of answering */

/* What an item puts into a template. */
enum bfp_value {
	BFP_LITERAL = 1,
	BFP_ADDRESS,		/* memory base + offset of the current sector or chunk, bytes */
	BFP_LENGTH,		/* bytes in the data phase */
	BFP_DATA,		/* bytes of the current chunk from offset `literal` */
	BFP_CHECKSUM,		/* over what `over` says */
	BFP_INTERFACE,		/* USB interface number */
	BFP_SECTOR,		/* number of the current sector */
	BFP_TOTAL,		/* bytes in the whole image */
	BFP_VALUES
};

enum bfp_sum {
	BFP_SUM_NONE,
	BFP_SUM8,		/* sum of bytes */
	BFP_SUM16,		/* sum of bytes, 16 bit */
	BFP_SUM32,		/* sum of bytes, 32 bit */
	BFP_NEG8,		/* two's complement of SUM8 */
	BFP_XOR8,
	BFP_CRC16_CCITT,	/* poly 0x1021, start 0xffff, not reflected */
	BFP_CRC32,		/* poly 0xedb88320 reflected, start and final ~0 */
	BFP_SUMS
};

enum bfp_over {
	BFP_OVER_DATA,		/* the current chunk */
	BFP_OVER_IMAGE,		/* everything that the operation writes */
	BFP_OVER_TEMPLATE,	/* the template's other bytes, this item counted as zero */
	BFP_OVERS
};

#define BFP_ITEMF_LE		0x01	/* whole bytes, least significant first */
#define BFP_ITEMF_SLICE		0x02	/* the value's other bits are sent elsewhere */

enum bfp_rule_kind {
	BFP_RULE_BYTES = 1,	/* one of the alternatives stands at offset */
	BFP_RULE_KEEP,		/* the image has the device's own bytes there */
	BFP_RULE_NOT_BLANK,	/* not all one value */
	BFP_RULE_CHECKSUM,	/* algorithm over a range equals what stands at offset */
	BFP_RULE_IDENTITY,	/* where GUID or serial lies: carried over on flash */
};

enum bfp_type {
	BFP_TYPE_HEX = 1,
	BFP_TYPE_U8,
	BFP_TYPE_LE16,
	BFP_TYPE_BE16,
	BFP_TYPE_LE32,
	BFP_TYPE_BE32,
	BFP_TYPE_BCD,		/* digits, two a byte */
	BFP_TYPE_ASCII,
	BFP_TYPE_UTF16LE,
	BFP_TYPES
};

struct bfp_extent {
	__le32 offset;
	__le32 count;		/* records; bytes for the blob */
};

struct bfp_header {
	__le32 magic;
	__le16 format;
	__le16 flags;
	__le32 size;		/* bytes of the whole file */
	__le32 crc;		/* CRC-32 of the file with this member zero */
	__le32 name;		/* blob offsets of strings from here */
	__le32 title;
	__le32 vendor;
	__le32 note;
	u8 recovery;
	u8 pad[7];
	struct bfp_extent table[BFP_NTABLES];
};

struct bfp_id {
	u8 kind;
	u8 role;
	u8 evidence;
	u8 pad;
	__le16 flags;
	__le16 pad2;
	__le32 vendor;		/* USB idVendor or 24-bit OUI */
	__le32 product;		/* USB idProduct or 24-bit model id */
	__le32 rev_lo;		/* bcdDevice range; 1394: revision value */
	__le32 rev_hi;		/*                  1394: revision mask */
	__le64 address;		/* quadlet */
	__le32 value;
	__le32 mask;
	__le32 source;		/* string */
	__le32 note;		/* string: what to tell the owner; "" if nothing */
};

struct bfp_memory {
	__le32 name;
	__le32 holds;
	u8 kind;
	u8 interrupted;
	__le16 flags;
	__le32 size;		/* bytes; at most, with BFP_MEM_LENGTH_DEVICE */
	__le32 min_size;
	__le32 pad;		/* so that base is aligned alike everywhere */
	__le64 base;		/* added to offsets to give {address} */
	__le32 unit;		/* offsets and lengths are multiples of this */
	__le32 read_chunk;	/* most bytes a read moves at once */
	__le32 write_chunk;
	__le32 settle_ms;	/* how long after a write reading may fail or still differ */
	__le32 boot_offset;	/* the sector that makes the chip boot ... */
	__le32 boot_known;	/* ... if this is 1 */
	__le16 geometry_first;	/* sectors, in order of address */
	__le16 geometry_count;
	__le32 erase_value;	/* what an erased byte reads as */
};

/* A run of equal sectors. */
struct bfp_geometry {
	__le32 sectors;
	__le32 size;		/* bytes of each */
};

struct bfp_operation {
	u8 kind;
	u8 memory;		/* index, 0xff: none */
	u8 transports;		/* those its evidence was gathered on */
	u8 evidence;
	u8 flags;
	u8 buses;		/* those its evidence was gathered on */
	u8 states;		/* BFP_STATE() of those in which it may be sent */
	u8 pad;
	__le16 step_first;
	__le16 step_count;
	__le32 source;
	__le32 note;
	__le32 answer;		/* blob: a published answer, for tests and the lab */
	__le32 answer_len;
};

struct bfp_step {
	u8 kind;
	u8 dir;
	u8 carry;
	u8 flags;
	__le16 item_first;	/* CDB bytes, setup packet, quadlet value unless it carries data */
	__le16 item_count;
	__le16 addr_first;	/* quadlet: 64 bits of address */
	__le16 addr_count;
	__le16 payload_first;	/* BFP_CARRY_PAYLOAD; _ANSWER: its beginning, computed */
	__le16 payload_count;
	__le32 length;		/* BFP_CARRY_ANSWER: bytes; loops: unit */
	__le32 timeout_ms;
	__le32 wait_us;		/* delay; pause between polls */
	__le32 wait_max_ms;	/* poll, re-enumeration: give up after */
	__le32 expect;		/* blob: expected bytes, then as many mask bytes */
	__le32 expect_len;
	__le16 new_id;		/* re-enumeration: the id that comes, BFP_NONE: any */
	__le16 loop_end;	/* loop: its end; end: its loop; in the operation */
};

struct bfp_item {
	u8 value;
	u8 bits;		/* 1..64 */
	u8 low;			/* lowest bit of the value that is taken */
	u8 flags;
	u8 sum;
	u8 over;
	u8 pad[2];
	__le32 divide;		/* value / divide + add goes in; at least 1 */
	__le32 add;		/* signed */
	__le64 literal;		/* the bits, or the offset of BFP_DATA */
};

struct bfp_rule {
	u8 kind;
	u8 memory;
	u8 evidence;
	u8 sum;
	u8 flags;		/* BFP_ITEMF_LE: checksum's byte order */
	u8 pad[3];
	__le32 name;
	__le32 offset;
	__le32 length;		/* bytes at offset */
	__le32 range_offset;	/* checksum */
	__le32 range_length;
	__le32 bytes;		/* blob: alternatives one after another, each `length` long */
	__le32 alternatives;
	__le32 source;
};

struct bfp_field {
	u8 of_memory;		/* index, 0xff: of an operation's answer */
	u8 type;
	u8 evidence;
	u8 pad;
	__le16 operation;	/* index, BFP_NONE: of a memory */
	__le16 pad2;
	__le32 name;
	__le32 title;
	__le32 offset;
	__le32 length;
	__le32 source;
};

/* index.bin: which profile answers to which id. */
struct bfp_index_header {
	__le32 magic;
	__le16 format;
	__le16 pad;
	__le32 size;
	__le32 crc;
	__le32 count;
	__le32 pad2;
};

struct bfp_index_entry {
	char profile[BFP_NAME_MAX];
	struct bfp_id id;	/* its strings are 0 */
};

/**
 * struct bfp - a checked profile
 * @base: the file's bytes; they must outlive this
 * @size: how many
 */
struct bfp {
	const u8 *base;
	u32 size;
};

/**
 * struct bfp_error - what a check or a parser found wrong
 * @text: a sentence
 * @table: the table whose record is meant, BFP_NTABLES: the file as a whole
 * @index: which record; the compiler turns this into a line of the text
 */
struct bfp_error {
	char text[200];
	u32 table;
	u32 index;
};

void bfp_error_set(struct bfp_error *e, const char *fmt, ...) __printf(2, 3);

int bfp_check(struct bfp *p, const void *data, size_t size, struct bfp_error *e);
u32 bfp_crc32(u32 crc, const void *data, size_t len);
u32 bfp_printable(const u8 *s, size_t room);

static inline const struct bfp_header *bfp_header(const struct bfp *p)
{
	return (const struct bfp_header *)p->base;
}

static inline u32 bfp_count(const struct bfp *p, enum bfp_table t)
{
	return le32_to_cpu(bfp_header(p)->table[t].count);
}

static inline const void *bfp_table(const struct bfp *p, enum bfp_table t)
{
	return p->base + le32_to_cpu(bfp_header(p)->table[t].offset);
}

static inline const struct bfp_id *bfp_ids(const struct bfp *p)
{
	return bfp_table(p, BFP_IDS);
}

static inline const struct bfp_memory *bfp_memories(const struct bfp *p)
{
	return bfp_table(p, BFP_MEMORIES);
}

static inline const struct bfp_geometry *bfp_geometries(const struct bfp *p)
{
	return bfp_table(p, BFP_GEOMETRY);
}

static inline const struct bfp_operation *bfp_operations(const struct bfp *p)
{
	return bfp_table(p, BFP_OPERATIONS);
}

static inline const struct bfp_step *bfp_steps(const struct bfp *p)
{
	return bfp_table(p, BFP_STEPS);
}

static inline const struct bfp_item *bfp_items(const struct bfp *p)
{
	return bfp_table(p, BFP_ITEMS);
}

static inline const struct bfp_rule *bfp_rules(const struct bfp *p)
{
	return bfp_table(p, BFP_RULES);
}

static inline const struct bfp_field *bfp_fields(const struct bfp *p)
{
	return bfp_table(p, BFP_FIELDS);
}

static inline const u8 *bfp_blob(const struct bfp *p, __le32 offset)
{
	return (const u8 *)bfp_table(p, BFP_BLOB) + le32_to_cpu(offset);
}

/* Whether the answer to a step must be a certain one: fixed bytes, or computed ones. */
static inline bool bfp_step_expects(const struct bfp_step *s)
{
	return s->expect_len || (s->carry == BFP_CARRY_ANSWER && s->payload_count);
}

static inline const char *bfp_string(const struct bfp *p, __le32 offset)
{
	return (const char *)bfp_blob(p, offset);
}

const struct bfp_operation *bfp_find_operation(const struct bfp *p,
					       enum bfp_op_kind kind, int memory);
int bfp_find_memory(const struct bfp *p, const char *name);

int bfp_index_check(const void *data, size_t size, struct bfp_error *e);

/**
 * struct bfp_device_id - the ids that a device shows
 * @kind: enum bfp_id_kind
 * @vendor: USB idVendor or OUI of the config ROM
 * @product: USB idProduct or model id
 * @revision: bcdDevice or firmware revision
 * @address: of the quadlet that was read (BFP_ID_QUADLET)
 * @value: of that quadlet
 */
struct bfp_device_id {
	u8 kind;
	u32 vendor;
	u32 product;
	u32 revision;
	u64 address;
	u32 value;
};

bool bfp_id_match(const struct bfp_id *id, const struct bfp_device_id *dev);
const struct bfp_id *bfp_match(const struct bfp *p, const struct bfp_device_id *dev);
const struct bfp_index_entry *bfp_index_match(const void *index,
					      const struct bfp_device_id *dev);

const char *bfp_evidence_name(u8 evidence);
const char *bfp_op_name(u8 kind);
const char *bfp_recovery_name(u8 recovery);
const char *bfp_role_name(u8 role);
const char *bfp_memory_kind_name(u8 kind);
const char *bfp_transport_name(u8 bit);
const char *bfp_bus_name(u8 bit);

#endif
