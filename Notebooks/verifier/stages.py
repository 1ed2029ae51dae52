"""One stage of a draw: the strata within their parents, and what is drawn in each."""

import dataclasses
import itertools
import re
import unicodedata

from .allocation import figures, shared_out
from .catalogue import METHODS
from .expressions import Filter, plain_number
from .methods import Stratum, Taken, Unit, by_ticket, refuse
from .plans import Plan
from .tickets import Difference, Key, as_bytes, id_fault

OTHERS = "*"
# What marks the stratum of a stratum's must-include units in the list.
CERTAIN = " (certain)"


@dataclasses.dataclass
class Cell:
    """One stratum within one parent: its units, and then what was drawn among them."""

    parent: str
    stratum: list
    rows: list
    view: Stratum
    certain: list
    excluded: int
    takable: int
    method: object
    has_size: bool
    taken: list = None
    reserves: list = None

    @property
    def key(self):
        """The strata's values as plans name them."""
        return ", ".join(self.stratum)

    @property
    def place(self):
        return ", ".join(([] if self.parent is None else [self.parent]) + self.stratum) or "all"

    @property
    def population(self):
        return len(self.rows)

    @property
    def must_include(self):
        return len(self.certain)

    @property
    def size_total(self):
        return sum(unit.size for unit in self.certain) + self.view.total if self.has_size else None

    @property
    def size_zero(self):
        return len(self.certain) + len(self.view.units) - self.takable

    @property
    def sample(self):
        return len(self.taken)

    @property
    def draws(self):
        """How many draws a method with replacement made; None for the others."""
        return sum(one.hits for one in self.taken) - self.must_include if self.method.has_replacement else None

    @property
    def basis(self):
        """Which probability the weights use, where the method only comes near to λ."""
        return {None: None, True: "exact", False: "lambda"}[self.view.exact]

    @property
    def certainties(self):
        return sum(one.is_certain for one in self.taken)

    @property
    def nothing_left_to_chance(self):
        """All that can be taken is taken or in reserve, or all that was taken was certain."""
        if not self.taken:
            return False
        if self.method.has_replacement:
            return self.takable <= self.must_include + 1
        if not self.method.has_fixed_size:
            return self.certainties == self.takable
        return self.certainties == len(self.taken) or len(self.taken) + len(self.reserves) == self.takable


@dataclasses.dataclass
class StageDraw:
    """What was drawn at one stage; `weights` is None where no units of earlier draws are left out."""

    plan: Plan
    key: Key
    cells: list
    weights: str = None

    @property
    def selected(self):
        return [one.unit.id for cell in self.cells for one in cell.taken]


def draw_stage(plan, frame, seed, group, parents=None, excluded=(), weights=None):
    """Draws one stage: parents in their order, strata in the order of their bytes.

    - excluded: the ids of earlier draws that are left out.
    - weights: "whole" or "remaining" where some are.
    """
    method = METHODS.get(plan.method)
    if method is None:
        raise Difference("method-unknown", f'this verifier does not know the method "{plan.method}".')
    key = Key(seed, group, plan.name)
    units = read_units(plan, frame, key, method)
    must = Filter(plan.must_include) if plan.must_include else None
    is_certain = [must is not None and must.holds(frame.record(row)) for row in range(len(frame))]
    cells = prepared_cells(plan, frame, units, is_certain, parents, set(excluded), key, method)
    targets = [target(take, cell) for take, cell in zip(takes(plan, cells, frame, parents is None), cells)]
    for cell, (chosen, reserves) in zip(cells, selections(cells, targets, method, plan)):
        if weights == "whole":
            left = len(cell.view.units) + cell.excluded
            for one in chosen:
                one.conditional, one.probability = one.probability, len(chosen) / left
        cell.taken = [Taken(unit, 1.0, True) for unit in by_ticket(cell.certain)] + chosen
        cell.reserves = reserves
    return StageDraw(plan, key, cells, weights)


def prepared_cells(plan, frame, units, is_certain, parents, excluded, key, method):
    columns = [frame.column(name) for name in plan.strata]
    strata = list(zip(*columns)) if columns else [()] * len(frame)
    check_texts(set(strata))
    place_of_parent = {parent: place for place, parent in enumerate(parents or [])}
    owners = frame.column(plan.parent) if parents is not None else None
    rows_of_cell = {}
    for row, values in enumerate(strata):
        place = place_of_parent.get(owners[row]) if owners else 0
        if place is not None:
            rows_of_cell.setdefault((place, tuple(map(as_bytes, values)), values), []).append(row)
    met = {place for place, _, _ in rows_of_cell}
    for place, parent in enumerate(parents or []):
        if place not in met:
            raise Difference(
                "parent-empty", f'the drawn unit {parent} has no units in the frame of stage "{plan.name}".'
            )
    if parents is None and not met:
        raise Difference("frame-empty", "the frame has no units.")
    has_size = method.uses_size(plan.size)
    cells = []
    for (place, _, values), rows in sorted(rows_of_cell.items()):
        parent = None if parents is None else parents[place]
        label = "\n".join(([] if parent is None else [parent]) + list(values))
        others = [row for row in rows if not is_certain[row]]
        left = [units[row] for row in others if units[row].id not in excluded]
        view = Stratum(label, key, left, plan, parent)
        certain = [units[row] for row in rows if is_certain[row]]
        takable = len(certain) + (len(view.positive) if has_size else len(left))
        cells.append(
            Cell(parent, list(values), rows, view, certain, len(others) - len(left), takable, method, has_size)
        )
    return cells


def check_texts(strata):
    """Refuses strata that lists could not tell apart, or not from the must-include units of another."""
    texts = [unicodedata.normalize("NFC", ", ".join(values)) for values in strata]
    for values in sorted(strata):
        if values and values[-1].endswith(CERTAIN):
            raise Difference("stratum-reserved", f'the stratum "{", ".join(values)}" has the ending of certain units.')
    if len(set(texts)) < len(texts):
        twice = sorted(text for text in set(texts) if texts.count(text) > 1)
        raise Difference("stratum-ambiguous", f'two strata have the text "{twice[0]}".')


def selections(cells, targets, method, plan):
    """What the method takes in every stratum, and its reserves; nothing where it has no unit to draw among."""
    if not method.is_joint:
        return [
            method.rule(cell.view, wanted, plan.reserves_in(cell.key)) if cell.view.units else ([], [])
            for cell, wanted in zip(cells, targets)
        ]
    results = []
    for parent, group in itertools.groupby(zip(cells, targets), key=lambda one: one[0].parent):
        group = list(group)
        if not any(cell.view.units for cell, _ in group):
            results += [([], [])] * len(group)
            continue
        drawn = iter(
            method.rule(
                [cell.view for cell, _ in group if cell.view.units],
                [wanted for cell, wanted in group if cell.view.units],
                [plan.reserves_in(cell.key) for cell, _ in group if cell.view.units],
                parent,
            )
        )
        results += [next(drawn) if cell.view.units else ([], []) for cell, _ in group]
    return results


def target(take, cell):
    """The number or rate that the method is asked for, once the must-include units are taken."""
    if cell.excluded and least_count(take) > cell.takable:
        code = "exclusion-empties-stratum" if cell.takable == 0 else "exclusion-leaves-too-few"
        refuse(code, cell.view, f"n = {least_count(take)} of {cell.takable} that earlier draws leave")
    if take == "all":
        return 1.0 if cell.method.has_rate else cell.takable - cell.must_include
    if "rate" in take:
        return float(take["rate"])
    count = take["up_to"] if "up_to" in take else take["count"]
    if count < cell.must_include:
        refuse("must-include-exceeds", cell.view, f"n = {count}, of which {cell.must_include} must be included")
    if cell.method.has_replacement and (cell.takable > cell.must_include or count == cell.must_include):
        return count - cell.must_include
    if "count" in take and count > cell.takable:
        refuse("sample-exceeds-population", cell.view, f"n = {count} of {cell.takable}")
    return min(count, cell.takable) - cell.must_include


def least_count(take):
    """The fewest units that a stratum must have left when earlier draws leave some out."""
    if take == "all" or "rate" in take:
        return 1
    return take["count"] if "count" in take else min(take["up_to"], 1)


def takes(plan, cells, frame, is_first):
    """What is asked of each cell."""
    strata = (
        {", ".join(values) for values in zip(*(frame.column(name) for name in plan.strata))} if plan.strata else {""}
    )

    def check_names(names):
        for name in sorted(names):
            if is_first and name != OTHERS and name not in strata:
                raise Difference(
                    "stratum-unknown", f'the frame has no stratum "{name}", for which the plan has a rule.'
                )

    check_names(plan.reserves_by_stratum)
    if plan.take != "all" and "allocate" in plan.take:
        return allocated(plan.take["allocate"], cells, frame, check_names)
    if plan.take == "all" or "by_stratum" not in plan.take:
        return [plan.take] * len(cells)
    rules = plan.take["by_stratum"]
    for name in sorted(strata - set(rules)):
        if OTHERS not in rules:
            raise Difference("stratum-without-take", f'the plan says nothing about stratum "{name}".')
    check_names(rules)
    return [rules.get(cell.key, rules.get(OTHERS)) for cell in cells]


def allocated(allocation, cells, frame, check_names):
    """The total shared out over the strata of each parent."""
    for name in ("deviation", "variation", "cost"):
        check_names((allocation.get(name) or {}).get("by_stratum", {}))
    found = []
    for _, group in itertools.groupby(cells, key=lambda cell: cell.parent):
        strata = [
            figures(allocation, cell.rows, frame, cell.key, cell.population, cell.takable, cell.must_include)
            for cell in group
        ]
        found += [{"count": n} for n in shared_out(allocation, strata)]
    return found


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
    sizes = [whole_size(text) for text in frame.column(plan.size)] if method.uses_size(plan.size) else [1] * len(frame)
    ranks = [sort_ranks(frame.column(sort["column"]), sort) for sort in plan.sort]
    sorts = list(zip(*ranks)) if ranks else [()] * len(frame)
    names = getattr(plan, method.columns) if method.columns else ()
    columns = [[measure(text, method.columns) for text in frame.column(name)] for name in names]
    values = list(zip(*columns)) if columns else [()] * len(frame)
    return [Unit(text, sizes[row], sorts[row], key.ticket(text), values[row]) for row, text in enumerate(ids)]


def whole_size(text):
    if not re.fullmatch("[0-9]+", text) or int(text) >= 1 << 63:
        raise Difference("size-invalid", f'the draw cannot be repeated: "{text}" is no size.')
    return int(text)


def measure(text, kind):
    """A value of a balancing or coordinate column."""
    value = plain_number(text)
    if value is None or abs(value) > 1e100:
        raise Difference(f"{kind}-invalid", f'the draw cannot be repeated: "{text}" is no number for {kind}.')
    return value


def sort_ranks(column, sort):
    """Each row's rank by one sort key, negative where it descends: as bytes, or as numbers."""
    if sort["numeric"]:
        values = [plain_number(text) for text in column]
        if None in values:
            raise Difference(
                "sort-invalid", f'the draw cannot be repeated: a value of "{sort["column"]}" is no number.'
            )
    else:
        values = [as_bytes(text) for text in column]
    rank = {value: place for place, value in enumerate(sorted(set(values)))}
    return [-rank[value] if sort["descending"] else rank[value] for value in values]
