# One stratified draw in R with data.table, as a whole process. usage: draw_peers.R srs|pps FRAME.csv N_H
# Prints the seconds of the draw alone, after loading.
arguments <- commandArgs(TRUE)
suppressPackageStartupMessages(library(data.table))
set.seed(1)
taken <- as.integer(arguments[3])
frame <- fread(arguments[2], showProgress = FALSE)
begin <- proc.time()[["elapsed"]]
if (arguments[1] == "srs") {
  drawn <- frame[frame[, .I[sample.int(.N, min(taken, .N))], by = stratum]$V1]
} else {
  frame[, p := persons * taken / sum(persons), by = stratum]
  frame[, cumulated := pmin(cumsum(p), taken), by = stratum]
  frame[, start := runif(1), by = stratum]
  drawn <- frame[ceiling(cumulated - start) > ceiling(cumulated - p - start)]
}
cat(proc.time()[["elapsed"]] - begin, nrow(drawn), "\n")
