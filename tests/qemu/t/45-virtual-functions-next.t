#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Virtual functions are preserved, and the next kernel does not keep them, or does not use ARI."""
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, gated, vfs
from harness.scenario import PHYSICAL
from harness.vfs import KEPT, NUMBER, RETRIEVE, STUB

# Without ARI, a bridge forwards requests for device 0 only.
SEVEN = f"{STUB}\necho 7 >{NUMBER} || fail 'no VFs'\nlist_devices"
ARI = f'say "ari $(cat /sys/bus/pci/devices/{PHYSICAL}/ari_enabled)"'


def stops(tap, code, **settings):
    result = vfs.run(tap, code, **settings)
    checks.stops(tap, result, r"\d of 3 preserved devices cannot be verified")
    for address in KEPT:
        tap.has_line(result.gate, rf"pcigate: VF {address} UNVERIFIED: .*\[{code}\]")


def without_ari(tap, name, next_words):
    """The first kernel does not use ARI."""
    result = vfs.run(tap, name, before_bind=f"{SEVEN}\n{ARI}", following=f"{RETRIEVE}\n{ARI}",
                     first_words="pci=noari", next_words=next_words)
    tap.has_line(result.gate, "pcigate: OPEN: 3 of 3 preserved devices keep their address")
    vfs.kept(tap, result, virtual=vfs.VIRTUAL[:7])
    tap.equal([match[1] for _, match in result.guest(r"ari (\d)")], ["0", "0"],
              "neither kernel uses ARI for the physical function")


def test(tap):
    # Debian's kernel has no such layer.
    stops(tap, "next-without-sriov", next_kernel=gated.kernel())
    stops(tap, "next-without-ari", next_words="pci=noari")
    without_ari(tap, "vfs-without-ari", "pci=noari")
    # The next kernel may use ARI, and leaves it off for preserved devices.
    without_ari(tap, "vfs-with-ari-later", "")


checks.main(test)
