# SPDX-License-Identifier: GPL-2.0-or-later
#
#	make			the tools, and the modules for the running kernel
#	make demo		a virtual enclosure from plug-in to a restored EEPROM
#	make check		every test
#	make bench		what it costs, each figure against its ideal
#	make check-build	the modules against every kernel, compiler and checker
#	make install		DESTDIR=, KREL= (kernel release), PREFIX= (/usr)
#	make uninstall
#	make lab		all that a guest of tests/lab/vm has of this project
#	make clean		what was built; `make distclean` what was downloaded, too
#
# Only demo, bench and the checks install packages. Everything made here is
# under build/.

TOP := $(CURDIR)
BUILD := build

KREL ?= $(shell uname -r)
KDIR ?= /lib/modules/$(KREL)/build

PREFIX ?= /usr
DESTDIR ?=

Q = $(if $(V),,@)

all: tools firmware generated modules

# What is built in which room stands there.
-include tools/tools.mk tools/model/model.mk tests/lab/vbridge/vbridge.mk tests/bench/bench.mk
include tests/tests.mk

# ---- modules ----------------------------------------------------------------

# Made from the profiles, and compiled into the modules.
MODULE_HEADERS := $(BUILD)/gen/known_profiles.h

module-headers: $(MODULE_HEADERS)
	@:

modules: $(MODULE_HEADERS)
	$(Q)if [ -e $(KDIR)/include/generated/autoconf.h ] || [ -e $(KDIR)/Makefile ]; then \
		tests/lab/kbuild $(KREL) --headers $(KDIR) && \
		echo "modules for $(KREL): $(BUILD)/modules/$(KREL)"; \
	else \
		echo "modules for $(KREL): not built, its headers are not in $(KDIR)."; \
		echo "  On Debian: apt-get install linux-headers-$(KREL), then make again;"; \
		echo "  for another kernel: make KREL=RELEASE. The tools do not need them."; \
	fi

# Modules for one of the lab's kernels, which are not installed.
modules-%: $(MODULE_HEADERS)
	$(Q)tests/lab/kbuild $*

# ---- installing -------------------------------------------------------------

MODULES ?= $(BUILD)/modules/$(KREL)
moddir = /lib/modules/$(KREL)/updates/bridgefw
fwdir = /lib/firmware/bridgefw
rulesdir = /lib/udev/rules.d
hwdbdir = /lib/udev/hwdb.d
sbindir = $(PREFIX)/sbin
companiondir = $(PREFIX)/lib/bridgefw
mandir = $(PREFIX)/share/man/man8
compdir = $(PREFIX)/share/bash-completion/completions
includedir = $(PREFIX)/include/linux

# FILE:DIRECTORY, each file under its own name
INSTALL_DATA = \
	$(BUILD)/udev/60-bridgefw.rules:$(rulesdir) \
	$(BUILD)/udev/60-bridgefw.hwdb:$(hwdbdir) \
	$(addsuffix :$(mandir),$(wildcard Documentation/man/*.8)) \
	$(addsuffix :$(compdir),$(wildcard tools/completion/bridgefwctl)) \
	kmod/uapi/linux/bridgefw.h:$(includedir)

# A running udev must hear of new rules and names; elsewhere the package does it.
udev_reload = $(Q)[ -n "$(DESTDIR)" ] || ! command -v udevadm >/dev/null || \
	{ systemd-hwdb update; udevadm control --reload 2>/dev/null || true; }

install: install-modules install-user

install-modules:
	$(Q)ls $(MODULES)/*.ko >/dev/null 2>&1 || { \
		echo "no modules in $(MODULES): run make first;" \
			"make install-user installs all but the modules" >&2; exit 1; }
	$(Q)install -d $(DESTDIR)$(moddir)
	$(Q)install -m 644 $(MODULES)/*.ko $(DESTDIR)$(moddir)
	$(Q)[ -n "$(DESTDIR)" ] || depmod $(KREL)

install-user:
	$(Q)[ -x $(BUILD)/tools/bridgefwctl ] || { \
		echo "$(BUILD)/tools/bridgefwctl is not there: run make first" >&2; exit 1; }
	$(Q)install -d $(DESTDIR)$(sbindir) $(DESTDIR)$(companiondir) $(DESTDIR)$(fwdir)
	$(Q)install -m 755 $(BUILD)/tools/bridgefwctl $(DESTDIR)$(sbindir)
	$(Q)install -m 755 $(COMPANIONS) $(DESTDIR)$(companiondir)
	$(Q)install -m 644 $(BUILD)/firmware/bridgefw/*.bin $(DESTDIR)$(fwdir)
	$(Q)set -e; for pair in $(INSTALL_DATA); do \
		install -d "$(DESTDIR)$${pair#*:}"; \
		install -m 644 "$${pair%%:*}" "$(DESTDIR)$${pair#*:}"; \
	done
	$(udev_reload)

uninstall:
	$(Q)rm -rf $(DESTDIR)$(moddir) $(DESTDIR)$(fwdir)
	$(Q)rm -f $(DESTDIR)$(sbindir)/bridgefwctl
	$(Q)rm -f $(patsubst $(BUILD)/tools/%,$(DESTDIR)$(companiondir)/%,$(COMPANIONS))
	$(Q)[ ! -d $(DESTDIR)$(companiondir) ] || \
		rmdir --ignore-fail-on-non-empty $(DESTDIR)$(companiondir)
	$(Q)for pair in $(INSTALL_DATA); do \
		file=$${pair%%:*}; rm -f "$(DESTDIR)$${pair#*:}/$${file##*/}"; \
	done
	$(Q)[ -n "$(DESTDIR)" ] || depmod $(KREL)
	$(udev_reload)

clean:
	rm -rf $(filter-out $(BUILD)/cache,$(wildcard $(BUILD)/*))

distclean:
	rm -rf $(BUILD)

.PHONY: all modules module-headers install install-modules install-user uninstall clean distclean
