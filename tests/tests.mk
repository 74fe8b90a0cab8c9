# SPDX-License-Identifier: GPL-2.0-or-later
#
# Testing and the lab; included by the Makefile at the top.

LAB_KERNELS := 6.1 6.12

# Built here, from Debian's sources: see tests/lab/fetch-own.
LAB_OWN_KERNELS := debug uml

# What tests/lab/vm puts into a guest. Programs that exist only for the lab add
# themselves to LAB_PROGRAMS in their own .mk file and are built in build/lab.
lab: tools firmware generated lab-firmware $(LAB_PROGRAMS) $(addprefix modules-,$(LAB_KERNELS)) \
	$(addprefix cable-,$(LAB_KERNELS))

# One kernel's share of that, for a quick turn: make lab-6.12
$(addprefix lab-,$(LAB_KERNELS) $(LAB_OWN_KERNELS)): lab-%: tools firmware generated lab-firmware $(LAB_PROGRAMS) modules-% cable-%
	@:

# The FireWire cards of a guest: `modprobe lab_1394` there.
cable-%:
	$(Q)tests/lab/kbuild $* --source tests/lab/cable --variant cable

fetch:
	$(Q)tests/lab/fetch-kernel
	$(Q)tests/lab/fetch-source
	$(Q)tests/lab/fetch-root

packages:
	$(Q)tests/lab/packages

selftests:
	$(Q)$(MAKE) --no-print-directory -C tests all

# Targets that test something on the host and print TAP; each room adds its own.
HOST_CHECKS += check-lab

# Every test; SUITES="..." names the suites to run, KERNELS="..." the kernels.
check: packages
	$(Q)tests/lab/check --host "$(HOST_CHECKS)" --suites "$(SUITES)" --kernels "$(KERNELS)"

# As check, but no suite is cut to a share: takes hours on a small machine.
check-long: packages
	$(Q)BRIDGEFW_WHOLE=1 tests/lab/check --host "$(HOST_CHECKS)" --suites "$(SUITES)" --kernels "$(KERNELS)"

# The suites under the kernels that watch, which are built if they are not there: a share
# of each.
DEBUG_PARTS ?= 16
check-debug: packages
	$(Q)tests/lab/check --name check-debug --kernels "$(or $(KERNELS),$(LAB_OWN_KERNELS))" \
		--suites "$(SUITES)" --parts "$(DEBUG_PARTS)" --host check-lab-debug

# The interruption proof, whole.
check-proof: packages
	$(Q)BRIDGEFW_WHOLE=1 tests/lab/check --name check-proof --kernels "$(or $(KERNELS),uml)" \
		--suites "proof crash"

# The lab itself: that its guests and its counting do what they say.
check-lab:
	$(Q)tests/lab/selftest

# The debug kernel: that it notices what it is there for.
check-lab-debug:
	$(Q)tests/lab/selftest debug

check-build: packages
	$(Q)tests/lab/check-build

checkpatch:
	$(Q)tests/lab/check-build --checkpatch

demo: packages
	$(Q)$(MAKE) --no-print-directory lab-6.12
	$(Q)tests/lab/vm --kernel 6.12 --timeout 240 -- /repo/tests/demo/demo.sh

.PHONY: lab fetch packages selftests check check-long check-debug check-proof check-lab check-lab-debug check-build checkpatch demo
