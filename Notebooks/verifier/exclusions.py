"""Units of earlier draws that a stage leaves out (docs/rounds.md)."""

import json
import os

from .catalogue import METHODS
from .frames import read_file
from .plans import Plan
from .tickets import Difference, as_bytes, commitment as digest_of, sha256


def commitment(seed, ids):
    """A digest of this draw's seed and the ids, in the order of their bytes."""
    return sha256("mingcha exclusion 1\n" + seed + "\n" + "".join(text + "\n" for text in sorted(ids, key=as_bytes)))


class Earlier:
    """An earlier draw: its receipt, the list beside it, and the seed where it is known."""

    def __init__(self, path, seeds=()):
        file = os.path.join(path, "receipt.json") if os.path.isdir(path) else path
        try:
            with open(file, encoding="utf-8") as stream:
                self.receipt = json.load(stream)
        except (OSError, ValueError):
            raise Difference("file-missing", f"{file} is no receipt that can be read.") from None
        beside = os.path.join(os.path.dirname(file), "list.csv")
        self.list = read_file(beside) if os.path.exists(beside) else None
        record = os.path.join(os.path.dirname(file), "fieldwork.csv")
        self.fieldwork = read_file(record) if os.path.exists(record) else None
        self.seed = next((seed for seed in seeds if digest_of(seed) == self.receipt["seed_commitment"]), None)
        self.names = {sha256(receipt_text(self.receipt)), sha256(receipt_text(sealed(self.receipt)))}

    def used_reserves(self, stage, selected, count):
        """The other units of a stage among the first lines of the fieldwork record, which only grows."""
        if self.fieldwork is None:
            raise Difference(
                "exclusion-fieldwork-missing",
                "the reserves in use were left out too, and fieldwork.csv is not beside the receipt.",
            )
        stages, units = self.fieldwork.column("stage"), self.fieldwork.column("unit")
        return {unit for own, unit in list(zip(stages, units))[:count] if own == stage} - set(selected)

    def seed_text(self):
        """The seed of the draw; a sealed receipt needs it given."""
        seed = self.seed or (self.receipt.get("revealed") or {}).get("seed")
        if seed is None:
            raise Difference(
                "earlier-seed-missing", "an earlier receipt is sealed: give its seed by --earlier-seed-file."
            )
        return seed

    def is_described_by(self, record):
        """Whether a later receipt tells of this draw what its own receipt says."""
        for stage, source in zip(self.receipt["stages"], self.receipt["inputs"]):
            if stage["plan"] == record["plan"]:
                is_same_frame = (record.get("frame_digest"), record.get("filter")) in (
                    (None, None),
                    (source["frame_digest"], source.get("filter")),
                )
                return is_same_frame and record["group"] == self.receipt["group"]
        return False

    def seeds(self):
        return {} if self.receipt["state"] == "revealed" else {"seed": self.seed_text()}

    def ids(self, stage):
        """The units that were selected at a stage."""
        names = [record["plan"]["name"] for record in self.receipt["stages"]]
        if stage not in names:
            raise Difference("exclusion-stage", f'the earlier draw has no stage "{stage}".')
        place = names.index(stage)
        if self.receipt["state"] == "revealed":
            return [unit["id"] for cell in self.receipt["stages"][place]["cells"] for unit in cell["selected"]]
        if self.list is None:
            raise Difference(
                "exclusion-list-missing", "an earlier receipt is sealed and its list.csv is not beside it."
            )
        return selected_in_list(self.list, names, place)


def selected_in_list(table, names, place):
    """The units selected at a stage, by the list: reserves of an earlier stage end a line, others have the role."""
    columns, start = [], 2
    for name in names:
        columns.append(start)
        start = table.place(f"{name}_probability") + 1
    ids = {}
    for row in table.rows:
        is_last = place + 1 == len(names)
        is_reserve = row[table.place("role")] == "reserve" if is_last else row[columns[place + 1]] == ""
        if row[columns[place]] and row[columns[place]] not in ids:
            ids[row[columns[place]]] = is_reserve
    return [text for text, is_reserve in ids.items() if not is_reserve]


def excluded_units(stage, plan, seed, earlier):
    """The ids that the stage left out, by the earlier draws at hand or else by the revealed receipt itself."""
    ids = set()
    for record in stage.get("exclusions") or []:
        draw = next((one for one in earlier if record["receipt"] in one.names), None)
        if draw:
            found = draw.ids(record["plan"]["name"])
            if record.get("fieldwork_records") is not None:
                found = list(found) + list(
                    draw.used_reserves(record["plan"]["name"], found, record["fieldwork_records"])
                )
            if not draw.is_described_by(record):
                raise Difference(
                    "exclusion-differs",
                    f'what is said of the earlier draw "{record["group"]}" is not what that draw says.',
                )
        elif record.get("ids") is not None:
            found = record["ids"]
        else:
            raise Difference(
                "exclusion-missing",
                f'stage "{plan.name}" leaves out the units of "{record["group"]}"; give that receipt by --earlier.',
            )
        if commitment(seed, found) != record["commitment"]:
            raise Difference("exclusion-differs", f'the units of "{record["group"]}" are not those that were left out.')
        if record.get("ids") is not None and record["ids"] != sorted(found, key=as_bytes):
            raise Difference("exclusion-differs", f'the receipt names other units of "{record["group"]}".')
        ids |= set(found)
    return ids


def is_of_same_units(record, source, default=False):
    """Whether the earlier draw was from the frame of this one under its filter; default where it is not recorded.

    - source: what the receipt says of this stage's own frame.
    """
    if record.get("frame_digest") is None:
        return default
    return (record["frame_digest"], record.get("filter")) == (source["frame_digest"], source.get("filter"))


def counts_are_fixed(records, plan, source):
    """Whether the excluded of every stratum were known to be so many before the earlier draws were made."""
    if plan.must_include is not None:
        return False
    for place, record in enumerate(records):
        own = record["plan"]
        method = METHODS[own["method"]]
        if record.get("used_reserves") or not method.has_fixed_size or method.has_replacement:
            return False
        if own.get("parent") is not None or plan.parent is not None or set(own["strata"]) != set(plan.strata):
            return False
        if not is_of_same_units(record, source, default=True):
            return False
        for other in records[:place]:
            if other["receipt"] not in (record.get("without") or []) and record["receipt"] not in (
                other.get("without") or []
            ):
                return False
    return True


def counts_are_public(records, plan, source):
    return all(record["state"] == "revealed" for record in records) or counts_are_fixed(records, plan, source)


def weights_population(records, plan, source, is_first):
    """Whether the weights speak for the whole population or for the units that were left."""

    def is_equal(record):
        own = record["plan"]
        return (
            not METHODS[own["method"]].uses_size(own.get("size"))
            and own.get("must_include") is None
            and record.get("weights") != "remaining"
            and not record.get("used_reserves")
            and is_of_same_units(record, source)
        )

    def is_count(take):
        if take == "all":
            return False
        return all(map(is_count, take["by_stratum"].values())) if "by_stratum" in take else "count" in take

    def is_exchangeable(record):
        """Whether it looks the same under any exchange of units within a stratum of this draw."""
        own = record["plan"]
        columns = set(own["strata"]) | ({own["parent"]} if own.get("parent") is not None else set())
        return own["method"] in ("srs", "bernoulli") and columns <= apart and set(record.get("without") or []) <= known

    method = METHODS[plan.method]
    has_equal = not method.uses_size(plan.size) and method.has_fixed_size and not method.has_replacement
    if not has_equal or not all(map(is_equal, records)):
        return "remaining"
    if counts_are_fixed(records, plan, source):
        return "whole"
    apart = set(plan.strata) | (set() if is_first else {plan.parent})
    known = {record["receipt"] for record in records}
    return "whole" if all(map(is_exchangeable, records)) and is_count(plan.take) else "remaining"


def sealed(receipt):
    """A receipt as it was before it was revealed."""
    if receipt.get("wave"):
        return sealed_wave(receipt)
    result = {name: value for name, value in receipt.items() if name != "revealed"}
    result["state"], result["stages"] = "sealed", []
    for place, stage in enumerate(receipt["stages"]):
        plan, records = Plan.of(stage["plan"]), stage.get("exclusions")
        hides = bool(records) and not counts_are_public(records, plan, receipt["inputs"][place])
        copy = {name: value for name, value in stage.items() if name not in ("key", "cells")}
        if records is not None:
            hidden = ("ids", "units") if hides else ("ids",)
            copy["exclusions"] = [
                {name: value for name, value in record.items() if name not in hidden} for record in records
            ]
        if place == 0:
            copy["cells"] = [sealed_cell(cell, plan, hides) for cell in stage["cells"]]
        result["stages"].append(copy)
    return result


def sealed_wave(receipt):
    """A wave's receipt as it was before it was revealed."""
    result = {name: value for name, value in receipt.items() if name != "revealed"}
    result["state"], result["stages"] = "sealed", []
    for place, stage in enumerate(receipt["stages"]):
        copy = {"plan": stage["plan"]}
        if place == 0 and stage.get("cells") is not None:
            copy["cells"] = [
                {name: value for name, value in cell.items() if name != "reserve"} for cell in stage["cells"]
            ]
        result["stages"].append(copy)
    return result


def hidden_fields(plan, hides_counts):
    """What a sealed receipt does not say of a first stage's stratum."""
    fields = {"selected", "reserve"}
    if not METHODS[plan.method].has_fixed_size:
        fields.add("sample")
    if hides_counts:
        fields.add("excluded")
        if plan.take == "all" or "count" not in plan.take:
            fields.add("sample")
    return fields


def sealed_cell(cell, plan, hides_counts):
    hidden = hidden_fields(plan, hides_counts)
    return {name: value for name, value in cell.items() if name not in hidden}


def receipt_text(value, indent=""):
    """A receipt as it is written: keys in order, two spaces a level, a space on both sides of the colon."""
    text = _json(value, indent)
    return text if indent else text + "\n"


def _json(value, indent):
    inner = indent + "  "
    if isinstance(value, dict):
        if not value:
            return "{\n\n" + indent + "}"
        rows = [
            f"{inner}{json.dumps(name, ensure_ascii=False)} : {_json(value[name], inner)}"
            for name in sorted(value, key=as_bytes)
        ]
        return "{\n" + ",\n".join(rows) + "\n" + indent + "}"
    if isinstance(value, list):
        if not value:
            return "[\n\n" + indent + "]"
        return "[\n" + ",\n".join(inner + _json(one, inner) for one in value) + "\n" + indent + "]"
    return json.dumps(value, ensure_ascii=False)
