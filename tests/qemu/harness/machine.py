# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Starts QEMU, watches it, and ends it in any case."""

import ctypes
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time

from . import paths
from .qmp import Qmp

TRACE = ["pci_cfg_read", "pci_cfg_write", "serial_write"]

# A kernel's last line.
LEFT = r"kexec_core: Starting new kernel|Kernel panic - not syncing"


class Timeout(Exception):
    """The expected line did not come in time."""


class Died(Exception):
    """QEMU ended by itself."""


def _die_with_parent():
    """The kernel ends QEMU when the test ends, also when it is killed (prctl PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


class Machine:
    """A guest; use as a context manager. Logs go to `directory`.

    machine: QEMU's machine type, with options. serial: the serial ports from COM1 on. Each is "console"
    (its output goes to serial.log) or a value for QEMU's -serial, such as "null". qemu: another QEMU than the
    usual one.
    """

    def __init__(self, directory, kernel=None, initrd=b"", cmdline="", devices=(),
                 firmware="seabios", memory="512M", cpu="qemu64", extra=(), trace=tuple(TRACE),
                 machine="q35", serial=("console",), qemu=None):
        self.directory = pathlib.Path(directory)
        self.serial = self.directory / "serial.log"
        self.trace = self.directory / "trace.log"
        self._scratch = pathlib.Path(tempfile.mkdtemp(prefix="pcigate-"))
        self._process = None
        self.qmp = None
        (self._scratch / "initrd").write_bytes(initrd)
        # Without a kernel, the firmware boots from a disk in `devices`.
        direct = ["-kernel", str(kernel), "-initrd", str(self._scratch / "initrd"),
                  "-append", cmdline] if kernel else []
        # thread=single: if a processor changes the memory map (enables BARs, virtual functions) while another
        # one accesses memory of a device, QEMU crashes (iotlb_to_section(), 7.2 and 10.0).
        self.arguments = [
            str(qemu or paths.qemu()), "-nodefaults", "-no-user-config", "-display", "none",
            "-machine", machine, "-accel", "tcg,thread=single", "-cpu", cpu, "-m", memory,
            *self._firmware(firmware), *direct,
            "-chardev", f"file,id=console,path={self.serial}",
            *(word for port in serial
              for word in ("-serial", "chardev:console" if port == "console" else port)),
            "-qmp", f"unix:{self._scratch}/qmp,server=on,wait=off",
            # QEMU pauses at a reset or power-off by the guest, so that the state can be read.
            "-action", "reboot=shutdown,shutdown=pause,panic=none",
            "-D", str(self.trace), "-d", "cpu_reset",
            *(word for event in trace for word in ("-trace", event)),
            *devices, *extra,
        ]

    def _firmware(self, firmware):
        """The firmware is "seabios", "ovmf", or a pair of OVMF's files. QEMU writes to the second
        file, so it gets a copy."""
        if firmware == "seabios":
            return []
        code, variables = paths.ovmf() if firmware == "ovmf" else firmware
        shutil.copy(variables, self._scratch / "vars.fd")
        return ["-drive", f"if=pflash,unit=0,format=raw,readonly=on,file={code}",
                "-drive", f"if=pflash,unit=1,format=raw,file={self._scratch}/vars.fd"]

    def __enter__(self):
        for log in (self.serial, self.trace):
            log.unlink(missing_ok=True)
        (self.directory / "qemu.args").write_text("\n".join(self.arguments) + "\n")
        errors = open(self.directory / "qemu.err", "w", encoding="utf-8")
        try:
            self._process = subprocess.Popen(  # pylint: disable=consider-using-with
                self.arguments, stdin=subprocess.DEVNULL, stdout=errors, stderr=errors,
                preexec_fn=_die_with_parent)
            self.qmp = Qmp(self._scratch / "qmp", time.monotonic() + 60)
        except (OSError, RuntimeError, TimeoutError) as error:
            self.__exit__()
            said = (self.directory / "qemu.err").read_text().strip()
            raise Died(f"QEMU did not start: {said or error}") from error
        finally:
            errors.close()
        return self

    def __exit__(self, *_):
        if self._process and self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def text(self):
        """What the guest has printed so far."""
        try:
            return self.serial.read_bytes().decode(errors="replace").replace("\r", "")
        except FileNotFoundError:
            return ""

    def wait(self, pattern, timeout, on_text=None):
        """Waits for a line that matches and returns the match.

        Returns None if the guest resets or switches off (see -action above), or if its processor is
        halted with interrupts off after the outgoing kernel's last line: then no line will come.
        """
        wanted = re.compile(pattern, re.M)
        deadline = time.monotonic() + timeout
        look = 0.0
        while True:
            asleep = False
            self._take_events()
            if time.monotonic() >= look and re.search(LEFT, self.text()):
                asleep = self.asleep()
                look = time.monotonic() + 0.5
            # The text is read after the state, so it has all that was printed before.
            text = self.text()
            if on_text:
                on_text(text)
            match = wanted.search(text)
            if match:
                return match
            if asleep or self.shutdown_reason():
                return None
            if time.monotonic() > deadline:
                self._keep_state("stuck.txt", "info registers -a", "info lapic")
                raise Timeout(f"no line with '{pattern}' within {timeout} s")
            time.sleep(0.05)

    def _take_events(self):
        try:
            self.qmp.poll()
        except ConnectionError as error:
            raise Died(f"QEMU ended with status {self._process.wait(10)}") from error

    def asleep(self):
        """Whether the processor is halted with interrupts off (EFLAGS bit 9); only a reset ends this.

        The registers are read several times: the monitor does not stop the processor, and while an
        interrupt wakes an idle processor, they can have these values as well.
        """
        for _ in range(3):
            self._take_events()
            registers = {} if self.shutdown_reason() else self.registers()
            flags = registers.get("RFL", registers.get("EFL", 0))
            if not registers.get("HLT") or flags & 0x200:
                return False
            time.sleep(0.05)
        self._keep_state("asleep.txt", "info registers")
        return True

    def _keep_state(self, name, *questions):
        """Writes the monitor's answers to a file beside the logs."""
        (self.directory / name).write_text("\n".join(map(self.qmp.monitor, questions)))

    def shutdown_reason(self):
        """"guest-reset", "guest-shutdown"..., or None while the guest runs."""
        for event in self.qmp.events:
            if event["event"] == "SHUTDOWN":
                return event["data"]["reason"]
        return None

    def registers(self):
        """The CPU's registers as the monitor prints them: {name: number}."""
        text = self.qmp.monitor("info registers")
        return {name: int(value, 16) for name, value in
                re.findall(r"\b([A-Z][A-Z0-9]{1,3}) *=([0-9a-f]+)\b", text)}

    def screen(self):
        """The lines of the VGA text screen: 25 rows of 80 characters with attributes."""
        dump = self._scratch / "screen"
        self.qmp.command("pmemsave", val=0xb8000, size=80 * 25 * 2, filename=str(dump))
        text = dump.read_bytes()[::2].decode("cp437")
        return [text[row:row + 80].rstrip() for row in range(0, len(text), 80)]
