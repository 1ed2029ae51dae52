# Intervals of proportions, tests and regressions by R survey. Where 4.1.1 is wrong, what replaces it says why.

# The published interval of Korn and Graubard (1998): the effective size is at most that of the sample.
korn_graubard <- function(p, v, n, df, level) {
  tail <- (1 - level) / 2
  size <- n
  if (p > 0 && p < 1 && v > 0) size <- min(n, p * (1 - p) / v * (qt(tail, n - 1) / qt(tail, df))^2)
  list(
    n_eff = size, ci_lower = if (p == 0) 0 else qbeta(tail, p * size, (1 - p) * size + 1),
    ci_upper = if (p == 1) 1 else qbeta(1 - tail, p * size + 1, (1 - p) * size)
  )
}

# Wilson's score interval with Student's quantile on the effective size.
wilson <- function(p, v, n, df, level) {
  q <- qt((1 + level) / 2, df)
  size <- if (p > 0 && p < 1 && v > 0) min(n, p * (1 - p) / v) else n
  centre <- (p * size + q^2 / 2) / (size + q^2)
  reach <- q * sqrt(size * p * (1 - p) + q^2 / 4) / (size + q^2)
  list(n_eff = size, ci_lower = max(0, centre - reach), ci_upper = min(1, centre + reach))
}

# A fit from where the first one ended: R's covariance takes the working weights of the step before the last.
settled <- function(model, design, family) {
  call <- list(model, design, family = do.call(family, list()), control = glm.control(epsilon = 1e-14, maxit = 200))
  if (inherits(design, "svyrep.design")) call$return.replicates <- TRUE
  do.call(svyglm, c(call, list(start = as.numeric(coef(do.call(svyglm, call))))))
}

# R's limits of regressions go through the normal probability of Student's quantile, which has few digits left or none
# where the quantile is large, with one to four degrees of freedom.
student_ends <- function(estimate, error, df, level) {
  reach <- if (df > 0) qt((1 + level) / 2, df) * error else NaN
  cbind(estimate - reach, estimate + reach)
}

# Where the deviance has risen by what Student's t allows. R reads these limits off a spline of a few points, which
# misses them by up to a few per cent or finds none; everything but the search is R's.
likelihood_ends <- function(model, design, level) {
  fitted <- settled(model, design, "quasibinomial")
  w <- fitted$prior.weights
  y <- as.numeric(fitted$y)
  deviance <- function(eta) -2 * sum(w * (y * plogis(eta, log.p = TRUE) + (1 - y) * plogis(-eta, log.p = TRUE)))
  best <- as.numeric(coef(fitted))
  allowed <- qt((1 + level) / 2, degf(design))^2 * as.numeric(vcov(fitted) / fitted$naive.cov) *
    as.numeric(summary(fitted)$dispersion)[1]
  excess <- function(eta) deviance(eta) - deviance(best) - allowed
  root <- function(from, to) uniroot(excess, c(from, to), tol = 1e-13, maxiter = 10000)$root
  plogis(c(root(best - 500, best), root(best, best + 500)))
}

# Whether a replicate shows no event, or nothing else: it has no logit, and R's regression of it ends anywhere.
has_empty_replicate <- function(name, design) {
  if (!inherits(design, "svyrep.design")) return(FALSE)
  shares <- colSums(weights(design, "analysis") * design$variables[[name]]) / colSums(weights(design, "analysis"))
  any(shares <= 1e-12 | shares >= 1 - 1e-12, na.rm = TRUE)
}

proportion <- function(case, design) {
  name <- unlisted(case$variables)
  level <- or(case$level, 0.95)
  whole <- svymean(one_sided(name), design)
  p <- as.numeric(coef(whole))
  v <- as.numeric(vcov(whole))
  closed <- list(korn_graubard = korn_graubard, wilson_design = wilson)[[case$method]]
  if (!is.null(closed)) {
    n <- sum(weights(design, "sampling") != 0)
    df <- degf(design)
    return(c(list(estimate = p, se = sqrt(v), n = n, df = df, level = level), closed(p, v, n, df, level)))
  }
  event <- paste0("I(", name, " == 1)")
  answer <- list(estimate = p, se = sqrt(v), df = freedom(design), level = level)
  if (p <= 0 || p >= 1) return(c(answer, degenerate = TRUE))
  if (case$method == "likelihood") {
    ends <- likelihood_ends(as.formula(paste(event, "~ 1"), env = globalenv()), design, level)
    return(c(answer, ci_lower = ends[1], ci_upper = ends[2], by_root = TRUE))
  }
  # A rate that weights are calibrated on has no spread but what rounding leaves.
  if (sqrt(v) < 1e-9) return(answer)
  method <- case$method
  if (method == "logit" && has_empty_replicate(name, design)) {
    # By the derivative of the logit instead, as for every other kind of design.
    method <- "xlogit"
  } else if (method == "logit") {
    fitted <- settled(as.formula(paste(event, "~ 1"), env = globalenv()), design, "quasibinomial")
    ends <- plogis(student_ends(as.numeric(coef(fitted)), as.numeric(SE(fitted)), degf(design), level))
    return(c(answer, ci_lower = ends[1], ci_upper = ends[2]))
  }
  found <- svyciprop(as.formula(paste("~", event), env = globalenv()), design, method = method, level = level)
  ends <- as.numeric(attr(found, "ci"))
  answer$estimate <- as.numeric(found)
  answer$se <- sqrt(as.numeric(attr(found, "var")))
  c(answer, ci_lower = ends[1], ci_upper = ends[2])
}

# Of one group, or of a table whose cells the weights are calibrated on.
fixed <- "there is nothing to test"

association <- function(case, design) {
  both <- one_sided(c(case$row, case$col))
  cells <- svymean(as.formula(paste0("~ interaction(", case$row, ", ", case$col, ")")), design, na.rm = TRUE)
  if (isTRUE(all(SE(cells) < 1e-9))) stop(fixed)
  found <- svychisq(both, design, statistic = case$statistic)
  if (!isTRUE(found$statistic < 1e12)) stop(fixed)
  list(
    statistic = as.numeric(found$statistic), parameter = numbers(found$parameter), p_value = as.numeric(found$p.value),
    observed = table_of(unclass(svytable(both, design)))
  )
}

# 4.1.1 counts the degrees of freedom of replicates before it leaves out rows without a value, those of other designs
# after: here they are always left out first.
without_gaps <- function(design, names) {
  if (!inherits(design, "svyrep.design")) return(design)
  design[which(complete.cases(design$variables[names])), ]
}

mean_test <- function(case, design) {
  model <- if (is.null(case$group)) paste0("I(", case$response, " - ", case$mu, ") ~ 0")
    else paste(case$response, "~", case$group)
  design <- without_gaps(design, c(case$response, case$group))
  found <- svyttest(as.formula(model, env = globalenv()), design)
  if (is.infinite(found$statistic)) stop("no variance")
  # `average` has no variance for a lonely unit of a later stage.
  if (is.na(found$statistic)) stop(if (getOption("survey.lonely.psu") == "average") "no variance" else fixed)
  list(
    t = as.numeric(found$statistic), df = as.numeric(found$parameter), p_value = as.numeric(found$p.value),
    difference = as.numeric(found$estimate), ci_lower = found$conf.int[[1]], ci_upper = found$conf.int[[2]]
  )
}

rank_test <- function(case, design) {
  model <- as.formula(paste(case$response, "~", case$group), env = globalenv())
  found <- svyranktest(model, design, test = case$test)
  list(
    statistic = as.numeric(found$statistic), df = numbers(found$parameter), p_value = as.numeric(found$p.value),
    estimate = numbers(found$estimate)
  )
}

# The variance of Pearson's residuals. R's own dispersion scales weights before it leaves rows out, and gives a sum of
# squares for replicates.
pearson_variance <- function(fitted) {
  used <- fitted$prior.weights > 0
  w <- fitted$prior.weights[used]
  residuals <- ((fitted$y - fitted$fitted.values) / sqrt(fitted$family$variance(fitted$fitted.values)))[used]
  centre <- sum(w * residuals) / sum(w)
  sum(w * (residuals - centre)^2) / sum(w) * length(w) / (length(w) - 1)
}

# R goes on until the deviance hardly changes and gives what it then has: there is no finite solution, and in one
# direction no information is left.
separated <- "the terms separate the outcome"
is_separated <- function(fitted, design) {
  terms <- model.matrix(fitted)
  is_replicated <- inherits(fitted, "svrepglm")
  coefficients <- rbind(coef(fitted), if (is_replicated) fitted$replicates)
  w <- cbind(fitted$prior.weights, if (is_replicated) weights(design, "analysis"))
  scaled <- sweep(terms, 2, sqrt(colMeans(terms^2)), "/")
  any(vapply(which(complete.cases(coefficients)), function(place) {
    p <- plogis(as.numeric(terms %*% coefficients[place, ]))
    information <- crossprod(scaled * sqrt(w[, place] * p * (1 - p))) / sum(w[, place])
    min(eigen(information, symmetric = TRUE, only.values = TRUE)$values) < 1e-8
  }, TRUE))
}

regression <- function(case, design) {
  terms <- unlisted(case$terms)
  design <- without_gaps(design, c(case$response, terms))
  model <- as.formula(paste(case$response, "~", paste(terms, collapse = " + ")), env = globalenv())
  fitted <- settled(model, design, case$family)
  if (case$family == "quasibinomial" && is_separated(fitted, design)) stop(separated)
  table <- coef(summary(fitted))
  df <- degf(fitted$survey.design)
  ends <- student_ends(as.numeric(coef(fitted)), as.numeric(SE(fitted)), df, 0.95)
  list(
    names = words(c("(Intercept)", terms)), estimate = numbers(table[, 1]), se = numbers(table[, 2]),
    t = numbers(table[, 3]), p_value = numbers(table[, 4]), df_residual = as.numeric(fitted$df.residual),
    vcov = table_of(vcov(fitted)), ci_df = df, ci_lower = numbers(ends[, 1]), ci_upper = numbers(ends[, 2]),
    pearson_variance = pearson_variance(fitted)
  )
}
