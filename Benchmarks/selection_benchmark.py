#!/usr/bin/env python3
"""Times selection methods in process beside R's package sampling, on the same units.

Each round draws one sample with each method by us and by R, in turn, so that both meet the same machine. Printed:
the median of the rounds in seconds, and the ratio. Ours is a whole stage: checks of ids, tickets (SHA-256), order,
selection, probabilities. R's is the call that selects, with probabilities given. Where R gives no sample within
the time allowed, or stops (Sampford's rejection), that is printed.
"""
import argparse
import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent


def ours(program, method, population, sample):
    run = subprocess.run([program, method, str(population), str(sample), "3"], capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(run.stderr)
    return float(run.stdout)


def theirs(method, frame, sample, limit):
    command = ["Rscript", str(HERE / "selection_peers.R"), method, str(frame), str(sample)]
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=limit)
    except FileNotFoundError:
        return "no R"
    except subprocess.TimeoutExpired:
        return f"more than {limit} s"
    word = run.stdout.split()[-1] if run.stdout.split() else "failed"
    try:
        return float(word)
    except ValueError:
        return word


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=".build/release/selection-bench")
    parser.add_argument("--method", action="append", help="repeat for more; by default all with a peer")
    parser.add_argument("--size", action="append", help="N:n, by default 2000:100 and 20000:500")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--limit", type=int, default=120, help="seconds that R may take for one sample")
    options = parser.parse_args()
    methods = options.method or ["cube", "local-pivotal", "conditional-poisson", "pps-sampford", "pps-brewer"]
    folder = pathlib.Path("build/bench")
    folder.mkdir(parents=True, exist_ok=True)
    print("| method | N | n | mingcha, s | R, s | R / mingcha |\n|---|---|---|---|---|---|")
    for size in options.size or ["2000:100", "20000:500"]:
        population, sample = (int(part) for part in size.split(":"))
        frame = folder / f"units-{population}.csv"
        frame.write_bytes(subprocess.run([options.program, "frame", str(population)], capture_output=True, check=True).stdout)
        for method in methods:
            own, peer, word = [], [], None
            for _ in range(options.rounds):
                own.append(ours(options.program, method, population, sample))
                if word is None:
                    found = theirs(method, frame, sample, options.limit)
                    if isinstance(found, float):
                        peer.append(found)
                    else:
                        word = found
            mine = statistics.median(own)
            other = f"{statistics.median(peer):.3f}" if peer else word
            ratio = f"{statistics.median(peer) / mine:.0f}" if peer else ""
            print(f"| {method} | {population:,} | {sample} | {mine:.5f} | {other} | {ratio} |", flush=True)


if __name__ == "__main__":
    main()
