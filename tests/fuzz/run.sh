#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# run.sh DIRECTORY SECONDS TARGET... - runs the fuzz targets in DIRECTORY, each for SECONDS, as many at
# a time as there are processors. Prints the figures of each target. For a crash it prints the file that
# causes it. With FUZZ_SEED=N every run has the same random numbers.
set -u
wrong()
{
    echo "run.sh: $* (usage: run.sh DIRECTORY SECONDS TARGET...)" >&2
    exit 2
}
[ $# -ge 3 ] || wrong "DIRECTORY, SECONDS or TARGET is missing"
[ -d "$1" ] || wrong "$1 is not a directory"
[[ $2 =~ ^[1-9][0-9]*$ ]] || wrong "$2 is not a number of seconds"
[[ ${FUZZ_JOBS:-1} =~ ^[1-9][0-9]*$ ]] || wrong "FUZZ_JOBS=$FUZZ_JOBS is not a number of jobs"
dir=$1 seconds=$2
shift 2
for target in "$@"; do
    [ -x "$dir/fuzz-$target" ] || wrong "there is no fuzz target $target in $dir"
done
[[ ${FUZZ_SEED:-0} =~ ^[0-9]+$ ]] || wrong "FUZZ_SEED=$FUZZ_SEED is not a number"
jobs=${FUZZ_JOBS:-$(nproc)}

fuzz_one()
{
    local target=$1
    mkdir -p "$dir/corpus/$target" "$dir/crashes"
    # The longest chain of blocks takes seconds with the sanitizers. After a minute it is a hang.
    "$dir/fuzz-$target" -seed="${FUZZ_SEED:-0}" -max_total_time="$seconds" -timeout=60 -rss_limit_mb=2048 -max_len=16384 \
        -artifact_prefix="$dir/crashes/$target-" -print_final_stats=1 -verbosity=1 \
        "$dir/corpus/$target" "$dir/seeds/$target" >"$dir/$target.log" 2>&1
    echo $? >"$dir/$target.status"
    report "$target"
}

report()
{
    local target=$1 log="$dir/$1.log" status runs
    status=$(cat "$dir/$target.status" 2>/dev/null || echo none)
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    if [ "$status" = 0 ] && [ "${runs:-0}" -eq 0 ]; then
        echo 'no input was run' | tee "$dir/$target.status" >>"$log"
        status=none
    fi
    if [ "$status" = 0 ]; then
        printf '  %-11s %9d inputs, %s\n' "$target" "$runs" \
            "$(sed -n 's/.* cov: \([0-9]*\) .* corp: \([0-9]*\).*/\1 branches, \2 kept/p' "$log" | tail -1)"
        return 0
    fi
    printf '  %-11s FAILED (status %s)\n' "$target" "$status"
    grep -E 'requirement failed|ERROR: |runtime error|SUMMARY|Test unit written to' "$log" | sed 's/^/    /'
    grep -q 'Test unit written to' "$log" || tail -5 "$log" | sed 's/^/    /'
    echo "    to run it again: $dir/fuzz-$target FILE; the log: $log"
    return 1
}

for target in "$@"; do
    if [ -z "$(ls -A "$dir/seeds/$target" 2>/dev/null)" ]; then
        echo "fuzz: no seeds for $target in $dir/seeds"
        exit 1
    fi
done
echo "fuzz: $# targets, $seconds s each, $jobs at a time"
rm -f "$dir"/*.status
for target in "$@"; do
    while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do
        wait -n
    done
    fuzz_one "$target" &
done
wait
for target in "$@"; do
    [ "$(cat "$dir/$target.status" 2>/dev/null)" = 0 ] || exit 1
done
