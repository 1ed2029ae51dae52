"""The methods of docs/draw-protocol/annex-pps.md and the order-sampling rules of the protocol's section 5."""

from .exact import pareto_probabilities, sequential_poisson_probabilities
from .methods import (
    Method,
    Taken,
    by_ticket,
    divided,
    in_list_order,
    points_on,
    Certainties,
    refuse,
    rest_by_ticket,
)
from .tickets import leading_bits

CUT = 2.0**-200
SCALE = 1 << 53


def numbers(stratum):
    """m_j and u_j of the stratum's stream, by j."""

    def m(j):
        return leading_bits(stratum.key.ticket(f"\nstream\n{stratum.label}\n{j}"))

    return m, lambda j: (m(j) + 0.5) / (1 << 52)


def at(m, width):
    """A place in 0 … width − 1."""
    return (2 * m + 1) * width // SCALE


def split_in_list_order(stratum, n):
    split = divided(stratum, n)
    split.rest = in_list_order(split.rest)
    return split


def with_reserves(stratum, split, chosen, reserves, order=in_list_order):
    taken = split.taken(order(split.certain + chosen))
    return taken, rest_by_ticket(stratum.positive, taken, reserves)


def randomized_systematic(stratum, n, reserves):
    if stratum.total >= 1 << 63:
        refuse("size-total", stratum, "X reaches 2^63")
    split = Certainties(by_ticket(stratum.positive), n, stratum.total)
    chosen = points_on(split.rest, split.n, split.total, stratum.start(split.total)) if split.n else []
    return with_reserves(stratum, split, chosen, reserves, by_ticket)


def chromy(stratum, n, reserves):
    split = split_in_list_order(stratum, n)
    chosen = []
    if split.n:
        m, _ = numbers(stratum)
        total, y, start = split.total, at(m(0), split.total), 0
        while y >= split.rest[start].size:
            y -= split.rest[start].size
            start += 1
        hits = whole_before = part_before = expected = 0
        for position, unit in enumerate(split.rest[start:] + split.rest[:start], 1):
            expected += split.n * unit.size
            whole, part = divmod(expected, total)

            def happens(num, den):
                return (2 * m(position) + 1) * den < num * SCALE

            if whole == whole_before:
                is_taken = hits == whole_before and happens(part - part_before, total - part_before)
            else:
                is_taken = hits == whole_before or happens(part, part_before)
            if is_taken:
                chosen.append(unit)
                hits += 1
            whole_before, part_before = whole, part
    return with_reserves(stratum, split, chosen, reserves)


def brewer(stratum, n, reserves):
    split = split_in_list_order(stratum, n)
    chosen, left, rest = [], list(split.rest), split.n * split.total
    _, u = numbers(stratum)
    for draw in range(split.n):
        g = split.n - draw
        weights = []
        for unit in left:
            y = split.n * unit.size
            weights.append(float(y) * float(rest - y) / float(rest - y * g))
        total = 0.0
        for weight in weights:
            total += weight
        bar, running = u(draw) * total, 0.0
        for place, weight in enumerate(weights):
            running += weight
            if running > bar:
                break
        unit = left.pop(place)
        chosen.append(unit)
        rest -= split.n * unit.size
    return with_reserves(stratum, split, chosen, reserves)


def cut(value):
    return value if value >= CUT else 0.0


def backward_table(p, q, n):
    """B(i, k), i = 0 … M: the probability that k of the units after i are taken."""
    table = [[0.0] * (n + 1) for _ in range(len(p) + 1)]
    table[len(p)][0] = 1.0
    for i in range(len(p), 0, -1):
        for k in range(n + 1):
            below = table[i][k - 1] if k else 0.0
            table[i - 1][k] = cut(q[i - 1] * table[i][k] + p[i - 1] * below)
    return table


def sampford(stratum, n, reserves):
    split = split_in_list_order(stratum, n)
    chosen = []
    if split.n:
        p = [split.probability(unit) for unit in split.rest]
        q = [float(split.total - split.n * unit.size) / float(split.total) for unit in split.rest]
        b_table = backward_table(p, q, split.n)
        d_table = [[0.0] * (split.n + 1) for _ in range(len(p) + 1)]
        for i in range(len(p), 0, -1):
            for k in range(split.n + 1):
                inner = d_table[i][k - 1] + q[i - 1] * b_table[i][k - 1] if k else 0.0
                d_table[i - 1][k] = cut(q[i - 1] * d_table[i][k] + p[i - 1] * inner)
        before = 0.0

        def odds(i, r):
            a = p[i - 1] * ((before + q[i - 1]) * b_table[i][r - 1] + d_table[i][r - 1])
            return a, q[i - 1] * (before * b_table[i][r] + d_table[i][r])

        for i in one_by_one(stratum, split, odds):
            before += q[i - 1]
            chosen.append(split.rest[i - 1])
    return with_reserves(stratum, split, chosen, reserves)


def one_by_one(stratum, split, odds):
    """Goes through the units and yields the places, from 1, of those taken; `odds` gives a and b."""
    _, u = numbers(stratum)
    count, r = len(split.rest), split.n
    for i in range(1, count + 1):
        if r == 0:
            return
        if r == count - i + 1:
            yield from range(i, count + 1)
            return
        a, b = odds(i, r)
        if u(i - 1) * (a + b) < a:
            r -= 1
            yield i


def working_probabilities(stratum, split):
    """p, q and the table B of conditional Poisson sampling."""
    n, count = split.n, len(split.rest)
    odds = [float(n * unit.size) / float(split.total - n * unit.size) for unit in split.rest]
    w, is_damped, previous = list(odds), False, None
    for t in range(1, 201):
        total = 0.0
        for value in w:
            total += value / (1 + value)
        factor = (n * (count - total)) / (total * (count - n))
        w = [value * factor for value in w]
        p = [value / (1 + value) for value in w]
        q = [1 / (1 + value) for value in w]
        backward = backward_table(p, q, n)
        forward = [1.0] + [0.0] * n
        ratios = []
        for i in range(1, count + 1):
            with_unit = without = 0.0
            for k in range(n):
                with_unit += forward[k] * backward[i][n - 1 - k]
            for k in range(n + 1):
                without += forward[k] * backward[i][n - k]
            a, b = p[i - 1] * with_unit, q[i - 1] * without
            ratios.append(odds[i - 1] * b / a if a else float("inf"))
            forward = [cut(q[i - 1] * forward[k] + p[i - 1] * (forward[k - 1] if k else 0.0)) for k in range(n + 1)]
        error = max(abs(ratio - 1) for ratio in ratios)
        if error <= 1e-10:
            return p, q, backward
        if not error < float("inf"):
            break
        is_damped = is_damped or (t > 1 and error > 0.5 * previous)
        w = [value * ((1 + ratio) / 2 if is_damped else ratio) for value, ratio in zip(w, ratios)]
        previous = error
    return refuse("working-probabilities", stratum, "the working probabilities are not found")


def conditional_poisson(stratum, n, reserves):
    split = split_in_list_order(stratum, n)
    chosen = []
    if split.n:
        p, q, table = working_probabilities(stratum, split)
        taken = one_by_one(stratum, split, lambda i, r: (p[i - 1] * table[i][r - 1], q[i - 1] * table[i][r]))
        chosen = [split.rest[i - 1] for i in taken]
    return with_reserves(stratum, split, chosen, reserves)


def tille(stratum, n, reserves):
    if len(stratum.positive) * stratum.total >= 1 << 74:
        refuse("size-total", stratum, "N·X reaches 2^74")
    split = split_in_list_order(stratum, n)
    chosen = eliminated(stratum, split) if split.n else []
    return with_reserves(stratum, split, chosen, reserves)


def eliminated(stratum, split):
    """What is left of the units after eliminating down to n."""
    m, _ = numbers(stratum)
    units = sorted(split.rest, key=lambda unit: -unit.size)
    count = len(units)
    tail = [0] * (count + 1)
    for k in range(count - 1, -1, -1):
        tail[k] = tail[k + 1] + units[k].size
    certain, group = count, []
    for i in range(count - 1, split.n - 1, -1):
        first = certain
        while first > 0 and (i - (first - 1)) * units[first - 1].size < tail[first - 1]:
            first -= 1
        newcomers = [units[k] for k in range(certain - 1, first - 1, -1)]
        g = max(1, len(group))
        h = len(group) * tail[first] - (i - first) * tail[certain]
        y = at(m(count - 1 - i), g * tail[first])
        if y < len(group) * h:
            place = y // h
            group[place] = group[-1]
            group.pop()
        else:
            y -= len(group) * h
            for place, unit in enumerate(newcomers):
                weight = g * (tail[first] - (i - first) * unit.size)
                if weight > y:
                    break
                y -= weight
            newcomers.pop(place)
        group += newcomers
        certain = first
    return group


def with_replacement(stratum, n, reserves):
    if max(1, n) * stratum.total >= 1 << 53:
        refuse("size-total", stratum, "n·X reaches 2^53")
    m, _ = numbers(stratum)
    units, hits = in_list_order(stratum.positive), {}
    for draw in range(n):
        y = at(m(draw), stratum.total)
        for place, unit in enumerate(units):
            if y < unit.size:
                hits[place] = hits.get(place, 0) + 1
                break
            y -= unit.size
    return [
        Taken(units[place], float(n) * float(units[place].size) / float(stratum.total), False, count)
        for place, count in sorted(hits.items())
    ], []


def order_sampling(rank, exact):
    """The n smallest ranks, ties by ticket; reserves are the next ones."""

    def select(stratum, n, reserves):
        split = divided(stratum, n)
        if split.n == 0:
            order = by_ticket(split.rest)
        else:
            order = sorted(split.rest, key=lambda unit: (rank(unit.u, split.probability(unit)), unit.ticket))
        chosen = by_ticket(split.certain) + order[: split.n]
        taken = split.taken(chosen)
        stratum.exact = exact_used(split, taken, exact) if split.n else None
        return taken, order[split.n : split.n + reserves]

    return select


def exact_used(split, taken, exact):
    """Whether the exact probabilities stand for λ; if so they are put into the units taken."""
    lambdas = [split.probability(unit) for unit in split.rest]
    found = exact(lambdas, split.n)
    if all(abs(pi - value) <= 0.01 * value for pi, value in zip(found, lambdas)):
        return False
    of_unit = {unit.id: float(f"{pi:.11e}") for unit, pi in zip(split.rest, found)}
    for one in taken:
        if not one.is_certain:
            one.probability = of_unit[one.unit.id]
    return True


def pareto_rank(u, p):
    return (u * (1 - p)) / ((1 - u) * p)


PPS_METHODS = {
    "pps-pareto": Method(order_sampling(pareto_rank, pareto_probabilities), needs_size=True, has_equal_reserves=False),
    "sequential-poisson": Method(
        order_sampling(lambda u, p: u / p, sequential_poisson_probabilities), needs_size=True, has_equal_reserves=False
    ),
    "pps-randomized-systematic": Method(randomized_systematic, needs_size=True),
    "pps-chromy": Method(chromy, needs_size=True),
    "pps-brewer": Method(brewer, needs_size=True),
    "pps-sampford": Method(sampford, needs_size=True),
    "conditional-poisson": Method(conditional_poisson, needs_size=True),
    "pps-tille": Method(tille, needs_size=True),
    "pps-with-replacement": Method(
        with_replacement, needs_size=True, has_fixed_size=False, has_reserves=False, has_replacement=True
    ),
}
