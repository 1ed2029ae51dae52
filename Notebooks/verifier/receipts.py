"""Repeats the draw of a receipt and names the first thing that differs."""

from .exclusions import counts_are_public, excluded_units, hidden_fields, weights_population
from .expressions import Filter, plain_number
from .lists import list_commitment, list_table, list_text, number_columns
from .pairs import HEADER, is_same_twelve, joint_rows
from .plans import Plan
from .stages import draw_stage
from .tickets import Difference, as_bytes, combined_seed, commitment, declared_fault, sha256
from .waves import verified_wave

VERSION = 1
KNOWN = {
    "": "arrivals attempt continues contribution_commitments date group inputs list_commitment previous_receipt "
    "protocol_version public_seed_reason revealed seed_commitment series stages state survey tool_version wave "
    "weak_seed_reason",
    "inputs": "changes file file_digest filter frame_digest rows stage units_kept",
    "stages": "cells exclusions key plan weights",
    "cells": "certainties draws excluded must_include nothing_left_to_chance parent population probability reserve "
    "reserves sample selected size_total size_zero stratum",
    "exclusions": "attempt checked commitment date fieldwork_records filter frame_digest group ids plan receipt state units used_reserves "
    "weights without",
    "wave": "number only receipts reserves stage",
    "revealed": "contributions joint_digest list_digest seed",
}


def check_known(record, part=""):
    """A receipt that says more than is checked here must not pass: part of its draw would be ignored."""
    strange = sorted(set(record) - set(KNOWN[part].split()))
    if strange:
        raise Difference(
            "receipt-keys", "this verifier does not know what the receipt says under " + ", ".join(strange) + "."
        )
    for name in set(record) & set(KNOWN):
        for inner in record[name] if isinstance(record[name], list) else [record[name]]:
            check_known(inner or {}, name)


def verified(receipt, frames, seed=None, contributions=(), table=None, units=None, earlier=(), joint=None):
    """Checks a receipt in the order seed, frames, keys, units, list.

    - frames: one whole frame a stage, as read; the receipt's filters are applied here.
    - seed, contributions: needed while the receipt is sealed.
    - table: the list as it was read back, or None.
    - joint: the probabilities of pairs as they were read back, or None.
    - earlier: the earlier draws whose units were left out; a revealed receipt names the units itself.
    - units: for a stage whose filter cannot be used, the frame that it leaves; {stage: Frame}.

    Returns the stages as drawn. Raises Difference.
    """
    if receipt.get("protocol_version") != VERSION:
        raise Difference(
            "receipt-version", f"the receipt follows protocol {receipt.get('protocol_version')}, not {VERSION}."
        )
    check_known(receipt)
    seed = checked_seed(receipt, seed, list(contributions))
    stages, inputs = receipt["stages"], receipt["inputs"]
    if not len(frames) == len(stages) == len(inputs):
        raise Difference("stages-differ", f"the receipt has {len(stages)} stages, {len(frames)} frames were given.")
    plans = [Plan.of(stage["plan"]) for stage in stages]
    drawn_from = []
    for place, frame in enumerate(frames):
        given = (units or {}).get(plans[place].name)
        kept = given or (frame.filtered(Filter(inputs[place]["filter"])) if inputs[place].get("filter") else frame)
        check_frame(frame, kept, inputs[place], stages[place], plans[place])
        drawn_from.append(kept)
    if receipt.get("wave"):
        return [verified_wave(receipt, frames, drawn_from, seed, table, earlier, verified, check_list)]
    drawn, parents = [], None
    for plan, stage, source, frame in zip(plans, stages, inputs, drawn_from):
        excluded = excluded_units(stage, plan, seed, earlier)
        records = stage.get("exclusions")
        weights = weights_population(records, plan, source, parents is None) if records else None
        found = draw_stage(plan, frame, seed, receipt["group"], parents, excluded, weights)
        if stage.get("key") not in (None, found.key.hex):
            raise Difference(
                "key-differs",
                f'stage "{plan.name}": the key should be {found.key.hex}, the receipt has {stage["key"]}.',
            )
        if stage.get("weights") != weights:
            raise Difference(
                "weights-differ",
                f'stage "{plan.name}": the weights speak for {weights}, the receipt says {stage.get("weights")}.',
            )
        check_cells(receipt, stage, source, found, is_first=parents is None)
        parents = found.selected
        drawn.append(found)
    if table is not None:
        adopt_exact(drawn, table)
    header, rows = list_table(drawn, drawn_from)
    if table is not None:
        check_list(table, header, rows, number_columns(drawn))
    text = list_text(header, rows)
    if list_commitment(text, seed) != receipt["list_commitment"]:
        raise Difference("list-differs", "the list is not the one committed to.")
    if receipt.get("revealed") and receipt["revealed"]["list_digest"] != sha256(text):
        raise Difference("list-differs", "the list's digest is not the receipt's.")
    check_joint(joint, drawn, receipt)
    return drawn


def adopt_exact(stages, table):
    """Takes over exact probabilities from the list where they are ours but for two in the twelfth digit."""
    columns, start = [], 2
    for stage in stages:
        name = f"{stage.plan.name}_probability"
        if table.place(name) is None:
            return
        columns.append((start, table.place(name)))
        start = table.place(name) + 1
    for stage, (id_place, place) in zip(stages, columns):
        found = {row[id_place]: plain_number(row[place]) for row in table.rows}
        for cell in stage.cells:
            for one in cell.taken if cell.basis == "exact" else ():
                value = found.get(one.unit.id)
                if value is not None and is_same_twelve(value, one.probability):
                    one.probability = one.conditional = value


def check_joint(joint, drawn, receipt):
    """The pairs, each within two in the twelfth digit; the digest is that of the file which was given."""
    if joint is None:
        return
    rows = joint_rows(drawn)
    if joint.header != HEADER or len(joint) != len(rows):
        raise Difference("joint-differs", f"probabilities of pairs: {len(joint)} rows, {len(rows)} are stated.")
    for number, (row, wanted) in enumerate(zip(joint.rows, rows)):
        texts = [text[1:] if text.startswith("'") and text != own else text for text, own in zip(row[:5], wanted[:5])]
        value = plain_number(row[5])
        if texts != wanted[:5] or value is None or not is_same_twelve(value, wanted[5]):
            raise Difference(
                "joint-differs", f"probabilities of pairs, row {number + 2}: it is {wanted}, the file says {row}."
            )
    recorded = (receipt.get("revealed") or {}).get("joint_digest")
    own = [wanted[:5] + [row[5]] for row, wanted in zip(joint.rows, rows)]
    if recorded is not None and recorded != sha256(list_text(HEADER, own)):
        raise Difference("joint-differs", "the digest of the pairs is not the receipt's.")


def checked_seed(receipt, seed, contributions):
    """The seed, from the receipt or as given, against every commitment of the receipt."""
    revealed = receipt.get("revealed")
    if revealed:
        texts = revealed["contributions"]
        own = combined_seed(texts) if texts else revealed["seed"]
        committed = [commitment(text) for text in texts]
        if own != revealed["seed"] or committed != receipt["contribution_commitments"]:
            raise Difference("seed-differs", "the receipt's contributions do not combine to its seed and commitments.")
    if contributions:
        seed = combined_seed(contributions)
    elif seed is None and revealed:
        seed = revealed["seed"]
    if seed is None:
        raise Difference("seed-missing", "the receipt is sealed; give the seed to verify it.")
    fault = declared_fault(seed)
    if fault:
        raise Difference("seed-text", f"the seed text {fault}.")
    committed = [commitment(text) for text in contributions]
    if commitment(seed) != receipt["seed_commitment"] or (
        committed and committed != receipt["contribution_commitments"]
    ):
        raise Difference("seed-differs", "the seed is not the one the receipt committed to.")
    return seed


def check_frame(frame, kept, record, stage, plan):
    """The frame's digest and counts; where the strata tell what has changed, that is said."""
    file = record["file"]
    digest = frame.digest(plan.id)
    is_same = digest == record["frame_digest"]
    changed = "" if is_same else f"the frame {file} has changed since the draw: "
    check_populations(kept, stage, plan, changed)
    if len(frame) != record["rows"]:
        raise Difference(
            "frame-changed", f"the frame {file} has {len(frame)} rows, at the draw it had {record['rows']}."
        )
    if not is_same:
        raise Difference("frame-changed", f"{changed}its digest was {record['frame_digest']} and is {digest}.")
    if len(kept) != record["units_kept"]:
        raise Difference(
            "filter-differs", f"the filter leaves {len(kept)} units of {file}, at the draw {record['units_kept']}."
        )
    if len(frame.changes) != len(record["changes"]):
        raise Difference(
            "changes-differ",
            f"reading {file} changes {len(frame.changes)} values, the receipt lists {len(record['changes'])}.",
        )


def check_populations(kept, stage, plan, changed):
    """N of every stratum of the receipt, so that a changed frame is named by its stratum."""
    cells = stage.get("cells")
    if cells is None:
        return
    has_parents = plan.parent is not None and (not cells or any(cell.get("parent") is not None for cell in cells))
    names = ([plan.parent] if has_parents else []) + list(plan.strata)
    if any(kept.place(name) is None for name in names):
        return
    columns = [kept.column(name) for name in names]
    counts = {}
    for values in zip(*columns) if columns else [()] * len(kept):
        if not all(values):
            return
        counts[values] = counts.get(values, 0) + 1
    for cell in cells:
        place, values = recorded_place(cell), recorded_values(cell)
        if values not in counts:
            raise Difference(
                "stratum-missing",
                f'{changed}stratum "{place}" of the receipt is not in the frame of stage "{plan.name}".',
            )
        if counts[values] != cell["population"]:
            raise Difference(
                "population-differs",
                f'{changed}stratum "{place}" has N = {counts[values]}, the receipt says {cell["population"]}.',
            )
    if not has_parents:
        extra = [", ".join(values) or "all" for values in set(counts) - set(map(recorded_values, cells))]
        if extra:
            place = min(extra, key=as_bytes)
            raise Difference("stratum-extra", f'{changed}the receipt lacks stratum "{place}" of the frame.')


def recorded_values(cell):
    parent = cell.get("parent")
    return tuple(([] if parent is None else [parent]) + cell["stratum"])


def recorded_place(cell):
    return ", ".join(recorded_values(cell)) or "all"


def check_cells(receipt, stage, source, found, is_first):
    """Every stratum of a stage: its numbers, its units and reserves with their tickets."""
    plan, key, cells = found.plan, found.key, found.cells
    is_sealed = receipt["state"] == "sealed"
    recorded = stage.get("cells")
    if recorded is None:
        if is_first or not is_sealed:
            raise Difference("strata-missing", f'the receipt lacks the strata of stage "{plan.name}".')
        return
    records = stage.get("exclusions")
    hidden = hidden_fields(plan, bool(records) and not counts_are_public(records, plan, source)) if is_sealed else ()
    for record, cell in zip(recorded, cells):
        where = f'stage "{plan.name}", stratum "{cell.place}"'
        if (record.get("parent"), record["stratum"]) != (cell.parent, cell.stratum):
            raise Difference(
                "strata-differ",
                f'stage "{plan.name}": the receipt has stratum "{recorded_place(record)}" '
                f'where "{cell.place}" belongs.',
            )
        for code, symbol, field, value in (
            ("population-differs", "N", "population", cell.population),
            ("size-differs", "X", "size_total", cell.size_total),
            ("size-differs", "size 0", "size_zero", cell.size_zero),
            ("exclusion-differs", "excluded", "excluded", cell.excluded or None),
            ("sample-differs", "n", "sample", cell.sample),
            ("certainty-differs", "certainty", "certainties", cell.certainties),
            ("must-include-differs", "must include", "must_include", cell.must_include or None),
            ("reserves-differ", "reserves", "reserves", len(cell.reserves)),
            ("draws-differ", "draws", "draws", cell.draws),
            ("probability-differs", "probability", "probability", cell.basis),
            ("chance-differs", "nothing left to chance", "nothing_left_to_chance", cell.nothing_left_to_chance),
        ):
            if record.get(field) != (None if field in hidden else value):
                raise Difference(code, f"{where}: {symbol} is {value}, the receipt says {record.get(field)}.")
        taken = [] if is_sealed else [one.unit.id for one in cell.taken]
        reserves = [] if is_sealed else [unit.id for unit in cell.reserves]
        check_units(record.get("selected") or [], taken, key, f"{where}, selected unit")
        check_units(record.get("reserve") or [], reserves, key, f"{where}, reserve")
    if len(recorded) != len(cells):
        raise Difference(
            "strata-differ", f'stage "{plan.name}" has {len(cells)} strata, the receipt has {len(recorded)}.'
        )


def check_units(recorded, ids, key, where):
    for place in range(max(len(recorded), len(ids))):
        record = recorded[place] if place < len(recorded) else {}
        found = ids[place] if place < len(ids) else None
        if record.get("id") != found:
            raise Difference(
                "selection-differs", f"{where} {place + 1}: it is {found}, the receipt says {record.get('id')}."
            )
        if record.get("ticket") != key.ticket(found):
            raise Difference("ticket-differs", f"{where} {place + 1}: the ticket of {found} is not the receipt's.")


def check_list(table, header, rows, numbers):
    """A list as it was read back: every column that the draw gives; further ones are the reader's own."""
    for name in header:
        if table.place(name) is None:
            raise Difference("list-differs", f'the list has no column "{name}".')
    for number, row in enumerate(rows[: len(table)]):
        for name, wanted in zip(header, row):
            found = table.rows[number][table.place(name)]
            if not is_same_cell(found, wanted, name in numbers):
                raise Difference(
                    "list-differs",
                    f"row {number + 2} of the list, {name}: it is {wanted or 'empty'}, "
                    f"the list says {found or 'empty'}.",
                )
    if len(table) != len(rows):
        raise Difference("list-differs", f"the list has {len(table)} rows, {len(rows)} were drawn.")


def is_same_cell(found, wanted, is_number):
    """Equal texts, a text with the apostrophe that guards it from spreadsheets, or equal numbers."""
    if found in (wanted, "'" + wanted):
        return True
    first, second = plain_number(found), plain_number(wanted)
    return is_number and first is not None and first == second
