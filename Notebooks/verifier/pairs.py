"""Probabilities of pairs and the table of them (docs/draw-protocol/annex-pps.md, section 10)."""

from .methods import Certainties, in_list_order
from .pps import working_probabilities

STATED_AT_MOST = 200
HEADER = ["stage", "parent", "stratum", "unit", "other", "probability"]


def twelve_digits(value):
    return float(f"{value:.11e}")


def is_same_twelve(first, second):
    """Equal, or two apart in the twelfth significant digit."""
    if first == second:
        return True
    exponent = int(f"{second:.11e}".partition("e")[2])
    return abs(first - second) <= 2.000001 * 10.0 ** (exponent - 11)


def sums_over_others(weights, left_out, size, marks=None):
    """Over the subsets of `size` of the other units: the sum of Π w, and of Π w · Σ marks."""
    plain, marked = [1.0] + [0.0] * size, [0.0] * (size + 1)
    for place, weight in enumerate(weights):
        if place in left_out:
            continue
        for k in range(size, 0, -1):
            if marks:
                marked[k] += weight * (marked[k - 1] + marks[place] * plain[k - 1])
            plain[k] += weight * plain[k - 1]
    return plain[size], marked[size]


def sampford_pair(split, stratum):
    n, total = split.n, split.total
    weights = [n * unit.size / (total - n * unit.size) for unit in split.rest]
    marks = [(total - n * unit.size) / total for unit in split.rest]
    whole = sums_over_others(weights, (), n, marks)[1]

    def pair(k, l):
        plain, marked = sums_over_others(weights, (k, l), n - 2, marks)
        return weights[k] * weights[l] * ((marks[k] + marks[l]) * plain + marked) / whole

    return pair


def conditional_poisson_pair(split, stratum):
    p, q, _ = working_probabilities(stratum, split)
    weights = [a / b for a, b in zip(p, q)]
    whole = sums_over_others(weights, (), split.n)[0]
    return lambda k, l: weights[k] * weights[l] * sums_over_others(weights, (k, l), split.n - 2)[0] / whole


def tille_pair(split, stratum):
    def inclusion(size):
        """π_k for a sample of this size from the units left, with its own certainty units."""
        own = Certainties(split.rest, size, split.total)
        certain = {unit.id for unit in own.certain}
        return [1.0 if unit.id in certain else own.probability(unit) for unit in split.rest]

    steps = [inclusion(size) for size in range(split.n, len(split.rest))] + [[1.0] * len(split.rest)]

    def pair(k, l):
        product = 1.0
        for below, above in zip(reversed(steps[:-1]), reversed(steps[1:])):
            product *= 1 - (1 - below[k] / above[k]) - (1 - below[l] / above[l])
        return product

    return pair


def brewer_pair(split, stratum):
    p = [split.probability(unit) for unit in split.rest]
    divisor = 2 + sum(value / (1 - value) for value in p)
    return lambda k, l: p[k] * p[l] / divisor * (1 / (1 - p[k]) + 1 / (1 - p[l]))


def systematic_pair(split, stratum):
    bounds, cumulated = [], 0
    for unit in split.rest:
        bounds.append((split.n * cumulated, split.n * (cumulated + unit.size)))
        cumulated += unit.size

    def arcs(place):
        """The starts that take a unit, as intervals of 0 … X − 1."""
        low, high = bounds[place]
        begin, length = low % split.total, high - low
        end = begin + length
        return [(begin, end)] if end <= split.total else [(begin, split.total), (0, end - split.total)]

    def pair(k, l):
        both = sum(max(0, min(b, d) - max(a, c)) for a, b in arcs(k) for c, d in arcs(l))
        return both / split.total

    return pair


PAIRS = {
    "pps-systematic": systematic_pair,
    "pps-sampford": sampford_pair,
    "conditional-poisson": conditional_poisson_pair,
    "pps-tille": tille_pair,
    "pps-brewer": brewer_pair,
}


def pairs_of(cell):
    """The probability of two selected units of a cell, by their places; None where the method states none."""
    plan, view = cell.view.plan, cell.view
    n = len(cell.taken) - cell.must_include
    if plan.method not in PAIRS or not 2 <= n <= STATED_AT_MOST:
        return None
    split = Certainties(in_list_order(view.positive), n, view.total)
    if plan.method == "pps-brewer" and split.n > 2:
        return None
    pair = PAIRS[plan.method](split, view) if split.n >= 2 else lambda k, l: 0.0
    place = {unit.id: number for number, unit in enumerate(split.rest)}

    def probability(first, second):
        one, other = cell.taken[first], cell.taken[second]
        if one.is_certain or other.is_certain:
            return other.conditional if one.is_certain else one.conditional
        return pair(place[one.unit.id], place[other.unit.id])

    return probability


def joint_rows(stages):
    """The rows of joint.csv as texts and numbers, in their order."""
    rows = []
    for stage in stages:
        for cell in stage.cells:
            probability = pairs_of(cell)
            if probability is None:
                continue
            for first in range(len(cell.taken)):
                for second in range(first + 1, len(cell.taken)):
                    rows.append(
                        [
                            stage.plan.name,
                            cell.parent or "",
                            cell.key or "all",
                            cell.taken[first].unit.id,
                            cell.taken[second].unit.id,
                            twelve_digits(probability(first, second)),
                        ]
                    )
    return rows
