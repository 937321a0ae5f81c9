# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Checks that several scenarios use."""

import re
import subprocess
import sys
from pathlib import Path

from . import paths, scenario, splats
from .scenario import Scenario
from .tap import Tap, bail_out, ends_well_when_told_to_end

COST = r"\d+ config reads, \d+ (cycles|us)(, \d+ us)?"


def main(test):
    """Runs test(tap) as a TAP program."""
    if len(sys.argv) > 1:
        print(f"{Path(sys.argv[0]).name}: unknown argument: {sys.argv[1]} (it takes none)", file=sys.stderr)
        sys.exit(2)
    tap = Tap()
    ends_well_when_told_to_end()
    try:
        test(tap)
    except paths.Missing as missing:
        bail_out(missing)
    sys.exit(tap.done())


def run(tap, expected_splats=(), **settings):
    """A scenario; where it got stuck is a result of its own, and so is a kernel that finds
    something wrong with itself, other than what `expected_splats`, patterns, account for."""
    result = Scenario(**settings).run()
    tap.ok(not result.trouble, f"{settings['name']} came to an end", result.trouble,
           *result.lines[-15:])
    healthy(tap, result, expected_splats)
    tap.note(f"{settings['name']}: {result.seconds:.1f} s, logs in {result.directory}")
    return result


def healthy(tap, result, expected=()):
    """No kernel complained, and lock checking, where there is any, was on to the last."""
    found = splats.find(result.lines, expected)
    tap.ok(not found, "no kernel complains", *found[:30])
    if paths.KIND == "debug":
        tap.ok(result.guest("lockdep .*"), "this kernel checks its locking")
    off = result.guest("lockdep (?!debug_locks: 1).*")
    tap.ok(not off or splats.ends_lock_checking(result.lines, expected),
           "lock checking was never switched off", *(match[0] for _, match in off))


def opens(tap, result, devices=scenario.DEVICES, named=None):
    """The gate opened and nothing moved: by its words, and by what the next kernel found."""
    number = len(devices)
    for device in named or devices:
        tap.has_line(result.gate, rf"pcigate: {device} keeps its address")
    tap.has_line(result.gate[-1:], rf"pcigate: OPEN: {number} of {number} preserved devices keep "
                 rf"their address( \({COST}\))?", "the last line opens")
    tap.has_line(result.gate[-2:], rf".*\b{COST}\b.*", "and what it cost is told")
    starts(tap, result)
    keeps_addresses(tap, result, devices)
    retrieves(tap, result, devices)
    answers(tap, result, [number, number, 0, 0])


def starts(tap, result):
    tap.equal(result.count(scenario.KERNEL_LINE), 2, "the next kernel starts")
    tap.equal(len(result.guest("next kernel up")), 1, "and reaches its first process")


def keeps_addresses(tap, result, devices=scenario.DEVICES, kernel=2):
    """That kernel finds what the first one found: functions, the bridges above each, BARs."""
    before, after = result.devices(1), result.devices(kernel)
    tap.ok(set(devices) <= set(before), "the devices are where the test expects them", before)
    tap.equal(after, before, "both kernels see the same functions at the same addresses")
    before, after = result.places(1), result.places(kernel)
    tap.ok(before, "the first kernel tells where each function is")
    changed = [f"{address}: {before[address]} becomes {after.get(address)}"
               for address in before if after.get(address) != before[address]]
    tap.ok(not changed, "behind the same bridges, with the same BARs and windows", *changed)


def ground_truth(tap, **settings):
    """The same scenario with a next kernel that knows of no record and no gate: what Linux does."""
    words = f"{settings.get('next_words', '')} {scenario.NO_GATE}"
    result = run(tap, **{**settings, "name": f"{settings['name']}-truth", "next_words": words,
                         "following": "list_devices"})
    starts(tap, result)
    return result


def linux_moves(tap, truth, moves):
    """A run of ground_truth() shows that Linux does what the gate stops. `moves` has for each device
    where Linux has it then: an address, the end of a path, or None if it is gone."""
    before, after = truth.places(1), truth.places(2)
    ids, new_ids = truth.devices(1), truth.devices(2)
    for device, new in moves.items():
        tap.ok(device in before and after.get(device, ("",))[0] != before[device][0],
               f"Linux does not find {device} where it was", before.get(device), after.get(device))
        if new is None:
            tap.ok(new_ids.get(device) != ids.get(device), "nor anything like it there", new_ids)
            continue
        address = new.split("/")[-1]
        tap.ok(after.get(address, ("",))[0].endswith(new) and new_ids.get(address) == ids.get(device),
               f"Linux finds it at {new}", *sorted(after.items()))


def retrieves(tap, result, devices=scenario.DEVICES):
    got = [(kernel, match[1], match[2]) for kernel, match in
           result.guest(r"retrieved token (\S+) (\S+)")]
    before = result.devices(1)
    wanted = [(2, str(i + 1), before.get(device, "?").split()[0])
              for i, device in enumerate(devices)]
    tap.equal(got, wanted, "the next kernel retrieves each device's file, and it opens that device")
    tap.equal([kernel for kernel, _ in result.guest("finished session guests")], [2],
              "and finishes the session")


def answers(tap, result, devices, verdict=1, reason=""):
    """The stage's answer in pcigate's own KHO entry (docs/kho-fdt.md), as the next kernel has it."""
    entry = result.entry("pcigate")
    if not tap.ok(entry, "the next kernel has pcigate's entry"):
        return

    def get(kind, name):
        return subprocess.run(["fdtget", "-t", kind, entry, "/answer", name], text=True,
                              stdout=subprocess.PIPE, check=True).stdout.split()

    cost = re.search(r"(\d+) config reads, (\d+) cycles", "\n".join(result.gate[-2:]))
    high, low = map(int, get("u", "cycles"))
    got = {"verdict": get("u", "verdict"), "reason": get("s", "reason")[:1],
           "devices": [int(number) for number in get("u", "devices")],
           "config-reads": get("u", "config-reads"), "cycles": high << 32 | low}
    tap.equal(got, {"verdict": [str(verdict)], "reason": [reason] if reason else [],
                    "devices": devices, "config-reads": [cost[1]], "cycles": int(cost[2])},
              "and in it the stage's answer, as it was printed")


def finds_damage(tap, result):
    """A flipped bit anywhere in pcigate's own entry is found, but where it hides the checksum."""
    entry = result.entry("pcigate")
    if not tap.ok(entry, "the next kernel has pcigate's entry"):
        return
    record = entry.read_bytes()
    damaged = entry.with_name("damaged.dtb")

    def accepted(data):
        damaged.write_bytes(data)
        return not subprocess.run([paths.command(), "show", damaged], stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL, check=False).returncode

    value = subprocess.run(["fdtget", "-t", "u", entry, "/", "crc32"], text=True,
                           stdout=subprocess.PIPE, check=False).stdout
    if not tap.ok(value and accepted(record), "it has a checksum, and that is right"):
        return
    # The property begins with a tag, its length and the offset of its name.
    at = record.index(int(value).to_bytes(4, "big"))
    name = record.index(b"crc32\0")
    hidden = {*range(at - 12, at), *range(name, name + 6)}
    unseen = []
    for bit in range(0, 8 * len(record), 41):
        data = bytearray(record)
        data[bit // 8] ^= 1 << bit % 8
        if bit // 8 not in hidden and accepted(data):
            unseen.append(bit)
    tap.equal(unseen, [], "every 41st bit was flipped, and each time the record is refused")


def stops(tap, result, verdict, outcome="halted"):
    """The gate stopped: its last line, and no next kernel. `verdict` is the middle of the line."""
    tap.equal(result.count(scenario.LEAVING_LINE), 1, "the outgoing kernel left")
    # Where the last line would be too long, what it cost stands in one of its own.
    last = rf"pcigate: STOP: {verdict}( \({COST}\))?; {outcome}"
    tap.has_line(result.gate[-1:], last, "the last line stops")
    tap.has_line(result.gate[-2:], rf".*\b{COST}\b.*", "and what it cost is told")
    tap.equal(result.count(scenario.KERNEL_LINE), 1, "no next kernel starts")
    if outcome == "halted":
        sleeps(tap, result)


def verdicts(result):
    """What /sys/kernel/pcigate/verdict said, one list of lines for each time it was read."""
    found = [[]]
    for _, match in result.guest("verdict (.*)"):
        if match[1].startswith("ends, "):
            found.append([])
        else:
            found[-1].append(match[1])
    return found[:-1]


def refuses(tap, result, verdict, times=1):
    """The outgoing kernel refused the kexec, printed the reason, and continues."""
    tap.equal(sum(bool(re.fullmatch(rf"STOP: {verdict}( \({COST}\))?; refused", line))
                  for line in result.early), times, f"refused in the log: {verdict}")
    tap.equal(len(result.guest("kexec failed: Operation canceled")), times,
              "the call fails with ECANCELED")
    tap.equal(len(result.guest("kexec refused")), times, "and the kernel continues")


def sleeps(tap, result):
    tap.ok(result.halted, "the CPU sleeps with interrupts off",
           *(f"{name} {result.registers.get(name, 0):#x}" for name in ("RIP", "CR2", "RFL", "HLT")))


def moves(tap, result, device, bridge, code):
    tap.has_line(result.gate, rf"pcigate: {device} MOVES( to \S+)?: .*\b{bridge}\b.* \[{code}\]")


def reads_no_config_space(tap, result):
    """While the stage ran it left config space alone altogether."""
    window = result.gate_window()
    if tap.ok(window, "the outgoing kernel left, so there is a time to look at"):
        tap.equal(window.accesses, [], "the gate touched no config space")


def leaves_config_space_alone(tap, result):
    """While the stage ran it read config space, and wrote nothing to it."""
    window = result.gate_window()
    if tap.ok(window, "the outgoing kernel left, so there is a time to look at"):
        tap.ok(window.reads, "the gate read config space")
        tap.equal(window.writes, [], "the gate wrote nothing to config space")


def well_formed(tap, result):
    """Every line of the gate is at most 80 columns of printable ASCII, once."""
    bad = [line for line in result.gate if len(line) > 80 or not line.isprintable()]
    tap.equal(bad, [], "the gate's lines are short and printable")
    tap.equal(len(set(result.gate)), len(result.gate), "and none is printed twice")


def touches_nothing(tap, result, last_words):
    """No config space access from a dying kernel's line to the next image's start."""
    dying = result.trace.find(last_words)
    following = dying and result.trace.next_image(dying)
    if tap.ok(following, "the trace shows both kernels"):
        tap.equal(result.trace.before(dying, following).accesses, [],
                  "no config space access in between")
