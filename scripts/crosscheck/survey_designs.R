# Declarations, data and adjusted weights as designs of R survey.

numbers <- function(values) I(unname(as.numeric(values)))
words <- function(values) I(unname(as.character(values)))
table_of <- function(values) unname(as.matrix(values))
or <- function(value, otherwise) if (is.null(value)) otherwise else value
flag <- function(value) isTRUE(value)
unlisted <- function(value) unlist(value, use.names = FALSE)
inside <- function(path) file.path(folder, path)

one_sided <- function(names) as.formula(paste("~", paste(names, collapse = " + ")), env = globalenv())
of_names <- function(names) {
  names <- unlisted(names)
  if (length(names) == 0 || identical(names, "")) NULL else one_sided(names)
}

read_columns <- function(path) {
  data <- read.csv(inside(path), check.names = FALSE, na.strings = "", stringsAsFactors = FALSE)
  texts <- vapply(data, is.character, TRUE)
  # Levels in byte order, whatever the locale.
  data[texts] <- lapply(data[texts], function(column) factor(column, sort(unique(column), method = "radix")))
  data
}

read_matrix <- function(path) unname(as.matrix(read.csv(inside(path), header = FALSE)))

holds <- function(condition, data) {
  if (is.null(condition$variable)) return(Reduce(`&`, lapply(condition, holds, data)))
  answer <- match.fun(condition$cmp)(data[[condition$variable]], condition$value)
  !is.na(answer) & answer
}

with_lonely_policy <- function(spec, action) {
  before <- options(
    survey.lonely.psu = or(spec$lonely_psu, "fail"),
    survey.adjust.domain.lonely = flag(spec$adjust_domain_lonely)
  )
  on.exit(options(before))
  action()
}

linear_design <- function(spec, data) {
  call <- list(
    ids = or(of_names(spec$ids), ~1), strata = of_names(spec$strata), fpc = of_names(spec$fpc),
    weights = of_names(spec$weights), probs = of_names(spec$probs), nest = flag(spec$nest), data = data
  )
  kind <- or(spec$pps$method, "")
  if (kind %in% c("brewer", "overton")) call$pps <- kind
  if (kind == "HR") call$pps <- if (is.null(spec$pps$sum_p2)) HR() else HR(spec$pps$sum_p2)
  if (kind == "matrix") {
    call$pps <- ppsmat(read_matrix(spec$pps$file))
    call$variance <- spec$pps$variance
  }
  if (kind == "poisson") {
    call$pps <- poisson_sampling(data[[spec$fpc[[1]]]])
    call$probs <- call$fpc
    call$fpc <- NULL
  }
  do.call(svydesign, call[!vapply(call, is.null, TRUE)])
}

replicate_design <- function(spec, data) {
  call <- list(
    data = data, weights = of_names(spec$weights), repweights = read_matrix(spec$repweights), type = spec$rep_type,
    combined.weights = flag(spec$combined_weights), mse = flag(spec$mse), scale = spec$scale,
    rscales = unlisted(spec$rscales), rho = spec$rho
  )
  do.call(svrepdesign, call[!vapply(call, is.null, TRUE)])
}

two_phase_design <- function(spec, data) {
  data[[spec$subset]] <- data[[spec$subset]] == 1
  phases <- function(names) lapply(names, of_names)
  call <- list(
    id = lapply(phases(spec$ids2), or, ~1), strata = phases(spec$strata2), subset = one_sided(spec$subset),
    data = data, method = spec$method
  )
  if (!is.null(spec$fpc2)) call$fpc <- phases(spec$fpc2)
  if (!is.null(spec$weights2)) call$weights <- phases(spec$weights2)
  do.call(twophase, call)
}

class_totals <- function(population, names) {
  classes <- lapply(seq_along(names), function(place) {
    values <- lapply(population, function(class) class$levels[[place]])
    unlisted(values)
  })
  data.frame(setNames(classes, names), Freq = vapply(population, function(class) as.numeric(class$total), 0))
}

# R goes on with replicates that no weights within the bounds can calibrate, and with what it then has of them.
unmet <- "a replicate does not meet the totals"
stop_unless_met <- function(design, model, totals) {
  w <- weights(design, if (inherits(design, "svyrep.design")) "analysis" else "sampling")
  reached <- crossprod(model.matrix(model, design$variables), w)
  if (any(abs(reached - totals) > 1e-6 * abs(totals))) stop(unmet)
}

adjusted <- list(
  poststratify = function(design, step) {
    names <- unlisted(step$variables)
    postStratify(design, one_sided(names), class_totals(step$population, names), partial = flag(step$partial))
  },
  rake = function(design, step) {
    names <- vapply(step$margins, function(margin) margin$variable, "")
    totals <- Map(function(margin, name) class_totals(margin$population, name), step$margins, names)
    raked <- function(design) {
      control <- list(maxit = 1000, epsilon = 1e-10, verbose = FALSE)
      rake(design, lapply(names, one_sided), unname(totals), control = control)
    }
    # R stops when the whole sample meets the margins, which its replicates may not yet do.
    rounds <- if (inherits(design, "svyrep.design")) 60 else 1
    Reduce(function(design, round) raked(design), seq_len(rounds), design)
  },
  calibrate = function(design, step) {
    terms <- unlisted(step$terms)
    # R means each variable and the weights over a cluster: where weights differ in it, the totals are then not met.
    if (!is.null(step$aggregate_stage)) {
      unit <- design$cluster[[step$aggregate_stage]]
      w <- weights(design, "sampling")
      for (name in terms) design$variables[[paste0(name, "_mean")]] <- ave(w * design$variables[[name]], unit) / ave(w, unit)
      terms <- paste0(terms, "_mean")
    }
    model <- if (flag(step$intercept)) one_sided(terms) else one_sided(c(terms, "-1"))
    totals <- setNames(as.numeric(unlisted(step$totals)), c(if (flag(step$intercept)) "(Intercept)", terms))
    call <- list(
      design, model, totals, calfun = step$method, maxit = 500, epsilon = 1e-11
    )
    if (inherits(design, "svyrep.design")) call$compress <- FALSE
    if (!is.null(step$bounds)) call$bounds <- as.numeric(unlisted(step$bounds))
    calibrated <- do.call(calibrate, call[!vapply(call, is.null, TRUE)])
    stop_unless_met(calibrated, model, totals)
    calibrated
  },
  trim = function(design, step) {
    trimWeights(design, lower = or(step$lower, -Inf), upper = or(step$upper, Inf), strict = flag(step$strict))
  },
  as_replicate = function(design, step) {
    before <- options(survey.drop.replicates = TRUE)
    on.exit(options(before))
    as.svrepdesign(design, type = step$rep_type, mse = flag(step$mse), compress = FALSE)
  }
)

build <- function(spec) {
  data <- read_columns(spec$data)
  make <- list(linear = linear_design, replicate = replicate_design, twophase = two_phase_design)[[spec$type]]
  adjust <- function(design, step) adjusted[[step$op]](design, step)
  design <- Reduce(adjust, or(spec$transforms, list()), make(spec, data))
  # Some steps count the degrees of freedom of replicates anew and others keep those from before: they are counted anew.
  if (inherits(design, "svyrep.design")) design$degf <- NULL
  design
}

columns_of <- function(design) {
  if (inherits(design, c("twophase", "twophase2"))) design$phase1$full$variables else design$variables
}

# A design by joint probabilities keeps its rows and sets weights to zero.
within_rows <- function(design, chosen) {
  if (!is.null(design$pps) && !isFALSE(design$pps)) subset(design, chosen) else design[which(chosen), ]
}
