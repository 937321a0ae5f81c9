# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""An initramfs archive in memory: the kernel's "newc" format.

Layout: Documentation/driver-api/early-userspace/buffer-format.rst. Written here
because the result must be the same bytes for the same input, for any user,
and archives must be put one behind the other.
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
    """The archive of {path: content}; directories are made as needed.

    A path that ends in "*" is made executable, without the sign; one that ends in
    "@" a symbolic link to its content.
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
    # The kernel skips zeros between archives, so the next one may start anywhere
    # that is aligned.
    return data + bytes(-len(data) % 512)
