# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Where things are, and what to say when they are not there."""

import os
import pathlib
import shutil

QEMU_TESTS = pathlib.Path(__file__).resolve().parents[1]
REPO = QEMU_TESTS.parents[1]
BUILD = pathlib.Path(os.environ.get("PCIGATE_BUILD", REPO / "build"))
GUEST = QEMU_TESTS / "guest"

QEMU = "qemu-system-x86_64"

# Which kernel the scenarios boot: none for that of build/bzImage, else the kind
# of another one, such as "debug" for build/bzImage-debug. Its logs lie apart.
KIND = os.environ.get("PCIGATE_KIND", "")
# How much slower it is.
SLOWER = {"debug": 8}.get(KIND, 1)

# (code, variables) of OVMF without Secure Boot, smallest first.
OVMF = [
    ("/usr/share/OVMF/OVMF_CODE.fd", "/usr/share/OVMF/OVMF_VARS.fd"),
    ("/usr/share/OVMF/OVMF_CODE_4M.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd"),
]

# With Secure Boot on, and Debian's snakeoil key in db; its key and certificate sign for it.
OVMF_SECURE = ("/usr/share/OVMF/OVMF_CODE_4M.secboot.fd",
               "/usr/share/OVMF/OVMF_VARS_4M.snakeoil.fd")
SNAKEOIL = ("/usr/share/ovmf/PkKek-1-snakeoil.key", "/usr/share/ovmf/PkKek-1-snakeoil.pem")


class Missing(Exception):
    """Something that another make target provides is not there."""


def cache():
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return pathlib.Path(os.environ.get("PCIGATE_CACHE") or f"{home}/pcigate")


def _found(path, target):
    if not os.path.exists(path):
        raise Missing(f"{path} is missing: run 'make {target}' first")
    return path


def kernel():
    target = f"check-{KIND}" if KIND == "debug" else "kernel"
    return _found(BUILD / (f"bzImage-{KIND}" if KIND else "bzImage"), target)


def application():
    return _found(BUILD / "pcigate.efi", "build/pcigate.efi")


def command():
    return _found(BUILD / "pcigate", "build/pcigate")


def stock_kernel():
    return _found(BUILD / "bzImage-stock", "build/bzImage-stock")


def logs(family, name):
    """The directory for the logs of a scenario."""
    return BUILD / (f"{family}-{KIND}" if KIND else family) / name


def qemu():
    return _found(shutil.which(QEMU) or QEMU, "install")


def ovmf():
    for code, variables in OVMF:
        if os.path.exists(code) and os.path.exists(variables):
            return code, variables
    raise Missing("OVMF is missing: run 'make install' first")
