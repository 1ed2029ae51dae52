#!/usr/bin/env python3
"""Times `mingcha estimate` and its estimators in process beside svy, R survey and bare NumPy, on the same files.

Survey files of 100,000 and a million responses with 20 indicators are made once, with a fixed seed: 103 counties,
three strata in each, ten villages a stratum, unequal weights, households numbered through. Each round runs every
program once, in turn, so that all of them meet the same machine. Two times are told: in process, from columns in
memory to the figures (each program takes it itself); and the whole process with its start and its reading, from CSV
for mingcha and R, from Parquet for the Python ones. Beside the first stand the processors' seconds, which a busy
machine changes less. Written to build/bench/estimates.md and printed: medians, each
peer's ratio to mingcha, the peak memory of the process, and how far the estimates and standard errors agree.

A program that is not installed is left out, and that is said; `--peers` installs the Python ones into build/venv.
R survey is asked only what it answers within minutes, unless `--slow`.
"""
import argparse
import json
import math
import os
import pathlib
import random
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
COUNTIES, STRATA, VILLAGES, INDICATORS = 103, 3, 10, 20
NAMES = [f"y{index + 1}" for index in range(INDICATORS)]
PACKAGES = ["numpy", "polars", "svy"]

# Name, title, rows; the peers that answer, and those that are run once because they take long.
TASKS = [
    ("means", "20 means, first-stage variance", 1_000_000, ["numpy", "svy", "r"], []),
    ("twostage", "20 means, two stages with fpc", 1_000_000, ["svy"], []),
    ("domains", "20 means by 103 counties", 1_000_000, ["numpy", "svy"], ["svy"]),
    ("intervals", "beta intervals, 20 by 103 counties", 100_000, ["svy", "r"], ["svy", "r"]),
    ("bootstrap", "500 bootstrap replicates, 20 means", 100_000, ["svy"], []),
]
# R needs two minutes and more for each of these.
SLOW = {"twostage": 100_000, "bootstrap": 100_000}
TITLES = {"mingcha": "mingcha", "numpy": "bare NumPy (a script, no product)", "svy": "svy (Python)", "r": "R survey"}


def make(path, rows):
    """Writes the survey file: one line a household, ordered by village."""
    generator = random.Random(20180813)
    villages = COUNTIES * STRATA * VILLAGES
    temporary = path.with_suffix(".part")
    with open(temporary, "w", encoding="ascii") as file:
        file.write("hh,county,stratum,village,N_village,N_hh,w," + ",".join(NAMES) + "\n")
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
            head = f",{stratum // STRATA},{stratum},{village},{village_population},{households},{weight!r},"
            for household in range(first, last):
                cells = ",".join("1" if generator.random() < rate else "0" for rate in rates)
                file.write(f"{household}{head}{cells}\n")
    os.replace(temporary, path)


def run(command, limit):
    """Seconds of wall time, peak MiB, standard output; nothing where the program fails or takes too long."""
    begin = time.perf_counter()
    with open(os.devnull, "wb") as sink:
        process = subprocess.Popen(["timeout", str(limit), *map(str, command)], stdout=subprocess.PIPE, stderr=sink)
    output = process.stdout.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    wall = time.perf_counter() - begin
    return (wall, usage.ru_maxrss / 1024, output) if process.returncode == 0 else None


def has(command):
    try:
        return subprocess.run(command, capture_output=True, timeout=120).returncode == 0
    except FileNotFoundError:
        return False


def estimate_command(options, task, survey, output):
    """The command line that answers a task, whole."""
    command = [options.mingcha, "estimate", survey, "--strata", "stratum", "--weights", "w", "--deff", "none"]
    if task == "twostage":
        command += ["--psu", "village,hh", "--fpc", "N_village,N_hh"]
    else:
        command += ["--psu", "village"]
    if task in ("domains", "intervals"):
        command += ["--by", "county", "--domain-variance", "unconditional"]
    command += ["--interval", "beta" if task == "intervals" else "logit"]
    if task == "bootstrap":
        command += options.bootstrap
    for name in NAMES:
        command += ["--mean", name]
    return [*command, "--format", "json", "--output", output]


def can_bootstrap(options):
    text = subprocess.run([options.mingcha, "estimate", "--help"], capture_output=True, text=True).stdout
    return "--replicates-of" in text


def digits(ours, theirs):
    """How many significant digits two lists of figures share at least."""
    worst = 17.0
    for left, right in zip(ours, theirs):
        if left != right:
            worst = min(worst, -math.log10(abs(left - right) / max(abs(left), abs(right))))
    return math.floor(worst)


class Row:
    def __init__(self):
        self.process, self.processor, self.whole, self.memory, self.checks = [], [], [], [], []

    def line(self, title, program, base):
        if not self.process and not self.whole:
            return f"| {title} | {program} | failed | | | | | | | |"
        cells = [title, program]
        for own, other, places in [
            (self.process, base.process, 3), (self.processor, base.processor, 3), (self.whole, base.whole, 2)
        ]:
            middle = statistics.median(own)
            cells += [f"{middle:.{places}f}", f"{middle / statistics.median(other):.1f}" if base is not self else ""]
        agreement = ""
        if base is not self and base.checks and self.checks:
            agreement = str(digits(base.checks[-1], self.checks[-1]))
        return "| " + " | ".join([*cells, f"{max(self.memory):.0f}", agreement]) + " |"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--mingcha", default=".build/release/mingcha", type=pathlib.Path)
    parser.add_argument("--bench", default=".build/release/estimation-bench", type=pathlib.Path)
    parser.add_argument("--folder", default="build/bench", type=pathlib.Path)
    parser.add_argument("--rounds", default=5, type=int)
    parser.add_argument("--rows", type=int, help="rows of every task, instead of its own")
    parser.add_argument("--tasks", default=",".join(task[0] for task in TASKS))
    parser.add_argument("--limit", default=300, type=int, help="seconds that a peer may take")
    parser.add_argument("--python", help="Python with the peers; by default build/venv, else this one")
    parser.add_argument("--peers", action="store_true", help="first install the Python peers into build/venv")
    parser.add_argument("--slow", action="store_true", help="also what R survey needs minutes for, at 100,000 rows")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    options.bootstrap = ["--replicates-of", "rao-wu", "--replicate-count", "500", "--seed", "1"]
    venv = options.folder.parent / "venv"
    if options.peers:
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        subprocess.run([venv / "bin/pip", "install", "-q", *PACKAGES], check=True)
    python = options.python or (venv / "bin/python" if (venv / "bin/python").exists() else sys.executable)

    there = {
        "numpy": has([python, "-c", "import numpy, polars"]),
        "svy": has([python, "-c", "import svy, polars"]),
        "r": has(["Rscript", "-e", "library(survey); library(data.table)"]),
    }
    report = [f"# Estimates with standard errors: median of {options.rounds} rounds, {os.cpu_count()} cores", ""]
    absent = [TITLES[name] for name, found in there.items() if not found]
    if absent:
        report += [f"Not installed, left out: {', '.join(absent)}.", ""]
    report += [
        "| task | program | in process, s | / mingcha | processors, s | / mingcha | whole process, s | / mingcha "
        "| peak MiB | same digits |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    wanted = options.tasks.split(",")
    for task, title, rows, peers, once in TASKS:
        if task not in wanted:
            continue
        if task == "bootstrap" and not can_bootstrap(options):
            report.append(f"| {title} | mingcha | not offered | | | | | | | |")
            continue
        rows = options.rows or rows
        survey = options.folder / f"responses-{rows}.csv"
        if not survey.exists():
            print(f"making {survey} ...", file=sys.stderr)
            make(survey, rows)
        parquet = survey.with_suffix(".parquet")
        if there["numpy"] and not parquet.exists():
            code = "import sys, polars; polars.read_csv(sys.argv[1]).write_parquet(sys.argv[2])"
            subprocess.run([python, "-c", code, survey, parquet], check=True)
        peers = [peer for peer in peers if there[peer]]
        if options.slow and there["r"] and "r" not in peers and SLOW.get(task) == rows:
            peers, once = [*peers, "r"], [*once, "r"]
        results = {name: Row() for name in ["mingcha", *peers]}
        output = options.folder / "estimates.json"
        for number in range(options.rounds):
            for name, row in results.items():
                if name in once and number > 0:
                    continue
                print(f"{task}, {name}, round {number + 1} ...", file=sys.stderr)
                if name == "mingcha":
                    output.unlink(missing_ok=True)
                    found = run(estimate_command(options, task, survey, output), options.limit)
                    inside = run([options.bench, survey, task, "3", str(os.cpu_count())], options.limit)
                    if not found or not inside:
                        sys.exit(f"mingcha failed: {' '.join(map(str, estimate_command(options, task, survey, output)))}")
                    found = (*found[:2], inside[2])
                elif name == "r":
                    found = run(["Rscript", HERE / "estimation_peers.R", task, survey], options.limit)
                else:
                    found = run([python, HERE / "estimation_peers.py", name, task, parquet], options.limit)
                if not found:
                    continue
                told = json.loads(found[2].strip().splitlines()[-1])
                row.process.append(told["run_s"])
                row.processor.append(told["cpu_s"])
                row.whole.append(found[0])
                row.memory.append(found[1])
                if told.get("check"):
                    row.checks.append(told["check"])
        for name, row in results.items():
            note = " (one run)" if name in once else ""
            report.append(row.line(f"{title}, {rows:,} rows", TITLES[name] + note, results["mingcha"]))
    report += [
        "",
        "In process: from columns in memory to estimates, errors and intervals. Same digits: of the last indicator's "
        "estimate and standard error, in the last county where there are counties; bootstraps draw differently.",
    ]
    text = "\n".join(report) + "\n"
    (options.folder / "estimates.md").write_text(text)
    print(text)


if __name__ == "__main__":
    main()
