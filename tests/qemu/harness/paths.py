# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The paths of what the tests need, and an error that names the make target if one is missing."""

import os
import pathlib
import re
import shutil
import subprocess

QEMU_TESTS = pathlib.Path(__file__).resolve().parents[1]
REPO = QEMU_TESTS.parents[1]
BUILD = pathlib.Path(os.environ.get("PCIGATE_BUILD", REPO / "build"))
GUEST = QEMU_TESTS / "guest"

QEMU = os.environ.get("PCIGATE_QEMU", "qemu-system-x86_64")

# The kernel that the scenarios boot: build/bzImage if empty, build/bzImage-debug for "debug", and so
# on. Each kind has its own directory of logs.
KIND = os.environ.get("PCIGATE_KIND", "")
# The factor by which this kernel is slower.
SLOWER = {"debug": 8}.get(KIND, 1)

# (code, variables) of OVMF without Secure Boot, smallest first.
OVMF = [
    ("/usr/share/OVMF/OVMF_CODE.fd", "/usr/share/OVMF/OVMF_VARS.fd"),
    ("/usr/share/OVMF/OVMF_CODE_4M.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd"),
]

# OVMF with Secure Boot on and Debian's snakeoil certificate in db, and the key that signs for it.
OVMF_SECURE = ("/usr/share/OVMF/OVMF_CODE_4M.secboot.fd",
               "/usr/share/OVMF/OVMF_VARS_4M.snakeoil.fd")
SNAKEOIL = ("/usr/share/ovmf/PkKek-1-snakeoil.key", "/usr/share/ovmf/PkKek-1-snakeoil.pem")


class Missing(Exception):
    """A file that another make target provides is missing."""


def cache():
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return pathlib.Path(os.environ.get("PCIGATE_CACHE") or f"{home}/pcigate")


def printed_by(script, *arguments):
    """The path that a script of tests/qemu prints after it has built or fetched something."""
    run = subprocess.run([QEMU_TESTS / script, *arguments], text=True, stdout=subprocess.PIPE,
                         check=False)
    if run.returncode:
        raise Missing(f"{' '.join(map(str, (script, *arguments)))} failed (see above)")
    return pathlib.Path(run.stdout.strip())


def _found(path, target):
    if not os.path.exists(path):
        raise Missing(f"{path} is missing: run 'make {target}' first")
    return path


def kernel():
    name = f"bzImage-{KIND}" if KIND else "bzImage"
    return _found(BUILD / name, f"build/{name}")


def application():
    return _found(BUILD / "pcigate.efi", "build/pcigate.efi")


def command():
    return _found(BUILD / "pcigate", "build/pcigate")


def stock_kernel():
    return _found(BUILD / "bzImage-stock", "build/bzImage-stock")


def upstream_kernel():
    return _found(BUILD / "bzImage-upstream", "build/bzImage-upstream")


def logs(family, name):
    """The directory for the logs of a scenario."""
    return BUILD / (f"{family}-{KIND}" if KIND else family) / name


def qemu():
    return _found(shutil.which(QEMU) or QEMU, "install")


def qemu_major():
    """The first number of the version of the usual QEMU."""
    version = subprocess.run([qemu(), "--version"], text=True, stdout=subprocess.PIPE, check=True).stdout
    return int(re.search(r"version (\d+)", version)[1])


def qemu_with_igb():
    """The usual QEMU if it has the network card igb, which QEMU has from version 8.0 on, or Debian trixie's."""
    if qemu_major() >= 8:
        return qemu()
    return printed_by("fetch-guest-tools.sh", "--qemu") / "qemu-system-x86_64"


def network_kernel():
    """The kernel with network drivers, and with what systemd needs."""
    return _found(BUILD / "bzImage-network", "build/bzImage-network")


def ovmf():
    for code, variables in OVMF:
        if os.path.exists(code) and os.path.exists(variables):
            return code, variables
    raise Missing("OVMF is missing: run 'make install' first")
