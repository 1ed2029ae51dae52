#!/usr/bin/env python3
"""Limits of the intervals P, S and R (docs/interval-study.md) from their recipes alone, for IntegratedIntervalTests.

Run `python3 make_intervals.py > intervals.json` with numpy and scipy. It shares no code with the product: ratios of beta
functions are products of linear factors here, log-gamma functions there.
"""
import json
import numpy as np
from scipy import stats

RATES = np.exp(np.linspace(np.log(2e-5), np.log(0.4), 90))
CORRELATIONS = np.array([.0005, .0025, .005, .01, .015, .02, .03, .04, .05, .065, .08, .1, .125, .155, .2, .26, .34])
EDGES = np.concatenate([[0], (CORRELATIONS[1:] + CORRELATIONS[:-1]) / 2, [0.4]])


def masses(cdf):
    steps = np.diff(cdf(EDGES))
    return steps / steps.sum()


SINGLE = masses(lambda r: stats.beta.cdf(r, 1, 15))
MEDIANS = np.exp(np.linspace(np.log(.003), np.log(.2), 12))
FAMILIES = [masses(lambda r: stats.lognorm.cdf(r, s, scale=c)) for s in (.15, .5, .9) for c in MEDIANS]


def log_term(n, x):
    """ln of the beta-binomial chance without its binomial coefficient, as products of linear factors."""
    s = 1 / CORRELATIONS[None, :] - 1
    a, b = RATES[:, None] * s, (1 - RATES[:, None]) * s
    total = np.zeros((90, 17))
    for k in range(x):
        total += np.log(a + k)
    for k in range(n - x):
        total += np.log(b + k)
    for k in range(n):
        total -= np.log(s + k)
    return total


def likelihood(villages):
    weights = np.array([v[2] for v in villages], float)
    omega = weights * weights.sum() / (weights ** 2).sum()
    logs = sum(w * log_term(n, x) for w, (n, x, _) in zip(omega, villages))
    return np.exp(logs - logs.max())


def quantile(integrated, a, share):
    density = integrated * RATES ** a
    sums = np.concatenate([[0], np.cumsum((density[1:] + density[:-1]) / 2)])
    sums /= sums[-1]
    i = min(max(int(np.searchsorted(sums, share, side="left")), 1), 89)
    part = (share - sums[i - 1]) / (sums[i] - sums[i - 1])
    return float(np.exp(np.log(RATES[i - 1]) + part * (np.log(RATES[i]) - np.log(RATES[i - 1]))))


def by_correlation(l):
    return (l * np.sqrt(RATES)[:, None]).sum(0)


def limits(villages, prior, level):
    l = likelihood(villages)
    integrated = l @ prior
    tail = (1 - level) / 2
    g = by_correlation(l) * prior
    lower = 0.0 if sum(x for _, x, _ in villages) == 0 else quantile(integrated, .5, tail)
    return {"level": level, "lower": lower, "upper": quantile(integrated, 1, 1 - tail),
            "correlation": float((g * CORRELATIONS).sum() / g.sum())}


def round_priors(counties):
    """The prior of each county: the families, weighted by the chance that they give the other counties."""
    evidence = np.array([[float(f @ by_correlation(likelihood(c))) for f in FAMILIES] for c in counties])
    priors = []
    for c in range(len(counties)):
        q = np.exp(np.log(np.delete(evidence, c, 0)).sum(0))
        priors.append((q / q.sum()) @ np.array(FAMILIES))
    return priors


def pooled(counties):
    """rho-hat of equal weights without strata, its jackknife error, and P's limits of each county."""
    d, t = [], []
    for c in counties:
        n = np.array([v[0] for v in c], float)
        x = np.array([v[1] for v in c], float)
        p = x / n
        mean = x.sum() / n.sum()
        msb = (n * (p - mean) ** 2).sum() / (len(c) - 1)
        msw = (n * p * (1 - p)).sum() / (n.sum() - len(c))
        size = (n.sum() - (n ** 2).sum() / n.sum()) / (len(c) - 1)
        d.append(msb - msw)
        t.append(msb + (size - 1) * msw)
    d, t = np.array(d), np.array(t)
    rho = d.sum() / t.sum()
    left = (d.sum() - d) / (t.sum() - t)
    C = len(counties)
    error = np.sqrt((C - 1) / C * ((left - left.mean()) ** 2).sum())
    result = {"correlation": float(rho), "standardError": float(error), "limits": []}
    for c in counties:
        n = np.array([v[0] for v in c], float)
        rows, events = n.sum(), sum(v[1] for v in c)
        row = []
        for r in (rho, min(1, rho + 2 / np.sqrt(C) * error)):
            N = rows / (1 + ((n ** 2).sum() / rows - 1) * r)
            x = events / rows * N
            row.append([0.0 if x == 0 else float(stats.beta.ppf(.025, x + .5, N - x + .5)),
                        float(stats.beta.ppf(.975, x + .75, N - x + .25))])
        result["limits"].append(row)
    return result


def county(rng, rate, rho, villages=25, sizes=(60,), weighted=False):
    out = []
    for _ in range(villages):
        n = int(rng.choice(sizes))
        p = rng.beta(rate * (1 / rho - 1), (1 - rate) * (1 / rho - 1))
        w = float(np.round(np.exp(rng.normal(0, .5)), 3)) if weighted else 1.0
        out.append([n, int(rng.binomial(n, p)), w])
    return out


if __name__ == "__main__":
    rng = np.random.default_rng(20181207)
    samples = [
        [[60, 0, 1.0]] * 25,
        [[60, 1, 1.0]] * 5 + [[60, 0, 1.0]] * 20,
        [[60, 7, 1.0], [60, 2, 1.0]] + [[60, 0, 1.0]] * 23,
        county(rng, .02, .06, weighted=True),
        county(rng, .01, .03, villages=10, sizes=(20, 35, 60), weighted=True),
        county(rng, .05, .1, villages=15, sizes=(40,)),
    ]
    single = [{"villages": v, "limits": [limits(v, SINGLE, q) for q in (.95, .9)]} for v in samples]
    counties = [county(rng, float(r), .05) for r in (.004, .008, .01, .015, .02, .006, .003, .025)]
    counties[2] = [[60, 0, 1.0]] * 25
    whole = {"counties": counties, "pooled": pooled(counties),
             "hierarchical": [limits(c, p, .95) for c, p in zip(counties, round_priors(counties))]}
    print(json.dumps({"single": single, "round": whole}, separators=(",", ":")))
