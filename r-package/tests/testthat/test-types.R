type <- function(name, price = 0.1, spot = NULL, gpus = list()) {
  list(
    name = name, vcpus = 4, cores = 2, threadsPerCore = 2, memoryGib = 3.75, network = "Up to 10 Gigabit",
    architectures = list("x86_64"), clusterPlacement = TRUE, currentGeneration = TRUE, gpus = length(gpus),
    gpuNames = gpus, efa = FALSE, burstable = FALSE, zones = list("z-a", "z-b"), pricePerHour = price,
    priceSource = "list", spotPricePerHour = spot
  )
}
age <- list(prices = list(from = "snapshot", date = "2026-02-09"))

test_that("types come as a data frame, and what is not known as NA", {
  replies <- list(
    "catalogue.instanceTypes" = list(list(result = list(type("c5.large", 1, 0.04), type("g5.x", NULL, gpus = list("NVIDIA A10G"))))),
    "catalogue.age" = list(list(result = age))
  )
  requests <- with_manager(replies, {
    types <- ppe.instanceTypes(minCores = 2, gpu = FALSE, sort = "price", region = "r-1")
    expect_identical(types$type, c("c5.large", "g5.x"))
    expect_identical(types$price, c(1, NA))
    expect_identical(types$spot, c(0.04, NA))
    expect_identical(types$memory, c(3.75, 3.75))
    expect_identical(types$gpu, c("", "NVIDIA A10G"))
    expect_identical(types$zones[1], "z-a, z-b")
    expect_identical(attr(types, "age")$prices$date, "2026-02-09")
  })
  expect_equal(requests[[1]]$params[c("region", "minCores", "gpu", "sort")],
    list(region = "r-1", minCores = 2, gpu = FALSE, sort = "price"))
  expect_false("cluster" %in% names(requests[[1]]$params))
})

test_that("no type is a data frame without rows", {
  with_manager(list("catalogue.instanceTypes" = list(list(result = list())), "catalogue.age" = list(list(result = age))), {
    expect_identical(dim(ppe.instanceTypes(minCores = 1e6)), c(0L, 15L))
  })
})

test_that("Spot prices come zone by zone", {
  zone <- list(zone = "z-a", now = 0.03, since = "2026-11-20T03:00:00.000Z", lowest = 0.02, highest = 1, changes = 3)
  reply <- list(instanceType = "c5.large", days = 7, zones = list(zone), onDemandPerHour = NULL, source = "history")
  with_manager(list("catalogue.spotHistory" = list(list(result = reply))), {
    prices <- ppe.spotPrices("c5.large")
    expect_identical(prices$zone, "z-a")
    expect_identical(c(prices$now, prices$lowest, prices$highest), c(0.03, 0.02, 1))
    expect_identical(format(prices$since, "%H:%M"), "03:00")
    expect_identical(attr(prices, "onDemand"), NA_real_)
  })
  expect_error(ppe.spotPrices(""), class = "rmada_error_INVALID_INPUT")
})

test_that("the estimate says each line and its source, and that it is a least when a price is not known", {
  line <- function(item, per_hour, date = NULL) {
    list(item = item, quantity = 2L, unit = "hour", unitPrice = per_hour, perHour = per_hour, source = "list", date = date)
  }
  plan <- list(
    estimate = list(line("c5.large, on demand", 0.17, "2026-02-09"), line("root volumes", NULL)),
    total = list(perHour = 0.17, perDay = 4.08, complete = FALSE)
  )
  expect_identical(estimate_lines(plan), c(
    "  2 x c5.large, on demand: 0.1700 USD an hour (list, 2026-02-09)", "  2 x root volumes: not known (list)",
    "  Total: at least 0.1700 USD an hour, 4.08 USD a day"
  ))
  expect_identical(estimate_lines(list(estimate = plan$estimate[2], total = list(complete = FALSE)))[2], "  Total: not known")
  expect_identical(estimate_lines(list()), character())
})
