# SPDX-License-Identifier: GPL-2.0-or-later
#
# Fuzzers: each tests/fuzz/fuzz_NAME.c is one, built with clang's libFuzzer,
# AddressSanitizer and UndefinedBehaviorSanitizer, and starts from the profiles
# of the tree.
#
#	make check-fuzz			a short run of each; prints TAP
#	make fuzz FUZZ_SECONDS=600	longer; FUZZ="text" for some of them
#
# What they find is kept in build/fuzz/NAME-*, and their corpus in build/fuzz/NAME.

ifndef FUZZ_DIR

FUZZ_DIR := $(BUILD)/fuzz
FUZZ_CC ?= clang
FUZZ_CFLAGS := -std=gnu11 -O1 -g -Wall -Wextra -Werror -fno-omit-frame-pointer \
	-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all
FUZZ ?= $(patsubst fuzz_%,%,$(sort $(basename $(notdir $(wildcard tests/fuzz/fuzz_*.c)))))
FUZZ_SECONDS ?= 300
FUZZ_CHECK_SECONDS := 8
FUZZ_OBJS := $(PROFILE_SRCS:%.c=$(FUZZ_DIR)/obj/%.o) $(IMAGE_SRCS:%.c=$(FUZZ_DIR)/obj/%.o) \
	$(BRIDGEFW_LOGIC_1394:%=$(FUZZ_DIR)/obj/kmod/logic/%.o)
# Not at once: some are built with other directories (tests/lab/vbridge/vbridge.mk).
FUZZ_CPPFLAGS = $(TOOLS_CPPFLAGS) -Itools/image
FUZZ_FLAGS := -max_len=8192 -timeout=10 -rss_limit_mb=1024 -print_final_stats=0 -verbosity=0

FUZZ_SEEDS_text := kmod/profiles tests/lab/profiles
FUZZ_SEEDS_check := $(BUILD)/firmware/bridgefw $(BUILD)/lab/firmware/bridgefw
FUZZ_SEEDS_plan := $(FUZZ_SEEDS_check)
FUZZ_SEEDS_guard := $(FUZZ_SEEDS_check)
FUZZ_FLAGS_text := -dict=tests/fuzz/text.dict
FUZZ_FLAGS_codec := -max_len=64
FUZZ_FLAGS_drive_fixed := -max_len=512
FUZZ_FLAGS_drive_liteon := -max_len=512
FUZZ_FLAGS_drive_xflash := -max_len=512
FUZZ_FLAGS_sense := -max_len=300
FUZZ_FLAGS_topology := -max_len=1100
FUZZ_FLAGS_config_rom := -max_len=1100

HOST_CHECKS += check-fuzz

.PHONY: fuzz check-fuzz fuzz-programs
fuzz-programs: $(FUZZ:%=$(FUZZ_DIR)/fuzz_%) $(FIRMWARE) $(LAB_FIRMWARE)

# run NAME SECONDS MORE-FLAGS
fuzz_run = mkdir -p $(FUZZ_DIR)/$(1) && $(FUZZ_DIR)/fuzz_$(1) $(FUZZ_FLAGS) $(FUZZ_FLAGS_$(1)) \
	-max_total_time=$(2) $(3) -artifact_prefix=$(FUZZ_DIR)/$(1)- $(FUZZ_DIR)/$(1) $(FUZZ_SEEDS_$(1))

fuzz: fuzz-programs
	@set -e; $(foreach f,$(FUZZ),echo "# $(f)"; $(call fuzz_run,$(f),$(FUZZ_SECONDS));)

# The same seed each time: what fails once fails again.
check-fuzz: fuzz-programs
	@echo "1..$(words $(FUZZ))"; status=0; n=0; \
	$(foreach f,$(FUZZ),n=$$((n + 1)); rm -rf $(FUZZ_DIR)/$(f); \
		if $(call fuzz_run,$(f),$(FUZZ_CHECK_SECONDS),-seed=20261122) \
			>$(FUZZ_DIR)/$(f).log 2>&1; then \
			echo "ok $$n - fuzzing $(f) for $(FUZZ_CHECK_SECONDS) s"; \
		else \
			echo "not ok $$n - fuzzing $(f): see $(FUZZ_DIR)/$(f).log"; status=1; \
			tail -n 30 $(FUZZ_DIR)/$(f).log | sed 's/^/# /'; \
		fi;) exit $$status

$(FUZZ_DIR)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(FUZZ_CC) $(FUZZ_CPPFLAGS) $(FUZZ_CFLAGS:-fsanitize=fuzzer%=-fsanitize=fuzzer-no-link%) \
		-MMD -MP -c -o $@ $<

$(FUZZ_DIR)/fuzz_%: $(FUZZ_DIR)/obj/tests/fuzz/fuzz_%.o $(FUZZ_OBJS)
	$(call say,LD,$@)
	$(Q)$(FUZZ_CC) $(FUZZ_CFLAGS) -o $@ $< $(FUZZ_OBJS) $(PROFILE_LIBS)

-include $(FUZZ_OBJS:.o=.d) $(FUZZ:%=$(FUZZ_DIR)/obj/tests/fuzz/fuzz_%.d)

endif
