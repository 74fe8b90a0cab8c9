// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * CDBs of exactly the length that the profile gives. scsi_execute_cmd() would
 * take the length from the opcode's group and cut vendor CDBs to ten bytes.
 */
#include <linux/blk-mq.h>
#include <scsi/scsi_cmnd.h>
#include <scsi/scsi_host.h>

#include "profile.h"
#include "scsi.h"

/**
 * bridgefw_scsi_execute() - one CDB to one device
 * @lun: device
 * @sg: what is sent; its answers are not filled in
 * @o: out: how it ended
 *
 * Nothing is repeated here; the SCSI layer itself repeats a command that a
 * target answers with BUSY, until the timeout.
 *
 * Return: 0 if it was sent, or tried; -ENODEV if the device is gone, -EOPNOTSUPP if
 * this host cannot carry the CDB unchanged, -EINVAL if it cannot move so much, -ENOMEM.
 */
int bridgefw_scsi_execute(struct lun *lun, const struct bridgefw_sg *sg, struct outcome *o)
{
	struct scsi_device *sdev = lun->sdev;
	struct scsi_cmnd *cmd;
	struct request *rq;
	blk_mq_req_flags_t flags;
	int ret;

	/* With lun_in_cdb the midlayer would put the LUN into byte 1. */
	if (sg->cdb_len < 1 || sg->cdb_len > BFP_CDB_MAX ||
	    sg->cdb_len > sdev->host->max_cmd_len || sdev->lun_in_cdb)
		return -EOPNOTSUPP;
	if (READ_ONCE(lun->t.gone) || scsi_device_get(sdev))
		return -ENODEV;
	ret = scsi_autopm_get_device(sdev);
	if (ret) {
		ret = -ENODEV;
		goto out_device;
	}

	/* PM requests pass while the device is quiesced, by us. */
	flags = READ_ONCE(lun->held) ? BLK_MQ_REQ_PM : 0;
	rq = scsi_alloc_request(sdev->request_queue,
				sg->dir == BFP_DIR_OUT ? REQ_OP_DRV_OUT : REQ_OP_DRV_IN, flags);
	if (IS_ERR(rq)) {
		ret = PTR_ERR(rq);
		goto out_pm;
	}
	if (sg->len) {
		ret = bridgefw_rq_map_kern(rq, sg->data, sg->len, GFP_KERNEL);
		if (ret)
			goto out_request;
	}
	cmd = blk_mq_rq_to_pdu(rq);
	memcpy(cmd->cmnd, sg->cdb, sg->cdb_len);
	cmd->cmd_len = sg->cdb_len;
	cmd->allowed = 0;
	rq->timeout = msecs_to_jiffies(sg->timeout_ms);
	rq->rq_flags |= RQF_QUIET;

	blk_execute_rq(rq, true);

	o->result = cmd->result;
	o->resid = min_t(u32, cmd->resid_len, sg->len);
	o->sense_len = min_t(u32, cmd->sense_len, SCSI_SENSE_BUFFERSIZE);
	memcpy(o->sense, cmd->sense_buffer, SCSI_SENSE_BUFFERSIZE);
out_request:
	blk_mq_free_request(rq);
out_pm:
	scsi_autopm_put_device(sdev);
out_device:
	scsi_device_put(sdev);
	return ret;
}

/**
 * bridgefw_scsi_cdb() - one CDB of an operation
 * @t: transport of a lun
 * @cdb: bytes
 * @cdb_len: 1..16
 * @dir: of the data phase
 * @data: kmalloc'ed; NULL if @len is 0
 * @len: bytes of the data phase
 * @timeout_ms: then the SCSI layer's error handling starts
 * @actual: out: bytes moved
 * @sense: out, 96 bytes: sense data of a CHECK CONDITION
 *
 * Return: 0; -EPIPE on CHECK CONDITION, -ETIMEDOUT, -ENODEV if the device
 * is gone or offline, -EOPNOTSUPP if this host cannot carry the CDB unchanged,
 * -EIO on other errors of the host, -ENOMEM.
 */
int bridgefw_scsi_cdb(struct bridgefw_transport *t, const u8 *cdb, u32 cdb_len,
		      enum bfp_dir dir, void *data, u32 len, u32 timeout_ms,
		      u32 *actual, u8 *sense)
{
	const struct bridgefw_sg sg = {
		.cdb = cdb, .cdb_len = cdb_len, .dir = dir, .data = data, .len = len,
		.timeout_ms = timeout_ms,
	};
	struct lun *lun = to_lun(t);
	struct outcome o;
	int ret;

	ret = bridgefw_scsi_execute(lun, &sg, &o);
	if (ret)
		return ret;
	*actual = len - o.resid;
	if (!o.result)
		return 0;
	if (scsi_status_is_check_condition(o.result)) {
		memcpy(sense, o.sense, SCSI_SENSE_BUFFERSIZE);
		return -EPIPE;
	}
	if (host_byte(o.result) == DID_TIME_OUT)
		return -ETIMEDOUT;
	if (!scsi_device_online(lun->sdev) || host_byte(o.result) == DID_NO_CONNECT)
		return -ENODEV;
	return -EIO;
}
