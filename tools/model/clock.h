/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Model time: what the real bus and the real parts would have taken. It only
 * moves when the model does something, so a slow host does not change it.
 */
#ifndef MODEL_CLOCK_H
#define MODEL_CLOCK_H

#include "port.h"

enum model_speed {
	MODEL_FULL_SPEED,
	MODEL_HIGH_SPEED,
	MODEL_S100,
	MODEL_S200,
	MODEL_S400,
};

/**
 * struct model_clock - a clock that is told how time passes
 * @ns: nanoseconds since power-on
 * @speed: of the bus
 */
struct model_clock {
	u64 ns;
	enum model_speed speed;
};

/*
 * A host controller reports a finished URB at the next (micro)frame interrupt
 * and the driver submits the next one then: a Bulk-Only command of three URBs
 * takes some 0.6 ms behind an EHCI, and 3 frames at full speed.
 */
#define MODEL_URB_NS_HIGH	200000
#define MODEL_URB_NS_FULL	1000000
/* 13 packets of 512 bytes a microframe; 19 packets of 64 bytes a frame. */
#define MODEL_BYTE_PS_HIGH	18780
#define MODEL_BYTE_PS_FULL	822370

/* A serial EEPROM is read at 400 kHz, nine clocks a byte. */
#define MODEL_EEPROM_READ_NS	22500

static inline void model_clock_add_us(struct model_clock *c, u64 us)
{
	c->ns += us * 1000;
}

static inline u64 model_clock_us(const struct model_clock *c)
{
	return c->ns / 1000;
}

/* One URB of @bytes went over the bus. */
static inline void model_clock_urb(struct model_clock *c, u32 bytes)
{
	if (c->speed == MODEL_HIGH_SPEED)
		c->ns += MODEL_URB_NS_HIGH + (u64)bytes * MODEL_BYTE_PS_HIGH / 1000;
	else
		c->ns += MODEL_URB_NS_FULL + (u64)bytes * MODEL_BYTE_PS_FULL / 1000;
}

/*
 * A FireWire transaction: two packets of a few quadlets with arbitration and
 * acknowledgment, and what the link layer takes in between. Blocks go in packets of 512,
 * 1024 and 2048 bytes, at 98.304 Mbit/s and twice and four times that.
 */
#define MODEL_1394_NS		6000
#define MODEL_1394_BYTE_PS_S100	81380
#define MODEL_1394_PACKET_S100	512

/* @bytes went over the bus, whatever bus it is. */
static inline void model_clock_transfer(struct model_clock *c, u32 bytes)
{
	u32 faster;

	if (c->speed < MODEL_S100) {
		model_clock_urb(c, bytes);
		return;
	}
	faster = c->speed - MODEL_S100;
	c->ns += (1 + (u64)bytes / (MODEL_1394_PACKET_S100 << faster)) * MODEL_1394_NS +
		 (u64)bytes * (MODEL_1394_BYTE_PS_S100 >> faster) / 1000;
}

#endif
