# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Signing for Secure Boot with the key that Debian's snakeoil firmware has in its db."""

import pathlib
import shutil
import subprocess
import tempfile

from . import paths

PASSPHRASE = "snakeoil"
# This firmware needs flash memory that only system management mode can write.
QEMU = ["-global", "driver=cfi.pflash01,property=secure,value=on"]


def signed(path):
    """The signed program."""
    key, certificate = paths.SNAKEOIL
    for tool in ("sbsign", "openssl"):
        if not shutil.which(tool):
            raise paths.Missing(f"{tool} is missing: run 'make install' first")
    with tempfile.TemporaryDirectory(prefix="pcigate-") as work:
        plain, out = pathlib.Path(work) / "key", pathlib.Path(work) / "out"
        # sbsign would ask for the passphrase on a terminal.
        subprocess.run(["openssl", "rsa", "-in", key, "-passin", f"pass:{PASSPHRASE}", "-out", plain],
                       check=True, stderr=subprocess.DEVNULL)
        subprocess.run(["sbsign", "--key", plain, "--cert", certificate, "--output", out, path],
                       check=True, stderr=subprocess.DEVNULL)
        return out.read_bytes()
