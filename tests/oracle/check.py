#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Compares the plan with Linux's own scan, on made-up machines.

First the files of tests/oracle/topologies, whose expectations Linux must meet; then as many generated ones as asked
for. Each policy is a boot of Linux of its own. Where the plan and Linux disagree, the topology is made as small as it goes and
left as a file. Ends with 0 if there is no disagreement, 1 if there is, 2 if something does not work.
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

# What each boot says about the scan, and the share of the generated topologies that it gets, in percent.
POLICIES = {
    "default": ("", 100),
    "assign-busses": ("pci=assign-busses", 100),
    "hpbussize-8": ("pci=hpbussize=8", 20),
    "assign-hpbussize": ("pci=assign-busses,hpbussize=3", 20),
    "scan-all": ("pci=pcie_scan_all", 20),
    "no-ari": ("pci=noari", 20),
    "no-mmconfig": ("pci=nommconf", 20),
}

# So many at a time: a process begins anew with each batch.
BATCH = 4000
FLIP_POLICIES = ("default", "no-ari")
# Machines whose bits are flipped: so many at a time, each with about 1,600 flips.
FLIP_BATCH = 4
# A minimiser's round: so many reductions are tried at once.
ROUND = 1500

def tool(*arguments, stdin=None, ok=(0,)):
    done = subprocess.run([TOOL, *map(str, arguments)], input=stdin, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode not in ok:
        raise linux.LinuxFailed(f"oracle {arguments[0]} ended with {done.returncode}")
    return done.stdout


def split(text):
    """The topologies of a text, by name, each with what stands before and behind it."""
    found, name, lines = {}, None, []
    for line in text.splitlines(keepends=True):
        if line.startswith("topo "):
            name, lines = line.split()[1], []
            found[name] = lines
        if name:
            lines.append(line)
    return {name: "".join(lines) for name, lines in found.items()}


class Totals(collections.Counter):
    """Sums over the batches of one policy, as compare.c names them, and each topology's ratio of config reads."""

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

    def tell(self):
        careful = ", ".join(f"{number} {name.split()[1]}" for name, number in sorted(self.items())
                            if name.startswith("careful "))
        return (f"{self['topologies']} topologies, {self['bridges']} bridges, {self['disagreements']} disagreements",
                f"Linux does not survive {self['dead']} of them; the plan gives up {self['given-up']}, "
                f"{self['needless']} without need",
                f"of {self['steps']} functions the plan does not vouch for {self['uncertain']}",
                f"cards came since the record: the plan for everything errs in {self['stale']} topologies; root buses not in "
                f"upstream's record: the gate opens wrongly in {self['unknown-roots']}; neither as recorded nor reset, and hidden: "
                f"{self['unseen']}, the gate opens wrongly in {self['unseen-open']} of them",
                f"gate: {self['opens']} devices open ({self['into-death']} in a kernel that dies), {self['stops']} stop, "
                f"{self['too-careful']} of these false ({100 * self['too-careful'] / max(self['stops'], 1):.1f} %: "
                f"{careful or 'none'}); without a complete record {self['partial-stops']} stop, {self['partial-careful']} of these false",
                f"config reads: the gate {self['reads']}, Linux {self['linux-reads']} "
                f"({100 * self['reads'] / max(self['linux-reads'], 1):.1f} %); of each topology: median "
                f"{statistics.median(self.ratios or [0]):.1f} %, worst {max(self.ratios or [0]):.1f} %")


class Oracle:
    """All runs share the directory for logs, Linux and the way to say how far things are."""

    def __init__(self, image, directory, jobs, shown, patience):
        self.image, self.directory, self.jobs, self.shown, self.patience = image, directory, jobs, shown, patience
        self._lock = threading.Lock()
        self._number = 0
        self._said = 0.0

    def path(self, suffix):
        with self._lock:
            self._number += 1
            return self.directory / f"{self._number:05d}{suffix}"

    def say(self, text, last=False):
        """One line that changes on a terminal, else a line every 30 seconds and the last."""
        with self._lock:
            if sys.stdout.isatty():
                print(f"\r{text:<99}", end="\n" if last else "", flush=True)
            elif last or time.monotonic() - self._said > 30:
                self._said = time.monotonic()
                print(text, flush=True)

    def linux(self, policy, text, progress=lambda done: None):
        """Linux's results, as the path of a file, next to the path of the topologies."""
        topologies, results = self.path(".topo"), self.path(".results")
        topologies.write_text(text)
        count = len(re.findall(r"^topo ", text, re.M))
        results.write_text(linux.run(self.image, POLICIES[policy][0], text, count, self.path(".log"), progress))
        return topologies, results

    def compare(self, policy, topologies, results):
        """(names that disagree, what there is to say, the sums at the end of that)"""
        path = self.path(".names")
        said = tool("compare", topologies, results, POLICIES[policy][0], path, ok=(0, 1)).splitlines()
        names = path.read_text().split()
        path.unlink()
        sums, rest = [], []
        for line in said:
            (sums if line.startswith(("careful ", "compared ", "ratio ")) else rest).append(line)
        return names, rest, sums

    def minimise(self, policy, topology):
        """The smallest topology found that still disagrees, and what about."""
        said, end = [], time.monotonic() + self.patience
        while time.monotonic() < end:
            self.say(f"oracle: {policy}: making a topology of {topology.count(chr(10)) - 3} lines smaller")
            text = tool("reduce", ROUND, stdin=topology)
            if not text:
                return topology, said
            smaller = split(text)
            names, lines, _ = self.compare(policy, *self.linux(policy, text))
            if not names:
                return topology, said
            best = min(names, key=lambda name: (smaller[name].count("\n"), len(smaller[name]), int(name[1:])))
            topology = smaller[best]
            said = [line for line in lines if line.startswith(f"{best}:")]
        return topology, said


def expectations(path):
    """{policy: text} from a file's expect blocks."""
    found = {}
    for match in re.finditer(r"^expect (\S+)(.*?)^end\n", path.read_text(), re.M | re.S):
        found[match.group(1)] = match.group(0)
    return found


def check_files(oracle, policy, files):
    """Linux meets the expectations of the files. Returns the number of those that it does not meet."""
    topologies, results = oracle.linux(policy, "".join(path.read_text() for path in files))
    got = dict(re.findall(r"^# (\S+)\n(.*?^end\n)", tool("expect", topologies, results, policy), re.M | re.S))
    bad = 0
    for path in files:
        name = re.search(r"^topo (\S+)", path.read_text(), re.M).group(1)
        expected = expectations(path).get(policy)
        if expected and expected != got.get(name):
            bad += 1
            print(f"oracle: {path.name}: Linux does not do what the file expects under {policy}. It does:\n"
                  f"{got.get(name)}")
    return bad, topologies, results


def show(oracle, policy, names, lines, topologies):
    """Says what about and leaves the smallest topologies as files."""
    for name in names:
        small, said = oracle.minimise(policy, split(topologies)[name])
        path = linux.BUILD / f"disagreement-{policy}-{name}.topo"
        head = f"# From {name}, under {policy}.\n"
        path.write_text(head + small)
        print(f"oracle: {policy}: {name}: the plan and Linux disagree. The smallest that shows it: {path}")
        print("".join(f"    {line}\n" for line in small.splitlines()) +
              "".join(f"    {line}\n" for line in said or [line for line in lines if line.startswith(f"{name}:")]))


def check_generated(oracle, policy, kind, seed, count):
    """`kind` is what makes the topologies: "generate", or "flips", and then `count` is one of machines."""
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
    first, *rest = totals.tell()
    what = "" if kind == "generate" else f"{count} machines, bits flipped: "
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
    unknown = [name for name in text.split(",") if name not in POLICIES]
    if unknown:
        raise argparse.ArgumentTypeError(f"no policy '{unknown[0]}': known are {', '.join(POLICIES)}")
    return text


def existing(text):
    if not pathlib.Path(text).is_file():
        raise argparse.ArgumentTypeError(f"no such file: {text}")
    return pathlib.Path(text)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-n", type=at_least(0), default=1000, help="generated topologies for the policies with a full share")
    parser.add_argument("--seed", type=at_least(0), default=1, help="of the generator; 0 takes a fresh one")
    parser.add_argument("--flips", type=at_least(0), default=0, help="machines with each bit flipped, one at a time")
    parser.add_argument("--linux", type=existing, default=linux.BUILD / "linux", help="which Linux: %(default)s")
    parser.add_argument("--policies", type=policies, default=",".join(POLICIES), help="which boots: %(default)s")
    parser.add_argument("--jobs", type=at_least(1), default=os.cpu_count(), help="processes at a time")
    parser.add_argument("--shown", type=at_least(0), default=3,
                        help="disagreements of each policy that are made small; the rest are likely the same")
    parser.add_argument("--patience", type=at_least(1), default=300, help="seconds for making one of these small: %(default)s")
    parser.add_argument("files", nargs="*", type=existing, help="topologies in place of the kept ones")
    return parser.parse_args()


def main():
    options = arguments()
    directory = linux.BUILD / "runs" / str(os.getpid())
    directory.mkdir(parents=True, exist_ok=True)
    oracle = Oracle(options.linux, directory, options.jobs, options.shown, options.patience)
    seed = options.seed or int.from_bytes(os.urandom(4), "little")
    files = options.files or sorted((HERE / "topologies").glob("*.topo"))
    bad = 0
    print(f"oracle: seed {seed}, logs in {directory}", flush=True)
    for policy in options.policies.split(","):
        unmet, topologies, results = check_files(oracle, policy, files)
        names, lines, _ = oracle.compare(policy, topologies, results)
        for line in lines:
            print(f"    {line}")
        bad += unmet + len(names)
        oracle.say(f"oracle: {policy}: {len(files)} kept topologies, {unmet} surprises, "
                   f"{len(names)} disagreements", last=True)
        count = options.n * POLICIES[policy][1] // 100
        if count:
            bad += check_generated(oracle, policy, "generate", seed, count)
        if options.flips and policy in FLIP_POLICIES:
            bad += check_generated(oracle, policy, "flips", seed, options.flips)
    return 1 if bad else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except linux.LinuxFailed as failed:
        print(f"oracle: {failed}", file=sys.stderr)
        sys.exit(2)
