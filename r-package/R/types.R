#' Instance types and what they cost
#'
#' `ppe.instanceTypes()` lists what a region offers: by default those that MPI is best served by first, which can stand
#' close together in a placement group, are of the current generation and have no GPU to pay for; then by price.
#' `ppe.spotPrices()` has the Spot price of one type now in each zone, and its range over the days before.
#'
#' A price that nobody told is `NA`, never 0. Types and price lists are kept on disk for a day; `attr(x, "age")` says
#' from when they are and where the prices come from.
#'
#' @param search Words that name, network, GPU or architecture must contain.
#' @param minCores,maxCores,minMemory Least and most cores, least memory in GiB.
#' @param maxPrice Most to pay, USD an hour on demand. Types without a known price are left out then.
#' @param cluster,efa,gpu,current `TRUE`: only types for cluster placement groups, with Elastic Fabric Adapter, with a
#'   GPU, of the current generation. `FALSE`: only the others. `NULL`: all.
#' @param architecture `"x86_64"` or `"arm64"`.
#' @param zone Only types that this zone offers.
#' @param sort Order: `"mpi"`, `"price"`, `"spot"`, `"price-per-core"`, `"cores"`, `"memory"` or `"name"`.
#' @param descending The other way round?
#' @param limit The first so many rows.
#' @param refresh Ask the cloud anew, not what is kept on disk?
#' @param region Region id. The default is the option `rmada.region`, else `"practice-1"`.
#' @param type An instance type, for example `"c7i.large"`.
#' @param days How many days back, 90 at most.
#' @return `ppe.instanceTypes()`: a data frame with one row for each type; `price` and `spot` in USD an hour, `spot` of
#'   the cheapest zone. `ppe.spotPrices()`: a data frame with one row for each zone, the cheapest first.
#' @examples
#' \dontrun{
#' ppe.instanceTypes(minCores = 8, maxPrice = 2, cluster = TRUE)
#' ppe.instanceTypes(sort = "price", limit = 5)
#' ppe.spotPrices("c7i.large")
#' }
#' @seealso [ppe.createNetwork()]
#' @export
ppe.instanceTypes <- function(search = NULL, minCores = NULL, maxCores = NULL, minMemory = NULL, maxPrice = NULL,
                              cluster = NULL, efa = NULL, gpu = NULL, current = NULL, architecture = NULL, zone = NULL,
                              sort = "mpi", descending = FALSE, limit = NULL, refresh = FALSE,
                              region = getOption("rmada.region", "practice-1")) {
  query <- list(
    region = region, search = search, minCores = minCores, maxCores = maxCores, minMemoryGib = minMemory,
    maxPrice = maxPrice, cluster = cluster, efa = efa, gpu = gpu, current = current, architecture = architecture,
    zone = zone, sort = sort, descending = descending, limit = limit, refresh = refresh
  )
  types <- call_manager("catalogue.instanceTypes", query[!vapply(query, is.null, NA)])
  age <- call_manager("catalogue.age", list(region = region))
  column <- function(name, kind) vapply(types, function(type) type[[name]] %or% kind, kind)
  words <- function(name) vapply(types, function(type) paste(unlist(type[[name]]), collapse = ", "), "")
  frame <- data.frame(
    type = column("name", ""), cores = column("cores", NA_integer_), vcpus = column("vcpus", NA_integer_),
    memory = as.numeric(column_any(types, "memoryGib")), network = column("network", ""),
    architecture = words("architectures"), cluster = column("clusterPlacement", NA), efa = column("efa", NA),
    gpus = column("gpus", NA_integer_), gpu = words("gpuNames"), current = column("currentGeneration", NA),
    burstable = column("burstable", NA), price = as.numeric(column_any(types, "pricePerHour")),
    spot = as.numeric(column_any(types, "spotPricePerHour")), zones = words("zones"), stringsAsFactors = FALSE
  )
  structure(frame, age = age)
}

#' @rdname ppe.instanceTypes
#' @export
ppe.spotPrices <- function(type, days = 7, region = getOption("rmada.region", "practice-1")) {
  check_string(type, "The instance type", '"c7i.large"')
  history <- call_manager("catalogue.spotHistory", list(region = region, instanceType = type, days = days))
  number <- function(name) as.numeric(column_any(history$zones, name))
  frame <- data.frame(
    zone = vapply(history$zones, `[[`, "", "zone"), now = number("now"),
    since = as.POSIXct(vapply(history$zones, `[[`, "", "since"), format = "%Y-%m-%dT%H:%M:%OS", tz = "UTC"),
    lowest = number("lowest"), highest = number("highest"), changes = as.integer(number("changes")),
    stringsAsFactors = FALSE
  )
  structure(frame, onDemand = history$onDemandPerHour %or% NA_real_, source = history$source)
}

`%or%` <- function(x, y) if (is.null(x)) y else x

# Whole numbers come out of JSON as integers, others as doubles, and what is not known as NULL.
column_any <- function(items, name) vapply(items, function(item) as.numeric(item[[name]] %or% NA), NA_real_)

# The cost estimate of a plan as lines of text; nothing where a manager sent none.
estimate_lines <- function(plan) {
  if (length(plan$estimate) == 0) return(character())
  usd <- function(x, format) if (is.null(x)) "not known" else sprintf(format, x)
  lines <- vapply(plan$estimate, function(line) {
    sprintf(
      "  %s x %s: %s (%s%s)", format(line$quantity), line$item, usd(line$perHour, "%.4f USD an hour"), line$source,
      if (is.null(line$date)) "" else paste0(", ", line$date)
    )
  }, "")
  least <- if (isTRUE(plan$total$complete)) "" else "at least "
  total <- if (is.null(plan$total$perHour)) {
    "  Total: not known"
  } else {
    sprintf("  Total: %s%.4f USD an hour, %.2f USD a day", least, plan$total$perHour, plan$total$perDay)
  }
  c(lines, total)
}
