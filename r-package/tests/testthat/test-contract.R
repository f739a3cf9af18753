contract <- jsonlite::read_json(system.file("contract.json", package = "rmada"))

# Every call_manager("method", list(a = , b = )) in the package, with the names it passes.
calls_of_package <- function() {
  found <- list()
  visit <- function(x) {
    if (!is.call(x)) return()
    if (identical(x[[1]], quote(call_manager)) && is.character(x[[2]])) {
      params <- if (length(x) > 2 && is.call(x[[3]]) && identical(x[[3]][[1]], quote(list))) names(x[[3]])[-1]
      found[[length(found) + 1]] <<- list(method = x[[2]], params = params)
    }
    lapply(as.list(x), function(part) if (!missing(part)) visit(part))
  }
  namespace <- asNamespace("rmada")
  for (name in ls(namespace, all.names = TRUE)) {
    value <- get(name, namespace)
    if (is.function(value)) visit(body(value))
  }
  found
}

test_that("package and manager speak the same protocol version", {
  expect_equal(protocol_version, contract$protocol)
})

test_that("every procedure that the package calls is there for R, and takes what it is given", {
  calls <- calls_of_package()
  expect_gt(length(calls), 8)
  for (call in calls) {
    procedure <- contract$procedures[[call$method]]
    expect_true("r" %in% unlist(procedure$audience), info = call$method)
    if (is.null(call$params)) next
    expect_true(all(unlist(procedure$input$required) %in% call$params), info = call$method)
    expect_true(all(call$params %in% names(procedure$input$properties)), info = call$method)
  }
  methods <- c("networks.reboot", "networks.terminate")
  for (method in methods) expect_equal(unlist(contract$procedures[[method]]$input$required), "name")
})

test_that("a spec has the fields of the contract", {
  fields <- names(contract$procedures[["networks.launch"]]$input$properties)
  sent <- c("name", "region", "instances", "instanceType", "image", "zone", "slotsPerHost", "placementGroup", "packages")
  expect_equal(setdiff(sent, fields), character())
})

test_that("every code that the package raises by itself is one of the contract's", {
  raised <- c("INVALID_INPUT", "MANAGER_UNREACHABLE", "TIMEOUT", "NETWORK_UNKNOWN", "NETWORK_NOT_RUNNING", "CANCELLED",
    "EVALUATOR_UNREACHABLE", "EVALUATION_FAILED", "PROTOCOL_MISMATCH")
  expect_true(all(raised %in% names(contract$errors)))
})
