/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What both tests use: a node that a thread serves, and what the kernel has made of it.
 */
#ifndef CABLE_NODE_H
#define CABLE_NODE_H

#include <dirent.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/firewire-cdev.h>
#include <linux/firewire-constants.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "lab_1394.h"

#define CSR_BASE	0xfffff0000000ULL
#define CONFIG_ROM	(CSR_BASE + 0x400)
#define TOPOLOGY_MAP	(CSR_BASE + 0x1000)
#define ROM_MAX		256

/*
 * A node: what it is plugged in as, and what it answers. @answer may be NULL; it gets a
 * request that is not for the configuration ROM, fills in the response, and says whether
 * to send it.
 */
struct node {
	struct lab1394_plug plug;
	int fd;
	int stop[2];
	pthread_t thread;
	__u32 rom[ROM_MAX];
	unsigned int quadlets;
	bool (*answer)(struct node *node, const struct lab1394_packet *request,
		       struct lab1394_packet *response);
	pthread_mutex_t lock;
	pthread_cond_t changed;
	/* under lock */
	unsigned int requests;
	unsigned int resets;
	__u32 generation;
	__u32 id;
	__u32 card_id;
	bool answered;
	struct lab1394_packet reply;
	bool gone;
};

static inline __u64 now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000ULL + now.tv_nsec / 1000000;
}

static inline __u16 rom_crc(const __u32 *block, unsigned int quadlets)
{
	__u32 crc = 0;

	for (unsigned int i = 0; i < quadlets * 32; i++) {
		__u32 bit = block[i / 32] >> (31 - i % 32) & 1;

		crc = (crc << 1) ^ ((crc >> 15 ^ bit) & 1 ? 0x1021 : 0);
	}
	return crc;
}

/*
 * The least that firewire-core takes: bus information, and a root directory with a vendor
 * and its name. The name ends it: where a directory does, firewire-core reads beyond.
 */
static inline void rom_make(struct node *node, __u64 guid)
{
	__u32 *rom = node->rom;

	rom[1] = 0x31333934;
	rom[2] = 0x0000a002;
	rom[3] = guid >> 32;
	rom[4] = guid;
	rom[0] = 0x04040000 | rom_crc(&rom[1], 4);
	rom[6] = 0x03000000 | (__u32)(guid >> 40);
	rom[7] = 0x81000001;
	rom[5] = 0x00020000 | rom_crc(&rom[6], 2);
	rom[11] = 0x6c616200;
	rom[8] = 0x00030000 | rom_crc(&rom[9], 3);
	node->quadlets = 12;
}

static inline int packet_write(int fd, const struct lab1394_packet *packet)
{
	bool data = packet->type == LAB1394_RESPONSE ||
		    (packet->type == LAB1394_SEND && packet->tcode != 4 && packet->tcode != 5);
	size_t size = LAB1394_PACKET_HEAD + (data ? packet->length : 0);
	ssize_t done = write(fd, packet, size);

	return done == (ssize_t)size ? 0 : -errno;
}

static inline void node_rom(const struct node *node, const struct lab1394_packet *request,
			    struct lab1394_packet *response)
{
	__u64 start = (request->offset - CONFIG_ROM) / 4;

	response->rcode = 7;
	if (request->tcode != 4 || start >= node->quadlets)
		return;
	response->rcode = 0;
	response->length = 4;
	for (int i = 0; i < 4; i++)
		response->data[i] = node->rom[start] >> (24 - 8 * i);
}

static inline void node_handle(struct node *node, const struct lab1394_packet *packet)
{
	struct lab1394_packet response = { .type = LAB1394_RESPONSE, .tag = packet->tag };
	bool send = true;

	pthread_mutex_lock(&node->lock);
	if (packet->type == LAB1394_BUS_RESET) {
		node->resets++;
		node->generation = packet->generation;
		node->id = packet->destination;
		node->card_id = packet->source;
	} else if (packet->type == LAB1394_ANSWER) {
		node->reply = *packet;
		node->answered = true;
	} else {
		node->requests++;
	}
	pthread_cond_broadcast(&node->changed);
	pthread_mutex_unlock(&node->lock);
	if (packet->type != LAB1394_REQUEST)
		return;
	response.rcode = 7;
	if (packet->offset >= CONFIG_ROM && packet->offset < CONFIG_ROM + 0x400)
		node_rom(node, packet, &response);
	else if (node->answer)
		send = node->answer(node, packet, &response);
	if (send)
		packet_write(node->fd, &response);
}

static inline void *node_serve(void *arg)
{
	struct node *node = arg;
	struct pollfd polled[2] = {
		{ .fd = node->fd, .events = POLLIN }, { .fd = node->stop[0], .events = POLLIN },
	};
	struct lab1394_packet packet;

	while (poll(polled, 2, -1) > 0 && !polled[1].revents) {
		if (read(node->fd, &packet, sizeof(packet)) >= LAB1394_PACKET_HEAD)
			node_handle(node, &packet);
		else if (errno == EPIPE)
			break;
	}
	pthread_mutex_lock(&node->lock);
	node->gone = true;
	pthread_cond_broadcast(&node->changed);
	pthread_mutex_unlock(&node->lock);
	return NULL;
}

static inline void node_init(struct node *node, __u32 flags)
{
	memset(node, 0, sizeof(*node));
	node->fd = -1;
	node->plug.flags = flags;
	node->plug.port = -1;
	node->plug.speed = 2;
	pthread_mutex_init(&node->lock, NULL);
	pthread_cond_init(&node->changed, NULL);
}

/* Plug it in, and serve it. 0 or a negative error. */
static inline int node_start(struct node *node)
{
	node->fd = open("/dev/lab1394", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (node->fd < 0)
		return -errno;
	if (ioctl(node->fd, LAB1394_PLUG, &node->plug) || pipe(node->stop)) {
		int error = -errno;

		close(node->fd);
		node->fd = -1;
		return error;
	}
	return -pthread_create(&node->thread, NULL, node_serve, node);
}

/* Pull its cable. */
static inline void node_stop(struct node *node)
{
	if (node->fd < 0)
		return;
	if (write(node->stop[1], "x", 1) == 1)
		pthread_join(node->thread, NULL);
	close(node->stop[0]);
	close(node->stop[1]);
	close(node->fd);
	node->fd = -1;
}

/* Wait until @condition holds of the node, at most some seconds; with its lock. */
#define node_wait(who, seconds, condition) ({ \
	struct node *waited_ = (who); \
	struct timespec until_; \
	bool holds_; \
	clock_gettime(CLOCK_REALTIME, &until_); \
	until_.tv_sec += (seconds); \
	pthread_mutex_lock(&waited_->lock); \
	while (!(holds_ = (condition)) && \
	       !pthread_cond_timedwait(&waited_->changed, &waited_->lock, &until_)) \
		; \
	pthread_mutex_unlock(&waited_->lock); \
	holds_; })

/* Wait until @condition holds, looking again and again. */
#define eventually(seconds, condition) ({ \
	__u64 until_ = now_ms() + 1000ULL * (seconds); \
	bool holds_; \
	while (!(holds_ = (condition)) && now_ms() < until_) \
		usleep(20000); \
	holds_; })

/* A request of the node's, and its answer's rcode; -1 if none came. */
static inline int node_ask(struct node *node, struct lab1394_packet *ask)
{
	pthread_mutex_lock(&node->lock);
	node->answered = false;
	ask->type = LAB1394_SEND;
	ask->tag++;
	if (!ask->destination) {
		ask->destination = node->card_id;
		ask->generation = node->generation;
	}
	pthread_mutex_unlock(&node->lock);
	if (packet_write(node->fd, ask))
		return -1;
	if (!node_wait(node, 5, node->answered && node->reply.tag == ask->tag))
		return -1;
	return node->reply.rcode;
}

/* ---- the kernel's side ------------------------------------------------------------- */

/* An attribute of a FireWire device as a number, or -1. */
static inline long long device_attribute(const char *name, const char *attribute)
{
	char path[300], text[40] = "";
	FILE *file;

	snprintf(path, sizeof(path), "/sys/bus/firewire/devices/%s/%s", name, attribute);
	file = fopen(path, "re");
	if (!file)
		return -1;
	if (!fgets(text, sizeof(text), file))
		text[0] = '\0';
	fclose(file);
	return text[0] ? strtoll(text, NULL, 0) : -1;
}

/* Number N of the fwN with this guid, or -1. */
static inline int device_find(__u64 guid)
{
	DIR *dir = opendir("/sys/bus/firewire/devices");
	struct dirent *entry;
	int found = -1;

	while (dir && found < 0 && (entry = readdir(dir))) {
		if (strncmp(entry->d_name, "fw", 2) || strchr(entry->d_name, '.'))
			continue;
		if (device_attribute(entry->d_name, "guid") == (long long)guid)
			found = atoi(entry->d_name + 2);
	}
	if (dir)
		closedir(dir);
	return found;
}

/* Nodes that firewire-core has a device for. */
static inline int device_count(void)
{
	DIR *dir = opendir("/sys/bus/firewire/devices");
	struct dirent *entry;
	int count = 0;

	while (dir && (entry = readdir(dir)))
		count += !strncmp(entry->d_name, "fw", 2) && !strchr(entry->d_name, '.');
	if (dir)
		closedir(dir);
	return count;
}

static inline int device_open(int number)
{
	char path[40];

	snprintf(path, sizeof(path), "/dev/fw%d", number);
	return open(path, O_RDWR | O_CLOEXEC);
}

/* The generation that the kernel has for this device. */
static inline __u32 device_generation(int fd)
{
	struct fw_cdev_event_bus_reset reset = { };
	struct fw_cdev_get_info info = { .version = 5, .bus_reset = (unsigned long)&reset };

	return ioctl(fd, FW_CDEV_IOC_GET_INFO, &info) ? 0 : reset.generation;
}

/* One transaction by the kernel: its rcode, or -1. */
static inline int device_transact_at(int fd, __u32 generation, __u32 tcode, __u64 offset,
				     void *data, __u32 length)
{
	struct fw_cdev_send_request request = {
		.tcode = tcode, .length = length, .offset = offset,
		.data = tcode == TCODE_READ_QUADLET_REQUEST || tcode == TCODE_READ_BLOCK_REQUEST ?
			0 : (unsigned long)data,
		.closure = 0x5a5a, .generation = generation,
	};
	union {
		struct fw_cdev_event_response response;
		__u8 bytes[sizeof(struct fw_cdev_event_response) + LAB1394_DATA_MAX];
	} event;
	struct pollfd polled = { .fd = fd, .events = POLLIN };

	if (ioctl(fd, FW_CDEV_IOC_SEND_REQUEST, &request))
		return -1;
	while (poll(&polled, 1, 10000) == 1) {
		if (read(fd, &event, sizeof(event)) <= 0)
			return -1;
		if (event.response.type != FW_CDEV_EVENT_RESPONSE ||
		    event.response.closure != 0x5a5a)
			continue;
		if (!event.response.rcode && !request.data)
			memcpy(data, event.response.data,
			       event.response.length < length ? event.response.length : length);
		return event.response.rcode;
	}
	return -1;
}

/* The same in the present generation, whichever that is. */
static inline int device_transact(int fd, __u32 tcode, __u64 offset, void *data, __u32 length)
{
	int rcode = RCODE_GENERATION;

	for (int try = 0; try < 20 && rcode == RCODE_GENERATION; try++) {
		rcode = device_transact_at(fd, device_generation(fd), tcode, offset, data, length);
		if (rcode == RCODE_GENERATION)
			usleep(50000);
	}
	return rcode;
}

#define CARD_GUID	0x001f11001394ab00ULL

/* Self-IDs as the card's own topology map has them: how many, or -1. */
static inline int topology_read(int fd, __u32 *self_ids, int room)
{
	__u32 map[64];
	int count;

	if (device_transact(fd, TCODE_READ_BLOCK_REQUEST, TOPOLOGY_MAP, map, sizeof(map)))
		return -1;
	count = be32toh(map[2]) & 0xffff;
	for (int i = 0; i < count && i < room; i++)
		self_ids[i] = be32toh(map[3 + i]);
	return count;
}

/* A module parameter's first number. */
static inline unsigned int parameter(const char *name)
{
	char path[80];
	unsigned int value = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/sys/module/lab_1394/parameters/%s", name);
	file = fopen(path, "re");
	if (!file)
		return 0;
	if (fscanf(file, "%u", &value) != 1)
		value = 0;
	fclose(file);
	return value;
}

/* Take the module in anew: two cards, each with an empty bus. */
static inline int module_load(void)
{
	if (system("rmmod lab_1394 2>/dev/null; modprobe lab_1394 && udevadm settle"))
		return -1;
	return eventually(5, device_find(CARD_GUID) >= 0 && device_count() == 2) ? 0 : -1;
}

#endif
