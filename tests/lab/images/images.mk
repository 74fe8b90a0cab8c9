# SPDX-License-Identifier: GPL-2.0-or-later
#
# Firmware for the lab's made-up chips, build/lab/images/CHIP-VARIANT.bin, made
# from the rules of their profiles. Included by tools/tools.mk.
#
#	a	valid
#	b	valid, differs everywhere
#	a1	like a, but for one sector that is not the boot sector
#	boot	like a, but for the boot sector

LAB_FLASH_CHIPS := lab-at49 lab-gone lab-nor lab-oxfw911 lab-oxfw912 lab-renum lab-sum
LAB_FLASH_IMAGES := $(foreach chip,$(LAB_FLASH_CHIPS),$(foreach v,a b a1 boot,\
	$(BUILD)/lab/images/$(chip)-$(v).bin))

LAB_MKIMAGE := $(BUILD)/lab/mkimage
LAB_MKIMAGE_OBJS := $(patsubst %.c,$(TOOLS_OBJ)/%.o,$(addprefix tests/lab/images/,content.c \
	mkimage.c) $(filter-out %/index_build.c,$(PROFILE_SRCS)))

$(TOOLS_OBJ)/tests/lab/images/%.o: TOOLS_CPPFLAGS += -Itests/lab/images

$(LAB_MKIMAGE): $(LAB_MKIMAGE_OBJS)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(TOOLS_CFLAGS) $(LDFLAGS) -o $@ $(LAB_MKIMAGE_OBJS) $(PROFILE_LIBS)

define lab_flash_image
$(BUILD)/lab/images/$(1)-$(2).bin: tests/lab/profiles/$(1).profile $(LAB_MKIMAGE)
	@mkdir -p $$(@D)
	$$(Q)$(LAB_MKIMAGE) $$< $(2) $$@
endef
$(foreach chip,$(LAB_FLASH_CHIPS),$(foreach v,a b a1 boot,\
	$(eval $(call lab_flash_image,$(chip),$(v)))))

-include $(LAB_MKIMAGE_OBJS:.o=.d)
