#!/usr/bin/env python3
"""Draws random plans with `mingcha` and repeats each with the verifier in plain Python.

python3 Notebooks/agree.py --mingcha .build/release/mingcha [--plans 100] [--only NUMBER]

For every plan, of one to three stages over odd but legal frames:
- Python draws from the plan itself, not from the receipt. Where it refuses, `mingcha` must refuse with the
  same code; else every stratum, selected unit, reserve, ticket and count of the receipt, its digests and
  commitments, and every cell of list.csv must be Python's;
- one thing is then changed (in the receipt, the list or the frame) and both must say that something differs;
- some plans are followed by a second round, which leaves out the units of the first, now and then under another
  filter;
- some draws get a further wave of reserves;
- a plain srs plan is also drawn with the shell recipe printed in docs/draw-protocol.md, section 7.

A plan depends on its number and the seed alone, so that a failing one is repeated with --only.
"""

import argparse
import collections
import concurrent.futures
import functools
import json
import pathlib
import re
import subprocess
import sys
import tempfile

from verifier import random_plans
from verifier.catalogue import METHODS
from verifier.exclusions import Earlier, receipt_text
from verifier.expressions import Filter
from verifier.frames import canonical_line, read_file, read_frame
from verifier.pairs import pairs_of
from verifier.receipts import verified
from verifier.plans import Plan
from verifier.stages import draw_stage
from verifier.tickets import Difference, combined_seed, sha256
from verifier.waves import draw_wave

ROOT = pathlib.Path(__file__).resolve().parent.parent
RECIPE_UNITS = 40


class Disagreement(Exception):
    """The two implementations differ."""


class Case:
    """One plan in a folder of its own, and perhaps a second round of it."""

    def __init__(self, plan, folder, binary):
        self.plan, self.folder, self.binary = plan, folder, binary
        for files in plan.files:
            for name, data in files:
                (folder / name).write_bytes(data)
        (folder / "survey.yaml").write_text(json.dumps(plan.survey_file(), ensure_ascii=False), encoding="utf-8")
        parties = plan.contributions or [plan.seed]
        self.seed_words = []
        for number, text in enumerate(parties):
            (folder / f"party{number}.txt").write_text(text + "\n", encoding="utf-8")
            self.seed_words += ["--contribution-file" if plan.contributions else "--seed-file", f"party{number}.txt"]
        self.seed = combined_seed(plan.contributions) if plan.contributions else plan.seed
        self.first = Round(self, plan.draw, "out", self.seed, self.seed_words, plan.reveals)

    def second(self):
        """A round with a seed of its own that leaves out the units which the first took at one stage."""
        seed = sha256(self.seed)
        (self.folder / "second.txt").write_text(seed + "\n", encoding="utf-8")
        return Round(
            self, self.plan.second, "out2", seed, ["--seed-file", "second.txt"], not self.plan.reveals, self.first
        )

    def mingcha(self, *words):
        result = subprocess.run(
            [self.binary, *words, "--lang", "en"], cwd=self.folder, capture_output=True, text=True, check=False
        )
        return result.returncode, result.stdout + result.stderr

    def frames(self):
        ids = [[plan.id] + ([plan.parent] if plan.parent else []) for plan in self.plan.plans]
        return [read_frame(str(self.folder / self.plan.pattern(stage)), names) for stage, names in enumerate(ids)]


class Round:
    """One draw of a case."""

    def __init__(self, case, name, output, seed, seed_words, reveals, earlier=None):
        self.case, self.name, self.output, self.seed, self.earlier = case, name, output, seed, earlier
        self.seed_words = seed_words
        self.filters = case.plan.second_filters if earlier else case.plan.filters
        self.flags = ["--reveal"] if reveals else []
        self.folder = case.folder / (output if case.plan.is_loose else f"draws/{name}")
        self.group = case.plan.group if case.plan.is_loose else f"{case.plan.survey}/{name}"
        self.exclude = ["--exclude", earlier.output] if earlier and case.plan.is_loose else []

    def draw(self):
        plan = self.case.plan
        words = plan.loose_arguments(self.filters[0]) + ["-o", self.output] + self.exclude if plan.is_loose else [".", self.name]
        return self.case.mingcha("draw", *words, *self.seed_words, *self.flags)

    def verify_command(self):
        earlier = ["--earlier", self.earlier.output] if self.earlier else []
        words = (
            [self.output, "--frame", self.case.plan.pattern(0), *earlier]
            if self.case.plan.is_loose
            else [".", self.name]
        )
        return self.case.mingcha("verify", *words, *self.seed_words)

    def own_draw(self, frames, taken_before=None):
        """Drawn from the plan, before any receipt is looked at."""
        plan, stages, parents = self.case.plan, [], None
        for place, (own, frame, text) in enumerate(zip(plan.plans, frames, self.filters)):
            kept = frame.filtered(Filter(text)) if text else frame
            excluded = taken_before[place].selected if taken_before and place == plan.excluded_stage else []
            if excluded and parents is None and not set(excluded) & set(kept.column(own.id)):
                raise Difference("exclusion-foreign", "none of the excluded units is in the frame")
            stages.append(draw_stage(own, kept, self.seed, self.group, parents, excluded))
            parents = stages[-1].selected
        return stages

    def verified(self, receipt, frames, table):
        seeds = {}
        if receipt["state"] == "sealed":
            seeds = {"seed": self.seed}
            if self.earlier is None and self.case.plan.contributions:
                seeds = {"contributions": self.case.plan.contributions}
        earlier = [Earlier(str(self.earlier.folder))] if self.earlier else []
        path = self.folder / "joint.csv"
        joint = read_file(str(path)) if path.exists() else None
        return verified(receipt, frames, table=table, earlier=earlier, joint=joint, **seeds)

    def agreed(self, frames, taken_before=None):
        """What was drawn, and the words to count; None where both refuse."""
        status, output = self.draw()
        try:
            own = self.own_draw(frames, taken_before)
        except Difference as refusal:
            if status != 65 or f"[{refusal.code}]" not in output:
                raise Disagreement(f"Python refuses [{refusal.code}], mingcha ended with {status}: {output}") from None
            return None, [f"refused by both: {refusal.code}"]
        if status != 0:
            raise Disagreement(f"mingcha ended with {status}: {output}")
        text = (self.folder / "receipt.json").read_text(encoding="utf-8")
        receipt = json.loads(text)
        if receipt_text(receipt) != text:
            raise Disagreement("the receipt is not written as the guide says")
        for wanted, stage in zip(self.case.plan.plans, receipt["stages"], strict=True):
            if plain(wanted) != plain(Plan.of(stage["plan"])):
                raise Disagreement(f"the receipt's plan is {stage['plan']}, asked for was {wanted}")
        stages = self.verified(receipt, frames, read_file(str(self.folder / "list.csv")))
        for stage, repeated in zip(own, stages, strict=True):
            if [units_of(cell) for cell in stage.cells] != [units_of(cell) for cell in repeated.cells]:
                raise Disagreement("the receipt's plan draws other units than the plan that was asked for")
        status, output = self.verify_command()
        if status != 0:
            raise Disagreement(f"mingcha verify ended with {status}: {output}")
        words = [f"method {plan.method}" for plan in self.case.plan.plans]
        words += ["must-include units" for plan in self.case.plan.plans if plan.must_include]
        words += [
            "allocation " + plan.take["allocate"]["rule"] for plan in self.case.plan.plans if "allocate" in plan.take
        ]
        words += [
            "receipt " + receipt["state"],
            "called " + ("loose" if self.case.plan.is_loose else "as a survey folder"),
        ]
        words += [f"weights for the {stage.weights} population" for stage in stages if stage.weights]
        words += ["stages with pairs"] * sum(any(map(pairs_of, stage.cells)) for stage in stages)
        words += [f"probability {cell.basis}" for stage in stages for cell in stage.cells if cell.basis]
        return own, words + ["selected units"] * len(own[-1].selected)


def check_plan(number, base_seed, binary, methods):
    """What happened with one plan, as words to count."""
    plan = random_plans.RandomPlan(number, base_seed, methods)
    with tempfile.TemporaryDirectory() as name:
        return outcome(Case(plan, pathlib.Path(name), binary))


def outcome(case):
    frames = case.frames()
    own, words = case.first.agreed(frames)
    if own is None:
        return words
    if case.plan.excluded_stage is not None and is_listed_in_full(own):
        second, more = case.second().agreed(frames, own)
        words += [word for word in more if not word.startswith("method")]
        words += ["second rounds"] if second else []
    if case.plan.wave_stage is not None:
        words.append(wave(case, own, frames))
    words += shell_recipe(case, own, frames)
    return words + [spoiled(case, frames)]


def wave(case, own, frames):
    """A further wave of reserves with fresh randomness."""
    first, seed = case.first, sha256("wave " + case.seed)
    (case.folder / "wave.txt").write_text(seed + "\n", encoding="utf-8")
    name = case.plan.plans[case.plan.wave_stage].name
    place = [first.output, "--frame", case.plan.pattern(0), "-o", "out-wave"] if case.plan.is_loose else [".", "draw"]
    own_seeds = ",".join(word for word in case.seed_words if not word.startswith("--"))
    known = [] if "--reveal" in first.flags else ["--earlier-seed-file", own_seeds]
    status, output = case.mingcha("wave", *place, "--stage", name, "--reserves", "2", "--seed-file", "wave.txt", *known)
    record = {"stage": name, "reserves": 2}
    drawn = draw_wave(record, own, first.group, seed, [])
    if not any(drawn.reserves.values()):
        if status != 65:
            raise Disagreement(f"mingcha finds further reserves where Python has none: {status} {output}")
        return "waves that find no unit"
    if status != 0:
        raise Disagreement(f"mingcha wave ended with {status}: {output}")
    folder = case.folder / ("out-wave" if case.plan.is_loose else "draws/draw-wave-2")
    receipt = json.loads((folder / "receipt.json").read_text(encoding="utf-8"))
    earlier = [Earlier(str(first.folder), [case.seed])]
    verified(receipt, frames, seed=seed, table=read_file(str(folder / "list.csv")), earlier=earlier)
    return "further waves of reserves"


def is_listed_in_full(stages):
    """Whether the list shows every selected unit: one below which nothing was taken has no line."""
    return all(
        stages[place].selected == list(dict.fromkeys(cell.parent for cell in stage.cells if cell.taken))
        for place, stage in enumerate(stages[1:])
    )


def plain(plan):
    """A plan as one text, whatever the order of its entries; empty ones are left out as in a receipt."""
    return json.dumps({name: value for name, value in vars(plan).items() if value}, sort_keys=True)


def units_of(cell):
    return [one.unit.id for one in cell.taken], [unit.id for unit in cell.reserves]


def spoiled(case, frames):
    """Changes one thing; both verifiers must notice."""
    chance, first = case.plan.random, case.first
    receipt = json.loads((first.folder / "receipt.json").read_text(encoding="utf-8"))
    table = read_file(str(first.folder / "list.csv"))
    kind = chance.choice(["receipt", "list", "frame"] if len(table) else ["receipt", "frame"])
    if kind == "receipt":
        cell = chance.choice(receipt["stages"][0]["cells"])
        if cell.get("selected") and chance.random() < 0.7:
            chance.choice(cell["selected"])["ticket"] = "0" * 64
        else:
            cell[chance.choice(["population", "certainties", "reserves", "size_zero"])] += 1
        (first.folder / "receipt.json").write_text(json.dumps(receipt, ensure_ascii=False), encoding="utf-8")
    elif kind == "list":
        chance.choice(table.rows)[table.place("code")] += "x"
        lines = [canonical_line(fields) for fields in [table.header] + table.rows]
        (first.folder / "list.csv").write_text("".join(lines), encoding="utf-8", newline="")
    else:
        path = case.folder / chance.choice(case.plan.files)[0][0]
        changed = read_file(str(path))
        chance.choice(changed.rows)[changed.place("synthetic_x")] += "x"
        lines = [canonical_line(row) for row in [changed.header] + changed.rows]
        path.write_text("".join(lines), encoding="utf-8", newline="")
        frames = case.frames()
    try:
        first.verified(receipt, frames, table)
    except Difference as difference:
        found = difference.code
    else:
        raise Disagreement(f"Python does not notice a changed {kind}")
    status, output = first.verify_command()
    if status != 1 or f"[{found}]" not in output:
        raise Disagreement(f"of a changed {kind} Python says [{found}], mingcha verify {status}: {output}")
    return f"changed {kind} named by both"


@functools.cache
def recipe():
    """The shell lines of section 7, to be run with another n."""
    guide = (ROOT / "docs/draw-protocol.md").read_text(encoding="utf-8")
    lines = [line.strip() for line in guide.split("## 7.")[1].splitlines() if line.startswith("    ")]
    assert len(lines) == 2 and lines[1].endswith("head -n 5"), "section 7 has another recipe"
    return "\n".join(lines).replace("head -n 5", 'head -n "$WANTED"')


def shell_recipe(case, own, frames):
    """Draws each stratum of a plain srs plan with sha256sum and sort."""
    plan = case.plan.plans[0]
    frame = frames[0].filtered(Filter(case.plan.filters[0])) if case.plan.filters[0] else frames[0]
    if plan.method != "srs" or plan.rotation or plan.must_include or len(frame) > RECIPE_UNITS:
        return []
    strata = list(zip(*(frame.column(name) for name in plan.strata))) if plan.strata else [()] * len(frame)
    for cell in own[0].cells:
        ids = [text for text, values in zip(frame.column(plan.id), strata) if list(values) == cell.stratum]
        (case.folder / "ids.txt").write_text("\n".join(ids) + "\n", encoding="utf-8")
        settings = {"SEED": case.seed, "GROUP": case.first.group, "STAGE": plan.name, "WANTED": str(len(cell.taken))}
        result = subprocess.run(
            ["bash", "-c", recipe()],
            cwd=case.folder,
            env={"PATH": "/usr/bin:/bin", **settings},
            capture_output=True,
            text=True,
            check=True,
        )
        if [line[65:] for line in result.stdout.splitlines()] != [one.unit.id for one in cell.taken]:
            raise Disagreement(f"the shell recipe takes other units in stratum {cell.place}: {result.stdout}")
    return ["srs plans drawn with the shell recipe"]


def attempt(number, *shared):
    try:
        return number, check_plan(number, *shared), None
    except (Difference, Disagreement) as trouble:
        return number, [], f"[{getattr(trouble, 'code', 'disagreement')}] {trouble}"
    except Exception as trouble:
        return number, [], f"{type(trouble).__name__}: {trouble}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mingcha", default=str(ROOT / ".build/release/mingcha"), metavar="PATH")
    parser.add_argument("--plans", type=int, default=100)
    parser.add_argument("--seed", default="agreement")
    parser.add_argument("--only", type=int, metavar="NUMBER")
    parser.add_argument("--methods", help="comma separated; all that this verifier knows by default")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    binary = str(pathlib.Path(options.mingcha).resolve())
    words = " ".join(
        subprocess.run([binary, "draw", "--help", "--lang", "en"], capture_output=True, text=True).stdout.split()
    )
    offered = re.search(r"Selection method: ([a-z, -]+) \(", words).group(1).split(", ")
    unknown = [name for name in offered if name not in METHODS]
    methods = options.methods.split(",") if options.methods else [name for name in offered if name in METHODS]
    numbers = [options.only] if options.only is not None else range(options.plans)
    counts, failed = collections.Counter(), 0
    with concurrent.futures.ProcessPoolExecutor(options.jobs) as pool:
        for number, happened, trouble in pool.map(
            attempt, numbers, *([value] * len(numbers) for value in (options.seed, binary, methods)), chunksize=4
        ):
            counts.update(happened)
            if trouble:
                failed += 1
                print(f"plan {number}: {trouble}", file=sys.stderr)
    for word, count in sorted(counts.items()):
        print(f"{count:8} {word}")
    if unknown:
        print("methods of mingcha that this verifier does not know: " + ", ".join(unknown))
    print(f"{len(numbers) - failed} of {len(numbers)} plans agree")
    return 1 if failed or unknown else 0


if __name__ == "__main__":
    sys.exit(main())
