# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A handoff from one kernel to the next, and its results: console, trace, state of the machine."""

import dataclasses
import re
import shlex
import time

from . import image, paths
from .machine import Died, Machine, Timeout
from .trace import Trace

# Every bridge and device has a fixed slot, so the addresses are known: firmware numbers buses in the
# order of the slots. Hotplug is that of the ports, as on servers, not QEMU's hotplug through ACPI.
TOPOLOGY = """
-global ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off
-device intel-iommu,intremap=on
-device pcie-root-port,id=switch-port,bus=pcie.0,addr=3,chassis=1,slot=1
-device x3130-upstream,id=switch,bus=switch-port
-device xio3130-downstream,id=leg,bus=switch,addr=0,chassis=2,slot=2
-netdev user,id=net,restrict=on
-device e1000e,id=card,bus=leg,netdev=net,romfile=
-device pcie-root-port,id=nvme-port,bus=pcie.0,addr=4,chassis=3,slot=3
-device nvme,id=disk,bus=nvme-port,serial=pcigate
-device edu,id=onboard,bus=pcie.0,addr=5
""".split()

CARD, NVME, ONBOARD = "0000:03:00.0", "0000:04:00.0", "0000:00:05.0"
SWITCH_PORT, NVME_PORT = "0000:00:03.0", "0000:00:04.0"
UPSTREAM, DOWNSTREAM = "0000:01:00.0", "0000:02:00.0"
DEVICES = (NVME, CARD, ONBOARD)
# Words for one more port, and a physical function behind it that has an ARI capability. VIRTUAL is
# the address of its first virtual function.
PHYSICAL, VIRTUAL = "0000:05:00.0", "0000:05:00.1"
SRIOV = """
-device pcie-root-port,id=port3,bus=pcie.0,addr=6,chassis=4,slot=4
-device nvme-subsys,id=subsystem,nqn=pcigate
-device nvme,bus=port3,serial=sriov,subsys=subsystem,sriov_max_vfs=2,sriov_vq_flexible=4,\
sriov_vi_flexible=2,max_ioqpairs=6,msix_qsize=7
""".split()

# printk.devkmsg=on: the guests' lines for the host must not be rate limited.
# no_timer_check: on a busy host emulated timers are late, and Linux would report them as broken.
# tsc=reliable: Linux 7.3 compares the counters of two processors while interrupts of the first one
# are off. Its timeout uses a clock that, early in boot, these interrupts drive. A late second
# processor, such as an emulated one on a busy host, then hangs the machine (watchdog_wait_seq()).
CMDLINE = ("console=ttyS0 kho=on liveupdate=on intel_iommu=on printk.devkmsg=on no_timer_check "
           "tsc=reliable")
# Two processors print more lines than the console takes at once: none may be lost. With 4M,
# KHO finds no memory for its scratch area in 512 MB.
LARGE_LOG = "log_buf_len=1M"
# The outgoing kernel starts the handoff without the early check.
EARLY_OFF = "pci_liveupdate.check=0"
# With an early console, the next kernel prints its first line before its first access to config space.
# pcigate=verbose: the stage prints all that it says, also if it opens.
NEXT_WORDS = "earlyprintk=ttyS0,115200 pcigate=verbose"
# The next kernel is a copy of the first one, which keeps bus numbers, and pcigate knows this. Most
# scenarios are about a next kernel that does not keep them.
ASSIGNS = "pcigate.buses=assign"
# The next kernel ignores what is handed over, and enumerates PCI as at any boot.
NO_GATE = "pcigate=off liveupdate=off"
# The crash kernel of a debug kernel is a debug kernel.
CRASH_WORDS = "crashkernel=512M" if paths.KIND == "debug" else "crashkernel=128M"

KERNEL_LINE = r"Linux version \d"
LEAVING_LINE = r"kexec_core: Starting new kernel"
_END = r"guest: (done|FAILED)|^pcigate: STOP|Kernel panic - not syncing"


def load(words="", verb="load"):
    """The shell line that loads the next kernel with these words, quoted."""
    return f"{verb} {shlex.quote(f'{NEXT_WORDS} {words}'.strip())}"


@dataclasses.dataclass
class Scenario:
    """The settings of a handoff."""

    name: str
    firmware: str = "seabios"
    memory: str = "512M"
    cpu: str = "qemu64"
    preserve: tuple = DEVICES
    # Shell lines in the words of guest/verbs.
    before_bind: str = ""
    before_load: str = ""
    before_kexec: str = ""
    first: str = ""
    following: str = ""
    # The script of a third kernel, which the next one loads with the verb "load".
    third: str = ""
    # The image of the first kernel, if it is not the usual one.
    kernel: object = None
    # The image of the next kernel, if it is not that of the first.
    next_kernel: object = None
    # {path: content} for the guests, see cpio.archive().
    files: dict = dataclasses.field(default_factory=dict)
    # Words of the kernels' command lines.
    cmdline: str = CMDLINE
    first_words: str = ""
    # For the next kernel; they are quoted for the shell.
    next_words: str = ""
    # Whether the outgoing kernel makes the early check: it must be off for the stage to stop.
    early: bool = True
    # Another QEMU than the usual one.
    qemu: object = None
    # QEMU's machine type, and its serial ports: see Machine.
    machine: str = "q35"
    serial: tuple = ("console",)
    topology: tuple = tuple(TOPOLOGY)
    # Adds a VGA card. Its text is read at the end.
    screen: bool = False
    extra: tuple = ()
    # The run ends with a line that matches, or after this many seconds.
    end: str = _END
    timeout: float = 150
    # Called with (machine, text) while waiting.
    on_text: object = None
    logs: str = "qemu"

    def devices(self):
        return [*self.topology, *(["-device", "VGA"] if self.screen else [])]

    def first_script(self):
        return self.first or "\n".join([
            "list_devices", self.before_bind, f"bind {' '.join(self.preserve)}",
            f"preserve {' '.join(self.preserve)}", self.before_load,
            load(f"{ASSIGNS} {self.next_words}"), self.before_kexec, "go"])

    def next_script(self):
        return self.following or "\n".join([
            "list_devices", "list_report", f"bind {' '.join(self.preserve)}", f"retrieve {len(self.preserve)}",
            "dump_entry pci-topology"])

    def run(self):
        """Boots, waits for the end, and reads the logs. Raises paths.Missing only."""
        directory = paths.logs(self.logs, self.name)
        directory.mkdir(parents=True, exist_ok=True)
        kernel = self.kernel or paths.kernel()
        memory, cmdline = _for_this_kind(self.memory, self.cmdline)
        scripts = [self.first_script(), self.next_script()]
        following = [self.next_kernel or kernel]
        if self.third:
            scripts.append(self.third)
            following.append(kernel)
        initrd = image.initramfs(following, scripts, cmdline, self.files)
        words = f"{cmdline} {'' if self.early else EARLY_OFF} {self.first_words}"
        start = time.monotonic()
        result = Result(directory)
        try:
            with Machine(directory, kernel, initrd, words,
                         devices=self.devices(), firmware=self.firmware, memory=memory,
                         cpu=self.cpu, extra=self.extra, machine=self.machine,
                         serial=self.serial, qemu=self.qemu) as machine:
                self._watch(machine, result)
                result.take(machine, self.screen)
        except (Died, Timeout, OSError, RuntimeError) as error:
            # OSError and RuntimeError: QEMU does not answer, or answers with an error.
            result.trouble = f"{type(error).__name__}: {error}"
        result.seconds = time.monotonic() - start
        return result

    def _watch(self, machine, result):
        timeout = self.timeout * paths.SLOWER

        def on_text(text):
            if self.on_text:
                self.on_text(machine, text)

        try:
            match = machine.wait(self.end, timeout, on_text)
            if match and ("FAILED" in match[0] or "panic" in match[0]):
                result.trouble = f"{match[0]}{match.string[match.end():].split(chr(10))[0]}"
            elif match and "STOP" in match[0]:
                # The reset, the power-off or the halt comes after the line.
                machine.wait(r"\Znever", timeout, on_text)
            result.halted = machine.asleep()
        except Timeout as error:
            result.trouble = str(error)


class Plugger:
    """For on_text: plugs a device in, once, when the guest says "plug it in"."""

    def __init__(self, **device):
        self._device = device
        self._done = False

    def __call__(self, machine, text):
        if not self._done and "guest: plug it in" in text:
            self._done = True
            machine.qmp.command("device_add", **self._device)


class Swap:
    """An on_text that plugs another card into the slot of the NVMe after the guest has removed it."""

    done = False

    def __call__(self, machine, text):
        if not self.done and f"guest: slot of {NVME_PORT} is on" in text:
            self.done = True
            machine.qmp.command("device_add", driver="e1000e", id="other", bus="nvme-port",
                                romfile="")


def _for_this_kind(memory, cmdline):
    """Memory and command line for the kind of kernel that runs (paths.KIND)."""
    if paths.KIND != "debug":
        return memory, cmdline
    # KASAN needs an eighth of the memory. The next kernel takes this from KHO's scratch area, so the
    # area must be larger than its default, and the machine as well. The leak detector is slow: it is
    # only on if a scenario asks for it.
    megabytes = max(int(memory[:-1]) * {"M": 1, "G": 1024}[memory[-1]], 2048)
    cmdline += f" kho_scratch=64M,128M,{megabytes // 8 + 192}M"
    return f"{megabytes}M", cmdline + ("" if "kmemleak" in cmdline else " kmemleak=off")


class Result:
    """The results of a run: lines, accesses, registers, events."""

    def __init__(self, directory):
        self.directory = directory
        self.trouble = None
        self.halted = False
        self.seconds = 0.0
        self.shutdown = None
        self.registers = {}
        self.lines = []
        self.screen = []
        self._trace = None

    def take(self, machine, screen=False):
        machine.qmp.poll()
        if screen:
            self.screen = machine.screen()
        self.shutdown = machine.shutdown_reason()
        self.registers = machine.registers()
        self.lines = machine.text().splitlines()

    @property
    def trace(self):
        if not self._trace:
            self._trace = Trace(self.directory / "trace.log")
        return self._trace

    @property
    def gate(self):
        """The lines of the stage."""
        return [line for line in self.lines if line.startswith("pcigate: ")]

    @property
    def early(self):
        """pcigate's lines in the outgoing kernel's log, without prefix."""
        return [match[1] for match in
                (re.search(r"\] (?:pcigate|PCI: liveupdate): (.*)", line) for line in self._first_kernel()) if match]

    def _first_kernel(self):
        for line in self.lines:
            yield line
            if re.search(LEAVING_LINE, line):
                return

    def seconds_of(self, pattern):
        """The time of the first matching line of the outgoing kernel's log."""
        for line in self._first_kernel():
            stamp = re.match(r"\[ *(\d+\.\d+)\]", line)
            if stamp and re.search(r"\] " + pattern, line):
                return float(stamp[1])
        return None

    def count(self, pattern):
        return sum(bool(re.search(pattern, line)) for line in self.lines)

    def guest(self, pattern):
        """The matches among the guests' lines, each with the kernel (1 or 2) it is from."""
        found, kernel = [], 0
        for line in self.lines:
            kernel += bool(re.search(KERNEL_LINE, line))
            match = re.search(r"guest: " + pattern + "$", line)
            if match:
                found.append((kernel, match))
        return found

    def devices(self, kernel):
        """{address: "vendor:device class"} as that kernel listed it."""
        return {match[1]: match[2] for number, match in self.guest(r"device (\S+) (.*)")
                if number == kernel}

    def places(self, kernel):
        """{address: (path from the root bus down, {number: address range})}, see list_devices."""
        return {match[1]: (match[2], dict(word.split("=") for word in match[3].split()))
                for number, match in self.guest(r"place (\S+) (\S+)(.*)") if number == kernel}

    def entry(self, name):
        """The file with the KHO entry that the next kernel dumped, or None."""
        data = "".join(match[1] for _, match in self.guest(rf"entry {name} (\w+)"))
        if not data:
            return None
        path = self.directory / f"{name}.dtb"
        path.write_bytes(bytes.fromhex(data))
        return path

    def code_ran_between(self, start, end):
        """The addresses at which code ran, if QEMU logged them (-d in_asm)."""
        log = (self.directory / "trace.log").read_text(errors="replace")
        found = (int(match[1], 16) for match in re.finditer(r"^(0x[0-9a-f]+):  ", log, re.M))
        return sorted(address for address in found if start <= address < end)

    def wire(self):
        """What the stage printed: everything between the last line of the outgoing kernel and the first
        line of the next one."""
        return re.search(rf"{LEAVING_LINE}[^\n]*\n(.*?)(?:\[ *\d+\.\d+\]|\Z)", "\n".join(self.lines), re.S)[1].strip()

    def gate_window(self):
        """Config space accesses from the outgoing kernel's last line to the start of the next image,
        or to the end if no image follows. None if the outgoing kernel did not jump to the stage."""
        left = self.trace.find(LEAVING_LINE)
        return left and self.trace.before(left, self.trace.next_image(left) or self.trace.end())
