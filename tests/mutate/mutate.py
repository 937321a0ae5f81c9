#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Changes one operator or constant of the core at a time, and runs unit tests and vectors: one of them should fail.

The core is a shared library, so one compilation and one link make a mutant for all tests. Tests run until one fails.
The tests that failed most often for the same file run first. A mutant with the same object file as the original does not count.
"""
import argparse
import collections
import concurrent.futures
import glob
import hashlib
import os
import queue
import random
import re
import resource
import shlex
import subprocess
import sys
import threading
import time

CC = os.environ.get("CC", "gcc")
FLAGS = ["-std=gnu11", "-O1", "-g0", "-w", "-fPIC", "-Iinclude", "-Itools", "-Iboot/efi"]
BASE = "build/mutate"
CPU_SECONDS = 10

# A token and its replacements. Binary operators have blanks around them, because the code follows .clang-format; others have none.
OPERATORS = {
    "<": ["<=", ">="], ">": [">=", "<="], "<=": ["<", ">"], ">=": [">", "<"], "==": ["!="], "!=": ["=="],
    "&&": ["||"], "||": ["&&"], "+": ["-"], "-": ["+"], "*": ["+"], "/": ["*"], "%": ["/"], "<<": [">>"], ">>": ["<<"],
    "&": ["|"], "|": ["&"], "+=": ["-="], "-=": ["+="], "|=": ["&="], "&=": ["|="],
}
WORDS = {"true": ["false"], "false": ["true"], "break": ["continue"], "continue": ["break"], "NULL": []}
TOKEN = re.compile(r"""
    (?P<skip>/\*.*?\*/ | //[^\n]* | "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*' | \#\s*include[^\n]* | _Static_assert\b.*?;)
  | (?P<word>[A-Za-z_]\w*)
  | (?P<number>0[xX][0-9a-fA-F]+[uUlL]* | \d+[uUlL]*)
  | (?P<binary>(?<=[ \n\t])(?:<<|>>|[-+|&]=|[<>=!]=|&&|\|\||[-+*/%<>&|])(?=[ \n]))
  | (?P<step>\+\+|--)
  | (?P<not>!(?!=))
""", re.X | re.S)


def mutants_of(file):
    """Yields (file, offset, old, new)."""
    with open(file, encoding="utf-8") as f:
        text = f.read()
    for match in TOKEN.finditer(text):
        old = match.group()
        if match["word"]:
            new = WORDS.get(old, [])
        elif match["number"]:
            digits = re.match(r"0[xX][0-9a-fA-F]+|\d+", old).group()
            suffix, value = old[len(digits):], int(digits, 0)
            form = hex if digits[:2] in ("0x", "0X") else str
            new = [form(value + 1) + suffix] + ([form(value - 1) + suffix] if value else [])
        elif match["binary"]:
            new = OPERATORS.get(old, [])
        elif match["step"]:
            new = ["--" if old == "++" else "++"]
        elif match["not"]:
            new = [""]
        else:
            continue
        for word in new:
            yield file, match.start(), old, word


def run(command, **more):
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                          check=False, **more)


def limit():
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))


class Build:
    """Builds the unchanged core, the tests and the vectors."""

    def __init__(self, jobs):
        capture = sorted(glob.glob("lib/capture/*.c"))
        self.sources = [file for file in sorted(glob.glob("lib/*.c") + glob.glob("lib/*/*.c")) if file not in capture]
        tests = [test for test in sorted(glob.glob("tests/unit/test-*.c")) if "/test-efi" not in test]
        for file in self.sources:
            os.makedirs(os.path.dirname(self.object(file)), exist_ok=True)
        for part in ("unit", "vectors"):
            os.makedirs(f"{BASE}/{part}", exist_ok=True)
        vectors = sorted(glob.glob("tests/vectors/*.dts"))
        state = self.state()
        if not os.path.exists(f"{BASE}/{state}"):
            for file in glob.glob(f"{BASE}/state-*"):
                os.remove(file)
            with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
                list(pool.map(self.compile, self.sources))
                self.library(BASE)
                parts = os.environ["COMMAND_PARTS"].split()
                link = [f"-L{BASE}", *parts, "-lcore", "-lfdt"]
                self.must([CC, os.environ["COMMAND_MAIN"], "-o", f"{BASE}/pcigate", *link])
                list(pool.map(lambda test: self.must([CC, *FLAGS, test, "-o", self.program(test), *link, "-lcmocka"]), tests))
                list(pool.map(self.vector, vectors))
            with open(f"{BASE}/{state}", "w", encoding="utf-8"):
                pass
        self.tests = [[self.program(test)] for test in tests]
        for file in vectors:
            with open(file, encoding="utf-8") as f:
                planned = re.search(r"^\s*plan = ", f.read(), re.M)
            for what in ["check", "plan"] if planned else ["check"]:
                self.tests.append([f"{BASE}/pcigate", what, "--expect", self.dtb(file)])

    @staticmethod
    def state():
        """A name with the hash of all sources, so nothing is built twice."""
        digest = hashlib.sha256()
        for part in ("lib", "include", "tools", "boot/efi", "tests/unit", "tests/vectors"):
            for file in sorted(glob.glob(f"{part}/**/*.*", recursive=True)):
                with open(file, "rb") as f:
                    digest.update(file.encode() + b"\0" + f.read())
        return f"state-{digest.hexdigest()}"

    def compile(self, file):
        self.must([CC, *FLAGS, "-c", file, "-o", self.object(file)])

    @staticmethod
    def must(command):
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if done.returncode:
            sys.exit(f"mutate: {shlex.join(command)}:\n{done.stdout}")

    @staticmethod
    def object(file):
        return f"{BASE}/{file[:-2]}.o"

    @staticmethod
    def program(test):
        return f"{BASE}/unit/{os.path.basename(test)[:-2]}"

    @staticmethod
    def dtb(file):
        return f"{BASE}/vectors/{os.path.basename(file)[:-1]}b"

    def vector(self, file):
        self.must(["dtc", "-q", "-I", "dts", "-O", "dtb", "-o", self.dtb(file), file])

    def library(self, where, changed=None, instead=None):
        objects = [instead if file == changed else self.object(file) for file in self.sources]
        return run([CC, "-shared", "-o", f"{where}/libcore.so", *objects, "-lfdt"]).returncode == 0

    @staticmethod
    def passes(test, where):
        environment = dict(os.environ, LD_LIBRARY_PATH=os.path.abspath(where))
        try:
            return run(test, env=environment, preexec_fn=limit, timeout=20 * CPU_SECONDS).returncode == 0
        except subprocess.TimeoutExpired:
            return False


class Trial:
    """Tries mutants, several at a time."""

    def __init__(self, build, jobs):
        self.build = build
        self.places = queue.Queue()
        for i in range(jobs):
            os.makedirs(f"{BASE}/job{i}", exist_ok=True)
            self.places.put(f"{BASE}/job{i}")
        self.failures = collections.defaultdict(collections.Counter)
        self.lock = threading.Lock()

    def order(self, file):
        """The tests that failed most often for this file come first, then the tests with a similar name."""
        name = os.path.basename(file)[:-2].replace("_", "-")
        with self.lock:
            failures = dict(self.failures[file])
        return sorted(self.build.tests, key=lambda test: -failures.get(tuple(test), 0) - (0.5 if name in test[0] else 0))

    def __call__(self, mutant):
        file, offset, old, new = mutant
        place = self.places.get()
        try:
            with open(file, encoding="utf-8") as f:
                text = f.read()
            changed = f"{place}/{os.path.basename(file)}"
            with open(changed, "w", encoding="utf-8") as f:
                f.write(text[:offset] + new + text[offset + len(old):])
            binary = f"{place}/changed.o"
            if run([CC, *FLAGS, "-I", os.path.dirname(file), "-c", changed, "-o", binary]).returncode:
                return mutant, "does not compile"
            with open(binary, "rb") as one, open(self.build.object(file), "rb") as other:
                if one.read() == other.read():
                    return mutant, "same code"
            if not self.build.library(place, file, binary):
                return mutant, "does not compile"
            for test in self.order(file):
                if not self.build.passes(test, place):
                    with self.lock:
                        self.failures[file][tuple(test)] += 1
                    return mutant, "noticed"
            return mutant, "not noticed"
        finally:
            self.places.put(place)


def describe(mutant):
    file, offset, old, new = mutant
    with open(file, encoding="utf-8") as f:
        text = f.read()
    begin = text.rfind("\n", 0, offset) + 1
    end = text.index("\n", offset)
    line = text.count("\n", 0, offset) + 1
    shown = text[begin:offset] + f"[{old} -> {new or 'nothing'}]" + text[offset + len(old):end]
    return f"{file}:{line}: {shown.strip()}"


def main():
    parser = argparse.ArgumentParser(description="Mutation test of the core, by unit tests and vectors.")
    parser.add_argument("--mutants", type=int, default=0, help="number of mutants, chosen at random (all)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the random choice (1)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="number of parallel jobs (all processors)")
    parser.add_argument("file", nargs="*", help="files to change (lib/plan, lib/verdict, lib/record, lib/topology)")
    args = parser.parse_args()

    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
    files = args.file or sorted(file for part in ("plan", "verdict", "record", "topology") for file in glob.glob(f"lib/{part}/*.c"))
    for file in files:
        if not re.fullmatch(r"lib/\w+/\w+\.c", file) or not os.path.isfile(file):
            parser.error(f"{file}: not a file of the core")
    mutants = [mutant for file in files for mutant in mutants_of(file)]
    total = len(mutants)
    if args.mutants and args.mutants < total:
        mutants = random.Random(args.seed).sample(mutants, args.mutants)
    build = Build(args.jobs)
    wrong = [test for test in build.tests if not build.passes(test, BASE)]
    if wrong:
        sys.exit(f"mutate: this test fails without a change: {shlex.join(wrong[0])}")

    begin, unnoticed = time.monotonic(), []
    results = collections.Counter()
    trial = Trial(build, args.jobs)
    print(f"mutate: {len(mutants)} of {total} mutants, {len(build.tests)} tests", flush=True)
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for mutant, result in pool.map(trial, mutants):
            results[result] += 1
            if result == "not noticed":
                unnoticed.append(mutant)
                print(f"not noticed: {describe(mutant)}", flush=True)
            if results.total() % 100 == 0:
                print(f"mutate: {results.total()} tried, {time.monotonic() - begin:.0f} s", flush=True)
    print("mutants that no test noticed:")
    for mutant in sorted(unnoticed):
        print(f"  {describe(mutant)}")
    real = results["noticed"] + results["not noticed"]
    print(f"mutate: {len(mutants)} tried: {results['noticed']} noticed, {results['not noticed']} not noticed"
          f" ({100 * results['noticed'] / max(real, 1):.1f} % noticed), {results['same code']} have the same code,"
          f" {results['does not compile']} do not compile, {time.monotonic() - begin:.0f} s")


if __name__ == "__main__":
    main()
