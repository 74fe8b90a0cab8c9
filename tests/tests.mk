# SPDX-License-Identifier: GPL-2.0-or-later
#
# Testing and the lab; included by the Makefile at the top.

LAB_KERNELS := 6.1 6.12

# What tests/lab/vm puts into a guest. Programs that exist only for the lab add
# themselves to LAB_PROGRAMS in their own .mk file and are built in build/lab.
lab: tools $(LAB_PROGRAMS) $(addprefix modules-,$(LAB_KERNELS))

# One kernel's share of that, for a quick turn: make lab-6.12
lab-%: tools $(LAB_PROGRAMS) modules-%
	@:

fetch:
	$(Q)tests/lab/fetch-kernel
	$(Q)tests/lab/fetch-source
	$(Q)tests/lab/fetch-root

packages:
	$(Q)tests/lab/packages

selftests:
	$(Q)$(MAKE) --no-print-directory -C tests all

check:
	$(Q)tests/lab/check $(SUITES)

check-build:
	$(Q)tests/lab/check-build

demo: packages
	$(Q)$(MAKE) --no-print-directory lab-6.12
	$(Q)tests/lab/vm --kernel 6.12 --timeout 170 -- /repo/tests/demo/demo.sh

.PHONY: lab fetch packages selftests check check-build demo
