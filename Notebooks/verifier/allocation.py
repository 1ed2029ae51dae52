"""Sharing a total out over strata in whole numbers (docs/designs.md)."""

import heapq
import math

from .expressions import plain_number
from .tickets import Difference


def power_measure(stratum, q):
    """X^q · CV; for q = 0, ½ and 1 by exact operations."""
    x = stratum["size"]
    if x == 0:
        return 0.0
    power = {0: 1.0, 0.5: math.sqrt(x), 1: x}.get(q)
    power = x**q if power is None else power
    if stratum["variation"] is not None:
        return power * stratum["variation"]
    if stratum["deviation"] is None:
        return power
    return power * (stratum["deviation"] / (x / stratum["population"]))


MEASURES = {
    "equal": (lambda stratum, q: 1.0, "evenness"),
    "proportional": (lambda stratum, q: stratum["size"], "evenness"),
    "square-root": (lambda stratum, q: math.sqrt(stratum["size"]), "evenness"),
    "power": (power_measure, "variance"),
    "neyman": (lambda stratum, q: stratum["population"] * stratum["deviation"], "variance"),
    "cost-optimal": (
        lambda stratum, q: stratum["population"] * stratum["deviation"] / math.sqrt(stratum["cost"]),
        "variance",
    ),
}


def shared_out(allocation, strata):
    """n of each stratum, strata in the order of their bytes.

    A stratum is a dictionary: place, population, takable, required, size, deviation, variation, cost.
    """
    if allocation["rule"] not in MEASURES:
        raise Difference("allocation-rule-unknown", f'this verifier does not know the rule "{allocation["rule"]}".')
    measure, criterion = MEASURES[allocation["rule"]]
    measures = [float(measure(stratum, allocation.get("exponent", 1))) for stratum in strata]
    bounds = []
    for stratum, value in zip(strata, measures):
        room = stratum["takable"]
        if stratum["population"] <= allocation.get("take_all_up_to", 0):
            bounds.append((room, room))
            continue
        least = max(min(allocation["minimum"], room), stratum["required"])
        most = max(min(allocation.get("maximum", room), room), least)
        bounds.append((least, most if value > 0 else least))
    minima, room = sum(least for least, _ in bounds), sum(most for _, most in bounds)
    total = allocation["total"]
    if minima > total:
        raise Difference("allocation-minima", f"the least numbers add up to {minima}, more than the total of {total}.")
    if room < total and not allocation.get("total_is_limit", False):
        code = "allocation-zero" if not any(measures) else "allocation-total"
        raise Difference(code, f"{total} are to be shared out, but the strata can take only {room}.")
    numbers = [least for least, _ in bounds]
    claims = [
        claim(criterion, measures, numbers, place) for place in range(len(strata)) if numbers[place] < bounds[place][1]
    ]
    heapq.heapify(claims)
    for _ in range(min(total, room) - minima):
        place = heapq.heappop(claims)[-1]
        numbers[place] += 1
        if numbers[place] < bounds[place][1]:
            heapq.heappush(claims, claim(criterion, measures, numbers, place))
    return numbers


def claim(criterion, measures, numbers, place):
    """What orders the strata's claims to the next unit; the smallest comes first."""
    measure, taken = measures[place], numbers[place]
    if criterion == "evenness":
        return (1, -(measure / (2 * taken + 1)), place)
    if taken == 0:
        return (0, -measure, place)
    return (1, -(measure * measure / (float(taken) * float(taken + 1))), place)


def figures(allocation, rows, frame, key, population, takable, required):
    """What the allocation reads of one stratum."""

    def value(name):
        source = allocation.get(name)
        if source is None:
            return None
        if "by_stratum" in source:
            values = source["by_stratum"]
            if key not in values and "*" not in values:
                raise Difference("allocation-figure-missing", f'no {name} is given for stratum "{key}".')
            return float(values.get(key, values.get("*")))
        found = {plain_number(frame.column(source["column"])[row]) for row in rows}
        if None in found:
            raise Difference("allocation-figure", f'a value of "{source["column"]}" is no number.')
        if len(found) > 1:
            raise Difference("allocation-not-constant", f'"{source["column"]}" has not one value in stratum "{key}".')
        return found.pop()

    size = float(population)
    if allocation.get("size"):
        numbers = [plain_number(frame.column(allocation["size"])[row]) for row in rows]
        if any(number is None or number < 0 or number != int(number) for number in numbers):
            raise Difference("allocation-figure", f'a value of "{allocation["size"]}" is no size.')
        size = float(sum(int(number) for number in numbers))
    return {
        "population": population,
        "takable": takable,
        "required": required,
        "size": size,
        "deviation": value("deviation"),
        "variation": value("variation"),
        "cost": value("cost"),
    }
