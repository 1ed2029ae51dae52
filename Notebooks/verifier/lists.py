"""The list of a draw, its text, and the commitment to it (docs/draw-protocol/annex-receipts.md)."""

import math

from .catalogue import METHODS
from .frames import canonical_line
from .stages import CERTAIN
from .tickets import sha256

PRIVATE = "synthetic_"


def number_text(value):
    """The shortest decimal text that reads back as the same double; whole numbers without a point."""
    if value is None:
        return ""
    if value == math.floor(value) and abs(value) < 1 << 53:
        return str(int(value))
    return repr(float(value))


class Step:
    """One stage of a line of the list: a unit, and the number of its reserve where it is one."""

    def __init__(self, stage, cell, taken=None, reserve=None, number=None):
        self.stage = stage
        self.cell = cell
        self.unit = taken.unit if taken else reserve
        self.taken = taken
        self.number = number

    @property
    def is_must_include(self):
        return self.taken is not None and any(self.unit is unit for unit in self.cell.certain)

    @property
    def stratum(self):
        return (self.cell.key or "all") + (CERTAIN if self.is_must_include else "")

    @property
    def population(self):
        """N as the list states it: must-include units are a stratum of their own."""
        if self.is_must_include:
            return self.cell.must_include
        left = self.cell.excluded if self.stage.weights == "remaining" else 0
        return self.cell.population - left - self.cell.must_include

    @property
    def sample(self):
        if self.is_must_include:
            return self.cell.must_include
        return len(self.cell.taken) - self.cell.must_include if self.cell.draws is None else self.cell.draws

    @property
    def probability(self):
        if self.taken:
            return self.taken.probability
        if not self.cell.method.has_equal_reserves:
            return None
        return len(self.cell.reserves) / (self.cell.takable - len(self.cell.taken))


def lines_of(stages):
    """The lines of the list: for each its steps, selected units before the reserves of their stratum."""

    def walk(place, parent):
        stage = stages[place]
        for cell in stage.cells:
            if cell.parent != parent:
                continue
            for one in cell.taken:
                step = Step(stage, cell, taken=one)
                if place + 1 < len(stages):
                    yield from ([step] + rest for rest in walk(place + 1, one.unit.id))
                else:
                    yield [step]
            for number, unit in enumerate(cell.reserves, 1):
                yield [Step(stage, cell, reserve=unit, number=number)]

    return list(walk(0, None)) if stages else []


def design_columns(stage):
    """The columns that the design adds for a stage: suffix, what stands there, whether it is a number."""
    columns = [
        ("stratum", lambda step: step.stratum, False),
        ("population", lambda step: str(step.population), True),
        ("sample", lambda step: str(step.sample), True),
    ]
    if stage.weights:
        columns += [
            ("excluded", lambda step: str(step.cell.excluded), True),
            ("weights", lambda step: stage.weights, False),
            ("conditional_probability", lambda step: number_text(step.taken.conditional if step.taken else None), True),
        ]
    if METHODS[stage.plan.method].has_replacement:
        columns.append(("hits", lambda step: str(step.taken.hits) if step.taken else "", True))
    return columns + [("probability", lambda step: number_text(step.probability), True)]


def number_columns(stages):
    """The columns that are read back as numbers; all others are texts."""
    names = {"order", "inclusion_probability", "weight"}
    return names | {
        f"{stage.plan.name}_{suffix}" for stage in stages for suffix, _, is_number in design_columns(stage) if is_number
    }


def list_table(stages, frames, lines=None):
    """Header and rows of the list, all values as text; `frames` are those that were drawn from."""
    lines = lines_of(stages) if lines is None else lines
    is_selected = [len(line) == len(stages) and line[-1].taken is not None for line in lines]
    columns, number = [("order", []), ("role", [])], 0
    for line, selected in zip(lines, is_selected):
        number += selected
        columns[0][1].append(str(number if selected else line[-1].number))
        columns[1][1].append("selected" if selected else "reserve")
    names = {"order", "role", "inclusion_probability", "weight"}
    names |= {f"{stage.plan.name}_{suffix}" for stage in stages for suffix, _, _ in design_columns(stage)}
    for place, stage in enumerate(stages):
        steps = [line[place] if place < len(line) else None for line in lines]
        columns += frame_columns(stage.plan, place, frames[place], steps, names)
        for suffix, text, _ in design_columns(stage):
            columns.append((f"{stage.plan.name}_{suffix}", ["" if step is None else text(step) for step in steps]))
    overall, weights = [], []
    for line, selected in zip(lines, is_selected):
        product, hits = 1.0, 1.0
        for step in line if selected else ():
            product *= step.probability
            hits *= step.taken.hits
        overall.append(number_text(product if selected else None))
        weights.append(number_text(hits / product if selected else None))
    columns += [("inclusion_probability", overall), ("weight", weights)]
    return [name for name, _ in columns], [list(row) for row in zip(*(values for _, values in columns))]


def frame_columns(plan, place, frame, steps, names):
    """The unit's id and what its frame says of it, under names that are still free."""
    row_of_id = dict(zip(frame.column(plan.id), frame.rows))
    rows = [None if step is None else row_of_id[step.unit.id] for step in steps]
    columns = []
    for name in [plan.id] + [other for other in frame.header if other != plan.id]:
        if name != plan.id and name.startswith(PRIVATE):
            continue
        if place > 0 and name == plan.parent and name in names:
            continue
        column = frame.place(name)
        columns.append((free_name(name, plan.name, names), ["" if row is None else row[column] for row in rows]))
    return columns


def free_name(name, stage, names):
    free, number = name, 1
    while free in names:
        free = f"{stage}_{name}" if number == 1 else f"{stage}_{name}_{number}"
        number += 1
    names.add(free)
    return free


def list_text(header, rows):
    return "".join(canonical_line(fields) for fields in [header] + rows)


def list_commitment(text, seed):
    """A digest of seed and list together: nobody can try out lists against it without the seed."""
    return sha256("mingcha list 1\n" + seed + "\n" + text)
