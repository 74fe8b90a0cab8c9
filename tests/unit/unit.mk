# SPDX-License-Identifier: GPL-2.0-or-later
#
# Unit tests: each tests/unit/NAME.c is a program that prints TAP, built with
# AddressSanitizer and UndefinedBehaviorSanitizer; each tests/unit/NAME.sh is a
# script that does. All run from the top of the tree.
#
#	make check-unit			all of them
#	make check-unit UNIT="sense"	some of them

ifndef UNIT_SANITIZE

UNIT_DIR := $(BUILD)/unit
UNIT_SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
UNIT_CPPFLAGS := $(TOOLS_CPPFLAGS) -Itests/unit -Itools/model -Itests/lab/vbridge -Itests/lab/images \
	-Itools/image
UNIT_CFLAGS := -std=gnu11 -O1 -g -Wall -Wextra -Wno-missing-field-initializers -Werror $(UNIT_SANITIZE)

# The library that the tools are made of; for model_*.c also the virtual enclosure,
# for drive_*.c what recognises images of drives. The linker takes what a test needs.
UNIT_LIB := $(UNIT_DIR)/libunit.a
UNIT_LIB_OBJS := $(LIB_SRCS:%.c=$(UNIT_DIR)/obj/%.o)
UNIT_MODEL := $(UNIT_DIR)/libmodel.a
UNIT_MODEL_SRCS := $(sort $(wildcard tools/model/*.c tests/lab/vbridge/*.c \
	tests/lab/vbridge/*/*.c tests/lab/images/content.c))
UNIT_MODEL_OBJS := $(UNIT_MODEL_SRCS:%.c=$(UNIT_DIR)/obj/%.o)
UNIT_IMAGE := $(UNIT_DIR)/libimage.a
UNIT_IMAGE_OBJS := $(IMAGE_SRCS:%.c=$(UNIT_DIR)/obj/%.o)

UNIT ?= $(sort $(basename $(notdir $(wildcard tests/unit/*.c tests/unit/*.sh))))
UNIT_PROGRAMS = $(foreach t,$(UNIT),$(if $(wildcard tests/unit/$(t).c),$(UNIT_DIR)/$(t)))

HOST_CHECKS += check-unit

.PHONY: check-unit unit-programs
unit-programs: $(UNIT_PROGRAMS) $(BRIDGEFWCTL) $(COMPANIONS) $(BUILD)/lab/vbridge $(BRIDGEFW_GEN) $(FIRMWARE) $(LAB_FIRMWARE) $(LAB_IMAGES) $(GENERATED)

# All run, whatever one of them says.
check-unit: unit-programs
	@status=0; for t in $(UNIT); do \
		echo "# $$t"; \
		if [ -e tests/unit/$$t.c ]; then $(UNIT_DIR)/$$t; else BUILD=$(BUILD) tests/unit/$$t.sh; fi || \
			{ echo "# $$t: exit status $$?"; status=1; }; \
	done; exit $$status

$(UNIT_DIR)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(UNIT_CPPFLAGS) $(UNIT_CFLAGS) -MMD -MP -c -o $@ $<

$(UNIT_LIB): $(UNIT_LIB_OBJS)
	@rm -f $@
	@$(AR) rcs $@ $(UNIT_LIB_OBJS)

$(UNIT_MODEL): $(UNIT_MODEL_OBJS)
	@rm -f $@
	@$(AR) rcs $@ $(UNIT_MODEL_OBJS)

$(UNIT_IMAGE): $(UNIT_IMAGE_OBJS)
	@rm -f $@
	@$(AR) rcs $@ $(UNIT_IMAGE_OBJS)

$(UNIT_DIR)/drive_%: $(UNIT_DIR)/obj/tests/unit/drive_%.o $(UNIT_IMAGE) $(UNIT_LIB)
	$(call say,LD,$@)
	$(Q)$(CC) $(UNIT_CFLAGS) -o $@ $< $(UNIT_IMAGE) $(UNIT_LIB) $(TOOLS_LIBS)

$(UNIT_DIR)/model_%: $(UNIT_DIR)/obj/tests/unit/model_%.o $(UNIT_MODEL) $(UNIT_LIB)
	$(call say,LD,$@)
	$(Q)$(CC) $(UNIT_CFLAGS) -o $@ $< $(UNIT_MODEL) $(UNIT_LIB) $(TOOLS_LIBS)

$(UNIT_DIR)/%: $(UNIT_DIR)/obj/tests/unit/%.o $(UNIT_LIB)
	$(call say,LD,$@)
	$(Q)$(CC) $(UNIT_CFLAGS) -o $@ $< $(UNIT_LIB) $(TOOLS_LIBS)

-include $(UNIT_LIB_OBJS:.o=.d) $(UNIT_MODEL_OBJS:.o=.d) $(UNIT_IMAGE_OBJS:.o=.d) $(wildcard $(UNIT_DIR)/obj/tests/unit/*.d)

endif
