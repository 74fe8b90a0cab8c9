/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For suites in C: virtual enclosures, as tests/lib/box.sh has them for shell.
 * A test touches only bridges that it plugged in itself.
 */
#ifndef BOX_H
#define BOX_H

#include <linux/bridgefw.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define BOX_PATH	128
#define BOX_FACTORY	"/build/lab/images/lab-factory.bin"
#define BOX_OTHER	"/build/lab/images/lab-other.bin"

/**
 * struct box - a virtual enclosure
 * @pid: its vbridge; 0: none
 * @dir: for its files; removed by box_away()
 * @busid: where it is plugged in
 * @fire: that is on FireWire: its options have "--bus", "1394", and a "--card" that no
 *	other box is at
 * @card: what all places of that card begin with
 * @node: "bridgefwN"
 * @dev: "/dev/bridgefwN"
 * @former: the bridge that was here before a replug, which may still be leaving
 * @present: this bridge; a number that no other one of this boot has
 */
struct box {
	pid_t pid;
	char dir[BOX_PATH];
	char busid[32];
	bool fire;
	char card[16];
	char node[32];
	char dev[64];
	ino_t former, present;
};

/* Plugs in a PL-2507 with a new EEPROM, and waits until its bridgefwN is there. */
int box_plug(struct box *box, const char *const *options);
/* Likewise; what it is stands in the options. */
int box_plug_as(struct box *box, const char *const *options);
/* Plugs in; whether it becomes a bridge is not asked. */
int box_start(struct box *box, const char *const *options);
/* Waits for its bridgefwN. */
int box_bridge(struct box *box);
/* Out and in again, as a cable is; what it remembers stays. */
int box_replug(struct box *box);
/* Pulls the cable. Does not wait. */
void box_pull(struct box *box);
/* Pulls the cable, and waits until the system has noticed. */
int box_away(struct box *box);
/* Tells its vbridge something, e.g. "fault delay=500@op=eeprom.read". */
int box_tell(struct box *box, const char *command, const char *arg);
/* How many lines of its trace have @text. */
int box_traced(struct box *box, const char *text);
/* Whether its EEPROM holds what a file of the project, BOX_OTHER say, does. */
bool box_holds(struct box *box, const char *image);
/* The block device of its drive, "/dev/sda"; waits for it. */
int box_disk(struct box *box, char *path, size_t room);

/* Where a file of the project is. */
void project_path(const char *name, char *path, size_t room);
/* What is in it; the caller frees @data. */
int project_file(const char *name, unsigned char **data, size_t *len);
/* The first line of a file, without its end. */
int read_line(const char *path, char *line, size_t room);
int write_text(const char *path, const char *text);
int run_program(const char *const *argv);
void nap_ms(unsigned int ms);
double seconds_now(void);
/* Repeats @is until it is so. */
bool wait_for(bool (*is)(void *arg), void *arg, double seconds);

/* Runs @fn in a child without CAP_SYS_RAWIO; returns what it returns (0..255). */
int without_rawio(int (*fn)(void *arg), void *arg);

#endif
