"""Random designs over random samples, in the declarative form that `reference-check` reads.

Every maker returns (sample, design, tags, matrices): the data, how they are declared, what is special in them, and the
matrices that the design names.
"""
import math

from adjustments import calibrations, replication
from samples import Sample, Tree, between, normal, observations, pick, weighted_pick

LONELY = ["adjust", "average", "certainty", "remove", "fail"]


def make_design(rng, name, number):
    # Every fifth has lonely units, under one policy after another, so that chance leaves out none.
    if number % 5 == 0:
        return multistage(rng, name, LONELY[number // 5 % len(LONELY)])
    maker = weighted_pick(rng, [
        (36, multistage), (14, elements), (8, brewer), (8, unequal), (9, half_samples), (7, bootstrap), (4, successive),
        (4, two_phase)])
    return maker(rng, name)


def declared(name, **spec):
    return {"data": f"data/{name}.csv", "type": "linear"} | spec


def weight_column(rng, base):
    """Design weights after a nonresponse adjustment that differs by row."""
    unequal = rng.random() < 0.7
    return [round(weight * (1 + 0.4 * rng.random() if unequal else 1), 4) for weight in base]


def multistage(rng, name, policy=None):
    stages = weighted_pick(rng, [(3, 1), (4, 2), (3, 3)])
    has_strata = policy is not None or rng.random() < 0.75
    strata = between(rng, 2 if policy is None else 3, 6) if has_strata else 1
    lonely = between(rng, 1, 2) if policy else 0
    certainty = has_strata and rng.random() < 0.3
    substrata = has_strata and stages > 1 and rng.random() < 0.25
    unique = not has_strata or rng.random() < 0.5
    units = (2, 6) if has_strata else (6, 16)
    tree = Tree(rng, stages, strata, lonely, certainty, units, substrata, unique)
    # One-stage clusters: the rows are elements of clusters that were taken whole.
    rows = tree.rows = [path for path in tree.rows for _ in range(between(rng, 2, 7) if stages == 1 else 1)]
    columns = tree.columns()
    spec = declared(name, ids=["psu", "ssu", "unit"][:stages])
    tags = [f"{stages} stages" if stages > 1 else "1 stage"]
    if has_strata:
        spec["strata"] = ["stratum"] + (["stratum2"] if substrata else [])
        tags.append("strata")
        spec["nest"] = not unique or rng.random() < 0.5
    kind = weighted_pick(rng, [(4, "counts"), (2, "fractions"), (2, "none")])
    if kind == "fractions" and lonely and certainty:
        kind = "counts"
    known = stages if kind != "none" and rng.random() < 0.6 else between(rng, 1, stages)
    if kind != "none":
        spec["fpc"] = [f"{'N' if kind == 'counts' else 'f'}{stage + 1}" for stage in range(known)]
        # R wants as many stages as it has fpc.
        spec["ids"] = spec["ids"][:known]
        spec["strata"] = spec.get("strata", [])[:known]
        if not spec["strata"]:
            del spec["strata"]
        tags.append(f"fpc {kind}")
    else:
        tags.append("no fpc")
    weights = tree.weights()
    if kind == "none" or known < stages or rng.random() < 0.4:
        weights = weight_column(rng, weights)
        columns["w"] = weights
        if rng.random() < 0.15:
            columns["p"] = [1 / weight for weight in weights]
            spec["probs"] = ["p"]
        else:
            spec["weights"] = "w"
    if certainty:
        tags.append("certainty strata")
    if lonely:
        spec["lonely_psu"] = policy
        tags.append(f"lonely PSU {policy}")
    elif rng.random() < 0.15 and has_strata:
        spec["lonely_psu"] = pick(rng, ["adjust", "average"])
        spec["adjust_domain_lonely"] = True
        tags.append("lonely domains")
    columns |= observations(rng, [path[0][:2] for path in rows])
    sample = Sample(columns, weights)
    if policy == "fail":
        # R answers where the rows that it leaves out are those of the lonely unit; Mingcha refuses the design.
        for name in ("y", "b", "region"):
            columns[name + "_na"] = columns[name]
        return sample, spec, tags, {}
    if not lonely and "adjust_domain_lonely" not in spec:
        if stages == 1 and rng.random() < 0.25 or stages > 1 and "fpc" not in spec and rng.random() < 0.3:
            replication(rng, spec, tags)
    if rng.random() < 0.45:
        calibrations(rng, sample, spec, tags)
    return sample, spec, tags, {}


def elements(rng, name):
    strata = between(rng, 2, 5) if rng.random() < 0.7 else 1
    tree = Tree(rng, 1, strata, 0, strata > 1 and rng.random() < 0.2, (8, 30) if strata > 1 else (40, 120))
    columns = tree.columns()
    spec = declared(name, ids=[])
    tags = ["elements"]
    if strata > 1:
        spec["strata"] = ["stratum"]
        tags.append("strata")
    weights = tree.weights()
    kind = weighted_pick(rng, [(3, "counts"), (1, "fractions"), (2, "none")])
    if kind == "none":
        tags.append("no fpc")
    else:
        spec["fpc"] = ["N1" if kind == "counts" else "f1"]
        tags.append(f"fpc {kind}")
    if kind == "none" or rng.random() < 0.5:
        weights = weight_column(rng, weights)
        columns["w"] = weights
        spec["weights"] = "w"
    columns |= observations(rng, columns["stratum"])
    sample = Sample(columns, weights)
    if kind != "fractions" and rng.random() < 0.2:
        replication(rng, spec, tags)
    if rng.random() < 0.5:
        calibrations(rng, sample, spec, tags)
    return sample, spec, tags, {}


def brewer(rng, name):
    """Unequal probabilities without replacement, by Brewer's approximation, unit codes in order."""
    strata = between(rng, 1, 4)
    columns = {"stratum": [], "psu": [], "p": []}
    clusters = rng.random() < 0.5
    unit = 0
    for stratum in range(strata):
        count = between(rng, 3, 9) if strata > 1 else between(rng, 10, 30)
        sizes = [math.exp(0.6 * normal(rng)) for _ in range(count)]
        largest = max(sizes)
        for size in sizes:
            unit += 1
            for _ in range(between(rng, 1, 5) if clusters else 1):
                columns["stratum"].append(f"s{stratum + 1}")
                columns["psu"].append(f"p{unit:03d}")
                columns["p"].append(round(0.85 * size / largest, 5))
    spec = declared(name, ids=["psu"] if clusters or strata > 1 else [], fpc=["p"], pps={"method": "brewer"})
    if strata > 1:
        spec["strata"] = ["stratum"]
        spec["nest"] = True
    columns |= observations(rng, columns["psu"])
    sample = Sample(columns, [1 / p for p in columns["p"]])
    tags = ["PPS Brewer"] + (["strata"] if strata > 1 else [])
    if rng.random() < 0.3:
        calibrations(rng, sample, spec, tags)
    return sample, spec, tags, {}


def unequal(rng, name):
    """Overton, Hartley and Rao, Poisson, or exact joint probabilities of conditional Poisson sampling."""
    kind = pick(rng, ["overton", "HR", "poisson", "matrix"])
    count = between(rng, 15, 30)
    pps = {"method": kind}
    matrices = {}
    if kind == "matrix":
        probabilities, pairs = conditional_poisson(rng, count)
        pps |= {"file": f"data/{name}_joint.csv", "variance": pick(rng, ["HT", "YG"])}
        matrices[pps["file"]] = pairs
    else:
        sizes = [math.exp(0.5 * normal(rng)) for _ in range(count)]
        probabilities = [round(0.6 * size / max(sizes), 5) for size in sizes]
        if kind == "HR" and rng.random() < 0.5:
            pps["sum_p2"] = round(sum(probabilities) / count * (0.8 + 0.3 * rng.random()), 5)
    columns = {"p": probabilities} | observations(rng, list(range(count)))
    spec = declared(name, ids=[], fpc=["p"], pps=pps)
    return Sample(columns, [1 / p for p in probabilities]), spec, [f"PPS {kind}"], matrices


def conditional_poisson(rng, size):
    """π of a sample and its π_kl, for a fixed-size draw with odds: Chen, Dempster and Liu (1994), Biometrika 81."""
    population = size + between(rng, 4, 20)
    odds = [math.exp(0.6 * normal(rng)) for _ in range(population)]

    def symmetric(left_out, order):
        sums = [1.0] + [0.0] * order
        for unit, value in enumerate(odds):
            if unit not in left_out:
                for place in range(order, 0, -1):
                    sums[place] += value * sums[place - 1]
        return sums[order]

    whole = symmetric((), size)
    drawn = sorted(sorted(range(population), key=lambda unit: rng.random() / odds[unit])[:size])
    single = [odds[unit] * symmetric((unit,), size - 1) / whole for unit in drawn]
    pairs = [
        [
            single[row] if row == column
            else odds[one] * odds[other] * symmetric((one, other), size - 2) / whole
            for column, other in enumerate(drawn)
        ]
        for row, one in enumerate(drawn)
    ]
    return single, pairs


def halves(order):
    """Sylvester's Hadamard matrix of 2^order rows."""
    rows = [[1]]
    for _ in range(order):
        rows = [row + row for row in rows] + [row + [-value for value in row] for row in rows]
    return rows


def half_samples(rng, name):
    """Two units a stratum, balanced half-samples, plain or by Fay."""
    strata = between(rng, 3, 12)
    tree = Tree(rng, 1, strata, units=(2, 2))
    tree.rows = [path for path in tree.rows for _ in range(between(rng, 2, 8))]
    columns = tree.columns()
    weights = weight_column(rng, tree.weights())
    columns["w"] = weights
    order = next(order for order in range(2, 6) if 2**order > strata)
    matrix = halves(order)
    rho = pick(rng, [0.3, 0.5]) if rng.random() < 0.5 else 0
    whole = rng.random() < 0.6
    rows = []
    for row, path in enumerate(tree.rows):
        stratum = int(path[0][0][1:])
        place = int(path[0][1][1:]) % 2
        factors = [1 + (1 - rho) * (line[stratum] if place else -line[stratum]) for line in matrix]
        rows.append([weights[row] * factor if whole else factor for factor in factors])
    spec = {
        "data": f"data/{name}.csv", "type": "replicate", "weights": "w", "repweights": f"data/{name}_w.csv",
        "rep_type": "Fay" if rho else "BRR", "combined_weights": whole, "mse": rng.random() < 0.4}
    if rho:
        spec["rho"] = rho
    tags = ["replicates Fay" if rho else "replicates BRR"]
    return with_replicates(rng, columns, weights, spec, tags, rows, [path[0][:2] for path in tree.rows])


def bootstrap(rng, name):
    """Rao and Wu's rescaled bootstrap, n − 1 of n units a stratum."""
    strata = between(rng, 1, 4)
    tree = Tree(rng, 1, strata, units=(3, 8) if strata > 1 else (8, 16))
    tree.rows = [path for path in tree.rows for _ in range(between(rng, 2, 6))]
    columns = tree.columns()
    weights = weight_column(rng, tree.weights())
    columns["w"] = weights
    replicates = between(rng, 25, 60)
    units = sorted({path[0][:3] for path in tree.rows})
    factors = {unit: [] for unit in units}
    for _ in range(replicates):
        drawn = dict.fromkeys(units, 0)
        for stratum in sorted({unit[0] for unit in units}):
            own = [unit for unit in units if unit[0] == stratum]
            for _ in range(len(own) - 1):
                drawn[pick(rng, own)] += 1
        for unit in units:
            factors[unit].append(drawn[unit] * unit[2] / (unit[2] - 1))
    whole = rng.random() < 0.6
    rows = [
        [weights[row] * factor if whole else factor for factor in factors[path[0][:3]]]
        for row, path in enumerate(tree.rows)
    ]
    spec = {
        "data": f"data/{name}.csv", "type": "replicate", "weights": "w", "repweights": f"data/{name}_w.csv",
        "rep_type": "bootstrap", "combined_weights": whole, "scale": round(1 / replicates, 8),
        "rscales": [1] * replicates, "mse": rng.random() < 0.5}
    return with_replicates(
        rng, columns, weights, spec, ["replicates bootstrap"], rows, [path[0][:2] for path in tree.rows])


def successive(rng, name):
    """Successive differences along the file: Fay and Train (1995)."""
    size = between(rng, 30, 90)
    weights = [round(20 * (1 + rng.random()), 3) for _ in range(size)]
    matrix = halves(pick(rng, [4, 5]))
    count = len(matrix)
    rows = []
    for row in range(size):
        one, other = matrix[1 + row % (count - 1)], matrix[1 + (row + 1) % (count - 1)]
        rows.append([weights[row] * (1 + 2**-1.5 * a - 2**-1.5 * b) for a, b in zip(one, other)])
    spec = {
        "data": f"data/{name}.csv", "type": "replicate", "weights": "w", "repweights": f"data/{name}_w.csv",
        "rep_type": "successive-difference", "combined_weights": True, "mse": rng.random() < 0.6}
    tags = ["replicates successive"]
    return with_replicates(rng, {"w": weights}, weights, spec, tags, rows, list(range(size)))


def with_replicates(rng, columns, weights, spec, tags, rows, places):
    columns |= observations(rng, places)
    sample = Sample(columns, weights)
    if rng.random() < 0.3:
        calibrations(rng, sample, spec, tags, trims=False)
    return sample, spec, tags, {spec["repweights"]: rows}


def two_phase(rng, name):
    """Rows or clusters, then a stratified part of them by what a screening said."""
    clusters = rng.random() < 0.5
    tree = Tree(rng, 1, 1, units=(10, 18) if clusters else (80, 160))
    tree.rows = [path for path in tree.rows for _ in range(between(rng, 6, 12) if clusters else 1)]
    columns = {"psu": [path[0][1] for path in tree.rows], "id": [f"i{row + 1:04d}" for row in range(len(tree.rows))]}
    columns |= observations(rng, columns["psu"] if clusters else list(range(len(tree.rows))))
    chosen = []
    for screen, share in (("north", 0.3 + 0.3 * rng.random()), ("south", 0.6)):
        own = [row for row, region in enumerate(columns["region"]) if region == screen]
        kept = max(3, int(share * len(own)))
        chosen += sorted(own, key=lambda row: rng.random())[:kept]
    columns["in2"] = [int(row in set(chosen)) for row in range(len(tree.rows))]
    method = pick(rng, ["full", "approx", "simple"])
    spec = {
        "data": f"data/{name}.csv", "type": "twophase", "ids2": ["psu", "id"] if clusters else ["", ""],
        "strata2": ["", "region"], "subset": "in2", "method": method}
    if not clusters and method == "full" and rng.random() < 0.5:
        columns["N1"] = [len(tree.rows) * between(rng, 3, 40)] * len(tree.rows)
        spec["fpc2"] = ["N1", ""]
    if clusters and method == "approx":
        columns["w"] = [round(3 + 9 * rng.random(), 2)] * len(tree.rows)
        spec["weights2"] = ["w", ""]
    if clusters and method == "simple":
        spec["ids2"] = ["", ""]
    return Sample(columns, [1.0] * len(tree.rows)), spec, [f"two phases {method}"], {}
