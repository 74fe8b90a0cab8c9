# SPDX-License-Identifier: GPL-2.0-or-later
#
# build/lab/vbridge, the virtual enclosure. Included by the Makefile at the
# top; works alone, too: make -f tests/lab/vbridge/vbridge.mk build/lab/vbridge
ifndef PROFILE_SRCS
include tools/tools.mk
endif
ifndef MODEL_SRCS
include tools/model/model.mk
endif

VBRIDGE := $(BUILD)/lab/vbridge
VBRIDGE_OBJ := $(BUILD)/lab/obj

# The enclosure itself, which knows nothing of how it hangs on this machine:
# the unit tests and the fuzzer are linked with it, too.
VBRIDGE_BOX_SRCS := $(addprefix tests/lab/vbridge/,bot.c box.c box_command.c command.c \
	control.c desc.c fault.c fault_spec.c trace.c wall.c \
	fw/agent.c fw/fw.c fw/identity.c fw/login.c fw/node.c fw/orb.c fw/quadlet.c fw/rom.c fw/sbp2.c \
	scsi/ata.c scsi/buffer.c scsi/disk.c scsi/dvd.c scsi/lun.c scsi/scsi.c)
VBRIDGE_SRCS := $(VBRIDGE_BOX_SRCS) $(MODEL_SRCS) $(filter-out %/index_build.c,$(PROFILE_SRCS)) \
	$(addprefix tests/lab/vbridge/,build.c commands.c ctl.c load.c main.c options.c session.c \
	usb_host.c usbip.c vhci.c fw/cable.c fw/find.c fw/host.c fw/options.c)
VBRIDGE_OBJS := $(VBRIDGE_SRCS:%.c=$(VBRIDGE_OBJ)/%.o)
VBRIDGE_CPPFLAGS := -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -Itests/lab/vbridge -Itools/model \
	-Ikmod/logic -Itools/lib
VBRIDGE_CFLAGS := -std=gnu11 -O2 -g -Wall -Wextra -Werror $(CFLAGS)

LAB_PROGRAMS += $(VBRIDGE)

$(VBRIDGE): $(VBRIDGE_OBJS)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(VBRIDGE_CFLAGS) $(LDFLAGS) -o $@ $(VBRIDGE_OBJS) $(PROFILE_LIBS)

$(VBRIDGE_OBJ)/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(VBRIDGE_CPPFLAGS) $(CPPFLAGS) $(VBRIDGE_CFLAGS) -MMD -MP -c -o $@ $<

-include $(VBRIDGE_OBJS:.o=.d)

# The hostile hosts (tests/fuzz/fuzz.mk runs them) need the enclosure.
VBRIDGE_FUZZ_OBJS := $(patsubst %.c,$(FUZZ_DIR)/obj/%.o,$(VBRIDGE_BOX_SRCS) $(MODEL_SRCS) \
	$(addprefix tests/lab/vbridge/,load.c usbip.c))
VBRIDGE_FUZZERS := fuzz_bot fuzz_sbp2
FUZZ_FLAGS_bot := -max_len=2048
FUZZ_FLAGS_sbp2 := -max_len=2048

$(VBRIDGE_FUZZ_OBJS) $(VBRIDGE_FUZZERS:%=$(FUZZ_DIR)/obj/tests/fuzz/%.o): TOOLS_CPPFLAGS := \
	$(VBRIDGE_CPPFLAGS) -Itests/unit -Itests/fuzz

$(VBRIDGE_FUZZERS:%=$(FUZZ_DIR)/%): $(FUZZ_DIR)/%: $(FUZZ_DIR)/obj/tests/fuzz/%.o \
		$(VBRIDGE_FUZZ_OBJS) $(FUZZ_OBJS)
	$(call say,LD,$@)
	$(Q)$(FUZZ_CC) $(FUZZ_CFLAGS) -o $@ $^ $(PROFILE_LIBS)

-include $(VBRIDGE_FUZZ_OBJS:.o=.d)
