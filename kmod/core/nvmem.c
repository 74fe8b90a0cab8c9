// SPDX-License-Identifier: GPL-2.0-or-later
/* EEPROM-like memories as NVMEM devices, read-only: writing needs a job. */
#include <linux/nvmem-provider.h>

#include "core.h"

/* NVMEM knows no short reads: what lies beyond the device's own length is 0xff. */
static int nvmem_reg_read(void *priv, unsigned int offset, void *val, size_t bytes)
{
	struct bridgefw *b = priv;
	ssize_t got;

	got = bridgefw_mem_read(bridgefw_mem_default(b), NULL, offset, val, bytes);
	if (got < 0)
		return got;
	memset((u8 *)val + got, 0xff, bytes - got);
	return 0;
}

/**
 * bridgefw_nvmem_add() - make the default memory an NVMEM device
 * @b: bridge, registered
 *
 * Return: 0 (also if it is no EEPROM) or a negative errno.
 */
int bridgefw_nvmem_add(struct bridgefw *b)
{
	struct bridgefw_mem *m = bridgefw_mem_default(b);
	struct nvmem_config config = {
		.dev = &b->dev,
		.name = dev_name(&b->dev),
		.id = NVMEM_DEVID_NONE,
		.owner = THIS_MODULE,
		.type = NVMEM_TYPE_EEPROM,
		.read_only = true,
		.root_only = true,
		.word_size = 1,
		.stride = 1,
		.reg_read = nvmem_reg_read,
		.priv = b,
	};
	struct nvmem_device *nvmem;

	if (!m || !m->read || m->rec->kind != BFP_EEPROM)
		return 0;
	config.size = le32_to_cpu(m->rec->size);
	nvmem = nvmem_register(&config);
	if (IS_ERR(nvmem))
		return PTR_ERR(nvmem);
	b->nvmem = nvmem;
	return 0;
}

/**
 * bridgefw_nvmem_remove() - undo bridgefw_nvmem_add()
 * @b: bridge
 *
 * A consumer in the kernel may keep the NVMEM device; it is a child of ours
 * and so keeps the bridge, and reading gives -ENXIO.
 */
void bridgefw_nvmem_remove(struct bridgefw *b)
{
	nvmem_unregister(b->nvmem);
	b->nvmem = NULL;
}
