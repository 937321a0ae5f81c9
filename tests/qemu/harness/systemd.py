# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A guest whose first process is Debian's own systemd."""

import os
import pathlib
import subprocess

from . import paths

# Directories that nothing in the guest reads.
LEFT_OUT = ("usr/share/doc", "usr/share/man", "usr/share/locale", "usr/share/bash-completion",
            "usr/share/zsh", "usr/lib/x86_64-linux-gnu/gconv", "var/cache", "usr/share/perl5", "lib/udev/hwdb.d",
            "usr/lib/udev/hwdb.d")

UNITS = "etc/systemd/system"

# The script of the first kernel.
FIRST = """
mkdir -p /run /var/log /var/lib /root /mnt
mount -t tmpfs tmpfs /run
exec /lib/systemd/systemd
"""
STOPPED = "ordinary service stopped"


def ordinary(at_stop="true"):
    """An ordinary service, which a refused kexec must not stop, and the service that runs the scenario's
    steps. `at_stop`: a shell line for the time when the ordinary service is stopped. Systemd does not
    kill a process whose name begins with "@": such a process can hold the session."""
    return {
        "default.target": """
            [Unit]
            Wants=ordinary.service steps.service
            After=ordinary.service
            AllowIsolate=yes""",
        "ordinary.service": f"""
            [Service]
            ExecStart=/bin/sleep 3600
            ExecStopPost=/bin/sh -c '. /verbs; {at_stop}; say {STOPPED}'""",
        "steps.service": """
            [Unit]
            After=ordinary.service
            DefaultDependencies=no
            [Service]
            ExecStart=/bin/sh /scenario/steps
            KillMode=none""",
    }


def _packages(root):
    files = {}
    for directory, _, names in os.walk(root):
        where = os.path.relpath(directory, root)
        for name in names:
            path, source = os.path.join(where, name), pathlib.Path(directory, name)
            if path.startswith(LEFT_OUT):
                continue
            if source.is_symlink():
                files[f"{path}@"] = os.readlink(source).encode()
            else:
                files[path + ("*" if os.access(source, os.X_OK) else "")] = source.read_bytes()
    return files


def _libraries(program):
    """The libraries of this machine that the command needs. The guest has the same Debian release."""
    listing = subprocess.run(["ldd", program], text=True, stdout=subprocess.PIPE, check=True).stdout
    words = [line.split() for line in listing.splitlines() if "=> /" in line]
    return {f"usr/lib/x86_64-linux-gnu/{name}": pathlib.Path(path).read_bytes()
            for name, _, path, *_ in words}


def units(service):
    """{path: content} of units; `service` is {name: text}."""
    return {f"{UNITS}/{name}": text.encode() for name, text in service.items()}


def _installed():
    """The command and the units that `make` installs with PREFIX=/usr/local, and the program."""
    where = paths.BUILD / "systemd-install"
    subprocess.run(["make", "-s", "-C", paths.REPO, "install-tools", "install-systemd", "PREFIX=/usr/local",
                    f"DESTDIR={where}"], stdout=subprocess.DEVNULL, check=True)
    program = where / "usr/local/bin/pcigate"
    directory = where / "usr/local/lib/systemd/system"
    files = {f"usr/local/lib/systemd/system/{path.name}": path.read_bytes()
             for path in directory.iterdir()}
    return {"usr/local/bin/pcigate*": program.read_bytes(), **files}, program


def files(installed=True):
    """The guest's files; those of this project only if `installed`."""
    ours, program = _installed()
    systemd = paths.printed_by("fetch-guest-tools.sh", "--systemd")
    return {**_packages(systemd), **_libraries(program), **(ours if installed else {})}


def sid_files():
    """Debian sid's systemd with its own libraries. kexec, of this machine's release, uses the newer loader
    and C library, too."""
    root = paths.printed_by("fetch-guest-tools.sh", "--systemd-sid")
    loader = root / "usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2"
    return {**_packages(root), "lib/systemd@": b"../usr/lib/systemd",
            "lib64/ld-linux-x86-64.so.2*": loader.read_bytes()}
