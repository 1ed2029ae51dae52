#!/usr/bin/env python3
"""Times `mingcha draw` from a big file to list, workbook and receipt beside plain draws by other programs.

Frames of 1e5, 1e6 and 1e7 households in 2,000 strata are made once, with a fixed seed, in the order of their
numbers and in random order. Each round runs every program once, in turn, as a whole process, so that all of them
meet the same machine. Written to build/bench/draws.md and printed: the median of the rounds in seconds, its ratio
to data.table's plain shuffle, and the peak memory of the process. The others only draw: no checks of ids, no
digest, no receipt, nothing written. A program that is not installed is left out, and that is said;
`--peers` installs the Python ones into build/venv.
"""
import argparse
import os
import pathlib
import random
import re
import shutil
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
STRATA = 2_000
PACKAGES = ["polars", "duckdb", "svy", "consistent-sampler"]
TAKEN = "5"


def make(path, rows, shuffled):
    """Writes a frame: one line a household, by number (and so by stratum) or in random order."""
    source = random.Random(20180707)
    lines = []
    for unit in range(rows):
        stratum = unit * STRATA // rows
        county = stratum * 103 // STRATA
        bits = source.getrandbits(40)
        lines.append(
            f"{unit},{county * 12 // 103},{county},{stratum},{unit * 14_000 // rows},{1 + bits % 7},"
            f"{bits >> 8 & 1},{3000 + (bits >> 9) % 30000}.{bits % 100:02d}\n"
        )
    if shuffled:
        source.shuffle(lines)
    temporary = path.with_suffix(".part")
    with open(temporary, "w", encoding="ascii") as file:
        file.write("id,league,county,stratum,village,persons,registered,income\n")
        file.writelines(lines)
    os.replace(temporary, path)


def run(command, limit=300):
    """Seconds of wall time, peak MiB, standard output; nothing where the program fails."""
    begin = time.perf_counter()
    with open(os.devnull, "wb") as sink:
        process = subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, stderr=sink)
    output = process.stdout.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    wall = time.perf_counter() - begin
    return (wall, usage.ru_maxrss / 1024, output) if process.returncode == 0 else None


def draw_command(options, frame, output, method):
    command = [options.mingcha, "draw", frame, "--id", "id", "--strata", "stratum", "--take", TAKEN]
    command += ["--group", "bench/draw", "--seed-file", options.folder / "seed.txt", "-o", output]
    if method != "srs":
        command += ["--method", method, "--size", "persons"]
    return command


def has(command):
    try:
        return subprocess.run(command, capture_output=True, timeout=120).returncode == 0
    except FileNotFoundError:
        return False


def peers(options, python):
    """The other programs that are there, and the names of those that are not."""
    found, absent = {}, []
    if has(["Rscript", "-e", "library(data.table)"]):
        found["data.table, plain shuffle"] = ["Rscript", HERE / "draw_peers.R", "srs"]
    else:
        absent.append("data.table")
    for name, tool, module in [
        ("polars, shuffle", "polars", "polars"),
        ("DuckDB, its own hash", "duckdb", "duckdb"),
        ("DuckDB, order by sha256", "duckdb-sha256", "duckdb"),
        ("svy, SRS", "svy", "svy"),
    ]:
        if has([python, "-c", f"import {module}"]):
            found[name] = [python, HERE / "draw_peers.py", tool]
        else:
            absent.append(module)
    return found, absent


def tickets(options, python):
    """Lines on tickets a second on one core."""
    lines = ["| tickets on one core | millions a second |", "|---|---|"]
    ours = run([options.bench, "tickets", "3000000"])
    if ours:
        lines.append(f"| mingcha: key and id, one compression | {float(ours[2]) / 1e6:.1f} |")
    if shutil.which("openssl"):
        speed = subprocess.run(
            ["openssl", "speed", "-seconds", "1", "-bytes", "64", "sha256"], capture_output=True, text=True
        ).stdout
        found = re.search(r"^sha256\s+([\d.]+)k", speed, re.MULTILINE)
        if found:
            lines.append(f"| openssl speed sha256, 64 bytes | {float(found.group(1)) * 1000 / 64 / 1e6:.1f} |")
    other = run([python, HERE / "draw_peers.py", "consistent-sampler", "-", "1"])
    lines.append(
        f"| consistent_sampler (Python) | {float(other[2]) / 1e6:.2f} |"
        if other
        else "| consistent_sampler (Python) | not installed |"
    )
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--mingcha", default=".build/release/mingcha", type=pathlib.Path)
    parser.add_argument("--bench", default=".build/release/selection-bench", type=pathlib.Path)
    parser.add_argument("--folder", default="build/bench", type=pathlib.Path)
    parser.add_argument("--rows", default="100000,1000000,10000000", help="sizes of the frames")
    parser.add_argument("--rounds", default=3, type=int)
    parser.add_argument("--python", help="Python with the peers; by default build/venv, else this one")
    parser.add_argument("--make", nargs=3, metavar=("FRAME", "ROWS", "MIXED"), help=argparse.SUPPRESS)
    parser.add_argument("--peers", action="store_true", help="first install the Python peers into build/venv")
    options = parser.parse_args()
    if options.make:
        make(pathlib.Path(options.make[0]), int(options.make[1]), options.make[2] == "True")
        return
    options.folder.mkdir(parents=True, exist_ok=True)
    venv = options.folder.parent / "venv"
    if options.peers:
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        subprocess.run([venv / "bin/pip", "install", "-q", *PACKAGES], check=True)
    python = options.python or (venv / "bin/python" if (venv / "bin/python").exists() else sys.executable)
    (options.folder / "seed.txt").write_text("00112233445566778899aabbccddeeff\n")

    others, absent = peers(options, python)
    report = [f"# Draws: {TAKEN} units in each of {STRATA:,} strata, median of {options.rounds} rounds", ""]
    if absent:
        report += [f"Not installed, left out: {', '.join(dict.fromkeys(absent))}.", ""]
    report += tickets(options, python) + [""]
    report += ["| rows | order | program | whole process, s | / data.table | peak MiB |", "|---|---|---|---|---|---|"]
    in_process = []
    for rows in map(int, options.rows.split(",")):
        for shuffled in (False, True):
            frame = options.folder / f"households-{rows}{'-mixed' if shuffled else ''}.csv"
            if not frame.exists():
                print(f"making {frame} ...", file=sys.stderr)
                # In a process of its own: a child's peak memory begins with that of the process it comes from.
                subprocess.run([sys.executable, __file__, "--make", frame, str(rows), str(shuffled)], check=True)
            cases = {"mingcha, SRS by SHA-256": None}
            if not shuffled:
                cases |= {"mingcha, PPS-systematic": None, "mingcha, Pareto": None}
            methods = {"mingcha, SRS by SHA-256": "srs", "mingcha, PPS-systematic": "pps-systematic",
                       "mingcha, Pareto": "pps-pareto"}
            cases |= {name: [*command, frame, TAKEN] for name, command in others.items()}
            runs = {name: [] for name in cases}
            for _ in range(options.rounds):
                for name, command in cases.items():
                    output = options.folder / "drawn"
                    shutil.rmtree(output, ignore_errors=True)
                    result = run(command or draw_command(options, frame, output, methods[name]))
                    if result is None and command is None:
                        sys.exit(f"{name} failed on {frame}")
                    if result:
                        runs[name].append(result)
            base = runs.get("data.table, plain shuffle")
            base = statistics.median(wall for wall, _, _ in base) if base else None
            for name, results in runs.items():
                order = "random" if shuffled else "by number"
                if not results:
                    report.append(f"| {rows:,} | {order} | {name} | failed | | |")
                    continue
                wall = statistics.median(result[0] for result in results)
                ratio = f"{wall / base:.2f}" if base else ""
                memory = max(result[1] for result in results)
                report.append(f"| {rows:,} | {order} | {name} | {wall:.2f} | {ratio} | {memory:.0f} |")
        frame = options.folder / f"households-{rows}.csv"
        for name, method in [("SRS", "srs"), ("PPS-systematic", "pps-systematic"), ("Pareto", "pps-pareto")]:
            size = [] if method == "srs" else ["persons"]
            results = [run([options.bench, "pass", frame, method, TAKEN, *size]) for _ in range(options.rounds)]
            parts = [tuple(map(float, result[2].split())) for result in results if result]
            if parts:
                first, second = (statistics.median(part[place] for part in parts) for place in (0, 1))
                in_process.append(f"| {rows:,} | mingcha, {name} | {first:.2f} | {second:.3f} |")
        if "data.table, plain shuffle" in others:
            for name, kind in [("plain shuffle", "srs"), ("PPS-systematic", "pps")]:
                results = [run(["Rscript", HERE / "draw_peers.R", kind, frame, TAKEN]) for _ in range(options.rounds)]
                seconds = [float(result[2].split()[0]) for result in results if result]
                if seconds:
                    in_process.append(f"| {rows:,} | data.table, {name} | | {statistics.median(seconds):.3f} |")
    report += [
        "",
        "In process: the pass reads, checks and gathers (for SRS with the tickets), the draw selects.",
        "",
        "| rows | program | pass, s | draw, s |",
        "|---|---|---|---|",
        *in_process,
    ]
    text = "\n".join(report) + "\n"
    (options.folder / "draws.md").write_text(text)
    print(text)


if __name__ == "__main__":
    main()
