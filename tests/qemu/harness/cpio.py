# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""An initramfs archive in memory, in the kernel's "newc" format.

Layout: Documentation/driver-api/early-userspace/buffer-format.rst. It is written here because the
same input must give the same bytes for any user, and because archives are concatenated.
"""

REGULAR, DIRECTORY, LINK = 0o100000, 0o040000, 0o120000


def _entry(inode, name, mode, data):
    name = name.encode() + b"\0"
    fields = [inode, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name), 0]
    head = b"070701" + b"".join(b"%08x" % field for field in fields) + name
    return _pad(head) + _pad(data)


def _pad(data):
    return data + bytes(-len(data) % 4)


def archive(files):
    """The archive of {path: content}, with the directories that it needs.

    "*" at the end of a path makes the file executable, "@" makes it a symbolic link to its content.
    Neither is part of the name.
    """
    out, seen = [], set()
    for path in sorted(files):
        name = path.rstrip("*@").lstrip("/")
        parts = name.split("/")
        for depth in range(1, len(parts)):
            directory = "/".join(parts[:depth])
            if directory not in seen:
                seen.add(directory)
                out.append(_entry(len(out) + 1, directory, DIRECTORY | 0o755, b""))
        mode = REGULAR | 0o755 if path.endswith("*") else REGULAR | 0o644
        if path.endswith("@"):
            mode = LINK | 0o777
        out.append(_entry(len(out) + 1, name, mode, files[path]))
    out.append(_entry(0, "TRAILER!!!", 0, b""))
    data = b"".join(out)
    # The kernel skips zeros between archives, so padding lets the next one start aligned.
    return data + bytes(-len(data) % 512)
