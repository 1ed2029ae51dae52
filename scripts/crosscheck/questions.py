"""Random questions to a design: what is to be estimated or tested, as cases that `reference-check` reads."""
from samples import between, pick, weighted_pick

RULES = ["math", "school", "hf2", "hf7"]
INTERVALS = ["mean", "xlogit", "asin", "beta", "score", "score-definition"]
METHODS = ["logit", "likelihood", "asin", "beta", "mean", "xlogit", "korn_graubard", "wilson_design"]
TESTS = ["F", "Chisq", "Wald", "adjWald", "saddlepoint"]
RANKS = ["wilcoxon", "vanderWaerden", "median"]
EXPRESSIONS = ["y/x", "x/y - z/x", "log(x) + sqrt(z)", "exp(z/x)*y", "(y - x)/(x + z)"]


class Questions:
    """Cases of one design, numbered in the order in which they were thought of."""

    def __init__(self, rng, name, sample, spec, tags):
        self.rng, self.name, self.sample, self.tags = rng, name, sample, tags
        self.is_two_phase = spec["type"] == "twophase"
        self.is_replicate = spec["type"] == "replicate" or any(
            step["op"] == "as_replicate" for step in spec.get("transforms", []))
        self.is_joint = spec.get("pps", {}).get("method", "brewer") != "brewer"
        self.is_adjusted = any(step["op"] != "as_replicate" for step in spec.get("transforms", []))
        # R keeps the rows outside a domain of such designs, and some of its functions then count them.
        self.keeps_rows = "pps" in spec or self.is_adjusted and not self.is_replicate
        self.is_simple = not spec.get("ids") and "strata" not in spec
        self.policy = spec.get("lonely_psu")
        self.must_fail = self.policy == "fail"
        self.cases = []

    def ask(self, op, **words):
        case = {"id": f"{len(self.cases) + 1:02d}.{op}", "design": self.name, "op": op}
        self.cases.append(case | {key: value for key, value in words.items() if value is not None})

    def domain(self, share=0.3, counts_rows=False):
        """A condition, or none: values, comparisons of numbers, and two of them together.

        counts_rows: the function counts rows, which R gets wrong where it keeps those outside.
        """
        if self.rng.random() > share or self.is_two_phase or self.must_fail or counts_rows and self.keeps_rows:
            return None
        one = weighted_pick(self.rng, [
            (3, {"variable": "type", "cmp": "==", "value": "alpha"}),
            (2, {"variable": "area", "cmp": "<=", "value": 2}),
            (2, {"variable": "region", "cmp": "!=", "value": "south"}),
            (2, {"variable": "x", "cmp": ">", "value": 15})])
        if self.rng.random() < 0.15:
            return [one, {"variable": "z", "cmp": "<", "value": 6}]
        return one

    def effect(self, is_known=True):
        return None if not is_known else weighted_pick(self.rng, [(3, None), (2, True), (1, "replace")])

    def everything(self):
        rng = self.rng
        if not self.must_fail:
            self.ask("degf")
        self.ask("mean", variables=["y", "x", "b"], deff=self.effect(not self.is_two_phase))
        self.ask("total", variables=["y", "count"], deff=self.effect(not self.is_two_phase and not self.is_joint))
        self.ask("ratio", numerator="y", denominator="x",
                 deff=self.effect(not self.is_two_phase and not self.is_replicate))
        if self.is_two_phase:
            self.ask("mean", variables=["type"])
            return self.cases
        self.ask("mean", variables=[pick(rng, ["type", "region"])])
        drops = self.is_replicate or self.keeps_rows or rng.random() < 0.7
        self.ask("mean", variables=["y_na"], na_rm=drops, where=self.domain())
        self.ask("mean", variables=["y_na", "x", "b_na"], na_rm=True)
        self.ask("total", variables=["b_na", "z"], na_rm=True, where=self.domain(0.6))
        self.ask("mean", variables=["b", "z"], where=self.domain(1), level=pick(rng, [None, 0.9, 0.99]),
                 deff=self.effect(not self.is_joint))
        self.ask("ratio", numerator=pick(rng, ["z", "z" if self.is_joint else "y_na"]), denominator="x", na_rm=True,
                 where=self.domain(0.3, self.is_joint))
        self.ask("variance", variables=["y"], where=self.domain())
        self.ask("contrast", stat=pick(rng, ["mean", "total"]), variables=["y", "x", "z"],
                 **self.combination(), where=self.domain(0.2))
        self.domains()
        self.quantiles()
        self.proportions()
        self.comparisons()
        if self.is_adjusted and not self.is_replicate:
            self.ask("weights")
        if self.is_replicate:
            self.ask("repweights")
        return self.cases

    def combination(self):
        if self.rng.random() < 0.5:
            return {"coefficients": [round(2 * self.rng.random() - 1, 2) for _ in range(3)]}
        return {"expression": pick(self.rng, EXPRESSIONS)}

    def domains(self):
        rng = self.rng
        for by in (["region"], pick(rng, [["type"], ["area"], ["region_na"]]), ["area", "region"]):
            stat = weighted_pick(rng, [(3, "mean"), (2, "total"), (2, "ratio")])
            words = {"by": by, "stat": stat, "na_rm": rng.random() < 0.4}
            if stat == "ratio":
                words |= {"numerator": "y", "denominator": "x"}
            else:
                words["variables"] = pick(rng, [
                    ["y"], ["b", "z"], ["y" if self.keeps_rows else "y_na"], ["b" if by == ["region"] else "region"]])
                words["na_rm"] = words["na_rm"] or words["variables"] == ["y_na"]
                if words["variables"] != ["region"] and not self.is_joint and rng.random() < 0.4:
                    words["deff"] = True
            # R has no influence functions for the covariances between domains of a design by joint probabilities.
            words["covmat"] = (
                "deff" not in words and not self.keeps_rows and stat != "ratio" and len(by) == 1
                and words["variables"] != ["y_na"] and self.policy != "average" and rng.random() < 0.5)
            self.ask("by", **words, where=self.domain(0.15))

    def quantiles(self):
        for _ in range(2):
            interval = pick(self.rng, INTERVALS if not self.is_replicate else INTERVALS[:4])
            counts = interval in ("beta", "score", "score-definition")
            variables = ["y", "x", "count"] + (["y_na"] if not counts or not self.keeps_rows else [])
            probs = [[0.5], [0.1, 0.25, 0.5, 0.75, 0.9], [0.333, 0.8]]
            self.ask("quantile", variables=[pick(self.rng, variables)],
                     probs=pick(self.rng, probs if not interval.startswith("score") else [[0.5], [0.4, 0.6]]),
                     interval=interval, qrule=pick(self.rng, RULES), na_rm=True, where=self.domain(0.3, counts),
                     level=pick(self.rng, [None, None, 0.9]))

    def proportions(self):
        # R finds no likelihood interval for replicates.
        methods = [method for method in METHODS if method != "likelihood" or not self.is_replicate]
        for method in sorted(methods, key=lambda _: self.rng.random())[:4]:
            self.ask("ciprop", variables=[pick(self.rng, ["b", "b", "rare", "group"])], method=method,
                     where=self.domain(0.25, method == "beta"), level=pick(self.rng, [None, None, 0.9, 0.99]))

    def comparisons(self):
        rng = self.rng
        gaps = ["y_na"] if not self.is_joint else []
        tests = TESTS if not self.is_replicate else TESTS[:2] + TESTS[4:]
        if self.is_simple:
            # Equal effects: R cuts off one of the terms or not, as the last digit falls.
            tests = [test for test in tests if test != "saddlepoint"]
        for statistic in sorted(tests, key=lambda _: rng.random())[:2]:
            row, col = pick(rng, [("type", "region"), ("type", "group"), ("area", "region"), ("type", "region_na")])
            self.ask("chisq", row=row, col=col, statistic=statistic)
        self.ask("ttest", response=pick(rng, ["y", "x"] + gaps), group="group",
                 where=self.domain(0.3, self.is_joint))
        self.ask("ttest", response="y", mu=between(rng, 40, 80), where=self.domain(0.3, self.is_joint))
        self.ask("ranktest", response=pick(rng, ["y", "count"]), group="group", test=pick(rng, RANKS),
                 where=self.domain(0.2, True))
        models = [("gaussian", "y"), ("quasibinomial", "b"), ("quasipoisson", "count")]
        family, response = pick(rng, models + [("gaussian", name) for name in gaps])
        terms = pick(rng, [["x"], ["x", "group"], ["z", "group"]])
        self.ask("glm", family=family, response=response, terms=terms, where=self.domain(0.2, self.is_joint))
