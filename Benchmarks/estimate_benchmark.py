#!/usr/bin/env python3
"""Times `mingcha estimate` on a big survey file beside a bare read of the same file.

A file of ROWS responses with 20 indicators is made once, with a fixed seed: 103 counties, three strata in
each, ten villages a stratum, unequal weights, two stages with finite populations. Each round runs every
command once, in turn, so that all of them meet the same machine. Printed: the median of the rounds, its
ratio to the bare read, and the peak memory of the process.

Only Python's own library is needed.
"""
import argparse
import hashlib
import math
import os
import pathlib
import random
import statistics
import subprocess
import sys
import time

COUNTIES, STRATA, VILLAGES, INDICATORS = 103, 3, 10, 20


def make(path, rows):
    """Writes the survey file: one line a household, ordered by village."""
    generator = random.Random(20180813)
    villages = COUNTIES * STRATA * VILLAGES
    names = [f"y{index + 1}" for index in range(INDICATORS)]
    temporary = path.with_suffix(".part")
    with open(temporary, "w", encoding="ascii") as file:
        file.write("household,county,stratum,village,village_population,household_population,weight,")
        file.write(",".join(names) + "\n")
        village_population = 0
        for village in range(villages):
            if village % VILLAGES == 0:
                village_population = generator.randrange(20, 80)
            first, last = village * rows // villages, (village + 1) * rows // villages
            size = last - first
            households = size * generator.randrange(3, 12)
            weight = village_population / VILLAGES * households / max(size, 1)
            effect = generator.gauss(0, 0.6)
            rates = [1 / (1 + math.exp(4.5 - 0.2 * index - effect)) for index in range(INDICATORS)]
            stratum = village // VILLAGES
            head = f",c{stratum // STRATA:03d},s{stratum:03d},v{village:04d},{village_population},{households},{weight!r},"
            for household in range(first, last):
                cells = ",".join("1" if generator.random() < rate else "0" for rate in rates)
                file.write(f"h{household}{head}{cells}\n")
    os.replace(temporary, path)


def run(command):
    """Seconds of wall time, seconds of processor time, peak MiB; output is thrown away."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}: exit {process.returncode}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--mingcha", default=".build/release/mingcha", type=pathlib.Path)
    parser.add_argument("--rows", default=1_000_000, type=int)
    parser.add_argument("--rounds", default=5, type=int)
    parser.add_argument("--folder", default="build/bench", type=pathlib.Path)
    options = parser.parse_args()

    options.folder.mkdir(parents=True, exist_ok=True)
    survey = options.folder / f"survey-{options.rows}.csv"
    if not survey.exists():
        print(f"making {survey} ...", file=sys.stderr)
        make(survey, options.rows)

    def estimate(design, by, threads):
        output = options.folder / f"estimates-{design}-{by or 'whole'}-{threads}.json"
        output.unlink(missing_ok=True)
        units = {"one": ["--psu", "village", "--fpc", "village_population"],
                 "two": ["--psu", "village,household", "--fpc", "village_population,household_population"]}[design]
        command = [options.mingcha, "estimate", survey, "--strata", "stratum", *units, "--weights", "weight"]
        for index in range(INDICATORS):
            command += ["--mean", f"y{index + 1}"]
        if by:
            command += ["--by", by]
        return command + ["--threads", str(threads), "--format", "json", "--output", output], output

    cases = {"count lines (wc -l)": ["wc", "-l", survey], "read (cat)": ["cat", survey]}
    outputs = {}
    for name, arguments in {
        "means, whole region, 1 stage, 1 thread": ("one", None, 1),
        "means, whole region, 1 stage, 2 threads": ("one", None, 2),
        "means by 103 counties, 1 stage, 1 thread": ("one", "county", 1),
        "means by 103 counties, 1 stage, 2 threads": ("one", "county", 2),
        "the same, every household id a unit": ("two", "county", 2),
    }.items():
        cases[name], outputs[name] = estimate(*arguments)

    # A second stage whose units are single rows keeps sums for each of them: slow, so measured once.
    once = {"the same, every household id a unit"}
    times = {name: [] for name in cases}
    for number in range(options.rounds):
        for name, command in cases.items():
            if name in once and number > 0:
                continue
            if name in outputs:
                outputs[name].unlink(missing_ok=True)
            times[name].append(run(command))

    size = survey.stat().st_size / 2**20
    print(f"{options.rows:,} rows x {INDICATORS} indicators, {size:.0f} MiB; median of {options.rounds} rounds")
    bare = statistics.median(wall for wall, _, _ in times["count lines (wc -l)"])
    print(f"{'':44}{'wall s':>8}{'cpu s':>8}{'x bare':>8}{'MiB':>7}")
    for name, runs in times.items():
        wall, cpu = (statistics.median(run[place] for run in runs) for place in (0, 1))
        print(f"{name:44}{wall:8.2f}{cpu:8.2f}{wall / bare:8.1f}{max(run[2] for run in runs):7.0f}")

    one, two = (outputs[f"means by 103 counties, 1 stage, {threads}"] for threads in ("1 thread", "2 threads"))
    same = hashlib.sha256(one.read_bytes()).digest() == hashlib.sha256(two.read_bytes()).digest()
    print("one thread and two give " + ("the same bytes" if same else "DIFFERENT bytes"))
    if not same:
        sys.exit(1)


if __name__ == "__main__":
    main()
