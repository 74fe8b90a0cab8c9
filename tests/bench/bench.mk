# SPDX-License-Identifier: GPL-2.0-or-later
#
# make bench: what the modules and the tool cost, each against its ideal, in one run.
# KERNEL=6.1 for the other kernel; BENCH_PAIRS=N for other than 20 pairs.

BENCH := $(BUILD)/lab/bench/readloop $(BUILD)/lab/bench/latency

$(BENCH): $(BUILD)/lab/bench/%: tests/bench/%.c
	$(Q)mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -O2 -g -Wall -Wextra -Werror -o $@ $<

bench: KERNEL ?= 6.12
bench: packages
	$(Q)$(MAKE) --no-print-directory lab-$(or $(KERNEL),6.12) $(BENCH)
	$(Q)mkdir -p $(BUILD)/results
	$(Q)tests/bench/bench $(or $(KERNEL),6.12) $(BUILD)/results/bench.json

.PHONY: bench
