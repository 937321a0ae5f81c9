# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The guest: boots the kernel with the module, hands it topologies, brings back what Linux made of them.

The way there and back is a file that QEMU shows to the guest as memory (ivshmem); module/mailbox.h has its layout.
"""

import ctypes
import mmap
import os
import pathlib
import signal
import struct
import subprocess
import sys
import tempfile
import time

REPO = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPO / "tests" / "qemu"))
from harness import cpio  # pylint: disable=wrong-import-position

BUILD = pathlib.Path(os.environ.get("PCIGATE_BUILD", REPO / "build")) / "oracle"

MAGIC = b"PCGORACL"
READY, RUNNING, DONE, FAILED = 1, 2, 3, 4
HEADER = struct.Struct("<8sIIIIQQQQQ")
SIZE = 64 << 20
TEXT_AT = 4096
RESULT_AT = SIZE // 4

# The guest's own bus is scanned with the same policy; it is small and does not mind. No speaking kernel: each
# character on the serial port costs more than a config read.
CMDLINE = "console=ttyS0 loglevel=4 panic=-1 oops=panic intel_iommu=off tsc=reliable lpj=4000000 no_timer_check"


class GuestFailed(Exception):
    """The guest did not do its work, and not for a topology's sake."""


class Batch:
    """Topologies for one policy: `text` and how many there are."""

    def __init__(self, text, count):
        self.text, self.count = text, count


def _initrd():
    return cpio.archive({"init*": (BUILD / "init").read_bytes(),
                         "dev/.keep": b"",
                         "pcigate-oracle.ko": (BUILD / "module" / "pcigate-oracle.ko").read_bytes()})


def _die_with_parent():
    """Even a killed check leaves no QEMU behind (prctl PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


class Guest:
    """One boot of the guest with a part of a batch."""

    def __init__(self, cmdline, batch, skip, log, kernel=None):
        self._scratch = tempfile.TemporaryDirectory(prefix="pcigate-oracle-")
        directory = pathlib.Path(self._scratch.name)
        self._batch, self._skip, self._log = batch, skip, log
        mailbox = directory / "mailbox"
        with open(mailbox, "wb") as file:
            file.truncate(SIZE)
        self._file = open(mailbox, "r+b")
        self._map = mmap.mmap(self._file.fileno(), SIZE)
        text = batch.text.encode()
        if TEXT_AT + len(text) > RESULT_AT:
            raise GuestFailed(f"{len(text)} bytes of topologies do not fit into the mailbox")
        self._map[TEXT_AT:TEXT_AT + len(text)] = text
        self._map[:HEADER.size] = HEADER.pack(MAGIC, READY, skip, 0, 0, TEXT_AT, len(text), RESULT_AT,
                                              SIZE - RESULT_AT, 0)
        initrd = directory / "initrd"
        initrd.write_bytes(_initrd())
        self._process = subprocess.Popen([  # pylint: disable=consider-using-with
            "qemu-system-x86_64", "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
            "-machine", "q35", "-accel", "tcg", "-cpu", "qemu64", "-m", "256M", "-smp", "1",
            "-kernel", str(kernel or BUILD / "bzImage"), "-initrd", str(initrd), "-append", f"{CMDLINE} {cmdline}",
            "-serial", f"file:{log}",
            "-object", f"memory-backend-file,id=mailbox,size={SIZE},mem-path={mailbox},share=on",
            "-device", "ivshmem-plain,memdev=mailbox"], stdin=subprocess.DEVNULL, preexec_fn=_die_with_parent)

    def _header(self):
        return HEADER.unpack(self._map[:HEADER.size])

    def state(self):
        return self._header()[1]

    def done(self):
        """How many topologies of the batch have their result, the skipped ones included."""
        return max(self._header()[3], self._skip)

    def results(self):
        length = self._header()[9]
        return self._map[RESULT_AT:RESULT_AT + length].decode()

    def running(self):
        return self._process.poll() is None

    def close(self):
        if self.running():
            self._process.kill()
        self._process.wait()
        self._map.close()
        self._file.close()
        self._scratch.cleanup()


def run(cmdline, batch, log, progress=lambda done: None, kernel=None, patience=120):
    """Brings every topology of the batch through the guest; returns the results as one text.

    A topology that the guest does not survive gets the result `result NAME crash`, and the next boot goes on behind
    it. NAME is left open here, as only the reader of the text knows it: it is `#N`, the number in the batch.
    """
    parts, skip = [], 0
    while skip < batch.count:
        guest = Guest(cmdline, batch, skip, log, kernel)
        try:
            last, since = -1, time.monotonic()
            while guest.running() and guest.state() not in (DONE, FAILED):
                done = guest.done()
                if done != last:
                    last, since = done, time.monotonic()
                    progress(done)
                elif time.monotonic() - since > patience:
                    break
                time.sleep(0.1)
            done, state = guest.done(), guest.state()
            parts.append(guest.results())
        finally:
            guest.close()
        if state == FAILED or state == READY:
            tail = pathlib.Path(log).read_text(errors="replace").strip().splitlines()[-8:]
            raise GuestFailed("\n".join([f"the guest did not run the module (log: {log})"] + tail))
        skip = done
        if state != DONE:
            parts.append(f"result #{skip} crash reads=0 writes=0 stack=0 us=0\nend\n")
            skip += 1
        progress(skip)
    return "".join(parts)
