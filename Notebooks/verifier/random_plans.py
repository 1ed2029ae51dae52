"""Random frames and plans for comparing two implementations: legal, but as odd as data can be."""

import random

from .frames import Frame, canonical_line
from .catalogue import METHODS
from .plans import Plan

STRATA = ["150100", "150200", "P1", "甲", "camelCase", "snake_case", 'a "q"', "x, y", " edge ", "é", "_"]
# Of these some combinations are refused: equal texts, or the ending of certain units.
REFUSED_STRATA = [["x", "y, x", "x, y"], ["甲", "甲 (certain)"]]
NOTES = ["", "呼和浩特", "a,b", 'said "no"', "two\nlines", "cr\rx", "'", "=1+1", "-5", "1e5", "NA", "NaN", "𠮷"]
LONG = "内蒙古自治区呼和浩特市土默特左旗察素齐镇团结村民委员会第三村民小组"


LIST_ORDER = {
    "systematic",
    "pps-systematic",
    "pps-chromy",
    "pps-brewer",
    "pps-sampford",
    "conditional-poisson",
    "pps-tille",
    "pps-with-replacement",
}


class RandomPlan:
    """One case: frames with their files, the stages' plans, the seed, and how the draw is called."""

    def __init__(self, number, base_seed, methods):
        self.number = number
        self.random = chance = random.Random(f"{base_seed}/{number}")
        self.seed = f"{chance.getrandbits(128):032x}"
        self.contributions = []
        if chance.random() < 0.3:
            self.contributions = [self.seed, "公证处 " + str(chance.randrange(10**8))][: chance.randrange(1, 3)]
        self.stage_count = chance.choices([1, 2, 3], [0.6, 0.3, 0.1])[0]
        self.survey, self.draw, self.second = f"s{number}", "draw", "second"
        self.frames, self.plans, self.filters, self.files = [], [], [], []
        for stage in range(self.stage_count):
            self._add_stage(stage, methods)
        is_plain = self.stage_count == 1 and self.plans[0].rotation == 0 and len(self.files[0]) == 1
        takes = self.plans[0].take
        is_plain = is_plain and not ({"by_stratum", "allocate"} & set(takes) or self.plans[0].reserves_by_stratum)
        self.is_loose = is_plain and chance.random() < 0.6
        self.reveals = chance.random() < 0.5
        self.group = "组/loose 1"
        self.wave_stage = chance.randrange(self.stage_count) if chance.random() < 0.2 else None
        self.excluded_stage = chance.randrange(self.stage_count) if chance.random() < 0.3 else None
        self.second_filters = list(self.filters)
        if self.is_loose and chance.random() < 0.3:
            self.second_filters[0] = chance.choice([None, "rank < 10", "size > 0"])

    def _add_stage(self, stage, methods):
        chance = self.random
        name = ["county", "嘎查村", "household"][stage]
        rows = self._rows(stage)
        method = chance.choice(methods)
        strata = chance.choice([(), ("h",), ("h",), ("h", "层 2")])
        plan = Plan(name=name, id="code", method=method, take="all", strata=strata, parent="parent" if stage else None)
        rule = METHODS[method]
        plan.take = self._take(rule, strata, rows)
        if rule.has_reserves and chance.random() < 0.6:
            plan.reserves = chance.choice([1, 2, 5])
            if strata and chance.random() < 0.2:
                plan.reserves_by_stratum = {
                    ", ".join(row[2 : 2 + len(strata)]): chance.randrange(4) for row in rows[:2]
                }
        if chance.random() < 0.2:
            plan.must_include = chance.choice(
                ["rank == 10", "h == '甲' and size > 3", "synthetic_x in [1, 2]", "note == ''"]
            )
        if rule.columns:
            setattr(plan, rule.columns, chance.choice([("x", "y"), ("y",), ("rank", "x")]))
        # mingcha refuses a size or an order that the method would pass over.
        if rule.needs_size or rule.needs_size is None and chance.random() < 0.5:
            plan.size = "size"
        goes_by_order = method in LIST_ORDER
        for column in chance.sample(["rank", "note"], chance.choice([0, 0, 1, 2]) if goes_by_order else 0):
            plan.sort += (
                {
                    "column": column,
                    "numeric": column == "rank" and chance.random() < 0.7,
                    "descending": chance.random() < 0.4,
                },
            )
        if method == "srs" and chance.random() < 0.3:
            plan.rotation = chance.choice([0.25, 0.127, 0.95, 0.999999])
        header = ["code", "parent", "h", "层 2", "size", "rank", "note", "synthetic_x", "x", "y"]
        order = list(header)
        if chance.random() < 0.5:
            chance.shuffle(order)
        places = [header.index(column) for column in order]
        chance.shuffle(rows)
        self.frames.append(Frame(order, [[row[place] for place in places] for row in rows]))
        self.plans.append(plan)
        self.filters.append(
            chance.choice(
                [
                    None,
                    None,
                    None,
                    "size > 0",
                    "not (h == 'P1') or rank < 3",
                    "`层 2` in ['甲', 'é', '150100'] or size >= 2 * rank - 1",
                    'note != "a,b"',
                ]
            )
        )
        self._split_files(stage)

    def _rows(self, stage):
        """Rows of a frame: ids unique, every unit of the stage above with a few units."""
        chance = self.random
        parents = [row[self.frames[-1].place("code")] for row in self.frames[-1].rows] if stage else [""] * 1
        most = [60, 8, 5][stage]
        kinds = chance.sample(STRATA, chance.choice([1, 2, 3, 5]))
        if chance.random() < 0.02:
            kinds = chance.choice(REFUSED_STRATA)
        form = chance.choice(["digits", "digits", "text", "odd", "long", "wide"])
        sizes = chance.choice(["small", "small", "zeros", "skewed", "equal", "large"])
        rows = []
        for parent in parents:
            for number in range(chance.randrange(1, most + 1)):
                rows.append(
                    [
                        self._id(form, stage, len(rows)),
                        parent,
                        chance.choice(kinds),
                        chance.choice(kinds[:2]),
                        str(self._size(sizes)),
                        chance.choice(["1", "2", "10", "2.5", "-3", "1e1"]),
                        chance.choice(NOTES),
                        str(chance.randrange(9)),
                        f"{chance.uniform(0, 100):.3f}",
                        str(chance.randrange(-5, 20)),
                    ]
                )
        return rows

    def _id(self, form, stage, number):
        if form == "digits":
            return f"15{stage}{number:05}"
        if form == "text":
            return f"1501{stage}-嘎查{number}"
        if form == "odd":
            return f"{stage}{'aA_.é' [number % 5]} \"{number}\", ᠠᠨ{'𠮷' * (number % 2)}"
        if form == "wide":
            return "１５" + f"{stage}{number:04}" + "　" * (number % 2)
        return f"{LONG}{stage}{number}"

    def _size(self, kind):
        chance = self.random
        if kind == "small":
            return chance.randrange(1, 50)
        if kind == "zeros":
            return chance.choice([0, 0, 1, 2, 7])
        if kind == "skewed":
            return int(10 ** chance.uniform(0, 4))
        return 7 if kind == "equal" else chance.randrange(1, 10**11)

    def _take(self, rule, strata, rows):
        chance = self.random
        if rule.takes_all_only:
            return "all"
        if rule.has_replacement:
            one = lambda: {"count": chance.choice([0, 1, 2, 5, 12])}
        elif rule.has_rate:
            one = lambda: {"rate": chance.choice([0, 0.1, 0.3, 0.5, 1])}
        else:
            one = lambda: chance.choice(
                [
                    {"count": chance.choice([0, 1, 1, 2])},
                    {"up_to": chance.choice([1, 2, 3, 5, 20])},
                    {"up_to": chance.choice([2, 4])},
                    "all",
                ]
            )
        if not strata or chance.random() < 0.5:
            return one()
        if not rule.has_rate and not rule.has_replacement and chance.random() < 0.4:
            return {"allocate": self._allocation(rows, strata)}
        names = sorted({", ".join(row[2 : 2 + len(strata)]) for row in rows})
        if len(names) > 1 and chance.random() < 0.3:
            names = names[1:] + ["*"]
        return {"by_stratum": {name: one() for name in names}}

    def _allocation(self, rows, strata):
        chance = self.random
        rule = chance.choice(["equal", "proportional", "square-root", "power", "neyman", "cost-optimal"])
        allocation = {"rule": rule, "total": chance.choice([4, 9, 15, 30]), "minimum": chance.choice([0, 1, 1, 2])}
        if chance.random() < 0.8:
            allocation["total_is_limit"] = True

        def figure():
            names = {", ".join(row[2 : 2 + len(strata)]) for row in rows}
            return {"by_stratum": {name: chance.choice([0.5, 1, 2, 7.25]) for name in sorted(names)}}

        if rule in ("neyman", "cost-optimal"):
            allocation["deviation"] = figure()
        if rule == "cost-optimal":
            allocation["cost"] = figure()
        if rule == "power":
            allocation["exponent"] = chance.choice([0, 0.5, 1, 0.3])
        if rule in ("proportional", "square-root", "power") and chance.random() < 0.5:
            allocation["size"] = "size"
        if chance.random() < 0.3:
            allocation["maximum"] = chance.choice([3, 6])
        if chance.random() < 0.3:
            allocation["take_all_up_to"] = chance.choice([1, 3])
        return allocation

    def _split_files(self, stage):
        """The file or files of a frame, in some encoding and with some line end."""
        chance, frame = self.random, self.frames[stage]
        count = chance.choice([1, 1, 1, 3]) if len(frame) >= 3 else 1
        cuts = sorted(chance.sample(range(1, len(frame)), count - 1)) if count > 1 else []
        bounds = [0] + cuts + [len(frame)]
        encoding = chance.choice(["utf-8", "utf-8", "utf-8-sig", "gb18030"])
        files = []
        for number in range(count):
            lines = [canonical_line(row) for row in [frame.header] + frame.rows[bounds[number] : bounds[number + 1]]]
            if chance.random() < 0.3:
                lines = [line[:-1] + "\r\n" for line in lines]
            files.append((f"frame{stage}-{number}.csv", "".join(lines).encode(encoding)))
        self.files.append(files)

    def pattern(self, stage):
        return f"frame{stage}-*.csv" if len(self.files[stage]) > 1 else self.files[stage][0][0]

    def survey_file(self):
        """The survey file, as JSON, which is YAML."""
        frames = {}
        for stage, plan in enumerate(self.plans):
            frame = {"id": "code", "files" if len(self.files[stage]) > 1 else "file": self.pattern(stage)}
            if stage:
                frame["parent"] = "parent"
            if self.filters[stage]:
                frame["keep"] = self.filters[stage]
            frames[plan.name] = frame
        draws = {self.draw: {"stages": [stage_entry(plan) for plan in self.plans]}}
        if self.excluded_stage is not None:
            stages = [stage_entry(plan) for plan in self.plans]
            stages[self.excluded_stage]["exclude"] = [self.draw]
            draws[self.second] = {"stages": stages}
        return {"survey": {"id": self.survey, "name": {"zh": "试", "en": "Trial"}}, "frames": frames, "draws": draws}

    def loose_arguments(self, text):
        plan = self.plans[0]
        words = [
            self.files[0][0][0],
            "--id",
            plan.id,
            "--method",
            plan.method,
            "--group",
            self.group,
            "--stage",
            plan.name,
        ]
        words += ["--take", take_text(plan.take), "--reserves", str(plan.reserves)]
        for column in plan.strata:
            words += ["--strata", column]
        if plan.size:
            words += ["--size", plan.size]
        if plan.must_include:
            words += ["--must-include", plan.must_include]
        for name in ("balance", "coordinates"):
            for column in getattr(plan, name):
                words += ["--" + name, column]
        for sort in plan.sort:
            words += ["--sort=" + sort_text(sort)]
        if text:
            words += ["--where", text]
        return words


def take_text(take):
    if take == "all":
        return "all"
    ((kind, value),) = take.items()
    return str(value) if kind == "count" else {"up_to": "up-to", "rate": "rate"}[kind] + f" {value}"


def sort_text(sort):
    return sort["column"] + ":numeric" * sort["numeric"] + ":descending" * sort["descending"]


def stage_entry(plan):
    """A stage of the survey file."""
    takes = plan.take
    entry = {"frame": plan.name, "method": plan.method, "reserves": plan.reserves}
    if plan.reserves_by_stratum:
        entry["reserves"] = {**plan.reserves_by_stratum, "*": plan.reserves}
    if plan.must_include:
        entry["must-include"] = plan.must_include
    if takes != "all" and "by_stratum" in takes:
        entry["take"] = {stratum: take_text(take) for stratum, take in takes["by_stratum"].items()}
    elif takes != "all" and "allocate" in takes:
        entry["allocate"] = allocation_entry(takes["allocate"])
    else:
        entry["take"] = take_text(takes)
    if plan.strata:
        entry["strata"] = list(plan.strata)
    if plan.size:
        entry["size"] = plan.size
    if plan.sort:
        entry["sort"] = [sort_text(sort) for sort in plan.sort]
    if plan.rotation:
        entry["rotation"] = plan.rotation
    for name in ("balance", "coordinates"):
        if getattr(plan, name):
            entry[name] = list(getattr(plan, name))
    return entry


def allocation_entry(allocation):
    names = {"exponent": "q", "deviation": "sd", "minimum": "min", "maximum": "max", "take_all_up_to": "take-all-up-to"}
    entry = {}
    for name, value in allocation.items():
        if name == "total":
            name = "up-to" if allocation.get("total_is_limit") else "total"
        if name != "total_is_limit":
            entry[names.get(name, name)] = value["by_stratum"] if isinstance(value, dict) else value
    return entry
