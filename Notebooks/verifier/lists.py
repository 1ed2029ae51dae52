"""The list of a draw, its text, and the commitment to it (docs/draw-protocol/receipt.md)."""
import math

from .frames import canonical_line
from .tickets import sha256

PRIVATE = "synthetic_"


def number_text(value):
    """The shortest decimal text that reads back as the same double; whole numbers without a point."""
    if value is None or value != value:
        return ""
    if value == math.floor(value) and abs(value) < 1 << 53:
        return str(int(value))
    return repr(float(value))


def paths(stages):
    """The lines of the list: for each its steps (cell, place in the cell), selected units before reserves."""
    def walk(stage, parent):
        for cell in stages[stage][1]:
            if cell.parent != parent:
                continue
            for one in cell.taken:
                if stage + 1 < len(stages):
                    yield from ([(cell, one, None)] + rest for rest in walk(stage + 1, one.unit.id))
                else:
                    yield [(cell, one, None)]
            for number, unit in enumerate(cell.reserves):
                yield [(cell, unit, number + 1)]

    return list(walk(0, None)) if stages else []


DESIGN_NUMBERS = ("population", "sample", "probability")


def number_columns(stages):
    """The columns that are read back as numbers; all others are texts."""
    names = {"order", "inclusion_probability", "weight"}
    return names | {f"{plan.name}_{suffix}" for plan, _ in stages for suffix in DESIGN_NUMBERS}


def list_table(stages, frames):
    """Header and rows of the list, all values as text.

    `stages` holds (plan, cells) of each stage, `frames` the frames that were drawn from.
    """
    lines = paths(stages)
    columns = [("order", []), ("role", [])]
    number = 0
    for line in lines:
        is_selected = len(line) == len(stages) and line[-1][2] is None
        number += is_selected
        columns[0][1].append(str(number if is_selected else line[-1][2]))
        columns[1][1].append("selected" if is_selected else "reserve")
    taken_names = number_columns(stages) | {"role"} | {f"{plan.name}_stratum" for plan, _ in stages}
    for stage, (plan, _) in enumerate(stages):
        steps = [line[stage] if stage < len(line) else None for line in lines]
        columns += stage_columns(plan, stage, frames[stage], steps, taken_names)
    overall = []
    for line in lines:
        product = 1.0
        for _, one, reserve in line:
            product = product * one.probability if reserve is None else None
        overall.append(product if len(line) == len(stages) else None)
    columns.append(("inclusion_probability", [number_text(value) for value in overall]))
    columns.append(("weight", [number_text(value and 1 / value) for value in overall]))
    return [name for name, _ in columns], [list(row) for row in zip(*(values for _, values in columns))]


def stage_columns(plan, stage, frame, steps, taken_names):
    """The unit's id, what its frame says of it, and what the design says of it."""
    columns = []
    row_of_id = {text: row for row, text in enumerate(frame.column(plan.id))}
    units = [None if step is None else step[1] if step[2] else step[1].unit for step in steps]
    rows = [None if unit is None else frame.rows[row_of_id[unit.id]] for unit in units]
    for name in [plan.id] + [other for other in frame.header if other != plan.id]:
        if name != plan.id and name.startswith(PRIVATE):
            continue
        if stage > 0 and name == plan.parent and name in taken_names:
            continue
        place = frame.place(name)
        columns.append((free_name(name, plan.name, taken_names), ["" if row is None else row[place] for row in rows]))

    def design(suffix, value):
        columns.append((f"{plan.name}_{suffix}", ["" if step is None else value(*step) for step in steps]))

    design("stratum", lambda cell, one, reserve: ", ".join(cell.stratum) or "all")
    design("population", lambda cell, one, reserve: str(cell.population))
    design("sample", lambda cell, one, reserve: str(len(cell.taken)))
    design("probability", lambda cell, one, reserve: number_text(
        one.probability if reserve is None else len(cell.reserves) / (cell.takable - len(cell.taken))))
    return columns


def free_name(name, stage, taken_names):
    free, number = name, 1
    while free in taken_names:
        free = f"{stage}_{name}" if number == 1 else f"{stage}_{name}_{number}"
        number += 1
    taken_names.add(free)
    return free


def list_text(header, rows):
    return "".join(canonical_line(fields) for fields in [header] + rows)


def list_commitment(text, seed):
    """A digest of seed and list together: nobody can try out lists against it without the seed."""
    return sha256("mingcha list 1\n" + seed + "\n" + text)
