# SPDX-License-Identifier: GPL-2.0-or-later
#
# The logic files, named once for everything that is built from them: the
# kernel module, the tools, the unit tests and the fuzzers.
BRIDGEFW_LOGIC := profile check check_data check_ops check_states check_steps check_items match encode image needs plan field sense identity cdb_guard

# What only FireWire needs: its own module, the tools, the tests.
BRIDGEFW_LOGIC_1394 := topology config_rom
