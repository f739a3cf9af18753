# A real evaluator in a home of its own, as evaluator.sh starts it on a master, but without mpirun.

test_secret <- paste(rep("0123456789abcdef", 4), collapse = "")

# Runs the gate and returns its home and port; `stop_evaluator()` is called when the test that asked ends.
start_evaluator <- function(frame = parent.frame()) {
  testthat::skip_on_os("windows")
  testthat::skip_if(!nzchar(Sys.which("perl")), "perl is not installed")
  home <- tempfile("home")
  folder <- file.path(home, ".rmada")
  dir.create(folder, recursive = TRUE, mode = "0700")
  file.copy(list.files(system.file("evaluator", package = "rmada"), full.names = TRUE), folder)
  writeLines(test_secret, file.path(folder, "secret"))
  Sys.chmod(file.path(folder, "secret"), "0600")
  evaluator <- list(home = home)
  do.call(on.exit, list(substitute(stop_evaluator(e), list(e = evaluator)), add = TRUE), envir = frame)
  evaluator$port <- jsonlite::fromJSON(gate(evaluator, "start"))$port
  evaluator
}

gate <- function(evaluator, action) {
  old <- Sys.getenv("HOME")
  on.exit(Sys.setenv(HOME = old))
  Sys.setenv(HOME = evaluator$home)
  processx::run("perl", c(file.path(evaluator$home, ".rmada", "gate.pl"), action), error_on_status = FALSE)$stdout
}

stop_evaluator <- function(evaluator) {
  for (name in names(rmada:::the$clients)) rmada:::drop_client(name)
  gate(evaluator, "stop")
  unlink(evaluator$home, recursive = TRUE)
}

# What ppe.startClient() does, with an address that no manager has to give.
use_evaluator <- function(evaluator, secret = test_secret) {
  client <- rmada:::open_client("127.0.0.1", evaluator$port, secret, "a test")
  client$host <- "localhost"
  client$user <- "tester"
  clients <- rmada:::the
  clients$clients[["test"]] <- client
  invisible(client)
}
