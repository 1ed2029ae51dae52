"""Exact inclusion probabilities of the order-sampling rules (docs/draw-protocol/annex-pps.md, section 9).

π_i is the integral over t of P(fewer than n of the other units have a smaller Q than t) by dF_i(t). The
probability inside is that of a sum of independent indicators, from the units before i and those after it.
"""

import math


def fewer_than(n, probabilities):
    """For each unit the probability that fewer than n of the others happen."""
    count = len(probabilities)
    after = [None] * count + [[1.0] + [0.0] * (n - 1)]
    for i in range(count - 1, -1, -1):
        after[i] = with_one_more(after[i + 1], probabilities[i])
    before, result = [1.0] + [0.0] * (n - 1), []
    for i, p in enumerate(probabilities):
        cumulated, running = [], 0.0
        for value in after[i + 1]:
            running += value
            cumulated.append(running)
        result.append(math.fsum(before[k] * cumulated[n - 1 - k] for k in range(n)))
        before = with_one_more(before, p)
    return result


def with_one_more(distribution, p):
    q = 1 - p
    return [q * distribution[0]] + [q * distribution[k] + p * distribution[k - 1] for k in range(1, len(distribution))]


def pareto_probabilities(lambdas, n):
    """On the scale z = log t every F_j is a logistic curve, so the trapezoidal rule is exact to the last digits."""
    shifts = [math.log(p / (1 - p)) for p in lambdas]
    step, sums = 0.25, [[] for _ in lambdas]
    low, high = -max(shifts) - 45, -min(shifts) + 45
    for index in range(int((high - low) / step) + 1):
        z = low + index * step
        density = []
        for shift in shifts:
            tail = math.exp(-abs(z + shift))
            density.append(tail / (1 + tail) ** 2)
        if max(density) < 1e-22:
            continue
        below = [1 / (1 + math.exp(-(z + shift))) if z + shift > -700 else 0.0 for shift in shifts]
        for values, fewer, weight in zip(sums, fewer_than(n, below), density):
            values.append(fewer * weight)
    return [step * math.fsum(values) for values in sums]


def gauss_legendre(count):
    """Nodes and weights on 0 … 1, exact for polynomials of degree 2·count − 1."""
    nodes, weights = [], []
    for i in range(count):
        x = math.cos(math.pi * (i + 0.75) / (count + 0.5))
        for _ in range(100):
            previous, value = 1.0, x
            for k in range(2, count + 1):
                previous, value = value, ((2 * k - 1) * x * value - (k - 1) * previous) / k
            slope = count * (x * value - previous) / (x * x - 1)
            change = value / slope
            x -= change
            if abs(change) < 1e-16:
                break
        nodes.append((1 - x) / 2)
        weights.append(1 / ((1 - x * x) * slope * slope))
    return nodes, weights


def sequential_poisson_probabilities(lambdas, n):
    """Between the places 1/λ_j the integrand is a polynomial, for which Gauss–Legendre rules are exact."""
    bends = [0.0] + sorted({1 / p for p in lambdas})
    sums = [[] for _ in lambdas]
    for low, high in zip(bends, bends[1:]):
        middle = (low + high) / 2
        degree = sum(p * middle < 1 for p in lambdas)
        nodes, weights = gauss_legendre(degree // 2 + 1)
        for node, weight in zip(nodes, weights):
            t = low + (high - low) * node
            below = [p * t if p * middle < 1 else 1.0 for p in lambdas]
            for i, fewer in enumerate(fewer_than(n, below)):
                if lambdas[i] * middle < 1:
                    sums[i].append(fewer * weight * (high - low) * lambdas[i])
        if len(lambdas) - degree > n:
            break
    return [math.fsum(values) for values in sums]
