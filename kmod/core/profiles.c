// SPDX-License-Identifier: GPL-2.0-or-later
/* Compiled profiles, from where the firmware loader finds them. */
#include <linux/slab.h>

#include "core.h"
#include "known_profiles.h"

#define SYSTEM_INDEX	"bridgefw/index.bin"
#define LOCAL_INDEX	"bridgefw/local-index.bin"

/**
 * bridgefw_hash() - SHA-256
 * @data: bytes
 * @len: how many
 * @out: BRIDGEFW_HASH_SIZE bytes
 */
void bridgefw_hash(const u8 *data, u32 len, u8 *out)
{
	sha256(data, len, out);
}

/*
 * A profile is trusted as the system's own when it is, byte for byte, one that
 * was compiled together with this module. Where the file lies says nothing.
 */
static bool profile_is_known(const struct firmware *fw)
{
	u8 hash[BRIDGEFW_HASH_SIZE];
	size_t i;

	bridgefw_hash(fw->data, fw->size, hash);
	for (i = 0; i < ARRAY_SIZE(bridgefw_known_profiles); i++)
		if (!memcmp(hash, bridgefw_known_profiles[i], sizeof(hash)))
			return true;
	return false;
}

static bool name_valid(const char *name)
{
	size_t i, len = strnlen(name, BFP_NAME_MAX);

	if (!len || len >= BFP_NAME_MAX)
		return false;
	for (i = 0; i < len; i++)
		if (!(name[i] >= 'a' && name[i] <= 'z') && !(name[i] >= '0' && name[i] <= '9') &&
		    name[i] != '-' && name[i] != '_')
			return false;
	return true;
}

/**
 * bridgefw_profile_load() - load and check a profile
 * @name: of the chip
 * @dev: for messages; may be NULL
 *
 * Return: a reference; ERR_PTR(-ENOENT) if there is none of that name,
 * -EINVAL if name or file are not valid, -ENOMEM.
 */
struct bridgefw_profile *bridgefw_profile_load(const char *name, struct device *dev)
{
	struct bridgefw_profile *profile;
	struct bfp_error e;
	char path[BFP_NAME_MAX + 16];
	int ret;

	if (!name_valid(name))
		return ERR_PTR(-EINVAL);
	profile = kzalloc(sizeof(*profile), GFP_KERNEL);
	if (!profile)
		return ERR_PTR(-ENOMEM);
	kref_init(&profile->ref);
	strscpy(profile->name, name, sizeof(profile->name));
	snprintf(path, sizeof(path), "bridgefw/%s.bin", name);
	ret = request_firmware_direct(&profile->fw, path, dev);
	if (ret)
		goto err_free;
	ret = bfp_check(&profile->p, profile->fw->data, profile->fw->size, &e);
	if (ret) {
		pr_err("bridgefw: profile %s: %s\n", path, e.text);
		ret = -EINVAL;
		goto err_fw;
	}
	if (strcmp(bfp_string(&profile->p, bfp_header(&profile->p)->name), name)) {
		pr_err("bridgefw: profile %s is of another chip\n", path);
		ret = -EINVAL;
		goto err_fw;
	}
	profile->local = !profile_is_known(profile->fw);
	return profile;

err_fw:
	release_firmware(profile->fw);
err_free:
	kfree(profile);
	return ERR_PTR(ret);
}

static int index_match(const char *path, const struct bfp_device_id *id,
		       struct device *dev, char *name)
{
	const struct bfp_index_entry *entry;
	const struct firmware *fw;
	struct bfp_error e;
	int ret;

	ret = request_firmware_direct(&fw, path, dev);
	if (ret)
		return ret == -ENOMEM ? ret : -ENODEV;
	if (bfp_index_check(fw->data, fw->size, &e)) {
		pr_err("bridgefw: %s: %s\n", path, e.text);
		ret = -ENODEV;
		goto out;
	}
	entry = bfp_index_match(fw->data, id);
	ret = entry ? 0 : -ENODEV;
	if (entry)
		strscpy(name, entry->profile, BFP_NAME_MAX);
out:
	release_firmware(fw);
	return ret;
}

/* What an index names must be there. */
static struct bridgefw_profile *load_named(const char *name, struct device *dev)
{
	struct bridgefw_profile *profile = bridgefw_profile_load(name, dev);

	if (!IS_ERR(profile))
		return profile;
	dev_err(dev, "bridgefw: the index names profile %s, which cannot be used (%ld)\n",
		name, PTR_ERR(profile));
	return ERR_PTR(PTR_ERR(profile) == -ENOMEM ? -ENOMEM : -EINVAL);
}

/**
 * bridgefw_profile_match() - the profile whose ids a device shows
 * @id: what it shows
 * @dev: for messages
 *
 * The user's own index is asked first.
 *
 * Return: a reference; ERR_PTR(-ENODEV) if no index has the id, or another
 * error of loading what the index named.
 */
struct bridgefw_profile *bridgefw_profile_match(const struct bfp_device_id *id,
						struct device *dev)
{
	char name[BFP_NAME_MAX];
	int ret;

	ret = index_match(LOCAL_INDEX, id, dev, name);
	if (ret == -ENODEV)
		ret = index_match(SYSTEM_INDEX, id, dev, name);
	if (ret)
		return ERR_PTR(ret);
	return load_named(name, dev);
}

/**
 * bridgefw_profile_of_system() - the profile that the system's own index has for a device
 * @id: what it shows
 * @dev: for messages
 *
 * Return: as bridgefw_profile_match().
 */
struct bridgefw_profile *bridgefw_profile_of_system(const struct bfp_device_id *id,
						    struct device *dev)
{
	char name[BFP_NAME_MAX];
	int ret = index_match(SYSTEM_INDEX, id, dev, name);

	return ret ? ERR_PTR(ret) : load_named(name, dev);
}

static void profile_free(struct kref *ref)
{
	struct bridgefw_profile *profile = container_of(ref, struct bridgefw_profile, ref);

	release_firmware(profile->fw);
	kfree(profile);
}

/** bridgefw_profile_put() - drop a reference */
void bridgefw_profile_put(struct bridgefw_profile *profile)
{
	if (!IS_ERR_OR_NULL(profile))
		kref_put(&profile->ref, profile_free);
}
