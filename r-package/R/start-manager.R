# Finds the program `rmada` and runs it.

start_manager <- function() {
  log <- tempfile("rmada-manager-", fileext = ".log")
  process <- run_rmada("manager", log)
  wait <- getOption("rmada.timeout", 60)
  deadline <- Sys.time() + wait
  repeat {
    connection <- find_manager()
    if (!is.null(connection)) {
      unlink(log)
      return(connection)
    }
    # The command ends well once it has started the manager, or found that another was quicker.
    ended <- !process$is_alive() && (is.null(runtime_file()) || !identical(process$get_exit_status(), 0L))
    if (ended || Sys.time() > deadline) break
    Sys.sleep(0.1)
  }
  said <- utils::tail(readLines(log, warn = FALSE), 10)
  fail(
    "MANAGER_UNREACHABLE",
    if (ended) {
      "The network manager could not be started."
    } else {
      paste0("The network manager did not answer within ", wait, " seconds.")
    },
    paste(c("Run this in a terminal to see why: rmada manager.", if (length(said) > 0) "It said:", said), collapse = "\n"),
    details = list(log = log)
  )
}

# Detached: it outlives this R, and a Ctrl-C here does not reach it.
run_rmada <- function(verb, log = NULL) {
  command <- rmada_command()
  tryCatch(
    processx::process$new(
      command[1], c(command[-1], verb),
      stdin = NULL, stdout = log, stderr = if (is.null(log)) NULL else "2>&1", cleanup = FALSE, supervise = FALSE
    ),
    error = function(e) {
      fail(
        "MANAGER_UNREACHABLE", paste0("The program could not be started: ", command[1], "."),
        "Correct the option rmada.command or the environment variable RMADA_COMMAND.", parent = e
      )
    }
  )
}

rmada_command <- function() {
  option <- getOption("rmada.command")
  if (is.character(option) && length(option) > 0) return(option)
  variable <- Sys.getenv("RMADA_COMMAND")
  if (nzchar(variable)) return(scan(text = variable, what = "", quiet = TRUE))
  installed <- Sys.which("rmada")
  if (nzchar(installed)) return(unname(installed))
  script <- checkout_script(c(getwd(), system.file(package = "rmada")))
  node <- Sys.which("node")
  if (!is.null(script) && nzchar(node)) return(c(unname(node), script))
  fail(
    "MANAGER_UNREACHABLE", "The program rmada was not found, so that no network manager can be started.",
    "Install Rmada, or set options(rmada.command = ) to the command that starts it."
  )
}

# bin/rmada.mjs of the checkout that one of these folders lies in.
checkout_script <- function(folders) {
  for (folder in folders) {
    repeat {
      script <- file.path(folder, "bin", "rmada.mjs")
      if (file.exists(script) && file.exists(file.path(folder, "package.json"))) return(normalizePath(script))
      above <- dirname(folder)
      if (above == folder) break
      folder <- above
    }
  }
  NULL
}
