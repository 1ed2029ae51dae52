"""Random steps from design weights to the weights used, whose totals some positive weights can meet."""
from samples import pick, weighted_pick


def replication(rng, spec, tags):
    kind = "JKn" if spec.get("strata") else "JK1"
    spec["transforms"] = [{"op": "as_replicate", "rep_type": kind, "mse": rng.random() < 0.4}]
    tags.append(f"replicates {kind}")


def population_weights(rng, sample, columns, spread):
    """Weights that would meet the totals: those of the design, changed by class and by x."""
    changes = {}
    mean = sum(sample.columns["x"]) / sample.size
    tilt = spread * (rng.random() - 0.5)
    weights = []
    for row in range(sample.size):
        key = tuple(sample.columns[name][row] for name in columns)
        if key not in changes:
            changes[key] = 1 + spread * (2 * rng.random() - 1)
        x = min(2.5, sample.columns["x"][row] / mean)
        weights.append(sample.weights[row] * changes[key] * (1 + tilt * (x - 1)))
    return weights


def totals(sample, columns, weights):
    sums = {}
    for row in range(sample.size):
        key = tuple(sample.columns[name][row] for name in columns)
        sums[key] = sums.get(key, 0) + weights[row]
    return [{"levels": list(key), "total": round(sums[key], 3)} for key in sorted(sums)]


def calibrations(rng, sample, spec, tags, trims=True):
    # Half-samples and bootstraps may lie too far off for bounds: Mingcha refuses, R goes on with what it has.
    bounded = 0 if spec.get("rep_type") in ("BRR", "Fay", "bootstrap") else 2
    kind = weighted_pick(rng, [
        (3, "poststratify"), (2, "rake"), (2, "linear"), (2, "raking"), (bounded, "logit"), (bounded, "bounded")])
    steps = spec.setdefault("transforms", [])
    if kind == "poststratify":
        columns = pick(rng, [["type"], ["region"], ["region", "area"], ["area"]])
        if columns == ["region", "area"] and sample.size < 60:
            columns = ["region"]
        weights = population_weights(rng, sample, columns, 0.3)
        population = totals(sample, columns, weights)
        steps.append({"op": "poststratify", "variables": columns, "population": population})
        tags.append("post-stratified")
    elif kind == "rake":
        columns = pick(rng, [["type", "region"], ["type", "region", "area"]])
        weights = population_weights(rng, sample, columns[:2], 0.2)
        # Totals of all margins agree only if they are sums of the same rounded numbers.
        weights = [round(weight, 3) for weight in weights]
        steps.append({"op": "rake", "margins": [
            {"variable": name, "population": totals(sample, [name], weights)} for name in columns]})
        tags.append("raked")
    else:
        weights = population_weights(rng, sample, ["group"], 0.2)
        terms = pick(rng, [["x"], ["group", "x"], ["x", "z"], ["group"]])
        intercept = rng.random() < 0.8
        sums = [sum(w * sample.columns[name][row] for row, w in enumerate(weights)) for name in terms]
        if intercept:
            sums.insert(0, sum(weights))
        step = {"op": "calibrate", "intercept": intercept, "terms": terms,
                "totals": [round(total, 3) for total in sums], "method": kind}
        if kind == "bounded":
            step["method"] = pick(rng, ["linear", "raking"])
            step["bounds"] = [0.5, 1.8]
        if kind == "logit":
            step["bounds"] = [0.4, 2.5]
        if spec["type"] == "linear" and spec.get("ids") and "as_replicate" not in [s["op"] for s in steps] \
                and "pps" not in spec and rng.random() < 0.2:
            step["aggregate_stage"] = 1
            tags.append("one factor a cluster")
        steps.append(step)
        tags.append(f"calibrated {kind}")
    is_replicated = spec["type"] != "linear" or "as_replicate" in [step["op"] for step in steps]
    # R's trimming of replicates assigns the weights to the wrong rows.
    if trims and not is_replicated and rng.random() < 0.3:
        ordered = sorted(weights)
        step = {"op": "trim", "upper": bound(ordered[int(0.93 * len(ordered))]), "strict": rng.random() < 0.5}
        if rng.random() < 0.4:
            step["lower"] = bound(0.95 * ordered[int(0.04 * len(ordered))])
        steps.append(step)
        tags.append("trimmed")


def bound(weight):
    """A bound that R, which keeps 1 / weight, finds again: else it cuts the same weight for ever."""
    bound = round(weight, 3)
    while 1 / (1 / bound) != bound:
        bound = round(bound + 0.001, 3)
    return bound
