# SPDX-License-Identifier: GPL-2.0-or-later
"""Lab guests, and the frames that go to and fro (agent.c). Here one QEMU each; uml.py
has the other kind.

A guest that has come up is the same every time, so its state is saved once and
later guests go on from there, which takes a second instead of ten. What differs
from guest to guest (the time, the project as it is now, shared directories, the
command) comes in afterwards."""

import ctypes
import fcntl
import hashlib
import json
import os
import select
import shlex
import signal
import socket
import struct
import subprocess
import sys
import time

EXIT_TIMEOUT = 124
EXIT_GUEST = 125

BOOT_SECONDS = 300
BOOTS = 3
KVM_TRIAL_SECONDS = 30
PR_SET_PDEATHSIG = 1
PREPARE_SHARE = 1

# One slot for all devices: its interrupt is set up once.
SLOT = 4
ROOM = ("serial", "root", "modules", "project", "repo", "share")


def say(text):
    print("vm: " + text, file=sys.stderr, flush=True)


class Failure(Exception):
    """Why there is no exit status of the command, and what to say instead."""

    def __init__(self, status, text):
        super().__init__(text)
        self.status = status


class Ended(Failure):
    """The guest has ended by itself."""


def die_with_parent():
    """In the child: no guest outlives us, however we end."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    os.setpgid(0, 0)


def device(kind, name, options):
    return ["-device", "%s,addr=%d.%d,multifunction=on,%s" % (kind, SLOT, ROOM.index(name), options)]


def escaped(path):
    return path.replace(",", ",,")


def qemu_command(parts, accel, console, port, monitor, shares):
    # Emulation on a busy machine is slow: what looks stuck need not be. And
    # usb-storage would wait a second before it looks at a drive. At the start the
    # kernel would call the timer broken if it came late. A suite looks at
    # what the kernel has said since it began, which must still be there then.
    # QEMU 7.2's emulation leaves rubbish in the flags after cmpxchg16b; an
    # interrupt there brings it back with iret, which kills the kernel once in
    # many thousand seconds of work. Without CX16 the kernel uses its own way.
    append = ("console=ttyS0 quiet panic=-1 oops=panic mitigations=off usb-storage.delay_use=0 "
              "no_timer_check watchdog_thresh=60 rcupdate.rcu_cpu_stall_timeout=180 "
              "log_buf_len=8M printk.devkmsg=on")
    if parts["debug"]:
        append += " workqueue.watchdog_thresh=120 kasan_multi_shot"
    command = ["qemu-system-x86_64", "-nodefaults", "-no-user-config", "-display", "none",
               "-no-reboot", "-smp", "2,sockets=2", "-m", "2048" if parts["debug"] else "1024",
               "-cpu", "max" if accel == "kvm" else "max,-cx16",
               "-accel", "kvm" if accel == "kvm" else "tcg,thread=multi",
               "-kernel", parts["vmlinux"], "-initrd", parts["initramfs"], "-append", append,
               "-serial", "file:" + console,
               "-chardev", "socket,id=monitor,fd=%d" % monitor,
               "-mon", "chardev=monitor,mode=control",
               "-chardev", "socket,id=port,fd=%d" % port]
    command += device("virtio-serial-pci", "serial", "id=serial")
    command += ["-device", "virtserialport,bus=serial.0,chardev=port,name=bridgefw.lab"]
    for part in ("root", "modules", "project"):
        command += ["-drive", "if=none,id=%s,format=raw,readonly=on,file=%s" %
                    (part, escaped(parts[part]))]
        command += device("virtio-blk-pci", part, "drive=" + part)
    for tag, path, mode in shares:
        command += ["-fsdev", "local,id=%s,security_model=none,multidevs=remap,%spath=%s" %
                    (tag, mode, escaped(path))]
        command += device("virtio-9p-pci", tag, "fsdev=%s,mount_tag=%s" % (tag, tag))
    return command


class Guest:
    """A guest that is started; the caller ends it. Each kind leaves its process in
    self.process, and has end() and last_words()."""

    resumed = False

    def __init__(self, sharing):
        self.buffer = b""
        self.sharing = sharing
        self.process = None

    def open_port(self):
        """The guest's end of what frames go over; the caller closes it."""
        self.host, port = socket.socketpair()
        return port

    def gone(self):
        self.process.wait()
        return Ended(EXIT_GUEST, "the guest ended before the command did: " + self.last_words())

    def receive(self, deadline):
        """The next frame."""
        while True:
            if len(self.buffer) >= 5:
                length, = struct.unpack("<I", self.buffer[1:5])
                if len(self.buffer) >= 5 + length:
                    kind, data = self.buffer[:1], self.buffer[5:5 + length]
                    self.buffer = self.buffer[5 + length:]
                    if kind == b"F":
                        raise Failure(EXIT_GUEST, "the guest cannot go on: " +
                                      data.decode("utf-8", "replace"))
                    return kind, data
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.host], [], [], left)[0]:
                raise TimeoutError
            try:
                data = self.host.recv(65536)
            except ConnectionResetError:
                data = b""
            if not data:
                raise self.gone()
            self.buffer += data

    def send(self, kind, data):
        self.host.sendall(kind + struct.pack("<I", len(data)) + data)

    def wait_until_up(self, deadline):
        """A guest that goes on from a saved state has said so before it was saved."""
        if self.resumed:
            return
        try:
            kind, _ = self.receive(deadline)
        except TimeoutError:
            raise Failure(EXIT_TIMEOUT, "the time was over before the guest was up") from None
        if kind != b"R":
            raise Failure(EXIT_GUEST, "the guest does not say that it is ready")

    def run(self, command, deadline, write):
        """Run it; returns exit status and taint flags. write(kind, data) gets
        the output, kind being b"O" or b"E"."""
        now = time.time_ns()
        self.send(b"P", struct.pack("<QII", now // 10**9, now % 10**9,
                                    PREPARE_SHARE if self.sharing else 0) + os.urandom(32))
        self.send(b"C", b"".join(os.fsencode(word) + b"\0" for word in command))
        while True:
            try:
                kind, data = self.receive(deadline)
            except TimeoutError:
                raise Failure(EXIT_TIMEOUT, "the time was over while the command ran") from None
            if kind == b"X":
                return struct.unpack("<BI", data)
            write(kind, data)


class QemuGuest(Guest):
    """A QEMU; the caller ends it."""

    def __init__(self, parts, accel, console, repo, share=None, state=None):
        super().__init__(bool(share))
        # A saved state wants the same devices: without a share its place is
        # taken by a directory that nobody mounts.
        shares = (("repo", repo, "readonly=on,"),
                  ("share", share or repo, "" if share else "readonly=on,"))
        self.resumed = bool(state)
        port = self.open_port()
        self.monitor, monitor = socket.socketpair()
        with port, monitor:
            command = qemu_command(parts, accel, console, port.fileno(), monitor.fileno(), shares)
            if state:
                command += ["-incoming", "exec:cat " + shlex.quote(state)]
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL,
                                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                            pass_fds=(port.fileno(), monitor.fileno()),
                                            preexec_fn=die_with_parent)

    def end(self):
        self.process.kill()
        self.process.wait()
        self.process.stderr.close()
        self.host.close()
        self.monitor.close()

    def last_words(self):
        text = self.process.stderr.read().decode("utf-8", "replace").strip()
        return "QEMU's status is %d%s" % (self.process.returncode, text and ": " + text)

    def order(self, name, **arguments):
        """One command to QEMU itself; its answer."""
        if not hasattr(self, "orders"):
            self.monitor.settimeout(60)
            self.orders = self.monitor.makefile("rw", encoding="utf-8")
            self.orders.readline()
            self.order("qmp_capabilities")
        self.orders.write(json.dumps({"execute": name, "arguments": arguments}) + "\n")
        self.orders.flush()
        while True:
            answer = json.loads(self.orders.readline())
            if "error" in answer:
                raise OSError("%s: %s" % (name, answer["error"]["desc"]))
            if "return" in answer:
                return answer["return"]

    def save(self, path):
        """Without stopping it: a state saved at rest would be resumed at rest."""
        self.order("migrate-set-parameters", **{"max-bandwidth": 1 << 40})
        self.order("migrate", uri="exec:cat > " + shlex.quote(path))
        while True:
            status = self.order("query-migrate")["status"]
            if status == "completed":
                return
            if status in ("failed", "cancelled"):
                raise OSError("saving the guest's state: " + status)
            time.sleep(0.05)


def boot(make, deadline):
    """A guest that is up; make() gives a new one. The emulator loses a race now and then
    while a kernel with two processors rewrites its own code at the start (it dies of its
    own breakpoint): that says nothing of what is tested, and is tried again."""
    for left in range(BOOTS - 1, -1, -1):
        guest = make()
        try:
            guest.wait_until_up(deadline)
            return guest
        except Ended:
            guest.end()
            if not left:
                raise
            say("the guest ended while it started; once more")
        except BaseException:
            guest.end()
            raise


def state_path(parts, accel):
    """Where the saved state of such a guest is: named by all that it depends on."""
    name = hashlib.sha256(parts["initramfs"].encode())
    for part in ("vmlinux", "root", "modules"):
        at = os.stat(parts[part])
        name.update(("%s %d %d\n" % (parts[part], at.st_size, at.st_mtime_ns)).encode())
    version = subprocess.run(["qemu-system-x86_64", "--version"], stdout=subprocess.PIPE,
                             check=True).stdout
    dummy = qemu_command(dict(dict.fromkeys(parts, ""), debug=parts["debug"]), accel, "", 0, 0,
                         (("repo", "", ""), ("share", "", "")))
    name.update(version + repr(dummy).encode())
    return os.path.join(os.path.dirname(parts["initramfs"]),
                        "state-%s.img" % name.hexdigest()[:16])


def saved_state(parts, accel, console, repo):
    """Path of a saved state; boots a guest to make it if there is none."""
    path = state_path(parts, accel)
    with open(os.path.join(os.path.dirname(path), "state.lock"), "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if os.path.exists(path):
            os.utime(path)
            return path
        forget_states(os.path.dirname(path))
        guest = boot(lambda: QemuGuest(parts, accel, console, repo), time.monotonic() + BOOT_SECONDS)
        try:
            guest.save(path + ".part")
        finally:
            guest.end()
        os.rename(path + ".part", path)
        return path


def forget_states(where):
    """States are large: keep none that was not used for a day."""
    for name in os.listdir(where):
        path = os.path.join(where, name)
        if name.startswith("state-") and time.time() - os.stat(path).st_mtime > 24 * 3600:
            os.unlink(path)


def kvm_works(parts, repo, cache):
    """KVM may be there and hang: only a guest that comes up proves it. The
    verdict holds until this machine boots another kernel."""
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return False
    kernel = os.path.basename(os.path.dirname(parts["vmlinux"]))
    verdict = os.path.join(cache, "kvm-%s-%s" % (os.uname().release.replace("/", "_"), kernel))
    with open(verdict + ".lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            with open(verdict, encoding="ascii") as known:
                return known.read().strip() == "works"
        except FileNotFoundError:
            pass
        say("trying once whether KVM works here (at most %d s)" % KVM_TRIAL_SECONDS)
        deadline = time.monotonic() + KVM_TRIAL_SECONDS
        guest = QemuGuest(parts, "kvm", os.devnull, repo)
        try:
            guest.wait_until_up(deadline)
            works = guest.run(["true"], deadline, lambda kind, data: None)[0] == 0
        except Failure:
            works = False
        finally:
            guest.end()
        say("KVM %s" % ("works" if works else "does not work; software emulation is used"))
        with open(verdict + ".new", "w", encoding="ascii") as known:
            known.write("works\n" if works else "fails\n")
        os.rename(verdict + ".new", verdict)
        return works
