# Answers the questions of a crosscheck folder with R survey.
#
#   Rscript survey_answers.R FOLDER
#
# Every FOLDER/cases/*.json declares one design over FOLDER/data/*.csv and asks questions of it; the figures of R are
# written back as `expected`. A question on which R stops gets `expected.error`; where the reason is a lonely unit,
# totals that cannot be met, a fixed table or an outcome that the terms separate, `expect_error` says that to stop is
# right.

suppressPackageStartupMessages({
  library(survey)
  library(jsonlite)
})
# Rows of strata taken whole stay in the replicates: without them R's replicates are of another population than its
# estimate, and the mean squared error between both is no variance.
options(warn = -1, digits = 17, survey.drop.replicates = FALSE)

folder <- commandArgs(trailingOnly = TRUE)[1]
if (is.na(folder)) stop("Name the folder.")
script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
for (part in c("designs", "estimates", "models")) source(file.path(dirname(script), paste0("survey_", part, ".R")))

answers <- list(
  mean = of_variables("mean"), total = of_variables("total"), ratio = ratio, variance = variance, by = by_domain,
  contrast = contrast, quantile = quantiles, ciprop = proportion, chisq = association, ttest = mean_test,
  ranktest = rank_test, glm = regression, weights = weights_used, repweights = replicate_weights,
  degf = function(case, design) list(df = freedom(design))
)

stopped_on <- function(problem) list(error = conditionMessage(problem))

within_domain <- function(case, design) {
  if (is.null(case$where)) design else within_rows(design, holds(case$where, design$variables))
}

answer_suite <- function(path) {
  suite <- read_json(path)
  specs <- suite$designs
  designs <- lapply(specs, function(spec) {
    tryCatch(with_lonely_policy(spec, function() build(spec)), error = stopped_on)
  })
  suite$cases <- lapply(suite$cases, function(case) {
    design <- designs[[case$design]]
    found <- if (is.character(design$error)) design else tryCatch(
      with_lonely_policy(specs[[case$design]], function() answers[[case$op]](case, within_domain(case, design))),
      error = stopped_on
    )
    refusals <- paste(c("has only one PSU at stage", separated, fixed, unmet), collapse = "|")
    if (!is.null(found$error) && grepl(refusals, found$error)) {
      case$expect_error <- TRUE
    }
    case$expected <- found
    case
  })
  suite$versions <- list(R = as.character(getRversion()), survey = as.character(packageVersion("survey")))
  text <- toJSON(suite, digits = I(17), auto_unbox = TRUE, na = "string", null = "null")
  writeLines(text, path)
  errors <- vapply(suite$cases, function(case) or(case$expected$error, ""), "")
  paste(suite$suite, vapply(suite$cases, function(case) case$id, ""), errors)[errors != ""]
}

paths <- list.files(inside("cases"), pattern = "[.]json$", full.names = TRUE)
stopped <- parallel::mclapply(paths, answer_suite, mc.cores = parallel::detectCores(), mc.preschedule = FALSE)
broken <- vapply(stopped, inherits, TRUE, "try-error")
if (any(broken)) {
  stop("R could not answer ", paste(basename(paths[broken]), collapse = ", "), ": ", stopped[broken][[1]])
}
writeLines(as.character(unlist(stopped)), inside("r-errors.txt"))
if (packageVersion("survey") < "4.1" || packageVersion("survey") >= "4.2") cat(
  "These questions were written for survey 4.1; this is", as.character(packageVersion("survey")),
  "and may differ on purpose. See docs/crosscheck.md.\n"
)
cat(
  "R", as.character(getRversion()), "with survey", as.character(packageVersion("survey")), "answered;",
  length(unlist(stopped)), "questions stopped it (r-errors.txt)\n"
)
