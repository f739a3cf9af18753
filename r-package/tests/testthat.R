library(testthat)
library(rmada)

test_check("rmada")
