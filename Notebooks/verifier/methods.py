"""The selection rules of the protocol's section 5, one function a method."""

from .tickets import Difference, as_bytes, rotated, systematic_start, uniform


class Unit:
    """A unit of a stratum: its id, size, place in the list and ticket."""

    __slots__ = ("id", "size", "sort", "ticket", "values")

    def __init__(self, id, size, sort, ticket, values=()):
        self.id = id
        self.size = size
        self.sort = sort
        self.ticket = ticket
        self.values = values

    @property
    def u(self):
        return uniform(self.ticket)


class Taken:
    """A selected unit with its inclusion probability; certain ones have probability 1."""

    __slots__ = ("unit", "probability", "conditional", "is_certain", "hits")

    def __init__(self, unit, probability, is_certain, hits=1):
        self.unit = unit
        self.probability = probability
        self.conditional = probability
        self.is_certain = is_certain
        self.hits = hits


class Stratum:
    """What a method sees of a stratum: its units and the label under which numbers are made for it."""

    def __init__(self, label, key, units, plan, parent=None):
        self.label = label
        self.key = key
        self.units = units
        self.plan = plan
        self.parent = parent
        self.exact = None

    @property
    def positive(self):
        return [unit for unit in self.units if unit.size > 0]

    @property
    def total(self):
        return sum(unit.size for unit in self.units)

    def stream(self):
        return self.key.stream(self.label)

    def start(self, total):
        return systematic_start(self.key.start_ticket(self.label), total)


def by_ticket(units):
    return sorted(units, key=lambda unit: unit.ticket)


def in_list_order(units):
    return sorted(units, key=lambda unit: (unit.sort, as_bytes(unit.id)))


def refuse(code, stratum, why):
    place = stratum.label.replace("\n", ", ") or "all"
    raise Difference(code, f'the draw cannot be repeated: stratum "{place}": {why}.')


class Certainties:
    """The certainty units of a size-based rule, and the n and X that they leave."""

    def __init__(self, units, n, total):
        self.certain, self.rest, self.n, self.total = [], list(units), n, total
        while self.n > 0:
            large = [unit for unit in self.rest if self.n * unit.size >= self.total]
            if not large:
                break
            self.certain += large
            self.rest = [unit for unit in self.rest if self.n * unit.size < self.total]
            self.n -= len(large)
            self.total -= sum(unit.size for unit in large)

    def probability(self, unit):
        """λ = (n·x) / X."""
        return float(self.n) * float(unit.size) / float(self.total)

    def taken(self, units):
        certain = {id(unit) for unit in self.certain}
        return [
            Taken(unit, 1.0, True) if id(unit) in certain else Taken(unit, self.probability(unit), False)
            for unit in units
        ]


def divided(stratum, n):
    """Certainty units for a rule that divides doubles: n·X < 2^53."""
    if max(1, n) * stratum.total >= 1 << 53:
        refuse("size-total", stratum, "n·X reaches 2^53")
    return Certainties(stratum.positive, n, stratum.total)


def rest_by_ticket(units, taken, reserves):
    chosen = {id(one.unit) for one in taken}
    return by_ticket(unit for unit in units if id(unit) not in chosen)[:reserves]


def equal(units, n, population):
    return [Taken(unit, n / population, n == population) for unit in units]


def take_all(stratum, n, reserves):
    return [Taken(unit, 1.0, True) for unit in by_ticket(stratum.units)], []


def simple_random(stratum, n, reserves):
    shift = stratum.plan.rotation
    order = sorted(stratum.units, key=lambda unit: rotated(unit.ticket, shift)) if shift else by_ticket(stratum.units)
    return equal(order[:n], n, len(order)), order[n : n + reserves]


def bernoulli(stratum, rate, reserves):
    drawn = [unit for unit in stratum.units if unit.u < rate]
    return [Taken(unit, float(rate), rate == 1) for unit in by_ticket(drawn)], []


def systematic(stratum, n, reserves):
    order, population = in_list_order(stratum.units), len(stratum.units)
    taken = []
    if n > 0:
        start = stratum.start(population)
        taken = equal([order[(start + step * population) // n] for step in range(n)], n, population)
    return taken, rest_by_ticket(order, taken, reserves)


def points_on(units, n, total, start):
    """The units on which the points start + j·total fall, when unit i covers n·C(i−1) … n·C(i)."""
    hit, cumulated, step = [], 0, 0
    for unit in units:
        cumulated += unit.size
        if step < n and start + step * total < n * cumulated:
            hit.append(unit)
            step += 1
    return hit


def pps_systematic(stratum, n, reserves):
    if stratum.total >= 1 << 63:
        refuse("size-total", stratum, "X reaches 2^63")
    order = in_list_order(stratum.positive)
    split = Certainties(order, n, stratum.total)
    chosen = split.certain + points_on(split.rest, split.n, split.total, stratum.start(split.total) if split.n else 0)
    taken = split.taken(in_list_order(chosen))
    return taken, rest_by_ticket(order, taken, reserves)


def poisson(stratum, n, reserves):
    split = divided(stratum, n)
    chosen = split.certain + [unit for unit in split.rest if split.n and unit.u < split.probability(unit)]
    return split.taken(by_ticket(chosen)), []


class Method:
    """A rule with what the receipt's counts need to know of it."""

    def __init__(
        self,
        rule,
        needs_size=False,
        has_rate=False,
        has_fixed_size=True,
        has_reserves=True,
        takes_all_only=False,
        has_replacement=False,
        is_joint=False,
        columns=None,
        has_equal_reserves=True,
    ):
        self.rule = rule
        self.needs_size = needs_size
        self.has_rate = has_rate
        self.has_fixed_size = has_fixed_size
        self.has_reserves = has_reserves
        self.takes_all_only = takes_all_only
        self.has_replacement = has_replacement
        self.is_joint = is_joint
        self.columns = columns
        self.has_equal_reserves = has_equal_reserves

    def uses_size(self, column):
        """Balanced methods, whose need is None, follow sizes where the plan names a column of them."""
        return column is not None if self.needs_size is None else self.needs_size


PROTOCOL_METHODS = {
    "all": Method(take_all, has_reserves=False, takes_all_only=True),
    "srs": Method(simple_random),
    "systematic": Method(systematic),
    "pps-systematic": Method(pps_systematic, needs_size=True),
    "bernoulli": Method(bernoulli, has_rate=True, has_fixed_size=False, has_reserves=False),
    "poisson": Method(poisson, needs_size=True, has_fixed_size=False, has_reserves=False),
}
