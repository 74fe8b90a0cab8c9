// SPDX-License-Identifier: GPL-2.0-or-later
/* The CDBs of programs, which want to know exactly how each one ended. */
#include <scsi/scsi_cmnd.h>

#include "scsi.h"

/**
 * bridgefw_scsi_sg_io() - one CDB of a program
 * @t: transport of a lun
 * @sg: what is sent, and how it ended
 *
 * Return: 0 if the CDB was sent, or tried, and @sg says what came of it; else as
 * bridgefw_scsi_execute().
 */
int bridgefw_scsi_sg_io(struct bridgefw_transport *t, struct bridgefw_sg *sg)
{
	struct outcome o;
	int ret;

	ret = bridgefw_scsi_execute(to_lun(t), sg, &o);
	if (ret)
		return ret;
	sg->status = o.result & 0xff;
	sg->host = host_byte(o.result);
	sg->resid = o.resid;
	if (scsi_status_is_check_condition(o.result)) {
		sg->sense_len = o.sense_len;
		memcpy(sg->sense, o.sense, sizeof(sg->sense));
	}
	return 0;
}
