/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fake cards, their buses and their nodes, as the module's own files see them.
 *
 * What a real card's interrupts would do is done by the card's own workqueue, one thing
 * after the other: packets that arrive and acknowledgments (wire.c), bus resets (bus.c).
 * Only there is firewire-core told anything, with bottom halves off, since the real
 * driver does it from tasklets. One lock for each card protects all that is in here and is
 * never held while firewire-core is called.
 */
#ifndef LAB_CABLE_H
#define LAB_CABLE_H

#include <linux/completion.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "fwcore.h"
#include "lab_1394.h"

struct platform_device;
struct task_struct;

#define LAB_ROM_QUADLETS	256
#define LAB_TLABELS		64
#define LAB_SELF_IDS		(1 + LAB1394_NODES_MAX * LAB1394_SELF_IDS_MAX)
#define LAB_S400		2
#define LAB_GAP_DEFAULT		63

/* While the self-IDs go by no generation is valid. */
#define LAB_NO_GENERATION	(-1)

/* What the bus itself says in a LAB1394_ANSWER, see lab_1394.h */
#define LAB_ANSWER_GENERATION	0x12
#define LAB_ANSWER_NO_ACK	0x13

/* An unread request blocks its asker so long; a late answer comes when all have given up. */
#define LAB_UNREAD_MS		2000
#define LAB_LATE_MS		3000

/*
 * When firewire-core gives up on a node it looks at its tree once more, also when the card
 * and the tree are gone. So long after a reset it looks at a ROM again, and so long it
 * waits for an answer to what was acknowledged.
 */
#define LAB_QUIET_MS		750
#define LAB_SPLIT_MS		2500

/* Broadcasts that nobody reads are lost beyond so many. */
#define LAB_BROADCASTS_MAX	64

/* What the card's workqueue is to do with a message */
enum lab_kind {
	LAB_SENT,		/* tell firewire-core how sending ended */
	LAB_LOCAL,		/* a request of firewire-core's to its own card */
	LAB_LOCAL_RESPONSE,	/* and what it answered itself */
	LAB_REPLY,		/* a process has answered @request */
	LAB_ASK,		/* a process asks the card */
	LAB_LEAVE,		/* a node is unplugged */
};

/**
 * struct lab_message - a packet on its way
 * @link: in one list at most: the card's events, late or doomed, a node's inbox or asked
 * @flight: in the card's flight, while @packet is to be told how sending ended
 * @packet: firewire-core's own, until it was told or took it back
 * @node: whose request it is, or to whom
 * @request: what a LAB_REPLY answers
 * @kind: what is to be done when it is among the card's events
 * @ack: of a LAB_SENT
 * @generation: of the bus when it was sent
 * @deadline: in jiffies: what has to happen then depends on the list
 * @unread: it waits in an inbox
 * @cancelled: firewire-core took @packet back
 * @flush: @packet is among those that are told next
 * @broadcast: nobody answers
 * @speed: it is sent with
 * @header: as firewire-core has it
 * @room: bytes of data that @wire has
 * @wire: as a process has it
 */
struct lab_message {
	struct list_head link;
	struct list_head flight;
	struct fw_packet *packet;
	struct lab_node *node;
	struct lab_message *request;
	enum lab_kind kind;
	int ack;
	int generation;
	unsigned long deadline;
	bool unread;
	bool cancelled;
	bool flush;
	bool broadcast;
	int speed;
	u32 header[4];
	size_t room;
	struct lab1394_packet wire;
};

/**
 * struct lab_port - what is plugged in
 * @node: or NULL
 * @vacated: somebody was there until the reset that is under way
 */
struct lab_port {
	struct lab_node *node;
	bool vacated;
};

/**
 * struct lab_node - an open file, and since LAB1394_PLUG a node
 * @link: in the card's nodes
 * @card: NULL until it is plugged in
 * @plug: what it was plugged in as
 * @parent: the node it is plugged into; NULL: the card
 * @ports: what is plugged into it; its own cable is in the first
 * @id: its number on the bus, -1 if it has none
 * @path_speed: of the slowest PHY from the card to here
 * @cut: its cable, or that of a node before it, was pulled
 * @waits: it takes the place of another one that the next self-IDs still have to miss
 * @initiated: it makes the reset that is under way
 * @read_lock: one reader at a time
 * @wait: readers, poll
 * @inbox: what is to be read
 * @asked: requests that were read and not answered
 * @broadcasts: how many there are in @inbox
 * @tag: of the last request to it
 * @old_tag: requests up to this one are of an older generation
 * @tlabels: in use, from its request until it has read the answer
 * @sends: its requests that firewire-core has
 * @news: tells it of a bus reset
 * @leave: takes it out
 * @left: it is out
 * @out: what a reader copies from
 */
struct lab_node {
	struct list_head link;
	struct lab_card *card;
	struct lab1394_plug plug;
	struct lab_node *parent;
	struct lab_port ports[LAB1394_PORTS];
	int id;
	int path_speed;
	bool cut;
	bool waits;
	bool initiated;
	struct mutex read_lock; /* protects out */
	wait_queue_head_t wait;
	struct list_head inbox;
	struct list_head asked;
	unsigned int broadcasts;
	u32 tag;
	u32 old_tag;
	u64 tlabels;
	struct lab_message *sends[LAB_TLABELS];
	struct lab_message news;
	struct lab_message leave;
	struct completion left;
	struct lab1394_packet out;
};

/**
 * struct lab_card - a card and its bus
 * @card: as firewire-core knows it
 * @pdev: what its memory is mapped for
 * @number: of it
 * @lock: protects all that follows, and all of its nodes and messages
 * @wq: in order: @wire, @tick, @reset
 * @wire: handles @events
 * @tick: handles what has a deadline
 * @reset: a bus reset that is under way
 * @events: messages to be handled; each holds a reference to @card
 * @flight: messages with a packet of firewire-core's
 * @late: answers that come too late
 * @doomed: messages for @wire to free
 * @completing: the packet that firewire-core is being told of
 * @completer: by whom
 * @ticking: @tick will come, at @tick_at
 * @gone: no more resets
 * @quiet_at: in jiffies: when firewire-core is through with what the last reset left it
 * @nodes: all of them, also those that were cut off
 * @handle: the last one that was given
 * @ports: what is plugged in
 * @initiated: the card makes the reset that is under way
 * @generation: 0 .. 255, or LAB_NO_GENERATION
 * @last: the last valid one
 * @id: the card's number on the bus
 * @by_id: the others; NULL where nobody answers
 * @phys: who may reach memory, a bit for each number
 * @gap: gap count of every PHY
 * @gap_kept: it outlasts the next reset
 * @phy: registers
 * @state: CSR STATE
 * @busy_timeout: CSR
 * @priority: CSR PRIORITY_BUDGET
 * @bus_time: CSR, the bits that the cycle timer does not have
 * @locks: CSR BUS_MANAGER_ID and the three that follow
 * @old: what was in one of them
 * @rom: configuration ROM
 * @next_rom: from the next reset on
 * @rom_changed: there is one
 * @self_ids: of the last reset
 */
struct lab_card {
	struct fw_card card;
	struct platform_device *pdev;
	unsigned int number;
	spinlock_t lock; /* protects what follows */
	struct workqueue_struct *wq;
	struct work_struct wire;
	struct delayed_work tick;
	struct delayed_work reset;
	struct list_head events;
	struct list_head flight;
	struct list_head late;
	struct list_head doomed;
	struct fw_packet *completing;
	struct task_struct *completer;
	bool ticking;
	unsigned long tick_at;
	bool gone;
	unsigned long quiet_at;
	struct list_head nodes;
	u32 handle;
	struct lab_port ports[LAB1394_PORTS];
	bool initiated;
	int generation;
	int last;
	int id;
	struct lab_node *by_id[64];
	u64 phys;
	u8 gap;
	bool gap_kept;
	u8 phy[16];
	u32 state;
	u32 busy_timeout;
	u32 priority;
	u32 bus_time;
	u32 locks[4];
	__be32 old;
	__be32 rom[LAB_ROM_QUADLETS];
	__be32 next_rom[LAB_ROM_QUADLETS];
	bool rom_changed;
	u32 self_ids[LAB_SELF_IDS];
};

#define LAB_STATE_CMSTR		0x100
#define LAB_STATE_ABDICATE	0x400

/* cards.c */
extern unsigned int lab_reset_ms;
extern unsigned int lab_ack_ms;
extern unsigned int lab_requests[LAB1394_CARDS_MAX];
extern unsigned int lab_responses[LAB1394_CARDS_MAX];
extern unsigned int lab_resets[LAB1394_CARDS_MAX];
struct lab_card *lab_card_find(u32 number);
u32 lab_timestamp(void);

/* wire.c */
struct lab_message *lab_message_alloc(size_t room, gfp_t gfp);
void lab_messages_free(struct list_head *list);
void lab_post(struct lab_card *card, struct lab_message *msg);
void lab_tick_at(struct lab_card *card, unsigned long deadline);
void lab_quiet_later(struct lab_card *card, unsigned int ms);
void lab_packet_end(struct lab_card *card, struct fw_packet *packet, int ack);
void lab_complete(struct lab_card *card, struct lab_message *msg, int ack);
void lab_flush(struct lab_card *card, int ack);
void lab_wire_run(struct lab_card *card);
void lab_wire_work(struct work_struct *work);
void lab_tick_work(struct work_struct *work);

/* send.c */
void lab_send_request(struct fw_card *fw, struct fw_packet *packet);
void lab_send_response(struct fw_card *fw, struct fw_packet *packet);
int lab_cancel_packet(struct fw_card *fw, struct fw_packet *packet);

/* unit.c */
void lab_unit_local(struct lab_card *card, struct lab_message *msg);
void lab_unit_ask(struct lab_card *card, struct lab_message *msg);
void lab_answer(struct lab_message *msg, u32 rcode, const void *data, size_t length);

/* bus.c */
int lab_bus_plug(struct lab_node *node, struct lab1394_plug *plug);
void lab_bus_leave(struct lab_card *card, struct lab_node *node);
void lab_bus_reset(struct lab_card *card);
void lab_bus_work(struct work_struct *work);

/* node.c */
int lab_node_register(void);
void lab_node_unregister(void);

static inline struct lab_card *lab_card_of(struct fw_card *fw)
{
	return container_of(fw, struct lab_card, card);
}

#endif
