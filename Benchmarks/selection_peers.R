# Seconds that R takes in process for one sample by a method: Rscript selection_peers.R METHOD FRAME.csv n
# Package sampling; local pivotal is not in it, so LPM2 stands here as its authors state it, one vectorised pass over
# the distances a step.
arguments <- commandArgs(TRUE)
if (!requireNamespace("sampling", quietly = TRUE)) { cat("missing\n"); quit() }
suppressMessages(library(sampling))
frame <- read.csv(arguments[2]); n <- as.integer(arguments[3]); set.seed(1)
pik <- inclusionprobabilities(frame$size, n)

lpm2 <- function(p, x, y) {
  left <- which(p > 0 & p < 1)
  while (length(left) > 1) {
    k <- sample.int(length(left), 1); i <- left[k]
    d <- (x[left] - x[i])^2 + (y[left] - y[i])^2; d[k] <- Inf
    near <- which(d == min(d)); if (length(near) > 1) near <- sample(near, 1)
    j <- left[near]; s <- p[i] + p[j]
    if (s < 1) {
      if (runif(1) < p[j] / s) { p[i] <- 0; p[j] <- s } else { p[j] <- 0; p[i] <- s }
    } else {
      if (runif(1) < (1 - p[j]) / (2 - s)) { p[i] <- 1; p[j] <- s - 1 } else { p[j] <- 1; p[i] <- s - 1 }
    }
    left <- left[!((left == i | left == j) & (p[left] < 1e-12 | p[left] > 1 - 1e-12))]
  }
  p
}

draw <- switch(arguments[1],
  "cube" = function() samplecube(cbind(pik, frame$height, frame$poor, 1), pik, order = 1, comment = FALSE, method = 2),
  "local-pivotal" = function() lpm2(pik, frame$east, frame$north),
  "conditional-poisson" = function() UPmaxentropy(pik),
  "pps-sampford" = function() UPsampford(pik),
  "pps-brewer" = function() UPbrewer(pik),
  "pps-systematic" = function() UPsystematic(pik),
  "srs" = function() srswor(n, length(pik)),
  NULL)
if (is.null(draw)) { cat("none\n"); quit() }
start <- proc.time()[[3]]
taken <- tryCatch(sum(draw() > 0.5), error = function(e) -1, warning = function(w) -1)
seconds <- proc.time()[[3]] - start
cat(if (taken == n) seconds else "failed", "\n")
