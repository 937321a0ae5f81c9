#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Compares the plan with Linux's own scan on stored and on generated machines.

The files in tests/oracle/topologies come first; Linux must meet their expectations. Then come the generated machines. Each
policy needs a boot of its own. If the plan and Linux disagree about a topology, it is reduced and stored as a file. Exit
status: 0 no disagreement, 1 a disagreement, 2 an error.
"""

import argparse
import collections
import concurrent.futures
import os
import pathlib
import re
import statistics
import subprocess
import sys
import threading
import time

import linux

HERE = pathlib.Path(__file__).resolve().parent
TOOL = linux.BUILD / "oracle"

# For each policy: the boot parameters, and the share of the generated topologies in percent.
POLICIES = {
    "default": ("", 100),
    "assign-busses": ("pci=assign-busses", 100),
    "hpbussize-8": ("pci=hpbussize=8", 20),
    "assign-hpbussize": ("pci=assign-busses,hpbussize=3", 20),
    "scan-all": ("pci=pcie_scan_all", 20),
    "no-ari": ("pci=noari", 20),
    "no-mmconfig": ("pci=nommconf", 20),
}
# The same for a next kernel that keeps the bus numbers of preserved devices. pcigate judges by this word; Linux ignores it.
KEEP = "pcigate.buses=keep"
KEEPING = {f"keep-{name}": (f"{cmdline} {KEEP}".strip(), share) for name, (cmdline, share) in POLICIES.items()}
ALL = {**POLICIES, **KEEPING}

# The number of topologies for one process.
BATCH = 4000
FLIP_POLICIES = ("default", "no-ari")
# The number of machines for one process if bits are flipped: each gives about 1,600 topologies.
FLIP_BATCH = 4
# The number of reductions that are tried at once.
ROUND = 1500


def tool(*arguments, stdin=None, ok=(0,)):
    done = subprocess.run([TOOL, *map(str, arguments)], input=stdin, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode not in ok:
        raise linux.LinuxFailed(f"oracle {arguments[0]} ended with {done.returncode}")
    return done.stdout


def split(text):
    """{name: text} of the topologies in a text."""
    found, name, lines = {}, None, []
    for line in text.splitlines(keepends=True):
        if line.startswith("topo "):
            name, lines = line.split()[1], []
            found[name] = lines
        if name:
            lines.append(line)
    return {name: "".join(lines) for name, lines in found.items()}


class Totals(collections.Counter):
    """Sums over the batches of one policy (sums.h), and each topology's ratio of config reads."""

    def __init__(self):
        super().__init__()
        self.ratios = []

    def add(self, lines):
        for line in lines:
            if line.startswith("careful "):
                _, reason, number = line.split()
                self[f"careful {reason}"] += int(number)
            elif line.startswith("ratio "):
                self.ratios.append(int(line.split()[1]) / 10)
            elif line.startswith("compared "):
                first, *words = line.split()[1:]
                self["topologies"] += int(first)
                for name, number in (word.split("=") for word in words):
                    self[name] += int(number)

    def lines(self):
        careful = ", ".join(f"{number} {name.split()[1]}" for name, number in sorted(self.items())
                            if name.startswith("careful "))
        return (f"{self['topologies']} topologies, {self['bridges']} bridges, {self['disagreements']} disagreements",
                f"Linux's scan fails on {self['failed']} of them; the plan gives up {self['given-up']}, "
                f"{self['needless']} without need",
                f"the plan is uncertain of {self['uncertain']} of {self['steps']} functions",
                f"known limits: cards added since the record: the plan is wrong in {self['stale']} topologies; root buses not in "
                f"upstream's record: wrongly open in {self['unknown-roots']}; hidden, and neither as recorded nor reset: wrong in "
                f"{self['unseen']}, wrongly open in {self['unseen-open']} of them",
                f"verdicts: {self['opens']} devices open ({self['into-failure']} although Linux's scan fails), {self['stops']} stop, "
                f"{self['too-careful']} of these false ({100 * self['too-careful'] / max(self['stops'], 1):.1f} %: "
                f"{careful or 'none'}); without a complete record {self['partial-stops']} stop, {self['partial-careful']} of these false",
                f"preserved virtual functions: {self['vf-opens']} open, {self['vf-stops']} stop, {self['vf-careful']} of these false",
                f"config reads: pcigate {self['reads']}, Linux {self['linux-reads']} "
                f"({100 * self['reads'] / max(self['linux-reads'], 1):.1f} %); of each topology: median "
                f"{statistics.median(self.ratios or [0]):.1f} %, worst {max(self.ratios or [0]):.1f} %")


class Oracle:
    """Runs the program Linux and the comparison, with one directory for logs and one line of progress."""

    def __init__(self, image, directory, jobs, shown, patience):
        self.image, self.directory, self.jobs, self.shown, self.patience = image, directory, jobs, shown, patience
        self._lock = threading.Lock()
        self._number = 0
        self._printed = 0.0

    def path(self, suffix):
        with self._lock:
            self._number += 1
            return self.directory / f"{self._number:05d}{suffix}"

    def say(self, text, last=False):
        """On a terminal: rewrites one line. Otherwise: prints a line every 30 seconds, and the last one."""
        with self._lock:
            if sys.stdout.isatty():
                print(f"\r{text:<99}", end="\n" if last else "", flush=True)
            elif last or time.monotonic() - self._printed > 30:
                self._printed = time.monotonic()
                print(text, flush=True)

    def linux(self, policy, text, progress=lambda done: None):
        """Runs Linux. Returns the paths of the topologies and of the results."""
        topologies, results = self.path(".topo"), self.path(".results")
        image = self.image
        if policy in KEEPING:
            image = f"{self.image}-keep"
            text = tool("incoming", stdin=text)
        topologies.write_text(text)
        count = len(re.findall(r"^topo ", text, re.M))
        results.write_text(linux.run(image, ALL[policy][0], text, count, self.path(".log"), progress))
        return topologies, results

    def compare(self, policy, topologies, results):
        """Returns (names of the topologies that disagree, lines about disagreements, lines with sums)."""
        path = self.path(".names")
        output = tool("compare", topologies, results, ALL[policy][0], path, ok=(0, 1)).splitlines()
        names = path.read_text().split()
        path.unlink()
        sums, rest = [], []
        for line in output:
            (sums if line.startswith(("careful ", "compared ", "ratio ")) else rest).append(line)
        return names, rest, sums

    def minimise(self, policy, topology):
        """The smallest topology found that still disagrees, and the lines about it."""
        about, end = [], time.monotonic() + self.patience
        while time.monotonic() < end:
            self.say(f"oracle: {policy}: reducing a topology of {topology.count(chr(10)) - 3} lines")
            text = tool("reduce", ROUND, stdin=topology)
            if not text:
                return topology, about
            smaller = split(text)
            names, lines, _ = self.compare(policy, *self.linux(policy, text))
            if not names:
                return topology, about
            best = min(names, key=lambda name: (smaller[name].count("\n"), len(smaller[name]), int(name[1:])))
            topology = smaller[best]
            about = [line for line in lines if line.startswith(f"{best}:")]
        return topology, about


def expectations(path):
    """{policy: text} from a file's expect blocks."""
    found = {}
    for match in re.finditer(r"^expect (\S+)(.*?)^end\n", path.read_text(), re.M | re.S):
        found[match.group(1)] = match.group(0)
    return found


def check_files(oracle, policy, files):
    """Compares Linux with the expectations of the files. Returns the number of those that it does not meet."""
    topologies, results = oracle.linux(policy, "".join(path.read_text() for path in files))
    got = dict(re.findall(r"^# (\S+)\n(.*?^end\n)", tool("expect", topologies, results, policy), re.M | re.S))
    bad = 0
    for path in files:
        name = re.search(r"^topo (\S+)", path.read_text(), re.M).group(1)
        expected = expectations(path).get(policy)
        if expected and expected != got.get(name):
            bad += 1
            print(f"oracle: {path.name}: under {policy}, Linux's result differs from that in the file. It is:\n"
                  f"{got.get(name)}")
    return bad, topologies, results


def show(oracle, policy, names, lines, topologies):
    """Prints the disagreements and stores the reduced topologies as files."""
    for name in names:
        small, about = oracle.minimise(policy, split(topologies)[name])
        path = linux.BUILD / f"disagreement-{policy}-{name}.topo"
        head = f"# From {name}, under {policy}.\n"
        path.write_text(head + small)
        print(f"oracle: {policy}: {name}: the plan and Linux disagree. The reduced topology: {path}")
        print("".join(f"    {line}\n" for line in small.splitlines()) +
              "".join(f"    {line}\n" for line in about or [line for line in lines if line.startswith(f"{name}:")]))


def check_generated(oracle, policy, kind, seed, count):
    """`kind`: "generate", or "flips". With "flips", `count` is the number of machines, not of topologies."""
    totals, done, begun = Totals(), {}, time.monotonic()
    batch = BATCH if kind == "generate" else FLIP_BATCH

    def progress(first, so_far):
        done[first] = so_far
        number = sum(done.values())
        rate = number / max(time.monotonic() - begun, 0.1)
        oracle.say(f"oracle: {policy}: {number} topologies ({rate * 60:.0f} a minute), "
                   f"{totals['disagreements']} disagreements")

    def one(first):
        text = tool(kind, seed, first, min(batch, count - first))
        topologies, results = oracle.linux(policy, text, lambda so_far: progress(first, so_far))
        compared = oracle.compare(policy, topologies, results)
        topologies.unlink()
        results.unlink()
        return text if compared[0] else "", compared

    disagreements = []
    with concurrent.futures.ThreadPoolExecutor(oracle.jobs) as pool:
        for text, (names, lines, sums) in pool.map(one, range(0, count, batch)):
            totals.add(sums)
            if names and len(disagreements) < oracle.shown:
                disagreements.append((names, lines, text))
    seconds = time.monotonic() - begun
    first, *rest = totals.lines()
    what = "" if kind == "generate" else f"{count} machines with flipped bits: "
    oracle.say(f"oracle: {policy}: {what}{first}, {seconds:.0f} s", last=True)
    for line in rest:
        print(f"    {line}")
    shown = 0
    for names, lines, text in disagreements:
        show(oracle, policy, names[:oracle.shown - shown], lines, text)
        shown += len(names)
        if shown >= oracle.shown:
            break
    return totals["disagreements"]


def at_least(least):
    """For argparse: a number that is not below `least`."""
    def number(text):
        value = int(text)
        if value < least:
            raise argparse.ArgumentTypeError(f"{value} is below {least}")
        return value
    return number


def policies(text):
    unknown = [name for name in text.split(",") if name not in ALL]
    if unknown:
        raise argparse.ArgumentTypeError(f"no policy '{unknown[0]}': known are {', '.join(ALL)}")
    return text


def existing(text):
    if not pathlib.Path(text).is_file():
        raise argparse.ArgumentTypeError(f"no such file: {text}")
    return pathlib.Path(text)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-n", type=at_least(0), default=1000,
                        help="number of generated topologies for the policies with a full share")
    parser.add_argument("--seed", type=at_least(0), default=1, help="seed of the generator; 0: a fresh one")
    parser.add_argument("--flips", type=at_least(0), default=0, help="number of machines of which each bit is flipped")
    parser.add_argument("--linux", type=existing, default=linux.BUILD / "linux", help="the program Linux: %(default)s")
    parser.add_argument("--policies", type=policies, default=",".join(POLICIES), help="the policies: %(default)s")
    parser.add_argument("--keep", action="store_true", help="the policies for a next kernel that keeps bus numbers")
    parser.add_argument("--jobs", type=at_least(1), default=os.cpu_count(), help="number of parallel processes")
    parser.add_argument("--shown", type=at_least(0), default=3,
                        help="number of disagreements of each policy that are reduced and printed")
    parser.add_argument("--patience", type=at_least(1), default=300, help="seconds for reducing one of them: %(default)s")
    parser.add_argument("files", nargs="*", type=existing, help="topologies in place of the stored ones")
    return parser.parse_args()


def main():
    options = arguments()
    directory = linux.BUILD / "runs" / str(os.getpid())
    directory.mkdir(parents=True, exist_ok=True)
    oracle = Oracle(options.linux, directory, options.jobs, options.shown, options.patience)
    seed = options.seed or int.from_bytes(os.urandom(4), "little")
    files = options.files or sorted((HERE / "topologies").glob("*.topo"))
    bad = 0
    if options.keep:
        options.policies = ",".join(KEEPING)
    print(f"oracle: seed {seed}, logs in {directory}", flush=True)
    for policy in options.policies.split(","):
        unmet, topologies, results = check_files(oracle, policy, files)
        names, lines, _ = oracle.compare(policy, topologies, results)
        for line in lines:
            print(f"    {line}")
        bad += unmet + len(names)
        oracle.say(f"oracle: {policy}: {len(files)} stored topologies, {unmet} with another result of Linux, "
                   f"{len(names)} disagreements", last=True)
        count = options.n * ALL[policy][1] // 100
        if count:
            bad += check_generated(oracle, policy, "generate", seed, count)
        if options.flips and policy.removeprefix("keep-") in FLIP_POLICIES:
            bad += check_generated(oracle, policy, "flips", seed, options.flips)
    return 1 if bad else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except linux.LinuxFailed as failed:
        print(f"oracle: {failed}", file=sys.stderr)
        sys.exit(2)
