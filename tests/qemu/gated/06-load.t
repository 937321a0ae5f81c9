#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""pcigate load records the host, wraps the kernel in memory and loads it."""
import shlex
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import checks, gated
from harness.scenario import DEVICES, NEXT_WORDS, SWITCH_PORT

PRESERVE = " ".join(f"--preserve {device}" for device in DEVICES)


def load(options=""):
    return f"load_by_command {shlex.quote(NEXT_WORDS)} {PRESERVE} {options}"


def test(tap):
    result = gated.run(tap, name="gated-load", load="\n".join([
        "attempt before pcigate load --status",
        "attempt none pcigate load --append=quiet /next/bzImage",
        "attempt absent pcigate load --preserve 1f:1f.7 /next/bzImage",
        "attempt damaged pcigate load --all /next/initrd",
        "attempt still pcigate load --status",
        load(), "attempt after pcigate load --status",
        "attempt again pcigate load --preserve 1f:1f.7 /next/bzImage",
        "attempt kept pcigate load --status"]))
    said = {name: [match[1] for _, match in result.guest(rf"{name} (.*)")]
            for name in ("before", "none", "absent", "damaged", "still", "load", "after", "again", "kept")}
    tap.equal(said["before"], ["status 1", "said no image is loaded"], "no image is loaded at first")
    tap.has_line(said["none"][1:], "said pcigate: this host: no device to record: .*", "no device: an error")
    tap.has_line(said["absent"][1:], "said pcigate: this host: nothing answers at 0000:1f:1f.7")
    tap.has_line(said["damaged"][1:], "said pcigate: /next/initrd: is not a bzImage: .*", "no kernel: an error")
    for name in ("none", "absent", "damaged", "again"):
        tap.equal(said[name][:1], ["status 2"], f"{name}: status 2")
    tap.equal(said["still"], said["before"], "nothing is loaded by an error")
    tap.equal(said["load"], gated.loaded(), "the kernel is loaded")
    tap.equal(said["after"], ["status 0", "said an image is loaded"], "the status says so")
    tap.equal(said["kept"], said["after"], "after an error the image is still loaded")
    gated.opens(tap, result)

    # An image that was wrapped ahead, as for a signature, with no record inside.
    result = gated.run(
        tap, name="gated-load-ahead", load="run pcigate wrap -o /tmp/ahead.img /next/bzImage\n" +
        load().replace("load_by_command", "image=/tmp/ahead.img load_by_command"),
        following="list_devices\nrun ls -l /pcigate-own.dtb")
    tap.equal([match[1] for _, match in result.guest("load (.*)")],
              gated.loaded(beside=True),
              "a gated image is loaded with the record in the initrd")
    gated.opens(tap, result)
    tap.ok(not result.count("Initramfs unpacking failed"), "the next kernel unpacks the initrd")

    result = gated.run(
        tap, name="gated-load-reset", load=load("--on-stop reset"),
        before_kexec=f"clear_bus_numbers {SWITCH_PORT}")
    checks.stops(tap, result, "1 of 3 preserved devices would change address", "resetting")

    result = gated.run(
        tap, name="gated-load-report", load=load("--on-stop report"),
        before_kexec=f"clear_bus_numbers {SWITCH_PORT}")
    tap.has_line(result.gate[-1:], "pcigate: OPEN: pcigate=report: .*")
    checks.starts(tap, result)

    result = checks.run(tap, **gated.settings(
        name="gated-unload", load=f"{load()}\nattempt unload pcigate load --unload\n"
        "attempt status pcigate load --status\nsay done", before_kexec="sleep 60"))
    tap.equal([match[1] for _, match in result.guest("status (.*)")], ["status 1", "said no image is loaded"],
              "--unload unloads it")


checks.main(test)
