# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The guests' initramfs. The part that all scenarios share is built once and cached."""

import fcntl
import hashlib
import pathlib
import re
import subprocess
import sys

from . import cpio
from .paths import BUILD, GUEST, Missing, cache, command, printed_by

TOOLS = ["dma", "luctl", "memw", "pciw", "race", "stress"]
CFLAGS = ["-std=gnu11", "-D_GNU_SOURCE", "-O2", "-s", "-static", "-Wall", "-Wextra", "-Werror"]


def _tools_root():
    """Debian's kexec-tools and busybox, unpacked; fetched the first time."""
    return printed_by("fetch-guest-tools.sh")


def _first(root, *names):
    for name in names:
        if (root / name).is_file():
            return root / name
    raise Missing(f"{root} has none of {', '.join(names)}")


def _libraries(root, program):
    """The loader and every library that the program needs, from the same root."""
    dirs = [root / "lib/x86_64-linux-gnu", root / "usr/lib/x86_64-linux-gnu"]
    loader = _first(root, "lib64/ld-linux-x86-64.so.2", "usr/lib64/ld-linux-x86-64.so.2",
                    "lib/x86_64-linux-gnu/ld-linux-x86-64.so.2")
    listing = subprocess.run(
        [loader, "--library-path", ":".join(map(str, dirs)), "--list", program],
        text=True, stdout=subprocess.PIPE, check=True).stdout
    found = dict(re.findall(r"^\s*(\S+) => (\S+) \(", listing, re.M))
    files = {f"lib/{name}*": pathlib.Path(path).read_bytes() for name, path in found.items()}
    files["lib64/ld-linux-x86-64.so.2*"] = loader.read_bytes()
    return files


def _compile(name, into):
    subprocess.run(["gcc", *CFLAGS, GUEST / f"{name}.c", "-o", into / name], check=True)
    return (into / name).read_bytes()


def _core_files(root, work):
    kexec = _first(root, "sbin/kexec", "usr/sbin/kexec")
    files = _libraries(root, kexec)
    files["sbin/kexec*"] = kexec.read_bytes()
    files["bin/busybox*"] = _first(root, "bin/busybox", "usr/bin/busybox").read_bytes()
    files["init*"] = (GUEST / "init").read_bytes()
    files["verbs"] = (GUEST / "verbs").read_bytes()
    for tool in TOOLS:
        files[f"bin/{tool}*"] = _compile(tool, work)
    return files


def _key(root):
    digest = hashlib.sha256()
    sources = [path for path in sorted(GUEST.iterdir()) if path.is_file()]
    sources += [pathlib.Path(__file__), pathlib.Path(cpio.__file__)]
    sources += [_first(root, "sbin/kexec", "usr/sbin/kexec")]
    for path in sources:
        data = path.read_bytes()
        digest.update(b"%s %d\0" % (path.name.encode(), len(data)) + data)
    return digest.hexdigest()[:16]


def core():
    """The archive that every guest gets; from the cache unless one of its sources changed."""
    directory = cache() / "guest-image"
    directory.mkdir(parents=True, exist_ok=True)
    with open(directory / "lock", "w", encoding="ascii") as lock:
        # Scenarios run in parallel. The first one builds for all.
        fcntl.flock(lock, fcntl.LOCK_EX)
        root = _tools_root()
        path = directory / f"core-{_key(root)}.cpio"
        if not path.exists():
            print("building the guests' initramfs", file=sys.stderr, flush=True)
            for old in directory.glob("core-*"):
                old.unlink()
            work = directory / "work"
            work.mkdir(exist_ok=True)
            new = path.with_suffix(".new")
            new.write_bytes(cpio.archive(_core_files(root, work)))
            new.rename(path)
        return path.read_bytes()


def command_files():
    """The command pcigate and this machine's libraries, in another directory than the guest's."""
    listing = subprocess.run(["ldd", command()], text=True, stdout=subprocess.PIPE,
                             check=True).stdout
    files = {"host/pcigate*": command().read_bytes()}
    for library in re.findall(r"(/\S+) \(0x", listing):
        files[f"host/{pathlib.Path(library).name}*"] = pathlib.Path(library).read_bytes()
    return files


def kexec_with_stage():
    """The program of kexec-tools with the stage as its purgatory."""
    return printed_by("build-kexec.sh", BUILD / "purgatory.ro").read_bytes()


def module(kernel, name):
    """The module guest/NAME, built for that kernel."""
    return printed_by("build-module.sh", name, kernel).read_bytes()


def keeper(kernel):
    """The module that preserves devices without a driver, built for that kernel."""
    return module(kernel, "keeper")


def selftest(kernel, suite, name):
    """A program of the selftests in that kernel's source."""
    return (printed_by("build-selftests.sh", kernel) / suite / name).read_bytes()


def initramfs(kernels, scripts, cmdline, files=None):
    """The first kernel's initramfs. Each initramfs contains the next kernel and its initramfs.

    kernels: the kernels after the first. scripts: the scripts of all kernels.
    """
    named = {f"scenario/{number}": text.encode() + b"\n"
             for number, text in enumerate(scripts, start=1)}
    shared = core() + cpio.archive({
        **named, "scenario/cmdline": cmdline.encode() + b"\n", **(files or {})})
    whole = shared
    for kernel in reversed(kernels):
        whole = shared + cpio.archive({
            "next/bzImage": pathlib.Path(kernel).read_bytes(),
            "next/initrd": whole,
        })
    return whole
