/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a serial number or GUID tells one box from another. */
#ifndef BRIDGEFW_LOGIC_IDENTITY_H
#define BRIDGEFW_LOGIC_IDENTITY_H

#include "port.h"

bool bfp_serial_identifies(const char *serial);
bool bfp_guid_identifies(u64 guid);

#endif
