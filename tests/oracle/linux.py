# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Runs Linux as a program (linux/build.sh builds it) on topologies, and returns the results of its scan.

Both sides map a file with topologies and results; linux/mailbox.h has its layout.
"""

import ctypes
import mmap
import os
import pathlib
import signal
import struct
import subprocess
import tempfile
import time

REPO = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("PCIGATE_BUILD", REPO / "build")) / "oracle"

MAGIC = b"PCGORACL"
READY, RUNNING, DONE, FAILED = 1, 2, 3, 4
HEADER = struct.Struct("<8sIIIIQQQQQ")
TEXT_AT = 4096
# The space for results: this number of bytes per byte of the topologies, and at least RESULT_LEAST.
RESULT_RATIO, RESULT_LEAST = 6, 4 << 20

CMDLINE = ["mem=64M", "con=null", "panic=-1"]


class LinuxFailed(Exception):
    """Linux failed for another reason than a topology."""


def _die_with_parent():
    """The kernel ends Linux when this process ends, also when it is killed (prctl PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


class Process:
    """A process of Linux that scans the topologies of `text` except the first `skip` ones."""

    def __init__(self, image, cmdline, text, skip, log):
        self._scratch = tempfile.TemporaryDirectory(prefix="pcigate-oracle-", dir="/dev/shm")
        self._skip = skip
        mailbox = pathlib.Path(self._scratch.name) / "mailbox"
        self._result_at = (TEXT_AT + len(text) + 4095) & ~4095
        result_size = max(RESULT_LEAST, RESULT_RATIO * len(text)) & ~4095
        with open(mailbox, "wb") as file:
            file.truncate(self._result_at + result_size)
        self._file = open(mailbox, "r+b")
        self._map = mmap.mmap(self._file.fileno(), 0)
        self._map[TEXT_AT:TEXT_AT + len(text)] = text
        self._map[:HEADER.size] = HEADER.pack(MAGIC, READY, skip, 0, 0, TEXT_AT, len(text), self._result_at,
                                              result_size, 0)
        with open(log, "ab") as output:
            self._process = subprocess.Popen(  # pylint: disable=consider-using-with
                [image, *CMDLINE, f"oracle={mailbox}", *cmdline.split()], stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                env={**os.environ, "TMPDIR": self._scratch.name}, preexec_fn=_die_with_parent)

    def _header(self):
        return HEADER.unpack(self._map[:HEADER.size])

    def state(self):
        return self._header()[1]

    def done(self):
        """The number of topologies that have a result, the skipped ones included."""
        return max(self._header()[3], self._skip)

    def results(self):
        length = self._header()[9]
        return self._map[self._result_at:self._result_at + length].decode()

    def wait(self, seconds):
        """Whether the process has ended."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def close(self):
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._map.close()
        self._file.close()
        self._scratch.cleanup()


def run(image, cmdline, text, count, log, progress=lambda done: None, patience=120):
    """Scans the `count` topologies of the text with Linux. Returns the results as one text.

    A topology that ends the process gets the result `result #N crash`. N is its number in the text, because its name is not
    known here. The next process begins with the topology after it.
    """
    parts, skip = [], 0
    while skip < count:
        process = Process(image, cmdline, text.encode(), skip, log)
        try:
            last, since = -1, time.monotonic()
            while not process.wait(0.2):
                done = process.done()
                if done != last:
                    last, since = done, time.monotonic()
                    progress(done)
                elif time.monotonic() - since > patience:
                    break
            done, state = process.done(), process.state()
            parts.append(process.results())
        finally:
            process.close()
        if state in (FAILED, READY):
            tail = (parts[-1] + pathlib.Path(log).read_text(errors="replace")).strip().splitlines()[-8:]
            raise LinuxFailed("\n".join([f"Linux did not run the oracle (log: {log})"] + tail))
        skip = done
        if state != DONE:
            parts.append(f"result #{skip} crash reads=0 writes=0 stack=0 us=0\nend\n")
            skip += 1
        progress(skip)
    return "".join(parts)
