# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The checks that several scenarios have in common."""

import re
import subprocess
import sys
from pathlib import Path

from . import paths, scenario, splats
from .scenario import NEXT_WORDS, Scenario
from .tap import Tap, bail_out, exit_on_sigterm

COST = r"\d+ config reads, \d+ (cycles|us)(, \d+ us)?"


def main(test):
    """Runs test(tap) as a TAP program."""
    if len(sys.argv) > 1:
        print(f"{Path(sys.argv[0]).name}: unknown argument: {sys.argv[1]} (it takes none)", file=sys.stderr)
        sys.exit(2)
    tap = Tap()
    exit_on_sigterm()
    try:
        test(tap)
    except paths.Missing as missing:
        bail_out(missing)
    sys.exit(tap.done())


def run(tap, expected_splats=(), **settings):
    """Runs a scenario. A test result says whether it ended, another one whether a kernel printed a
    warning that none of the patterns `expected_splats` matches."""
    result = Scenario(**settings).run()
    tap.ok(not result.trouble, f"{settings['name']} ends", result.trouble, *result.lines[-15:])
    healthy(tap, result, expected_splats, own=not settings.get("kernel"))
    tap.note(f"{settings['name']}: {result.seconds:.1f} s, logs in {result.directory}")
    return result


def healthy(tap, result, expected=(), own=True):
    """No kernel printed a warning, and a kernel with lock checking had it on to the end. `own`: the first
    kernel is the usual one, which checks locks if it is the debug kernel."""
    found = splats.find(result.lines, expected)
    tap.ok(not found, "no kernel prints a warning", *found[:30])
    if own and paths.KIND == "debug":
        tap.ok(result.guest("lockdep .*"), "the debug kernel checks locks")
    off = result.guest("lockdep (?!debug_locks: 1).*")
    tap.ok(not off or splats.ends_lock_checking(result.lines, expected),
           "lock checking was never switched off", *(match[0] for _, match in off))


def opens(tap, result, devices=scenario.DEVICES, named=None):
    """The verdict is open and no device moved: by the stage's lines, and by what the next kernel
    found."""
    number = len(devices)
    for device in named or devices:
        tap.has_line(result.gate, rf"pcigate: {device} keeps its address")
    tap.has_line(result.gate[-1:], rf"pcigate: OPEN: {number} of {number} preserved devices keep "
                 rf"their address( \({COST}\))?", "the last line says OPEN")
    prints_cost(tap, result.gate)
    starts(tap, result)
    keeps_addresses(tap, result, devices)
    retrieves(tap, result, devices)
    answers(tap, result, [number, number, 0, 0])


def prints_cost(tap, lines):
    """The cost is in the last line, or in the line before it if the last one would be too long."""
    tap.has_line(lines[-2:], rf".*\b{COST}\b.*", "the report has the number of config reads and the time")


def starts(tap, result):
    tap.equal(result.count(scenario.KERNEL_LINE), 2, "the next kernel starts")
    tap.equal(len(result.guest("next kernel up")), 1, "the next kernel starts its first process")


def keeps_addresses(tap, result, devices=scenario.DEVICES, kernel=2):
    """That kernel finds what the first one found: functions, the bridges above each, BARs."""
    before, after = result.devices(1), result.devices(kernel)
    tap.ok(set(devices) <= set(before), "the first kernel has the devices at the expected addresses",
           before)
    tap.equal(after, before, "both kernels see the same functions at the same addresses")
    before, after = result.places(1), result.places(kernel)
    tap.ok(before, "the first kernel lists path and BARs of each function")
    changed = [f"{address}: {before[address]} becomes {after.get(address)}"
               for address in before if after.get(address) != before[address]]
    tap.ok(not changed, "both kernels see the same paths, BARs and windows", *changed)


def ground_truth(tap, **settings):
    """Runs the scenario with a next kernel that ignores the record, and with pcigate=off: the result
    shows what Linux does."""
    words = f"{settings.get('next_words', '')} {scenario.NO_GATE}"
    result = run(tap, **{**settings, "name": f"{settings['name']}-truth", "next_words": words,
                         "following": "list_devices"})
    starts(tap, result)
    return result


def linux_moves(tap, truth, moves):
    """`truth`, a result of ground_truth(), shows that Linux moves the devices. `moves` has for each
    device where Linux then finds it: an address, the end of a path, or None if nowhere."""
    before, after = truth.places(1), truth.places(2)
    ids, new_ids = truth.devices(1), truth.devices(2)
    for device, new in moves.items():
        tap.ok(device in before and after.get(device, ("",))[0] != before[device][0],
               f"Linux does not find {device} on its old path", before.get(device), after.get(device))
        if new is None:
            tap.ok(new_ids.get(device) != ids.get(device),
                   f"Linux finds no device of the same model at {device}", new_ids)
            continue
        address = new.split("/")[-1]
        tap.ok(after.get(address, ("",))[0].endswith(new) and new_ids.get(address) == ids.get(device),
               f"Linux finds {device} at {new}", *sorted(after.items()))


def retrieves(tap, result, devices=scenario.DEVICES):
    got = [(kernel, match[1], match[2]) for kernel, match in
           result.guest(r"retrieved token (\S+) (\S+)")]
    before = result.devices(1)
    wanted = [(2, str(i + 1), before.get(device, "?").split()[0])
              for i, device in enumerate(devices)]
    tap.equal(got, wanted, "the next kernel retrieves the file of each device")
    tap.equal([kernel for kernel, _ in result.guest("finished session guests")], [2],
              "the next kernel finishes the session")


def answers(tap, result, devices, verdict=1, reason=""):
    """The stage's answer in pcigate's own record (docs/kho-fdt.md), as the next kernel received it."""
    entry = result.entry("pci-topology")
    if not tap.ok(entry, "the next kernel receives pcigate's own record"):
        return

    def get(kind, name):
        return subprocess.run(["fdtget", "-t", kind, entry, "/answer", name], text=True,
                              stdout=subprocess.PIPE, check=True).stdout.split()

    said = [*result.gate[-2:], *(match[1] for _, match in result.guest("report (.*)"))]
    cost = re.search(r"(\d+) config reads, (\d+) cycles", "\n".join(said))
    high, low = map(int, get("u", "cycles"))
    got = {"verdict": get("u", "verdict"), "reason": get("s", "reason")[:1],
           "devices": [int(number) for number in get("u", "devices")],
           "config-reads": get("u", "config-reads")}
    tap.equal(got, {"verdict": [str(verdict)], "reason": [reason] if reason else [],
                    "devices": devices, "config-reads": [cost[1]]},
              "the stage's answer in the record is the printed one")
    tap.ok((high << 32 | low) > int(cost[2]), "the cycles in the answer include those of the output",
           high << 32 | low, cost[2])


def finds_damage(tap, result):
    """`pcigate show` finds a flipped bit anywhere in pcigate's own record, except where the flip hides
    the checksum property."""
    entry = result.entry("pci-topology")
    if not tap.ok(entry, "the next kernel receives pcigate's own record"):
        return
    record = entry.read_bytes()
    damaged = entry.with_name("damaged.dtb")

    def accepted(data):
        damaged.write_bytes(data)
        return not subprocess.run([paths.command(), "show", damaged], stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL, check=False).returncode

    value = subprocess.run(["fdtget", "-t", "u", entry, "/", "crc32c"], text=True,
                           stdout=subprocess.PIPE, check=False).stdout
    if not tap.ok(value and accepted(record), "the record has a checksum, and it is correct"):
        return
    # Before the value are the property's tag, its length and the offset of its name.
    at = record.index(int(value).to_bytes(4, "big"))
    name = record.index(b"crc32c\0")
    hidden = {*range(at - 12, at), *range(name, name + 7)}
    unseen = []
    for bit in range(0, 8 * len(record), 41):
        data = bytearray(record)
        data[bit // 8] ^= 1 << bit % 8
        if bit // 8 not in hidden and accepted(data):
            unseen.append(bit)
    tap.equal(unseen, [], "with one bit flipped (each 41st was tried), the record is refused")


def stops(tap, result, verdict, outcome="halted"):
    """The stage stopped: its last line says so, and no next kernel starts. `verdict` is the middle of
    the last line."""
    tap.equal(result.count(scenario.LEAVING_LINE), 1, "the outgoing kernel jumps to the stage")
    last = rf"pcigate: STOP: {verdict}( \({COST}\))?; {outcome}"
    tap.has_line(result.gate[-1:], last, "the last line says STOP")
    prints_cost(tap, result.gate)
    tap.equal(result.count(scenario.KERNEL_LINE), 1, "no next kernel starts")
    if outcome == "halted":
        sleeps(tap, result)


def verdicts(result):
    """What the kernel logged for each read of /sys/bus/pci/liveupdate_verdict: one list of lines for
    each read. The last line is the value."""
    found, lines = [], None
    for line in result.lines:
        value = re.search(r"guest: verdict is (.*), exit status (\d+)", line)
        if re.search("guest: verdict begins", line):
            lines = []
        elif value:
            found.append(lines + [value[1] if value[2] == "0" else value[0]])
            lines = None
        elif lines is not None:
            said = re.search(r"\] (pcigate: .*|.*\bliveupdate: .*)", line)
            lines += [said[1]] if said else []
    return found


def refuses(tap, result, verdict, times=1):
    """The outgoing kernel refused the kexec, printed the reason, and continues."""
    tap.equal(sum(bool(re.fullmatch(rf"STOP: {verdict}( \({COST}\))?; refused", line))
                  for line in result.early), times, f"the log has the refusal: {verdict}")
    tap.equal(len(result.guest("kexec failed: Operation canceled")), times,
              "the kexec call fails with ECANCELED")
    tap.equal(len(result.guest("kexec refused")), times, "the outgoing kernel continues")


def stops_damaged_image(tap, verb, **settings):
    """The stage stops if the next kernel's initramfs was overwritten after `verb` loaded it."""
    mark = "pcigate-mark-in-the-initramfs"
    result = run(tap, following=f"say {mark}", first=f"""
        list_devices
        {verb} {NEXT_WORDS}
        overwrite_loaded {mark.encode().hex()} 58
        go""", **settings)
    tap.has_line(result.gate, r"pcigate: STOP: .*digest \[image-damaged\]; halted")
    sleeps(tap, result)


def starts_crash_kernel(tap, result):
    starts(tap, result)
    touches_nothing(tap, result, "Kernel panic - not syncing")
    tap.equal(result.gate, ["pcigate: OPEN: a crash kernel, no PCI register touched; continuing"],
              "the stage starts the crash kernel")


def sleeps(tap, result):
    tap.ok(result.halted, "the processor is halted with interrupts off",
           *(f"{name} {result.registers.get(name, 0):#x}" for name in ("RIP", "CR2", "RFL", "HLT")))


def moves(tap, result, device, bridge, code):
    tap.has_line(result.gate, rf"pcigate: {device} MOVES( to \S+)?: .*\b{bridge}\b.* \[{code}\]")


def not_found(tap, result, device, bridge, code):
    """The next kernel keeps bus numbers, and the bridge gets none."""
    tap.has_line(result.gate, rf"pcigate: {device} WILL NOT BE FOUND: .*\b{bridge}\b.* \[{code}\]")


def reads_no_config_space(tap, result):
    """The stage made no access to config space."""
    window = result.gate_window()
    if tap.ok(window, "the trace has the outgoing kernel's last line"):
        tap.equal(window.accesses, [], "the stage does not access config space")


def leaves_config_space_alone(tap, result):
    """The stage read config space and did not write to it."""
    window = result.gate_window()
    if tap.ok(window, "the trace has the outgoing kernel's last line"):
        tap.ok(window.reads, "the stage reads config space")
        tap.equal(window.writes, [], "the stage does not write to config space")


def well_formed(tap, result, columns=80):
    """Every line has at most `columns` columns of printable ASCII, and no line is printed twice."""
    bad = [line for line in result.gate if len(line) > columns or not line.isprintable()]
    tap.equal(bad, [], f"pcigate's lines are printable and have at most {columns} columns")
    tap.equal(sorted(set(result.gate)), sorted(result.gate), "no line is printed twice")


def touches_nothing(tap, result, panic_line):
    """There is no access to config space from a kernel's panic to the start of the next image."""
    dying = result.trace.find(panic_line)
    following = dying and result.trace.next_image(dying)
    if tap.ok(following, "the trace shows both kernels"):
        tap.equal(result.trace.before(dying, following).accesses, [],
                  "there is no access to config space between the kernels")
