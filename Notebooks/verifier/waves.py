"""Further waves of reserves (docs/rounds.md)."""

from .lists import Step, list_commitment, list_table, list_text, number_columns
from .tickets import Difference, Key, commitment, sha256


class Wave:
    """One wave drawn again: its key, and by place of the stratum the new reserves with their numbers."""

    def __init__(self, record, stages, place, key):
        self.record, self.stages, self.place, self.key = record, stages, place, key
        self.reserves, self.left = {}, {}

    @property
    def stage(self):
        return self.stages[self.place]


def names_of(cell):
    """What `only` may call a stratum."""
    return {cell.place, cell.key or "all", cell.parent if cell.parent is not None else cell.place}


def draw_wave(record, stages, group, seed, earlier_waves):
    """The units neither selected nor in reserve so far, by ticket under the wave's own key."""
    names = [stage.plan.name for stage in stages]
    if record["stage"] not in names:
        raise Difference("wave-stage", f'the draw has no stage "{record["stage"]}".')
    place = names.index(record["stage"])
    wave = Wave(record, stages, place, Key(seed, group, record["stage"]))
    plan = wave.stage.plan
    for number, cell in enumerate(wave.stage.cells):
        if record.get("only") is not None and not names_of(cell) & set(record["only"]):
            continue
        before = [unit for one in earlier_waves if one.place == place for unit, _, _ in one.reserves.get(number, [])]
        held = {unit.id for unit in [one.unit for one in cell.taken] + cell.reserves + before}
        left = [unit for unit in cell.view.units if unit.id not in held and (unit.size > 0 or not cell.has_size)]
        asked = plan.reserves_in(cell.key) if record.get("reserves") is None else record["reserves"]
        chosen = sorted(left, key=lambda unit: wave.key.ticket(unit.id))[:asked]
        wave.left[number] = len(left) - len(chosen)
        start = len(cell.reserves) + len(before)
        wave.reserves[number] = [(unit, start + order, len(chosen) / len(left)) for order, unit in enumerate(chosen, 1)]
    return wave


class WaveStep(Step):
    """A new reserve in a line of the wave's list."""

    def __init__(self, stage, cell, unit, number, chance):
        super().__init__(stage, cell, reserve=unit, number=number)
        self.chance = chance

    @property
    def probability(self):
        return self.chance


def wave_lines(wave):
    """The lines of the wave's list: its reserves alone, in the order of the draw's list."""

    def walk(place, parent):
        stage = wave.stages[place]
        for number, cell in enumerate(stage.cells):
            if cell.parent != parent:
                continue
            if place == wave.place:
                for unit, order, chance in wave.reserves.get(number, []):
                    yield [WaveStep(stage, cell, unit, order, chance)]
            else:
                for one in cell.taken:
                    yield from ([Step(stage, cell, taken=one)] + rest for rest in walk(place + 1, one.unit.id))

    return list(walk(0, None))


def verified_wave(receipt, frames, kept, seed, table, earlier, verified, check_list):
    """Repeats the draw, the waves before, and then this one. Returns it; raises Difference."""
    record = receipt["wave"]
    chain = []
    for digest in record["receipts"]:
        link = next((one for one in earlier if digest in one.names), None)
        if link is None:
            raise Difference(
                "earlier-missing", f"to verify this wave give the receipt before it (SHA-256 {digest}) by --earlier."
            )
        chain.append(link)
    if record["number"] != len(chain) + 1 or not chain or chain[0].receipt.get("wave"):
        raise Difference("wave-missing", "not all receipts before this wave are named.")
    first = chain[0]
    stages = verified(first.receipt, frames, table=first.list, earlier=earlier, **first.seeds())
    waves = []
    for place, link in enumerate(chain[1:] + [None], 1):
        own = receipt if link is None else link.receipt
        own_seed = seed if link is None else link.seed_text()
        if own["group"] != first.receipt["group"] or [s["plan"] for s in own["stages"]] != [
            s["plan"] for s in first.receipt["stages"]
        ]:
            raise Difference("plan-differs", "the receipt's plan is not that of the draw.")
        if own["wave"]["number"] != place + 1 or own["wave"]["receipts"] != record["receipts"][:place]:
            raise Difference("wave-missing", f"the receipt is not that of wave {place + 1}.")
        if commitment(own_seed) != own["seed_commitment"]:
            raise Difference("seed-differs", "the seed is not the one the receipt committed to.")
        if any(own["seed_commitment"] == before.receipt["seed_commitment"] for before in chain[:place]):
            raise Difference("wave-seed", "the wave was drawn by a seed used before it.")
        waves.append(draw_wave(own["wave"], stages, own["group"], own_seed, waves))
        check_wave_cells(own, waves[-1])
    wave = waves[-1]
    header, rows = list_table(stages, kept, wave_lines(wave))
    if table is not None:
        check_list(table, header, rows, number_columns(stages))
    text = list_text(header, rows)
    if list_commitment(text, seed) != receipt["list_commitment"]:
        raise Difference("list-differs", "the list is not the one committed to.")
    if receipt.get("revealed") and receipt["revealed"]["list_digest"] != sha256(text):
        raise Difference("list-differs", "the list's digest is not the receipt's.")
    return wave


def check_wave_cells(receipt, wave):
    """The strata of the wave with their numbers and, once revealed, the new reserves and their tickets."""
    stage, is_sealed = receipt["stages"][wave.place], receipt["state"] == "sealed"
    if stage.get("key") not in (None, wave.key.hex):
        raise Difference("key-differs", f"the wave's key should be {wave.key.hex}, the receipt has {stage['key']}.")
    if stage.get("cells") is None:
        if wave.place == 0 or not is_sealed:
            raise Difference("strata-missing", "the receipt lacks the strata of the wave.")
        return
    wanted = []
    for number, reserves in sorted(wave.reserves.items()):
        cell = wave.stage.cells[number]
        entry = {
            "stratum": cell.stratum,
            "population": cell.population,
            "size_zero": 0,
            "reserves": len(reserves),
            "certainties": 0,
            "nothing_left_to_chance": wave.left[number] == 0 and len(reserves) > 0,
        }
        if cell.parent is not None:
            entry["parent"] = cell.parent
        if not is_sealed:
            entry["reserve"] = [{"id": unit.id, "ticket": wave.key.ticket(unit.id)} for unit, _, _ in reserves]
        wanted.append(entry)
    for entry, recorded in zip(wanted, stage["cells"]):
        if entry != recorded:
            raise Difference("selection-differs", f"the wave's stratum is {entry}, the receipt says {recorded}.")
    if len(wanted) != len(stage["cells"]):
        raise Difference("strata-differ", f"the wave has {len(wanted)} strata, the receipt has {len(stage['cells'])}.")
