# The connection to the network manager: JSON-RPC 2.0, one object a line, over its local socket.

protocol_version <- 1

# What the package knows between calls. In the namespace, so that nothing of ours is in .GlobalEnv.
the <- new.env(parent = emptyenv())
the$manager <- NULL
the$clients <- list()

#' Start, and leave, the network manager
#'
#' `ppe.launchNetworkManager()` connects this R to the network manager, and starts it first when none runs. All other
#' functions do the same by themselves when they need the manager, but open no window. `ppe.disconnectNetworkManager()`
#' closes the connection; the manager and the networks go on.
#'
#' The program is looked for in this order: the option `rmada.command`, the environment variable `RMADA_COMMAND`, the
#' command `rmada` on the path, and the checkout of Rmada that the working directory or this package lies in. How long
#' to wait for it is the option `rmada.timeout`, in seconds (60).
#'
#' @param window Open the window as well?
#' @return `ppe.launchNetworkManager()`: invisibly a list that describes the manager, with `version`, `pid` and
#'   `dataDirectory`. `ppe.disconnectNetworkManager()`: invisibly whether there was a connection.
#' @examples
#' # A real error says why when the manager cannot be found or started:
#' old <- options(rmada.command = "no-such-program")
#' Sys.setenv(RMADA_RUNTIME_DIR = file.path(tempdir(), "nowhere"))
#' tryCatch(ppe.launchNetworkManager(), rmada_error = function(e) cat(conditionMessage(e)))
#' Sys.unsetenv("RMADA_RUNTIME_DIR")
#' options(old)
#'
#' \dontrun{
#' ppe.launchNetworkManager()
#' ppe.getNetworkNames()
#' ppe.disconnectNetworkManager()
#' }
#' @export
ppe.launchNetworkManager <- function(window = interactive()) {
  manager_connection()
  if (isTRUE(window)) run_rmada("app")
  invisible(call_manager("manager.info"))
}

#' @rdname ppe.launchNetworkManager
#' @export
ppe.disconnectNetworkManager <- function() {
  was <- !is.null(the$manager)
  if (was) tryCatch(close(the$manager), error = function(e) NULL)
  the$manager <- NULL
  invisible(was)
}

# Calls one procedure and returns its result. Lists stay lists: what is a vector is for the caller to say.
call_manager <- function(method, params = list(), timeout = 120) {
  connection <- manager_connection()
  tryCatch(
    call_on(connection, method, params, timeout),
    rmada_connection_lost = function(e) {
      ppe.disconnectNetworkManager()
      fail(
        "MANAGER_UNREACHABLE", "The network manager closed the connection during the call.",
        "Call again: it is started when it no longer runs. Networks are not touched by this.", parent = e
      )
    }
  )
}

manager_connection <- function() {
  if (!is.null(the$manager) && is_alive(the$manager)) return(the$manager)
  ppe.disconnectNetworkManager()
  connection <- find_manager()
  if (is.null(connection)) connection <- start_manager()
  the$manager <- connection
}

# A manager that ended leaves its end of file, or half a line, in the connection.
is_alive <- function(connection) {
  tryCatch(
    {
      if (processx::poll(list(connection), 0)[[1]] == "ready") processx::conn_read_lines(connection)
      processx::conn_is_incomplete(connection)
    },
    error = function(e) FALSE
  )
}

# The running manager, greeted, or NULL when none answers.
find_manager <- function() {
  found <- runtime_file()
  if (is.null(found) || !is.character(found$socket)) return(NULL)
  connection <- tryCatch(processx::conn_connect_unix_socket(found$socket), error = function(e) NULL)
  if (is.null(connection)) return(NULL)
  hello <- list(
    protocol = protocol_version, client = "r", version = as.character(utils::packageVersion("rmada"))
  )
  tryCatch(
    {
      call_on(connection, "hello", hello, timeout = 10)
      connection
    },
    rmada_connection_lost = function(e) {
      close(connection)
      NULL
    },
    error = function(e) {
      close(connection)
      stop(e)
    }
  )
}

# One call on one connection. A reply to another id is that of a call that was interrupted here: it is dropped.
call_on <- function(connection, method, params, timeout) {
  the$id <- (if (is.null(the$id)) 0 else the$id) + 1
  id <- the$id
  request <- list(jsonrpc = "2.0", id = id, method = method, params = params)
  if (length(params) == 0) request$params <- structure(list(), names = character())
  write_line(connection, jsonlite::toJSON(request, auto_unbox = TRUE, null = "null", na = "null", digits = NA))
  deadline <- Sys.time() + timeout
  repeat {
    reply <- read_message(connection, deadline, method)
    if (is.numeric(reply$id) && reply$id == id) break
    # An answer without an id is to a line that the manager could not read: ours, since no other is on its way.
    if ("id" %in% names(reply) && is.null(reply$id) && !is.null(reply$error)) break
  }
  if (!is.null(reply$error)) stop(error_of_shape(reply$error$data))
  reply$result
}

write_line <- function(connection, line) {
  left <- charToRaw(paste0(enc2utf8(line), "\n"))
  while (length(left) > 0) {
    left <- tryCatch(processx::conn_write(connection, left), error = connection_lost)
    if (length(left) > 0) Sys.sleep(0.01)
  }
}

read_message <- function(connection, deadline, method) {
  repeat {
    line <- tryCatch(processx::conn_read_lines(connection, 1), error = connection_lost)
    if (length(line) > 0) return(jsonlite::fromJSON(line, simplifyVector = FALSE))
    if (!processx::conn_is_incomplete(connection)) connection_lost()
    if (Sys.time() > deadline) {
      fail(
        "TIMEOUT", paste0("The network manager did not answer in time: ", method, "."),
        "See its window or its log; the call may still be at work there."
      )
    }
    processx::poll(list(connection), 200)
  }
}

connection_lost <- function(e = NULL) {
  stop(structure(
    class = c("rmada_connection_lost", "error", "condition"),
    list(message = if (is.null(e)) "end of file" else conditionMessage(e), call = NULL)
  ))
}
