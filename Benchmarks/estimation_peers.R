# Estimates by R's package survey, as a whole process. usage: Rscript estimation_peers.R TASK RESPONSES.csv
# Prints one line of JSON: the seconds from the loaded frame to the estimates with their errors, and the estimate and
# standard error of the last indicator. TASK: means, twostage, intervals or bootstrap.
suppressPackageStartupMessages({
  library(survey)
  library(data.table)
})
arguments <- commandArgs(TRUE)
task <- arguments[1]
frame <- as.data.frame(fread(arguments[2]))
names <- paste0("y", 1:20)
formula <- as.formula(paste("~", paste(names, collapse = "+")))
clocks <- function() {
  now <- proc.time()
  c(now[["elapsed"]], now[["user.self"]] + now[["sys.self"]])
}
begin <- clocks()
design <- if (task == "twostage") {
  svydesign(~village + hh, strata = ~stratum, fpc = ~N_village + N_hh, weights = ~w, data = frame)
} else {
  svydesign(~village, strata = ~stratum, weights = ~w, data = frame)
}
check <- NULL
if (task == "intervals") {
  for (own in sort(unique(frame$county))) {
    part <- subset(design, county == own)
    for (name in names) svyciprop(as.formula(paste0("~", name)), part, method = "beta")
  }
} else {
  if (task == "bootstrap") design <- as.svrepdesign(design, type = "bootstrap", replicates = 500)
  result <- svymean(formula, design)
  check <- c(coef(result)[20], SE(result)[20])
}
seconds <- clocks() - begin
cat(sprintf(
  '{"run_s":%.6f,"cpu_s":%.6f,"check":%s}\n', seconds[1], seconds[2],
  if (is.null(check)) "null" else sprintf("[%.17g,%.17g]", check[1], check[2])
))
