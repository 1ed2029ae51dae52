#!/usr/bin/env python3
"""Makes random designs, their data and what is asked of them, for comparison with R survey.

make_designs.py FOLDER [--designs 200] [--seed 2018] [--only NUMBER]

FOLDER/data/dNNNN.csv and FOLDER/cases/dNNNN.json: one suite a design, still without expected figures. A design depends
on the seed and its number alone, so that a single one is made again with --only.
"""
import argparse
import collections
import json
import pathlib
import random

from designs import make_design
from questions import Questions
from samples import matrix_text


def main():
    parser = argparse.ArgumentParser(description="Random designs for comparison with R survey.")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--designs", type=int, default=200)
    parser.add_argument("--seed", default="2018")
    parser.add_argument("--only", type=int)
    options = parser.parse_args()
    for part in ("data", "cases"):
        (options.folder / part).mkdir(parents=True, exist_ok=True)
    numbers = [options.only] if options.only else range(1, options.designs + 1)
    kinds, operations, special = (collections.Counter() for _ in range(3))
    for number in numbers:
        name = f"d{number:04d}"
        rng = random.Random(f"crosscheck {options.seed} {number}")
        sample, spec, tags, matrices = make_design(rng, name, number)
        cases = Questions(rng, name, sample, spec, tags).everything()
        (options.folder / spec["data"]).write_text(sample.text(), encoding="utf-8")
        for path, rows in matrices.items():
            (options.folder / path).write_text(matrix_text(rows), encoding="utf-8")
        suite = {
            "schema": "mingcha-reference/1", "suite": name, "about": ", ".join(tags),
            "designs": {name: spec}, "cases": cases}
        (options.folder / "cases" / f"{name}.json").write_text(
            json.dumps(suite, ensure_ascii=False) + "\n", encoding="utf-8")
        kinds.update(tags)
        operations.update(case["op"] for case in cases)
        special["within a domain"] += sum("where" in case for case in cases)
        special["about values with gaps"] += sum("_na" in json.dumps(case) for case in cases)
    print(f"{len(numbers)} designs, {sum(operations.values())} questions (seed {options.seed})")
    for title, counter in (("designs", kinds), ("questions", operations), ("of these", special)):
        print(f"  {title}: " + ", ".join(f"{word} {count}" for word, count in sorted(counter.items())))


if __name__ == "__main__":
    main()
