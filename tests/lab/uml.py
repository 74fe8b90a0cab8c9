# SPDX-License-Identifier: GPL-2.0-or-later
"""Lab guests that are programs: User Mode Linux. The frames are those of guest.py; they
go over a serial line, the host's directories come in as they are."""

import os
import shutil
import signal
import subprocess
import tempfile

from guest import Guest, die_with_parent


def uml_command(parts, where, port, repo, share):
    """What the guest is to know, its first program gets as environment."""
    command = [parts["vmlinux"], "initrd=" + parts["initramfs"], "mem=1024M",
               "umid=guest", "uml_dir=" + where, "con=null", "con0=null,fd:1",
               "ssl=null", "ssl0=fd:%d" % port, "console=tty0", "quiet", "panic=-1",
               "oops=panic", "usb-storage.delay_use=0", "log_buf_len=8M", "printk.devkmsg=on",
               "kasan_multi_shot", "LAB_DISK=ubd", "LAB_PORT=/dev/ttyS0",
               'LAB_REPO="%s"' % repo]
    for number, part in enumerate(("root", "modules", "project")):
        # Shared: others read it at the same time.
        command.append("ubd%drc=%s" % (number, parts[part]))
    if share:
        command.append('LAB_SHARE="%s"' % share)
    return command


class UmlGuest(Guest):
    """A User Mode Linux; the caller ends it."""

    def __init__(self, parts, console, repo, share=None):
        super().__init__(bool(share))
        # It keeps its memory there, as a file that has no name any more.
        self.where = tempfile.mkdtemp(prefix="bridgefw-uml.")
        port = self.open_port()
        with port, open(console, "ab") as log:
            self.process = subprocess.Popen(uml_command(parts, self.where, port.fileno(), repo, share),
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            pass_fds=(port.fileno(),), preexec_fn=die_with_parent,
                                            env=dict(os.environ, TMPDIR="/dev/shm"))

    def end(self):
        # Its processes are the guest's, and of the same group.
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.host.close()
        shutil.rmtree(self.where, ignore_errors=True)

    def last_words(self):
        return "the kernel's status is %d" % self.process.returncode
