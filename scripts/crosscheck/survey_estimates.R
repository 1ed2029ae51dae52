# Estimates, quantiles and weights by R survey. Where 4.1.1 is wrong, what replaces it says why.

freedom <- function(design) tryCatch(as.numeric(degf(design)), error = function(stopped) NA_real_)

names_of <- function(design, variables) {
  data <- columns_of(design)
  unlisted(lapply(variables, function(name) {
    if (is.factor(data[[name]])) paste0(name, "=", levels(data[[name]])) else name
  }))
}

limits <- function(estimate, error, df, level) {
  reach <- if (is.na(df) || df <= 0) rep(NaN, length(error)) else qt((1 + level) / 2, df) * error
  list(ci_lower = numbers(estimate - reach), ci_upper = numbers(estimate + reach))
}

wants_effect <- function(case) !is.null(case$deff)
# None where the variance is rounding, nor where the weights add up to less than the rows.
known <- function(effects, errors) {
  effects <- as.numeric(effects)
  effects[effects <= 0 | as.numeric(errors) < 1e-12] <- NA
  numbers(effects)
}
effects <- function(statistic) {
  values <- deff(statistic)
  known(if (is.matrix(values)) diag(values) else unlist(values), SE(statistic))
}

described <- function(statistic, design, case, names) {
  estimate <- as.numeric(coef(statistic))
  # R may give an error of 0 to an estimate that it does not have.
  error <- ifelse(is.na(estimate), NA, as.numeric(SE(statistic)))
  df <- freedom(design)
  level <- or(case$level, 0.95)
  answer <- c(
    list(names = words(names), estimate = numbers(estimate), se = numbers(error), df = df, level = level),
    limits(estimate, error, df, level)
  )
  if (!inherits(statistic, "svyratio") && !anyNA(estimate)) answer$vcov <- table_of(vcov(statistic))
  if (wants_effect(case)) answer$deff <- effects(statistic)
  answer
}

estimator <- function(stat) list(mean = svymean, total = svytotal, ratio = svyratio)[[stat]]

of_variables <- function(stat) function(case, design) {
  variables <- unlisted(case$variables)
  statistic <- estimator(stat)(one_sided(variables), design, na.rm = flag(case$na_rm), deff = or(case$deff, FALSE))
  described(statistic, design, case, names_of(design, variables))
}

ratio <- function(case, design) {
  statistic <- svyratio(
    one_sided(case$numerator), one_sided(case$denominator), design, na.rm = flag(case$na_rm),
    deff = or(case$deff, FALSE)
  )
  described(statistic, design, case, paste0(case$numerator, "/", case$denominator))
}

variance <- function(case, design) {
  statistic <- svyvar(one_sided(case$variables), design, na.rm = flag(case$na_rm))
  list(names = words(case$variables), estimate = numbers(diag(as.matrix(statistic))[1]), se = numbers(SE(statistic)[1]))
}

by_domain <- function(case, design) {
  by <- unlisted(case$by)
  call <- list(
    NULL, one_sided(by), design, estimator(case$stat), covmat = flag(case$covmat), na.rm = flag(case$na_rm),
    deff = or(case$deff, FALSE)
  )
  if (case$stat == "ratio") {
    call[[1]] <- one_sided(case$numerator)
    call$denominator <- one_sided(case$denominator)
    names <- paste0(case$numerator, "/", case$denominator)
  } else {
    call[[1]] <- one_sided(case$variables)
    names <- names_of(design, unlisted(case$variables))
  }
  statistic <- do.call(svyby, call)
  shaped <- function(values) matrix(as.numeric(unlist(values)), nrow(statistic), length(names))
  estimates <- shaped(coef(statistic))
  errors <- shaped(SE(statistic))
  design_effects <- if (wants_effect(case)) shaped(deff(statistic))
  data <- columns_of(design)
  weights <- weights(design, "sampling")
  df <- freedom(design)
  level <- or(case$level, 0.95)
  groups <- lapply(seq_len(nrow(statistic)), function(row) {
    key <- setNames(lapply(by, function(name) as.character(statistic[[name]][row])), by)
    is_member <- Reduce(`&`, lapply(by, function(name) as.character(data[[name]]) %in% key[[name]]))
    c(
      list(
        key = key, n = sum(is_member & weights != 0), sum_weights = sum(weights[is_member]),
        df_domain = freedom(design[which(is_member), ]), estimate = numbers(estimates[row, ]),
        se = numbers(errors[row, ])
      ),
      limits(estimates[row, ], errors[row, ], df, level),
      if (wants_effect(case)) list(deff = known(design_effects[row, ], errors[row, ]))
    )
  })
  answer <- list(names = words(names), df = df, level = level, groups = groups)
  if (flag(case$covmat)) answer$vcov <- table_of(vcov(statistic))
  answer
}

contrast <- function(case, design) {
  statistic <- estimator(case$stat)(one_sided(case$variables), design, na.rm = flag(case$na_rm))
  wanted <- if (is.null(case$expression)) as.numeric(unlisted(case$coefficients)) else str2lang(case$expression)
  found <- svycontrast(statistic, wanted)
  df <- freedom(design)
  level <- or(case$level, 0.95)
  answer <- list(estimate = as.numeric(coef(found)), se = as.numeric(SE(found)), df = df, level = level)
  c(answer, lapply(limits(answer$estimate, answer$se, df, level), as.numeric))
}

# survey 4.1.1 reads the second value where the first alone outweighs the share asked for. Its rules are used, and that
# case is answered by the definition: the least value up to which the share is reached.
quantile_rule <- function(name) {
  rule <- getFromNamespace(paste0("qrule_", name), "survey")
  if (name == "hf7") return(rule)
  function(x, w, p) {
    x <- x[w != 0]
    w <- w[w != 0]
    if (p * sum(w) < w[which.min(x)]) min(x) else rule(x, w, p)
  }
}

# Francisco and Fuller's limits by their definition, value after value: R reads the weighted quantile at the unweighted
# share of rows, so that both of its limits may lie on one side of the quantile.
score_ends <- function(values, design, p, level, df) {
  observed <- sort(unique(values[weights(design, "sampling") != 0]))
  scores <- vapply(observed, function(value) {
    share <- svymean((values > value) - (1 - p), design)
    as.numeric(coef(share)) / as.numeric(SE(share))
  }, 0)
  t <- qt((1 + level) / 2, df)
  first <- which(scores < t)[1]
  last <- max(which(scores > -t), 0) + 1
  c(if (isTRUE(first > 1)) observed[first] else NaN, if (isTRUE(last < length(observed))) observed[last] else NaN)
}

quantiles <- function(case, design) {
  name <- unlisted(case$variables)
  level <- or(case$level, 0.95)
  shares <- as.numeric(unlisted(case$probs))
  rule <- quantile_rule(case$qrule)
  gaps <- is.na(design$variables[[name]])
  if (flag(case$na_rm) && any(gaps)) design <- within_rows(design, !gaps)
  df <- freedom(design)
  values <- design$variables[[name]]
  # 4.1.1 forgets which interval was asked for replicates; the function that it means to call takes the name.
  woodruff <- getFromNamespace("woodruffCI", "survey")
  if (inherits(design, "svyrep.design") || case$interval == "score-definition") {
    found <- t(sapply(shares, function(p) {
      estimate <- rule(values, weights(design, "sampling"), p)
      ends <- if (case$interval == "score-definition") score_ends(values, design, p, level, df)
        else woodruff(values, estimate, p, design, rule, 1 - level, df, method = case$interval)
      c(estimate, ends, diff(ends) / (2 * qt((1 + level) / 2, df)))
    }))
  } else {
    found <- svyquantile(
      one_sided(name), design, quantiles = shares, alpha = 1 - level, interval.type = case$interval, qrule = rule,
      na.rm = flag(case$na_rm), ci = TRUE
    )[[1]]
  }
  # Where no value is larger than the quantile the share is 1 but for rounding, and R's limits are what that leaves.
  is_largest <- found[, 1] >= max(values[weights(design, "sampling") != 0])
  if (!startsWith(case$interval, "score")) found[is_largest, 2:4] <- NaN
  list(
    names = words(name), probs = numbers(shares), estimate = numbers(found[, 1]), ci_lower = numbers(found[, 2]),
    ci_upper = numbers(found[, 3]), se = numbers(found[, 4]), df = df, level = level
  )
}

weights_used <- function(case, design) {
  w <- weights(design, "sampling")
  list(n = length(w), sum = sum(w), sum_sq = sum(w^2), min = min(w), max = max(w), weights = numbers(w))
}

replicate_weights <- function(case, design) {
  w <- weights(design, "analysis")
  list(
    n = nrow(w), replicates = ncol(w), scale = as.numeric(design$scale), degf = freedom(design),
    rscales = numbers(rep(design$rscales, length.out = ncol(w))), column_sums = numbers(colSums(w)),
    first_rows = table_of(w[seq_len(min(3, nrow(w))), , drop = FALSE])
  )
}
