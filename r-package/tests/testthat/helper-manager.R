# A manager that the package starts by itself, as it would the real one; it answers what `replies` says.
with_manager <- function(replies, code) {
  testthat::skip_on_os("windows")
  testthat::skip_if(!nzchar(Sys.which("node")), "node is not installed")
  folder <- tempfile("rm")
  dir.create(folder, mode = "0700")
  old_runtime <- Sys.getenv("RMADA_RUNTIME_DIR", NA)
  Sys.setenv(RMADA_RUNTIME_DIR = folder)
  old <- options(rmada.command = c("node", testthat::test_path("fake-manager.mjs")), rmada.timeout = 20)
  on.exit({
    ppe.disconnectNetworkManager()
    pid <- runtime_file()$pid
    if (is.numeric(pid)) tools::pskill(pid)
    options(old)
    if (is.na(old_runtime)) Sys.unsetenv("RMADA_RUNTIME_DIR") else Sys.setenv(RMADA_RUNTIME_DIR = old_runtime)
    unlink(folder, recursive = TRUE)
  })
  jsonlite::write_json(replies, file.path(folder, "replies.json"), auto_unbox = TRUE, null = "null")
  force(code)
  path <- file.path(folder, "requests.jsonl")
  requests <- if (file.exists(path)) lapply(readLines(path), jsonlite::fromJSON, simplifyVector = FALSE)
  invisible(Filter(function(request) request$method != "hello", requests))
}

network <- function(name, status = "running", message = "") {
  list(
    id = name, name = name, region = "practice-1", status = status, message = message,
    instances = list(
      list(role = "slave", publicDns = "slave.example", publicIp = "192.0.2.2"),
      list(role = "master", publicDns = NULL, publicIp = "192.0.2.1")
    )
  )
}

step <- function(title, state, message = "", ms = NULL) list(title = title, state = state, message = message, ms = ms)

task <- function(state, progress, steps, error = NULL) {
  list(id = "t1", kind = "launch", network = "fit", title = "Launch fit", state = state, progress = progress,
    message = "", steps = steps, error = error)
}
