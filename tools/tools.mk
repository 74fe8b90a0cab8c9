# SPDX-License-Identifier: GPL-2.0-or-later
#
# The tools and what they generate at build time. Included by the Makefile at
# the top; all paths are relative to it.
#
#   tools       bridgefwctl, its companions, and the generator
#   firmware    compiled profiles and their index
#   generated   udev rules, hwdb, the support table, the module's profile hashes

BUILD ?= build
Q ?= $(if $(V),,@)
say = @$(if $(V)$(findstring s,$(firstword -$(MAKEFLAGS))),:,echo "  $(1)      $(2)")
include kmod/logic/logic.mk

TOOLS_OBJ := $(BUILD)/tools/obj
TOOLS_CPPFLAGS := -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 \
	-Ikmod/uapi -Ikmod/logic -Itools/lib
TOOLS_CFLAGS := -std=gnu11 -O2 -g -Wall -Wextra -Werror $(CFLAGS)
TOOLS_LIBS := -ludev -ljson-c -lnettle -l:libinih.a

# What it takes to compile profiles: nothing that needs a device.
PROFILE_SRCS := $(BRIDGEFW_LOGIC:%=kmod/logic/%.c) \
	$(addprefix tools/lib/,ini_file.c profile_emit.c profile_text.c profile_text_parts.c \
	profile_text_step.c profile_text_template.c profile_text_value.c index_build.c text.c)
PROFILE_LIBS := -lnettle -l:libinih.a

LIB_SRCS := $(BRIDGEFW_LOGIC:%=kmod/logic/%.c) $(BRIDGEFW_LOGIC_1394:%=kmod/logic/%.c) \
	$(sort $(wildcard tools/lib/*.c))
GEN_SRCS := $(sort $(wildcard tools/gen/*.c)) $(PROFILE_SRCS)
CTL_SRCS := $(sort $(wildcard tools/bridgefwctl/*.c))

# Companions: commands of bridgefwctl that are programs of their own. What they
# recognise is apart from their command line, so that tests and fuzzers get at it.
IMAGE_CLI_SRCS := $(sort $(wildcard $(addprefix tools/image/,main.c cli.c show.c cmd_*.c)))
IMAGE_SRCS := $(filter-out $(IMAGE_CLI_SRCS),$(sort $(wildcard tools/image/*.c)))

LIB_OBJS := $(LIB_SRCS:%.c=$(TOOLS_OBJ)/%.o)
GEN_OBJS := $(GEN_SRCS:%.c=$(TOOLS_OBJ)/%.o)
CTL_OBJS := $(CTL_SRCS:%.c=$(TOOLS_OBJ)/%.o)
IMAGE_OBJS := $(IMAGE_SRCS:%.c=$(TOOLS_OBJ)/%.o) $(IMAGE_CLI_SRCS:%.c=$(TOOLS_OBJ)/%.o)

LIBBRIDGEFW := $(BUILD)/tools/libbridgefw.a
BRIDGEFW_GEN := $(BUILD)/tools/bridgefw-gen
BRIDGEFWCTL := $(BUILD)/tools/bridgefwctl
COMPANIONS := $(BUILD)/tools/bridgefwctl-image

PROFILES := $(sort $(wildcard kmod/profiles/*.profile))
PROFILE_BINS := $(PROFILES:kmod/profiles/%.profile=$(BUILD)/firmware/bridgefw/%.bin)
LAB_PROFILES := $(sort $(wildcard tests/lab/profiles/*.profile))
LAB_PROFILE_BINS := $(LAB_PROFILES:tests/lab/profiles/%.profile=$(BUILD)/lab/firmware/bridgefw/%.bin)

LAB_IMAGES := $(patsubst tests/lab/images/%.hex,$(BUILD)/lab/images/%.bin,\
	$(sort $(wildcard tests/lab/images/*.hex)))
LAB_FLASH_IMAGES :=
-include tests/lab/images/images.mk
LAB_IMAGES += $(LAB_FLASH_IMAGES)

# An empty local index keeps the firmware loader from complaining of a missing one;
# the user's own lies in a directory that it looks into first.
FIRMWARE := $(PROFILE_BINS) $(BUILD)/firmware/bridgefw/index.bin \
	$(BUILD)/firmware/bridgefw/local-index.bin
LAB_FIRMWARE := $(LAB_PROFILE_BINS) $(BUILD)/lab/firmware/bridgefw/index.bin
GENERATED := $(BUILD)/gen/known_profiles.h $(BUILD)/udev/60-bridgefw.rules \
	$(BUILD)/udev/60-bridgefw.hwdb $(BUILD)/doc/supported-chips.rst
LAB_PROGRAMS += $(LAB_FIRMWARE) $(LAB_IMAGES)

.PHONY: tools firmware lab-firmware lab-images generated
tools: $(BRIDGEFW_GEN) $(BRIDGEFWCTL) $(COMPANIONS) $(FIRMWARE) $(GENERATED)
firmware: $(FIRMWARE)
lab-firmware: $(LAB_FIRMWARE)
lab-images: $(LAB_IMAGES)
generated: $(GENERATED)

$(TOOLS_OBJ)/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(TOOLS_CPPFLAGS) $(CPPFLAGS) $(TOOLS_CFLAGS) -MMD -MP -c -o $@ $<

# A file that was taken away must not live on in the archive.
$(LIBBRIDGEFW): $(LIB_OBJS)
	@rm -f $@
	$(AR) rcs $@ $(LIB_OBJS)

$(BRIDGEFW_GEN): $(GEN_OBJS)
	$(call say,LD,$@)
	$(Q)$(CC) $(TOOLS_CFLAGS) $(LDFLAGS) -o $@ $(GEN_OBJS) $(PROFILE_LIBS)

$(BRIDGEFWCTL): $(CTL_OBJS) $(LIBBRIDGEFW)
	$(call say,LD,$@)
	$(Q)$(CC) $(TOOLS_CFLAGS) $(LDFLAGS) -o $@ $(CTL_OBJS) $(LIBBRIDGEFW) $(TOOLS_LIBS)

$(BUILD)/tools/bridgefwctl-image: $(IMAGE_OBJS) $(LIBBRIDGEFW)
	$(call say,LD,$@)
	$(Q)$(CC) $(TOOLS_CFLAGS) $(LDFLAGS) -o $@ $(IMAGE_OBJS) $(LIBBRIDGEFW) -ljson-c -lnettle

$(BUILD)/firmware/bridgefw/%.bin: kmod/profiles/%.profile $(BRIDGEFW_GEN)
	@mkdir -p $(@D)
	$(Q)$(BRIDGEFW_GEN) compile $@ $<

$(BUILD)/lab/firmware/bridgefw/%.bin: tests/lab/profiles/%.profile $(BRIDGEFW_GEN)
	@mkdir -p $(@D)
	$(Q)$(BRIDGEFW_GEN) compile $@ $<

$(BUILD)/lab/images/%.bin: tests/lab/images/%.hex $(BRIDGEFW_GEN)
	@mkdir -p $(@D)
	$(Q)$(BRIDGEFW_GEN) hex $@ $<

# The lists change when a profile is added or taken away, without any file being newer.
$(BUILD)/gen/profiles.list: FORCE
	@mkdir -p $(@D)
	@echo '$(PROFILE_BINS) $(LAB_PROFILE_BINS)' | cmp -s - $@ || { \
		rm -f $(filter-out $(PROFILE_BINS) $(LAB_PROFILE_BINS),$(wildcard \
			$(BUILD)/firmware/bridgefw/*.bin $(BUILD)/lab/firmware/bridgefw/*.bin)); \
		echo '$(PROFILE_BINS) $(LAB_PROFILE_BINS)' > $@; }

$(BUILD)/firmware/bridgefw/index.bin: $(PROFILE_BINS) $(BUILD)/gen/profiles.list
	$(Q)$(BRIDGEFW_GEN) index $@ $(PROFILE_BINS)

$(BUILD)/firmware/bridgefw/local-index.bin: $(BRIDGEFW_GEN) $(BUILD)/gen/profiles.list
	@mkdir -p $(@D)
	$(Q)$(BRIDGEFW_GEN) index $@

$(BUILD)/lab/firmware/bridgefw/index.bin: $(LAB_PROFILE_BINS) $(BUILD)/gen/profiles.list
	$(Q)$(BRIDGEFW_GEN) index $@ $(LAB_PROFILE_BINS)

$(BUILD)/gen/known_profiles.h: $(PROFILE_BINS) $(BUILD)/gen/profiles.list
	$(Q)$(BRIDGEFW_GEN) known-profiles $@ $(PROFILE_BINS)

# The table is also in the tree, for readers who have nothing built.
Documentation/supported-chips.rst: $(BUILD)/doc/supported-chips.rst
	@cmp -s $< $@ || cp $< $@

$(BUILD)/udev/60-bridgefw.rules: $(PROFILE_BINS) $(BUILD)/gen/profiles.list udev/60-bridgefw.rules.in
	@mkdir -p $(@D)
	$(Q)$(BRIDGEFW_GEN) udev $(BUILD)/gen/rules.ids $(PROFILE_BINS)
	$(Q)cat $(BUILD)/gen/rules.ids udev/60-bridgefw.rules.in > $@.part && mv $@.part $@

$(BUILD)/udev/60-bridgefw.hwdb: $(PROFILE_BINS) $(BUILD)/gen/profiles.list
	@mkdir -p $(@D)
	$(Q)$(BRIDGEFW_GEN) hwdb $@ $(PROFILE_BINS)

$(BUILD)/doc/supported-chips.rst: $(PROFILE_BINS) $(BUILD)/gen/profiles.list
	@mkdir -p $(@D)
	$(Q)$(BRIDGEFW_GEN) table $@ $(PROFILE_BINS)

FORCE:

-include $(LIB_OBJS:.o=.d) $(GEN_OBJS:.o=.d) $(CTL_OBJS:.o=.d) $(IMAGE_OBJS:.o=.d)

# What is tested on this machine, without a guest.
-include tests/unit/unit.mk tests/fuzz/fuzz.mk
