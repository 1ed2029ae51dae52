"""The methods of docs/draw-protocol/annex-balanced.md."""

from .methods import Certainties, Method, by_ticket, divided, refuse, rest_by_ticket
from .tickets import leading_bits

EPSILON = 2.0**-40


class Walk:
    """The units of a walk in order: probabilities p, scaled columns b, and the stratum of each."""

    def __init__(self, groups, columns):
        """`groups` holds, for each stratum, its units and their λ."""
        units = [
            (unit, p, place)
            for place, (members, probabilities) in enumerate(groups)
            for unit, p in zip(members, probabilities)
        ]
        self.units = [unit for unit, _, _ in units]
        self.p = [p for _, p, _ in units]
        self.group = [place for _, _, place in units]
        y = [[unit.values[j] / p for j in range(columns)] for unit, p, _ in units]
        scales = [max((abs(row[j]) for row in y), default=0.0) or 1.0 for j in range(columns)]
        self.b = [[value / scale for value, scale in zip(row, scales)] for row in y]

    def is_undecided(self, k):
        return 0 < self.p[k] < 1

    def run(self, places, columns, stream, gives_up):
        """Walks over some units until none is undecided or there is no direction left."""
        kept = columns
        undecided = [k for k in places if self.is_undecided(k)]
        while True:
            window, groups = [], []
            for k in undecided:
                window.append(k)
                if self.group[k] not in groups:
                    groups.append(self.group[k])
                if len(window) > len(groups) + kept:
                    break
            if not window:
                return
            direction = self.direction(window, groups, kept)
            if direction is None:
                if not gives_up or kept == 0:
                    return
                kept -= 1
                continue
            self.step(window, direction, next(stream))
            undecided = [k for k in undecided if self.is_undecided(k)]

    def direction(self, window, groups, kept):
        """A vector that the kept rows do not see; None where there is none."""
        rows = [[1.0 if self.group[k] == place else 0.0 for k in window] for place in groups]
        rows += [[self.b[k][j] for k in window] for j in range(kept)]
        free_rows, free_columns, pivots = list(range(len(rows))), list(range(len(window))), []
        while free_rows and free_columns:
            largest, row, column = -1.0, None, None
            for r in free_rows:
                for q in free_columns:
                    if abs(rows[r][q]) > largest:
                        largest, row, column = abs(rows[r][q]), r, q
            if not largest > EPSILON:
                break
            free_rows.remove(row)
            free_columns.remove(column)
            pivots.append((row, column))
            for r, entries in enumerate(rows):
                factor = entries[column] / rows[row][column]
                if r != row and factor != 0:
                    for q in free_columns:
                        entries[q] = entries[q] - factor * rows[row][q]
        if not free_columns:
            return None
        free = free_columns[0]
        vector = [0.0] * len(window)
        vector[free] = 1.0
        for row, column in pivots:
            vector[column] = -(rows[row][free] / rows[row][column])
        return vector

    def step(self, window, direction, u):
        p = self.p
        up = down = None
        for k, v in zip(window, direction):
            if v == 0:
                continue
            longest_up = (1 - p[k]) / v if v > 0 else p[k] / -v
            longest_down = p[k] / v if v > 0 else (1 - p[k]) / -v
            if up is None or longest_up < up[0]:
                up = (longest_up, k, v)
            if down is None or longest_down < down[0]:
                down = (longest_down, k, v)
        if u * (up[0] + down[0]) < down[0]:
            t, end, v_end = up
        else:
            t, end, v_end = -down[0], down[1], down[2]
        for k, v in zip(window, direction):
            p[k] = p[k] + t * v
        p[end] = 1.0 if t * v_end > 0 else 0.0
        for k in window:
            if p[k] < EPSILON:
                p[k] = 0.0
            elif p[k] > 1 - EPSILON:
                p[k] = 1.0

    def taken(self, places, n):
        """The units at 1, and where they are fewer than n the one left over."""
        chosen = [self.units[k] for k in places if self.p[k] == 1]
        left = [self.units[k] for k in places if self.is_undecided(k)]
        return chosen + left[:1] if len(chosen) < n else chosen


def result(stratum, split, chosen, reserves):
    taken = split.taken(by_ticket(split.certain + chosen))
    return taken, rest_by_ticket(stratum.positive, taken, reserves)


def group_of(split):
    units = by_ticket(split.rest) if split.n else []
    return units, [split.probability(unit) for unit in units]


def cube(stratum, n, reserves):
    split = divided(stratum, n)
    columns = len(stratum.plan.balance)
    walk = Walk([group_of(split)], columns)
    places = range(len(walk.units))
    walk.run(places, columns, stratum.stream(), gives_up=True)
    return result(stratum, split, walk.taken(places, split.n), reserves)


def stratified_cube(strata, numbers, reserves, parent):
    """All strata of one parent together, each with its own number and reserves; a list of results."""
    splits = [divided(stratum, n) for stratum, n in zip(strata, numbers)]
    columns = len(strata[0].plan.balance)
    walk = Walk([group_of(split) for split in splits], columns)
    stream = strata[0].key.stream(parent or "")
    places = [[k for k, group in enumerate(walk.group) if group == place] for place in range(len(strata))]
    for own in places:
        walk.run(own, columns, stream, gives_up=False)
    walk.run(range(len(walk.units)), columns, stream, gives_up=True)
    return [
        result(stratum, split, walk.taken(own, split.n), count)
        for stratum, split, own, count in zip(strata, splits, places, reserves)
    ]


def local_pivotal(stratum, n, reserves):
    if stratum.total >= 1 << 63:
        refuse("size-total", stratum, "X reaches 2^63")
    split = Certainties(stratum.positive, n, stratum.total)
    units = by_ticket(split.rest) if split.n else []
    total = split.total
    w = [split.n * unit.size for unit in units]
    undecided, step = list(range(len(units))), 0

    def number():
        nonlocal step
        m = leading_bits(stratum.key.ticket(f"\nstream\n{stratum.label}\n{step}"))
        step += 1
        return 2 * m + 1

    def squared_distance(i, j):
        g = 0.0
        for first, second in zip(units[i].values, units[j].values):
            t = first - second
            g = g + t * t
        return g

    while undecided:
        i = undecided[(number() * len(undecided)) >> 53]
        j = min((k for k in undecided if k != i), key=lambda k: (squared_distance(i, k), k))
        m, s = number(), w[i] + w[j]
        if s <= total:
            w[i], w[j] = (0, s) if m * s < w[j] << 53 else (s, 0)
        elif m * (2 * total - s) < (total - w[j]) << 53:
            w[i], w[j] = total, s - total
        else:
            w[i], w[j] = s - total, total
        for k in (i, j):
            if w[k] in (0, total):
                place = undecided.index(k)
                undecided[place] = undecided[-1]
                undecided.pop()
    return result(stratum, split, [unit for unit, value in zip(units, w) if value == total], reserves)


BALANCED_METHODS = {
    "cube": Method(cube, needs_size=None, columns="balance"),
    "stratified-cube": Method(stratified_cube, needs_size=None, is_joint=True, columns="balance"),
    "local-pivotal": Method(local_pivotal, needs_size=None, columns="coordinates"),
}
