#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Checks the proofs of tests/proofs/ with CBMC. The first comment of a proof has these lines:

  source: FILE...      files to compile with it
  flags: FLAG...       more flags for CBMC
  limit: SECONDS       limit of processor time (60)
  quick                `make check` runs this proof
  break: FILE s/A/B/   (perl) with this change to the code the proof must fail
"""
import argparse
import concurrent.futures
import glob
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

FLAGS = ["--function", "harness", "--pointer-overflow-check", "--unwinding-assertions",
         "--drop-unused-functions", "--slice-formula", "--object-bits", "12", "-Iinclude", "-Itests/proofs", "-Ibuild/libfdt/src"]
LIMIT = 60


class Proof:
    def __init__(self, file):
        self.file = file
        self.name = os.path.basename(file)[len("prove-"):-len(".c")]
        with open(file, encoding="utf-8") as f:
            text = f.read()
        comment = text[:text.index("*/")]
        self.sources = self.field(comment, "source")
        self.flags = self.field(comment, "flags")
        self.limit = int((self.field(comment, "limit") or [LIMIT])[0])
        self.quick = re.search(r"^ \* quick$", comment, re.M) is not None
        self.breaks = re.findall(r"^ \* break: (\S+) (.*)$", comment, re.M)
        self.reached = len(re.findall(r"^\t+REACHED\(", text, re.M))

    @staticmethod
    def field(comment, name):
        return " ".join(re.findall(rf"^ \* {name}: (.*)$", comment, re.M)).split()

    def run(self, cbmc, tree=".", more=()):
        """Returns the output of CBMC, its processor time, and an error that is no failed property, or None."""
        with subprocess.Popen([cbmc, *FLAGS, *self.flags, *more, self.file, *self.sources], cwd=tree, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (self.limit, self.limit))) as child:
            output = child.stdout.read()
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
        trouble = None
        if child.returncode == -signal.SIGKILL:
            trouble = f"not finished in {self.limit} s"
        elif child.returncode not in (0, 10):
            trouble = f"CBMC ended with {child.returncode}"
        return output, usage.ru_utime + usage.ru_stime, trouble


def failures(output):
    return re.findall(r"^(\[.*: FAILURE)$", output, re.M)


def prove(cbmc, proof):
    """Runs a proof. Returns (ok, properties, seconds, lines)."""
    output, seconds, trouble = proof.run(cbmc)
    total = re.search(r"^\*\* (\d+) of (\d+) failed", output, re.M)
    if trouble or not total or int(total[1]) or "VERIFICATION SUCCESSFUL" not in output:
        lines = failures(output) or output.splitlines()[-8:]
        return False, 0, seconds, [f"{proof.name}: {trouble or 'FAILED'}"] + [f"  {line}" for line in lines]
    return True, int(total[2]), seconds, [f"{proof.name:<16} {total[2]:>5} properties proved, {seconds:.1f} s"]


def refute(cbmc, proof):
    """Whether the proof fails with each break, and reaches each condition."""
    ok, lines = True, []
    begin = time.monotonic()
    for file, change in proof.breaks:
        with tempfile.TemporaryDirectory() as tree:
            for part in ("include", "lib", "boot", "tools", "tests/proofs", "build/libfdt"):
                if os.path.isdir(part):
                    shutil.copytree(os.path.realpath(part), f"{tree}/{part}", symlinks=True)
            done = subprocess.run(["perl", "-0pi", "-e", f"$n += {change} or die qq(no such text\\n)", file], cwd=tree,
                                  text=True, stderr=subprocess.PIPE)
            if done.returncode:
                ok = False
                lines.append(f"{proof.name}: break not applied: {file} {change}: {done.stderr.strip()}")
                continue
            output, _, trouble = proof.run(cbmc, tree, ["--stop-on-fail"])
        if trouble or "VERIFICATION FAILED" not in output:
            ok = False
            lines.append(f"{proof.name}: NOT SEEN: {file} {change} {trouble or ''}")
    if proof.reached:
        output, _, trouble = proof.run(cbmc, more=["-DREACH"])
        missed = re.findall(r"^\[.*reached: (.*): SUCCESS$", output, re.M)
        if trouble or missed or "reached: " not in output:
            ok = False
            lines.append(f"{proof.name}: never reached: {', '.join(missed) or trouble or output[-300:]}")
    seconds = time.monotonic() - begin
    lines.append(f"{proof.name:<16} {len(proof.breaks)} breaks, {proof.reached} conditions: "
                 f"{'all seen' if ok else 'FAILED'}, {seconds:.1f} s")
    return ok, len(proof.breaks) + proof.reached, seconds, lines


def main():
    parser = argparse.ArgumentParser(description="Checks the proofs of tests/proofs/ with CBMC.")
    parser.add_argument("--cbmc", default="cbmc", help="the program")
    parser.add_argument("--quick", action="store_true", help="only the proofs of make check")
    parser.add_argument("--break", action="store_true", dest="refute", help="break the code: the proofs must fail")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="number of parallel jobs (all processors)")
    parser.add_argument("name", nargs="*", help="only these proofs")
    args = parser.parse_args()

    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
    proofs = [Proof(file) for file in sorted(glob.glob("tests/proofs/prove-*.c"))]
    unknown = set(args.name) - {proof.name for proof in proofs}
    if unknown:
        parser.error(f"{sorted(unknown)[0]}: no such proof")
    if args.name:
        proofs = [proof for proof in proofs if proof.name in args.name]
    if args.quick:
        proofs = [proof for proof in proofs if proof.quick]

    begin = time.monotonic()
    properties, failed = 0, 0
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        work = [pool.submit(refute if args.refute else prove, args.cbmc, proof)
                for proof in sorted(proofs, key=lambda proof: -proof.limit)]
        for done in concurrent.futures.as_completed(work):
            ok, number, _, lines = done.result()
            properties += number
            failed += not ok
            print("\n".join(lines), flush=True)
    what = "breaks and conditions seen" if args.refute else "properties proved"
    print(f"{len(proofs)} proofs, {failed} failed: {properties} {what} in {time.monotonic() - begin:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
