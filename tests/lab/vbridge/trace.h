/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the device saw, one line of JSON a transaction. */
#ifndef VBRIDGE_TRACE_H
#define VBRIDGE_TRACE_H

#include "port.h"

#define TRACE_DATA	64

/**
 * struct trace - where the lines go
 * @fd: file; -1: nowhere
 * @n: transactions so far
 */
struct trace {
	int fd;
	u64 n;
};

/**
 * struct trace_entry - one transaction
 * @n: its number, counted when it began
 * @start_us: model time when it began
 * @end_us: model time when it ended
 * @type: "control", "cdb", "quadlet", "reset", ...
 * @address: of a FireWire request; 0: it is none
 * @setup: of a control request; NULL: it is none
 * @cdb: 16 bytes; NULL: it is no command
 * @cdb_len: how many of them the CBW declares as the CDB
 * @lun: of a command
 * @dir: enum bfp_dir
 * @length: bytes that the host announced
 * @actual: bytes that moved
 * @data: the first ones, up to TRACE_DATA
 * @data_len: how many stand there
 * @status: how it ended
 * @known: something in the box knows the request
 * @vendor: the request is a vendor's
 * @op: what the box took it for; NULL: nothing with a name
 * @fault: faults that struck it; "": none
 */
struct trace_entry {
	u64 n;
	u64 start_us;
	u64 end_us;
	const char *type;
	u64 address;
	const u8 *setup;
	const u8 *cdb;
	u8 cdb_len;
	u8 lun;
	u8 dir;
	u32 length;
	u32 actual;
	const u8 *data;
	u32 data_len;
	const char *status;
	bool known;
	bool vendor;
	const char *op;
	const char *fault;
};

int trace_open(struct trace *t, const char *path);
void trace_write(struct trace *t, const struct trace_entry *e);
void trace_plug(struct trace *t, u64 now_us, const char *text, bool boots);
void trace_note(struct trace *t, u64 now_us, const char *type, const char *text);

#endif
