"""Estimates by svy or bare NumPy, as a whole process. usage: estimation_peers.py svy|numpy TASK RESPONSES.parquet

Prints one line of JSON: the seconds from the loaded frame to the estimates with their errors, and the estimate and
standard error of the last indicator (in the last county, where the task has counties). TASK: means, twostage,
domains, intervals or bootstrap. The NumPy part is the linearized variance written by hand: what interpreted code
must spend at least.
"""
import json
import sys
import time
import warnings

warnings.filterwarnings("ignore")
NAMES = [f"y{index}" for index in range(1, 21)]
# The last one in the order of text.
COUNTY = 99


def clocks(begin=(0, 0)):
    """Seconds by the clock and of the processors since the beginning."""
    return time.perf_counter() - begin[0], time.process_time() - begin[1]


def by_svy(task, frame):
    import polars
    import svy

    begin = clocks()
    frame = frame.with_columns([polars.col(name).cast(polars.Float64) for name in NAMES])
    stages = {"stratum": "stratum", "psu": "village", "wgt": "w"}
    if task == "twostage":
        stages |= {"ssu": "hh", "pop_size": svy.PopSize(psu="N_village", ssu="N_hh")}
    sample = svy.Sample(frame, svy.Design(**stages))
    if task == "domains":
        result = sample.estimation.mean(NAMES, by="county")
    elif task == "intervals":
        result = sample.estimation.prop(NAMES, by="county", ci_method="beta")
    elif task == "bootstrap":
        sample = sample.weighting.create_bs_wgts(500, rstate=1) or sample
        result = sample.estimation.mean(NAMES, method="replication")
    else:
        result = sample.estimation.mean(NAMES)
    seconds = clocks(begin)
    try:
        last = result[-1]
    except TypeError:
        last = result
    wanted = [entry for entry in last.estimates if entry.by_level in (None, (COUNTY,)) and entry.y_level in (None, 1.0)]
    check = [float(wanted[0].est), float(wanted[0].se)]
    return seconds, check


def by_numpy(task, frame):
    import numpy as np

    begin = clocks()
    stratum, village, county, weight = (frame[name].to_numpy() for name in ("stratum", "village", "county", "w"))
    villages, strata = int(village.max()) + 1, int(stratum.max()) + 1
    stratum_of = np.zeros(villages, int)
    stratum_of[village] = stratum
    sizes = np.bincount(stratum_of, minlength=strata).astype(float)

    def variances(scores):
        totals = np.bincount(village, scores, villages)
        sums = np.bincount(stratum_of, totals, strata)
        squares = np.bincount(stratum_of, totals * totals, strata)
        return sizes / (sizes - 1) * (squares - sums * sums / sizes)

    if task == "means":
        total = weight.sum()
        for name in NAMES:
            values = frame[name].to_numpy()
            mean = (weight * values).sum() / total
            error = variances(weight * (values - mean) / total).sum() ** 0.5
        check = [float(mean), float(error)]
    else:
        counties = int(county.max()) + 1
        county_of = np.zeros(villages, int)
        county_of[village] = county
        county_of_stratum = np.zeros(strata, int)
        county_of_stratum[stratum_of] = county_of
        total = np.bincount(county, weight, counties)
        for name in NAMES:
            values = frame[name].to_numpy()
            means = np.bincount(county, weight * values, counties) / total
            scores = weight * (values - means[county]) / total[county]
            errors = np.bincount(county_of_stratum, variances(scores), counties) ** 0.5
        check = [float(means[COUNTY]), float(errors[COUNTY])]
    return clocks(begin), check


def main():
    import polars

    program, task, path = sys.argv[1:4]
    seconds, check = (by_svy if program == "svy" else by_numpy)(task, polars.read_parquet(path))
    print(json.dumps({"run_s": seconds[0], "cpu_s": seconds[1], "check": check}))


main()
