# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A firmware boot through pcigate.efi: the disk, the cards of the machine, and the result."""

import dataclasses
import fcntl
import hashlib
import pathlib
import re
import time

from . import cpio, image, paths
from .disk import Disk
from .machine import TRACE, Died, Machine, Timeout

# Every device has a fixed slot, so a device that a scenario adds changes only bus numbers. The network
# card has a serial number (PCI Express Device Serial Number, from the MAC address), NVMe has none.
BOOT_DISK = ["-device", "virtio-blk-pci,drive=boot,bus=pcie.0,addr=1e"]
ACPI = ["-global", "ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off"]


def port(name, slot, chassis):
    return ["-device", f"pcie-root-port,id={name},bus=pcie.0,addr={slot},chassis={chassis},"
            f"slot={chassis}"]


def network_card(bus, last=0x33):
    """An e1000e without a boot ROM and without a network."""
    return ["-netdev", f"user,id=net{last},restrict=on", "-device",
            f"e1000e,bus={bus},netdev=net{last},mac=52:54:00:11:22:{last:02x},romfile="]


def nvme(bus, serial="pcigate"):
    return ["-device", f"nvme,bus={bus},serial={serial}"]


PORTS = [*port("port1", 3, 1), *port("port2", 4, 2), *port("port3", 5, 3)]
MACHINE = [*PORTS, *network_card("port1"), *nvme("port2")]
CARD, NVME = "0000:01:00.0", "0000:02:00.0"
CAPTURE = "capture.dtb"

# The kernel's command line: see scenario.CMDLINE for the reasons.
OPTIONS = "console=ttyS0 printk.devkmsg=on no_timer_check"
KERNEL_LINE = r"Linux version \d"
UP = r"guest: (done|FAILED)|Kernel panic - not syncing"
OFF = "reset -s\n"

# The processor of a boot that names none; see cpus().
CPU = "qemu64"
CR4_LA57 = 1 << 12

# The firmware's shell is the last entry in its boot order, so it is the fallback entry.
FALLBACK_LINE = "fallback entry started"
FALLBACK = f"@echo -off\necho {FALLBACK_LINE}\n{OFF}"

# The shell counts down five seconds before it runs its script.
COUNTDOWN = "Press ESC in"


def initrd(script="list_devices\nread_verdict", files=None):
    """An initramfs for the kernel that pcigate.efi starts."""
    verdict = r"""
show_verdict() {
	/host/ld-linux-x86-64.so.2 --library-path /host /host/pcigate show --efi >/tmp/shown 2>&1
	say "shown status $?"
	while read -r line; do say "shown $line"; done </tmp/shown
}

read_verdict() {
	mount -t efivarfs efivarfs /sys/firmware/efi/efivars || fail "no efivarfs"
	for name in /sys/firmware/efi/efivars/Pcigate*; do
		say "variable ${name##*/} $(hexdump -v -e '1/1 "%02x"' "$name")"
	done
}
"""
    return image.core() + cpio.archive({
        "scenario/1": (verdict + script).encode() + b"\n", **(files or {})})


def entry(options=OPTIONS, **keys):
    """The content of pcigate.conf."""
    lines = {"capture": CAPTURE, "linux": "/bzImage", "initrd": "/initrd", **keys}
    return "".join(f"{key} {value}\n" for key, value in lines.items() if value is not None) + \
        f"options {options}\n"


@dataclasses.dataclass
class Boot:
    """The settings of a firmware boot."""

    name: str
    devices: tuple = tuple(MACHINE)
    files: dict = dataclasses.field(default_factory=dict)
    firmware: object = None
    cpu: str = ""
    memory: str = "256M"
    extra: tuple = ()
    megabytes: int = 40
    # QEMU's words for the boot disk's file, in place of the plain image.
    drive: str = ""
    # The boot ends with a line that matches, with a reset, or when the machine switches off.
    end: str = UP
    # Called with (machine, outcome) when such a line has come, while the machine still runs.
    at_end: object = None
    timeout: float = 120
    # Config space accesses and console output in one ordered log (trace.py).
    traced: bool = False
    # Set by make_disk(), which a test calls if it needs the disk before the boot.
    disk: object = None

    def __post_init__(self):
        self.directory = paths.BUILD / "efi-qemu" / self.name
        self.directory.mkdir(parents=True, exist_ok=True)

    def make_disk(self):
        self.disk = Disk(self.directory / "disk.img", self.files, self.megabytes)
        return self.disk

    def run(self):
        start = time.monotonic()
        disk = self.disk or self.make_disk()
        result = Outcome(self.directory, disk)
        drive = self.drive or f"driver=raw,file.driver=file,file.filename={disk.path}"
        firmware = self.firmware or (paths.OVMF[1] if len(paths.OVMF) > 1 else paths.ovmf())
        pressed = []

        def hurry(text):
            # Any key but ESC ends the countdown, once for each start of the shell.
            if text.count(COUNTDOWN) and len(pressed) < text.count("UEFI Interactive Shell"):
                pressed.append(machine.qmp.command(
                    "send-key", keys=[{"type": "qcode", "data": "ret"}]))

        try:
            with Machine(self.directory, devices=[*ACPI, *self.devices, "-blockdev",
                                                  f"node-name=boot,{drive}", *BOOT_DISK],
                         firmware=firmware, memory=self.memory, cpu=self.cpu or CPU,
                         extra=self.extra,
                         trace=tuple(TRACE) if self.traced else ()) as machine:
                result.match = machine.wait(self.end, self.timeout, on_text=hurry)
                if result.match and self.at_end:
                    self.at_end(machine, result)
                result.text = machine.text()
                result.ended = machine.shutdown_reason()
        except (Died, Timeout, OSError, RuntimeError) as error:
            result.trouble = f"{type(error).__name__}: {error}"
            result.text = result.read()
        result.seconds = time.monotonic() - start
        return result


class Outcome:
    """The results of a boot."""

    def __init__(self, directory, disk):
        self.directory = directory
        self.disk = disk
        self.trouble = None
        self.match = None
        self.ended = None
        self.text = ""
        self.seconds = 0.0

    def read(self):
        try:
            return (self.directory / "serial.log").read_text(errors="replace").replace("\r", "")
        except FileNotFoundError:
            return ""

    @property
    def lines(self):
        """The printed lines, without the control sequences of a terminal."""
        text = re.sub(r"\x1b\[[0-9;?=]*[A-Za-z]", "\n", self.text)
        return [line.rstrip() for line in text.splitlines() if line.strip()]

    @property
    def gate(self):
        return [line for line in self.lines if line.startswith("pcigate: ")]

    def count(self, pattern):
        return sum(bool(re.search(pattern, line)) for line in self.lines)

    def guest(self, pattern):
        found = (re.search(r"guest: " + pattern + "$", line) for line in self.lines)
        return [match for match in found if match]

    def devices(self):
        """{address: "vendor:device class"} as the kernel that was started lists them."""
        return {match[1]: match[2] for match in self.guest(r"device (\S+) (.*)")}

    def variables(self):
        """{name: bytes} as efivarfs shows them."""
        return {match[1]: bytes.fromhex(match[2])
                for match in self.guest(r"variable (\w+)-[0-9a-f-]+ (\w+)")}

    def after(self, mark):
        """pcigate's lines for case `mark` of the shell's script, and the match of the exit status."""
        rest = self.text.partition(f"case {mark}\n")[2].partition("case ")[0]
        return [line for line in rest.splitlines() if line.startswith("pcigate: ")], \
            re.search(r"status (\S+)", rest)


def capture(arguments=f"{CARD} {NVME}", devices=tuple(MACHINE)):
    """The capture that pcigate.efi --record writes on that machine; made once for all scenarios."""
    program = paths.application().read_bytes()
    key = hashlib.sha256(program + repr((arguments, devices)).encode()).hexdigest()[:12]
    directory = paths.BUILD / "efi-qemu"
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"capture-{key}.dtb"
    with open(directory / "lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            for old in directory.glob("capture-*.dtb"):
                if old.stat().st_mtime < time.time() - 24 * 3600:
                    old.unlink()
            outcome = Boot(name=f"record-{key}", devices=devices, files={
                "pcigate.efi": program,
                "startup.nsh": f"@echo -off\nfs0:\npcigate.efi --record {CAPTURE} {arguments}\n"
                               + OFF}).run()
            data = outcome.disk.get(CAPTURE)
            if not data:
                raise RuntimeError("nothing was recorded: " +
                                   (outcome.trouble or "\n".join(outcome.lines[-10:])))
            path.write_bytes(data)
            (directory / f"capture-{key}.log").write_text("\n".join(outcome.lines))
    return path


def five_levels():
    """Whether this OVMF uses five levels of page tables if the processor has them."""
    code, _ = paths.OVMF[1]
    key = hashlib.sha256(pathlib.Path(code).read_bytes()).hexdigest()[:12]
    directory = paths.BUILD / "efi-qemu"
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"five-levels-{key}"
    with open(directory / "lock-levels", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            def at_end(machine, _outcome):
                path.write_text(str(machine.registers().get("CR4", 0) & CR4_LA57))
            # Without a capture pcigate.efi stops. Halted, it still has the firmware's page tables.
            Boot(name="five-levels", cpu="max", at_end=at_end, end=r"^pcigate: STOP.*; halted", files={
                "EFI/BOOT/BOOTX64.EFI": paths.application(),
                "EFI/BOOT/pcigate.conf": entry("pcigate.stop=halt")}).run()
        return path.read_text() != "0"


def cpus():
    """The processors with which each test runs."""
    return ["qemu64", "max"] if five_levels() else ["qemu64"]


def started_by_firmware(record, options=OPTIONS, **keys):
    """The files of a disk from which the firmware starts pcigate.efi, and then the fallback entry."""
    return {"EFI/BOOT/BOOTX64.EFI": paths.application(),
            "EFI/BOOT/pcigate.conf": entry(options, **keys),
            f"EFI/BOOT/{CAPTURE}": record,
            "bzImage": paths.kernel(), "initrd": initrd(), "startup.nsh": FALLBACK}


def boot_managers():
    """The directory with Debian's systemd-boot and GRUB; fetched the first time."""
    return paths.printed_by("fetch-boot-managers.sh")


def another_disk(boot, number, files):
    """QEMU's words for a disk that the firmware tries before the boot disk."""
    disk = Disk(boot.directory / f"disk{number}.img", files)
    return ["-blockdev", f"driver=raw,node-name=disk{number},file.driver=file,"
            f"file.filename={disk.path}",
            "-device", f"virtio-blk-pci,drive=disk{number},bus=pcie.0,addr={0x1a + number:x}"]
