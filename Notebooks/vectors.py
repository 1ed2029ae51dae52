#!/usr/bin/env python3
"""Test vectors of the draw protocol and of its annexes, by the verifier in plain Python.

python3 Notebooks/vectors.py check     repeats Tests/Fixtures/draw-protocol/vectors.json
python3 Notebooks/vectors.py annex     writes annex-vectors.json beside it, from the annexes' text alone

The annex vectors therefore test `mingcha`; `reference-check draw` goes through both files.
"""

import json
import pathlib
import random
import sys

from verifier.catalogue import METHODS
from verifier.frames import Frame, merkle_root
from verifier.plans import Plan
from verifier.stages import draw_stage
from verifier.tickets import Difference, Key, combined_seed, commitment, id_fault, uniform

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "Tests/Fixtures/draw-protocol"
ANNEX_METHODS = [
    "pps-randomized-systematic",
    "pps-chromy",
    "pps-brewer",
    "pps-sampford",
    "conditional-poisson",
    "pps-tille",
    "pps-with-replacement",
    "pps-pareto",
    "sequential-poisson",
    "cube",
    "stratified-cube",
    "local-pivotal",
]


class Vectors:
    """The protocol's vectors with the few things that their cases share."""

    def __init__(self):
        self.top = json.loads((FOLDER / "vectors.json").read_text(encoding="utf-8"))
        self.passed, self.failed = 0, []

    def same(self, name, found, wanted):
        if found == wanted:
            self.passed += 1
        else:
            self.failed.append(f"{name}: got {found}, expected {wanted}")

    def cell(self, method, take, case, **settings):
        """One stratum drawn as every stage is."""
        ids = case.get("ids", self.top["ids"])
        sizes = case.get("sizes", self.top["sizes"] if ids is self.top["ids"] else [1] * len(ids))
        labels = case.get("stratum", "").split("\n") if case.get("stratum") else []
        names = [f"s{place}" for place in range(len(labels))]
        keys = case.get("keys", ids)
        frame = Frame(
            ["id", "size", "key"] + names,
            [[text, str(size), key] + labels for text, size, key in zip(ids, sizes, keys)],
        )
        sort = ({"column": "key", "numeric": False, "descending": False},) if "keys" in case else ()
        plan = Plan("county", "id", method, take, strata=tuple(names), size="size", sort=sort, **settings)
        seed = case.get("seed", self.top["seed"])
        return draw_stage(plan, frame, seed, self.top["group"]).cells[0]

    def selected(self, *arguments, **settings):
        return [one.unit.id for one in self.cell(*arguments, **settings).taken]

    def check(self):
        top = self.top
        key = Key(top["seed"], top["group"], top["stage"])
        self.same("seed", combined_seed(top["contributions"]), top["seed"])
        self.same("commitments", [commitment(text) for text in top["contributions"]], top["commitments"])
        self.same("key", key.hex, top["key"])
        self.same("tickets", {text: key.ticket(text) for text in top["tickets"]}, top["tickets"])
        self.same("uniforms", {text: repr(uniform(key.ticket(text))) for text in top["uniforms"]}, top["uniforms"])
        stream = key.stream(top["stream"]["stratum"])
        self.same("stream", [repr(next(stream)) for _ in top["stream"]["u"]], top["stream"]["u"])
        self.same("take_all", self.selected("all", "all", {}), top["take_all"])
        for n, wanted in top["srs"].items():
            self.same("srs " + n, self.selected("srs", {"count": int(n)}, {}), wanted)
        case = top["bernoulli"]
        self.same("bernoulli", self.selected("bernoulli", {"rate": case["rate"]}, {}), case["selected"])
        self.same(
            "refused_ids", [bool(id_fault(text)) for text in top["refused_ids"]], [True] * len(top["refused_ids"])
        )
        case = top["single_text_seed"]
        self.same("single_text_seed", Key(case["seed"], top["group"], top["stage"]).hex, case["key"])
        self.same(
            "single_text_seed srs",
            self.selected("srs", {"count": len(case["srs"])}, {"seed": case["seed"]}),
            case["srs"],
        )
        case = top["text_ids"]
        self.same("text_ids tickets", {text: key.ticket(text) for text in case["tickets"]}, case["tickets"])
        self.same("text_ids order", self.selected("systematic", "all", case), case["list_order"])
        case = top["shuffled"]
        self.same("shuffled", self.selected("srs", {"count": len(case["srs"])}, case), case["srs"])
        for name, case in top.items():
            if name.startswith("frame"):
                self.check_frame(name, case)
            elif isinstance(case, dict) and "n" in case:
                self.check_draws(name, case)

    def check_frame(self, name, case):
        lines = Frame(case["header"], case["rows"]).canonical_lines(case.get("id", case["header"][0]))
        if "canonical" in case:
            self.same(name + " canonical", "".join(lines), case["canonical"])
        self.same(
            name + " digest",
            Frame(case["header"], case["rows"]).digest(case.get("id", case["header"][0])),
            case["digest"],
        )
        if "merkle_root" in case and "secret" not in case:
            self.same(
                name + " merkle_root", merkle_root([line.encode() for line in lines[1:]]).hex(), case["merkle_root"]
            )

    def check_draws(self, name, case):
        """A case named after its method, or one that holds the answers of several."""
        names = {
            "pps_systematic": "pps-systematic",
            "pareto": "pps-pareto",
            "sequential_poisson": "sequential-poisson",
            "systematic": "systematic",
            "poisson": "poisson",
            "rotation": "srs",
            "srs": "srs",
            "sort_keys": "systematic",
        }
        method = next((code for start, code in names.items() if name.startswith(start)), None)
        settings = {"reserves": case.get("reserves", 0), "rotation": case.get("shift", 0)}
        if method:
            cell = self.cell(method, {"count": case["n"]}, case, **settings)
            for field, found in (("selected", cell.taken), ("reserve", cell.reserves)):
                if field in case:
                    ids = [getattr(one, "unit", one).id for one in found]
                    self.same(f"{name} {field}", ids, case[field])
        if "list_order" in case:
            self.same(f"{name} list_order", self.selected("systematic", "all", case), case["list_order"])
        for field in set(case) & set(names) if not method else ():
            self.same(f"{name} {field}", self.selected(names[field], {"count": case["n"]}, case), case[field])
        if "certainties" in case:
            cell = self.cell("pps-systematic", {"count": case["n"]}, case)
            found = sorted(one.unit.id for one in cell.taken if one.is_certain)
            self.same(f"{name} certainties", found, sorted(case["certainties"]))


def annex_frames():
    """Frames for the annexes: ids, sizes and two numbers that place or balance the units."""
    chance = random.Random("annex vectors")
    frames = {}

    def add(name, ids, sizes, kinds=("1502",), grid=False, parent=None):
        places = [
            (
                (chance.randrange(4), chance.randrange(3))
                if grid
                else (round(chance.uniform(0, 90), 2), round(chance.gauss(40, 12), 3))
            )
            for _ in ids
        ]
        frames[name] = {
            "ids": ids,
            "sizes": sizes,
            "stratum": [kinds[place % len(kinds)] for place in range(len(ids))],
            "x": [str(x) for x, _ in places],
            "y": [str(y) for _, y in places],
            "rank": [str(chance.randrange(5)) for _ in ids],
            **({"parent": parent} if parent else {}),
        }

    def codes(count, start=150100):
        return [str(start + 7 * place) for place in range(count)]

    add("mixed", codes(24), [900, 0, 340] + [chance.choice([0, 1, 3, 7, 7, 12, 30, 41]) for _ in range(21)])
    add("equal", codes(10, 152200), [7] * 10, grid=True)
    add("skewed", codes(16, 150900), [int(10 ** chance.uniform(0, 6)) for _ in range(16)])
    add(
        "text",
        [f"150121-嘎查{place}, \"{'aé𠮷'[place % 3]}\"" for place in range(14)],
        [chance.randrange(1, 40) for _ in range(14)],
        kinds=("P2",),
        parent="150121",
    )
    add("large", codes(120, 150400), [chance.randrange(5, 400) for _ in range(120)], kinds=("",))
    add(
        "strata",
        codes(30, 152500),
        [chance.randrange(0, 25) for _ in range(30)],
        kinds=("甲", "N0", "x, y", "b"),
        parent="152501",
    )
    return frames


def annex_case(method, name, frame, n, key, reserves=2, sort=None, is_sized=True):
    """One case; None where the rule refuses it."""
    rule = METHODS[method]
    parent = frame.get("parent")
    header = ["id", "parent", "stratum", "size", "rank", "x", "y"]
    count = len(frame["ids"])
    rows = [
        list(row)
        for row in zip(
            frame["ids"],
            [parent or ""] * count,
            frame["stratum"],
            map(str, frame["sizes"]),
            frame["rank"],
            frame["x"],
            frame["y"],
        )
    ]
    strata = ("stratum",) if any(frame["stratum"]) else ()
    plan = Plan(
        key["stage"],
        "id",
        method,
        {"count": n},
        parent="parent" if parent else None,
        strata=strata,
        reserves=reserves if rule.has_reserves else 0,
        size="size" if is_sized else None,
        sort=tuple([sort] if sort else ()),
    )
    if rule.columns:
        setattr(plan, rule.columns, ("x", "y"))
    try:
        cells = draw_stage(plan, Frame(header, rows), key["seed"], key["group"], [parent] if parent else None).cells
    except Difference:
        return None
    case = {"method": method, "frame": name, "n": n, "sized": is_sized, "cells": []}
    if sort:
        case["sort"] = sort
    if plan.reserves:
        case["reserves"] = plan.reserves
    for cell in cells:
        case["cells"].append(
            {
                "stratum": cell.stratum,
                "selected": [one.unit.id for one in cell.taken],
                "certainties": sum(one.is_certain for one in cell.taken),
                "probability": [repr(one.probability) for one in cell.taken],
                **({"hits": [one.hits for one in cell.taken]} if rule.has_replacement else {}),
                **({"reserve": [unit.id for unit in cell.reserves]} if plan.reserves else {}),
            }
        )
    return case


def annex_vectors():
    key = {
        "seed": combined_seed(["dice " + "1 6 2 5 3 4 " * 8 + "1 6", "公证处 20181213"]),
        "group": "im-2018/annex",
        "stage": "village",
    }
    frames, cases = annex_frames(), []
    descending = {"column": "rank", "numeric": True, "descending": True}
    for method in ANNEX_METHODS:
        for name, frame in frames.items():
            positive = sum(size > 0 for size in frame["sizes"])
            for n in (1, 5, 20) if name == "large" else (0, 1, 2, 3, 5, 8, positive - 1, positive):
                cases.append(annex_case(method, name, frame, n, key))
            cases.append(annex_case(method, name, frame, 4, key, reserves=0, sort=descending))
            if METHODS[method].columns:
                cases += [annex_case(method, name, frame, n, key, is_sized=False) for n in (1, 4, 7)]
    cases = [case for case in cases if case]
    return {
        "about": "Vectors of the annexes to the draw protocol, written by Notebooks/vectors.py from the annexes' text.",
        **key,
        "key": Key(key["seed"], key["group"], key["stage"]).hex,
        "frames": frames,
        "cases": cases,
    }


def lines_of(value):
    """JSON with one line a case."""
    parts = []
    for name, content in value.items():
        if name == "cases":
            rows = ",\n".join("  " + json.dumps(case, ensure_ascii=False) for case in content)
            parts.append(f'"cases": [\n{rows}\n]')
        elif name == "frames":
            rows = ",\n".join(
                f"  {json.dumps(key)}: {json.dumps(frame, ensure_ascii=False)}" for key, frame in content.items()
            )
            parts.append(f'"frames": {{\n{rows}\n}}')
        else:
            parts.append(f"{json.dumps(name)}: {json.dumps(content, ensure_ascii=False)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def main():
    if sys.argv[1:] == ["annex"]:
        vectors = annex_vectors()
        (FOLDER / "annex-vectors.json").write_text(lines_of(vectors), encoding="utf-8")
        print(f"{len(vectors['cases'])} cases written")
        return 0
    if sys.argv[1:] != ["check"]:
        print(__doc__, file=sys.stderr)
        return 64
    vectors = Vectors()
    vectors.check()
    for line in vectors.failed:
        print("FAIL", line)
    print(f"{vectors.passed} passed, {len(vectors.failed)} failed")
    return 1 if vectors.failed else 0


if __name__ == "__main__":
    sys.exit(main())
