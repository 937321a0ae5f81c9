# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""A disk with an EFI system partition, made and read with mtools."""

import pathlib
import struct
import subprocess

SECTOR = 512
START = 2048
EFI_SYSTEM = 0xef


class Disk:
    """The image at `path`: one FAT file system with `files`, {path: bytes or a file's path}."""

    def __init__(self, path, files, megabytes=40):
        self.path = pathlib.Path(path)
        self._partition = f"{self.path}@@{START * SECTOR}"
        sectors = megabytes * 2048
        with open(self.path, "wb") as image:
            image.truncate((START + sectors) * SECTOR)
            # A master boot record with one partition. Nothing reads its addresses by head and
            # cylinder, so they are 0.
            image.seek(446)
            image.write(struct.pack("<B3sB3sII", 0, bytes(3), EFI_SYSTEM, bytes(3), START, sectors))
            image.seek(510)
            image.write(b"\x55\xaa")
        self._run("mformat", "-T", str(sectors), "-h", "16", "-s", "32", "-H", str(START), "::")
        for name in self._directories(files):
            self._run("mmd", f"::{name}")
        for name, content in files.items():
            self.put(name, content)

    def _run(self, tool, *arguments, **more):
        return subprocess.run([tool, "-i", self._partition, *arguments], check=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more).stdout

    @staticmethod
    def _directories(files):
        names = []
        for path in files:
            parts = path.strip("/").split("/")
            last = len(parts) if path.endswith("/") else len(parts) - 1
            for depth in range(1, last + 1):
                name = "/" + "/".join(parts[:depth])
                if name not in names:
                    names.append(name)
        return names

    def put(self, name, content):
        """Writes a file. A name that ends in "/" is a directory, which stays empty."""
        if name.endswith("/"):
            return
        data = content.encode() if isinstance(content, str) else content
        if isinstance(data, bytes):
            self._run("mcopy", "-o", "-", f"::{name}", input=data)
        else:
            self._run("mcopy", "-o", str(data), f"::{name}")

    def get(self, name):
        """The content of a file, or None."""
        try:
            return self._run("mcopy", f"::{name}", "-")
        except subprocess.CalledProcessError:
            return None

    def sector(self, name, offset):
        """The sector of the disk that holds the byte at `offset` of a file."""
        text = self._run("mshowfat", "-o", str(offset), f"::{name}").decode()
        cluster = int(text.split()[-1])
        boot = self.path.read_bytes()[START * SECTOR:(START + 1) * SECTOR]
        per_cluster, reserved, fats, roots = struct.unpack_from("<BHBH", boot, 13)
        fat_size = struct.unpack_from("<H", boot, 22)[0] or struct.unpack_from("<I", boot, 36)[0]
        data = reserved + fats * fat_size + (roots * 32 + SECTOR - 1) // SECTOR
        return START + data + (cluster - 2) * per_cluster + offset % (per_cluster * SECTOR) // SECTOR
