"""One stage of a draw: the plan, the strata within their parents, and what is drawn in each."""
import dataclasses
import itertools
import re

from .expressions import plain_number
from .catalogue import METHODS
from .methods import Stratum, Unit, refuse
from .tickets import Difference, Key, as_bytes, id_fault


@dataclasses.dataclass
class Plan:
    """A stage as the receipt states it."""

    name: str
    id: str
    method: str
    take: object
    parent: str = None
    strata: tuple = ()
    reserves: int = 0
    size: str = None
    sort: tuple = ()
    rotation: float = 0.0
    balance: tuple = ()
    coordinates: tuple = ()

    @classmethod
    def of(cls, record):
        known = {field.name for field in dataclasses.fields(cls)}
        strange = sorted(set(record) - known)
        if strange:
            raise Difference("plan-unknown", "this verifier does not know the plan's " + ", ".join(strange) + ".")
        return cls(**record)


@dataclasses.dataclass
class Cell:
    """One stratum within one parent, with what was drawn there."""

    parent: str
    stratum: list
    population: int
    size_total: int
    size_zero: int
    taken: list
    reserves: list
    takable: int
    method: object

    @property
    def certainties(self):
        return sum(one.is_certain for one in self.taken)

    @property
    def nothing_left_to_chance(self):
        """All that can be taken is taken or in reserve, or all that was taken was certain."""
        if not self.taken:
            return False
        if not self.method.has_fixed_size:
            return self.certainties == self.takable
        return self.certainties == len(self.taken) or len(self.taken) + len(self.reserves) == self.takable

    @property
    def place(self):
        return ", ".join(([] if self.parent is None else [self.parent]) + self.stratum) or "all"


def draw_stage(plan, frame, seed, group, parents=None):
    """The key of the stage and its cells: parents in their order, strata in the order of their bytes."""
    method = METHODS.get(plan.method)
    if method is None:
        raise Difference("method-unknown", f'this verifier does not know the method "{plan.method}".')
    key = Key(seed, group, plan.name)
    units = read_units(plan, frame, key, method)
    strata = frame_strata(plan, frame)
    takes = takes_by_stratum(plan, strata)
    rows_of_cell = {}
    place_of_parent = {parent: place for place, parent in enumerate(parents or [])}
    owners = frame.column(plan.parent) if parents is not None else None
    for row, values in enumerate(strata):
        place = place_of_parent.get(owners[row]) if owners else 0
        if place is not None:
            rows_of_cell.setdefault((place, tuple(map(as_bytes, values)), values), []).append(row)
    if parents is not None:
        met = {place for place, _, _ in rows_of_cell}
        for place, parent in enumerate(parents):
            if place not in met:
                raise Difference("parent-empty", f'the drawn unit {parent} has no units in the frame of stage "{plan.name}".')
    elif not rows_of_cell:
        raise Difference("frame-empty", "the frame has no units.")
    has_size = method.uses_size(plan)
    prepared = []
    for (place, _, values), rows in sorted(rows_of_cell.items()):
        parent = None if parents is None else parents[place]
        label = "\n".join(([] if parent is None else [parent]) + list(values))
        stratum = Stratum(label, key, [units[row] for row in rows], plan, parent, list(values))
        takable = len(stratum.positive) if has_size else len(stratum.units)
        prepared.append((stratum, takable, wanted(takes[values], takable, method, stratum)))
    return key, [
        Cell(stratum.parent, stratum.values, len(stratum.units), stratum.total if has_size else None,
             len(stratum.units) - takable, taken, reserves, takable, method)
        for (stratum, takable, _), (taken, reserves) in zip(prepared, selections(prepared, method, plan))
    ]


def selections(prepared, method, plan):
    """What the method takes in every stratum, and its reserves."""
    if not method.is_joint:
        return [method.rule(stratum, target, plan.reserves) for stratum, _, target in prepared]
    results = []
    for parent, group in itertools.groupby(prepared, key=lambda one: one[0].parent):
        strata, _, targets = zip(*group)
        results += method.rule(strata, targets, plan.reserves, parent)
    return results


def wanted(take, takable, method, stratum):
    """The number or rate that a take asks of a stratum."""
    if take == "all":
        return 1.0 if method.has_rate else takable
    if "rate" in take:
        return float(take["rate"])
    if "up_to" in take:
        return min(take["up_to"], takable)
    if take["count"] > takable:
        refuse("sample-exceeds-population", stratum, f"n = {take['count']} of {takable}")
    return take["count"]


def takes_by_stratum(plan, strata):
    """The take of every combination of strata values."""
    distinct = set(strata)
    if plan.take == "all" or "by_stratum" not in plan.take:
        return {values: plan.take for values in distinct}
    takes = plan.take["by_stratum"]
    named = {", ".join(values) for values in distinct}
    for place in sorted(named - set(takes)):
        raise Difference("stratum-without-take", f'the plan says nothing about stratum "{place}".')
    for place in sorted(set(takes) - named):
        raise Difference("stratum-unknown", f'the frame has no stratum "{place}", for which the plan has a rule.')
    return {values: takes[", ".join(values)] for values in distinct}


def frame_strata(plan, frame):
    columns = [frame.column(name) for name in plan.strata]
    return list(zip(*columns)) if columns else [()] * len(frame)


def read_units(plan, frame, key, method):
    ids = frame.column(plan.id)
    seen = set()
    for text in ids:
        fault = id_fault(text)
        if fault:
            raise Difference("id-invalid", f"the draw cannot be repeated: the id {text!r} {fault}.")
        if text in seen:
            raise Difference("id-duplicate", f"the draw cannot be repeated: the id {text} stands twice.")
        seen.add(text)
    sizes = [whole_size(text) for text in frame.column(plan.size)] if method.uses_size(plan) else [1] * len(frame)
    ranks = [sort_ranks(frame.column(sort["column"]), sort) for sort in plan.sort]
    sorts = list(zip(*ranks)) if ranks else [()] * len(frame)
    names = getattr(plan, method.columns) if method.columns else ()
    columns = [[coordinate(text, name) for text in frame.column(name)] for name in names]
    values = list(zip(*columns)) if columns else [()] * len(frame)
    return [Unit(text, sizes[row], sorts[row], key.ticket(text), values[row]) for row, text in enumerate(ids)]


def coordinate(text, name):
    """A value of a balancing or coordinate column."""
    value = plain_number(text)
    if value is None or abs(value) > 1e100:
        raise Difference(f"{name}-invalid", f'the draw cannot be repeated: "{text}" is no value of "{name}".')
    return value


def whole_size(text):
    if not re.fullmatch("[0-9]+", text) or int(text) >= 1 << 63:
        raise Difference("size-invalid", f'the draw cannot be repeated: "{text}" is no size.')
    return int(text)


def sort_ranks(column, sort):
    """Each row's rank by one sort key, negative where it descends: as bytes, or as numbers."""
    if sort["numeric"]:
        values = [plain_number(text) for text in column]
        if None in values:
            raise Difference("sort-invalid", f'the draw cannot be repeated: a value of "{sort["column"]}" is no number.')
    else:
        values = [as_bytes(text) for text in column]
    rank = {value: place for place, value in enumerate(sorted(set(values)))}
    return [-rank[value] if sort["descending"] else rank[value] for value in values]
