"""Random samples: where each row stands in its design, its weight, and what was observed in it."""
import bisect
import math


class Sample:
    """Columns of one data file, every number short enough to be read the same everywhere."""

    def __init__(self, columns, weights):
        self.columns = columns
        # Known to the generator also where the file leaves them to the population sizes.
        self.weights = weights

    @property
    def size(self):
        return len(self.weights)

    def text(self):
        names = list(self.columns)
        lines = [",".join(names)]
        for row in range(self.size):
            lines.append(",".join(cell(self.columns[name][row]) for name in names))
        return "\n".join(lines) + "\n"


def cell(value):
    if value is None:
        return ""
    return value if isinstance(value, str) else repr(value)


def matrix_text(rows):
    return "\n".join(",".join(cell(value) for value in row) for row in rows) + "\n"


def normal(rng):
    return math.sqrt(-2 * math.log(1 - rng.random())) * math.cos(2 * math.pi * rng.random())


def between(rng, low, high):
    return low + int(rng.random() * (high - low + 1))


def pick(rng, values):
    return values[int(rng.random() * len(values))]


def weighted_pick(rng, weighted):
    """One of the values of (weight, value) pairs."""
    ends, total = [], 0
    for weight, _ in weighted:
        total += weight
        ends.append(total)
    return weighted[bisect.bisect(ends, rng.random() * total)][1]


class Tree:
    """Rows of a stratified multistage sample, with the counts of the population at every stage."""

    def __init__(self, rng, stages, strata, lonely=0, certainty=False, units=(2, 6), substrata=False, plain_codes=True):
        self.stages = stages
        self.rows = []
        lonely_strata = set(range(strata)[:lonely])
        first = 0
        for stratum in range(strata):
            count = 1 if stratum in lonely_strata else between(rng, *units)
            population = count + between(rng, 1, 40)
            if certainty and (stratum == strata - 1 or stratum in lonely_strata and rng.random() < 0.5):
                population = count
            for place in range(count):
                first += 1
                # Codes that return in another stratum, or codes of the whole sample.
                code = f"p{place + 1:03d}" if not plain_codes else f"p{first:03d}"
                self._below(rng, [(f"s{stratum + 1}", code, count, population)], stages - 1, substrata)

    def _below(self, rng, path, left, substrata):
        if left == 0:
            self.rows.append(path)
            return
        for part in range(2 if substrata else 1):
            count = between(rng, 2, 4) if left > 1 or rng.random() < 0.8 else between(rng, 3, 9)
            population = count + between(rng, 0, 25)
            for place in range(count):
                step = (f"t{part + 1}", f"u{part + 1}{place + 1}", count, population)
                self._below(rng, path + [step], left - 1, False)

    def columns(self):
        names = ["psu", "ssu", "unit"][: self.stages]
        columns = {}
        for stage, name in enumerate(names):
            columns["stratum" if stage == 0 else f"stratum{stage + 1}"] = [path[stage][0] for path in self.rows]
            columns[name] = [path[stage][1] for path in self.rows]
            columns[f"N{stage + 1}"] = [path[stage][3] for path in self.rows]
            columns[f"f{stage + 1}"] = [path[stage][2] / path[stage][3] for path in self.rows]
        return columns

    def weights(self, stages=None):
        return [
            math.prod(step[3] / step[2] for step in path[: stages or self.stages]) for path in self.rows
        ]


def observations(rng, places):
    """What was seen in every row; rows of one place are alike.

    y, x, z: numbers, x and z positive; y_na and b_na lack values; count: small whole numbers with ties; b and rare: 0
    or 1; group: 0 or 1; type and region: texts, region_na with gaps; area: 1 to 3.
    """
    effects = {place: (normal(rng), normal(rng)) for place in sorted(set(places))}
    spread = 0.2 + rng.random()
    level = 0.1 + 0.8 * rng.random()
    gap = 0.02 + 0.13 * rng.random()
    columns = {name: [] for name in (
        "y", "x", "z", "y_na", "count", "b", "b_na", "rare", "group", "type", "region", "region_na", "area")}
    for place in places:
        one, other = effects[place]
        x = round(math.exp(3 + 0.5 * normal(rng) + 0.3 * spread * one), 2)
        y = round(50 + 0.8 * x + 12 * normal(rng) + 10 * spread * one, 1)
        b = int(rng.random() < 1 / (1 + math.exp(-math.log(level / (1 - level)) - spread * other)))
        group = int(rng.random() < 0.5)
        columns["x"].append(x)
        columns["y"].append(y)
        columns["z"].append(round(math.exp(1 + 0.8 * normal(rng)), 3))
        columns["y_na"].append(None if rng.random() < gap else y)
        columns["count"].append(int(math.exp(1 + 0.4 * normal(rng) + 0.2 * spread * other + 0.3 * group)))
        columns["b"].append(b)
        columns["b_na"].append(None if rng.random() < gap else b)
        columns["rare"].append(int(rng.random() < 0.06))
        columns["group"].append(group)
        columns["type"].append(weighted_pick(rng, [(5, "alpha"), (3, "beta"), (2, "gamma")]))
        region = "north" if rng.random() < 0.5 + 0.3 * math.tanh(one) else "south"
        columns["region"].append(region)
        columns["region_na"].append(None if rng.random() < gap else region)
        columns["area"].append(between(rng, 1, 3))
    # Every value is there, so that no table and no class is empty.
    if len(places) >= 6:
        for name, values in (("type", ["alpha", "beta", "gamma"]), ("region", ["north", "south"]), ("area", [1, 2, 3]),
                             ("group", [0, 1]), ("b", [0, 1])):
            for row, value in enumerate(values):
                columns[name][row * (len(places) // len(values))] = value
        columns["region_na"] = [
            None if known is None else region for known, region in zip(columns["region_na"], columns["region"])]
        columns["b_na"] = [None if known is None else b for known, b in zip(columns["b_na"], columns["b"])]
    return columns
