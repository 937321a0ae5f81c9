# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Compares two recordings of one machine: one that pcigate.efi made, and one that pcigate made under Linux."""

import re
import subprocess

# These properties differ between any two recordings, or only Linux knows them.
NOT_COMPARED = ("description", "cmdline", "dma-translated")
EXPRESS = 0x10


def _nodes(path):
    """{path of a node: {property: [cells] or text}}."""
    text = subprocess.run(["dtc", "-q", "-I", "dtb", "-O", "dts", path], text=True,
                          stdout=subprocess.PIPE, check=True).stdout
    nodes, inside = {}, []
    for line in map(str.strip, text.splitlines()):
        if line.endswith("{"):
            inside.append(line[:-1].strip())
            nodes["/".join(inside)] = {}
        elif line == "};":
            inside.pop()
        elif inside and line.endswith(";"):
            name, _, value = line[:-1].partition(" = ")
            nodes["/".join(inside)][name] = value
    return nodes


def _cells(value):
    return [int(word, 16) for word in re.findall(r"0x([0-9a-f]+)", value)]


def _bytes(value):
    """dtc prints bytes as cells if their number is a multiple of four."""
    if value.startswith("["):
        return bytes.fromhex(value.strip("[]"))
    return b"".join(cell.to_bytes(4, "big") for cell in _cells(value))


def _space(value):
    """Config space without the bits that drivers and firmware set."""
    space = bytearray(_bytes(value))
    space[4:8] = bytes([0, 0, space[6] & 0x10, 0])
    at = space[0x34] & 0xfc
    while at >= 0x40:
        if space[at] != EXPRESS:
            # The upper half of the first register, such as MSI Enable.
            space[at + 2:at + 4] = b"\0\0"
        at = space[at + 1] & 0xfc
    return bytes(space).hex()


def _comparable(nodes):
    """Returns the nodes without the parts that may differ, and the ends of the root buses."""
    ends = {}
    for path, node in nodes.items():
        for name in NOT_COMPARED:
            node.pop(name, None)
        if "bytes" in node and "/config/" in path:
            node["bytes"] = _space(node["bytes"])
        if "bus-range" in node:
            ends[path.rpartition("/")[2]] = _cells(node.pop("bus-range"))[1]
            # The size of a window is that of the range.
            node["ecam"] = _cells(node["ecam"])[:2]
    return nodes, ends


def same(tap, firmware, host):
    """Both recordings have the same machine and the same record."""
    first, first_ends = _comparable(_nodes(firmware))
    second, second_ends = _comparable(_nodes(host))
    tap.ok(len(first) > 20, "the recording of pcigate.efi has more than 20 nodes")
    tap.equal(sorted(second), sorted(first), "both recordings have the same nodes")
    wrong = [f"{path}: {first[path]} by firmware, {second[path]} by Linux"
             for path in first if path in second and first[path] != second[path]]
    tap.equal(wrong, [], "both recordings have the same properties")
    tap.ok(first_ends and all(first_ends[bus] <= second_ends.get(bus, -1) for bus in first_ends),
           "no root bus ends earlier by Linux than by the firmware", first_ends, second_ends)
