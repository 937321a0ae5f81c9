# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The guests' initramfs: what all scenarios share is built once and cached."""

import fcntl
import hashlib
import pathlib
import re
import subprocess
import sys

from . import cpio
from .paths import BUILD, GUEST, QEMU_TESTS, Missing, cache

TOOLS = ["dma", "luctl", "memw", "pciw", "stress"]
CFLAGS = ["-std=gnu11", "-D_GNU_SOURCE", "-O2", "-s", "-static", "-Wall", "-Wextra", "-Werror"]


def _tools_root():
    """Debian's kexec-tools and busybox, unpacked; fetched the first time."""
    fetch = subprocess.run([QEMU_TESTS / "fetch-guest-tools.sh"], text=True,
                           stdout=subprocess.PIPE, check=False)
    if fetch.returncode:
        raise Missing("the guests' tools could not be fetched (see above)")
    return pathlib.Path(fetch.stdout.strip())


def _first(root, *names):
    for name in names:
        if (root / name).is_file():
            return root / name
    raise Missing(f"{root} has none of {', '.join(names)}")


def _libraries(root, program):
    """The loader and every library that the program asks for, from its own root."""
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
    """The archive that every guest gets, from the cache if nothing in it changed."""
    directory = cache() / "guest-image"
    directory.mkdir(parents=True, exist_ok=True)
    with open(directory / "lock", "w", encoding="ascii") as lock:
        # Scenarios run side by side; the first one builds for all.
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


def kexec_with_stage():
    """kexec-tools' program with the stage as the purgatory inside."""
    build = subprocess.run([QEMU_TESTS / "build-kexec.sh", BUILD / "purgatory.ro"], text=True,
                           stdout=subprocess.PIPE, check=False)
    if build.returncode:
        raise Missing("kexec-tools could not be built with the stage inside (see above)")
    return pathlib.Path(build.stdout.strip()).read_bytes()


def _build(script, *arguments):
    build = subprocess.run([QEMU_TESTS / script, *arguments], text=True, stdout=subprocess.PIPE,
                           check=False)
    if build.returncode:
        raise Missing(f"{script} {arguments[0]} failed (see above)")
    return pathlib.Path(build.stdout.strip())


def module(kernel, name):
    """A module of guest/, built for that kernel."""
    return _build("build-module.sh", name, kernel).read_bytes()


def keeper(kernel):
    """The module that preserves devices without a driver, for this kernel."""
    return module(kernel, "keeper")


def selftest(kernel, suite, name):
    """A program of the selftests in that kernel's source."""
    return (_build("build-selftests.sh", kernel) / suite / name).read_bytes()


def initramfs(kernels, scripts, cmdline, files=None):
    """The first kernel's initramfs. Each one's holds the next kernel and that one's own.

    kernels are those that follow the first, scripts those of all of them.
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
