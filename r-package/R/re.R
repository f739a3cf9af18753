#' Connect to the R session of a network
#'
#' `ppe.startClient()` connects this R to the R session that runs on the master of a network; [re()] and [upo()] then
#' work in it. The session belongs to the network: what is assigned in it stays when the client is closed.
#' `ppe.closeClient()` closes the connection, `ppe.showClients()` lists the open ones, and `ppe.shutdown()` closes
#' everything that this package has open. None of them ends the manager or a network.
#'
#' @inheritParams ppe.getNetworkNames
#' @return `ppe.startClient()`: invisibly a list with `networkName`, `hostName`, `userName` and `version`, the R version
#'   there. `ppe.closeClient()`: invisibly the name of the network. `ppe.showClients()`: a data frame with a row for
#'   each connection. `ppe.shutdown()`: `NULL`, invisibly.
#' @examples
#' ppe.showClients()
#' \dontrun{
#' ppe.startClient("fit")
#' re(Sys.info()[["nodename"]])
#' ppe.closeClient("fit")
#' }
#' ppe.shutdown()
#' @export
ppe.startClient <- function(networkName = NULL) {
  name <- the_network(networkName, running_or_all(networkName), "running network")
  if (is.null(the$clients[[name]]) || !is_open(the$clients[[name]])) connect_client(name)
  client <- the$clients[[name]]
  message("Connected to R ", client$ready$version, " on ", client$host, " (network ", name, ").")
  invisible(client_row(name))
}

#' @rdname ppe.startClient
#' @export
ppe.closeClient <- function(networkName = NULL) {
  name <- client_name(networkName)
  drop_client(name)
  # The network can be gone by now, and its forward with it.
  tryCatch(call_manager("evaluator.disconnect", list(name = name)), rmada_error = function(e) NULL)
  invisible(name)
}

#' @rdname ppe.startClient
#' @export
ppe.showClients <- function() {
  rows <- lapply(names(the$clients), client_row)
  empty <- data.frame(networkName = character(), hostName = character(), userName = character(), version = character())
  do.call(rbind, c(list(empty), lapply(rows, as.data.frame)))
}

#' @rdname ppe.startClient
#' @export
ppe.shutdown <- function() {
  for (name in names(the$clients)) {
    if (is.null(the$manager)) drop_client(name) else tryCatch(ppe.closeClient(name), error = function(e) NULL)
  }
  ppe.disconnectNetworkManager()
  invisible(NULL)
}

running_or_all <- function(name) {
  if (is.null(name)) Filter(function(network) network$status == "running", list_networks()) else list()
}

connect_client <- function(name) {
  address <- call_manager("evaluator.connect", list(name = name))
  here <- Sys.info()
  label <- paste0("an R console of ", here[["user"]], " on ", here[["nodename"]], ", process ", Sys.getpid())
  client <- open_client(address$host, address$port, address$secret, label)
  client$host <- address$master
  client$user <- address$user
  the$clients[[name]] <- client
}

client_row <- function(name) {
  client <- the$clients[[name]]
  list(networkName = name, hostName = client$host, userName = client$user, version = client$ready$version)
}

drop_client <- function(name) {
  if (!is.null(the$clients[[name]])) close_client(the$clients[[name]])
  the$clients[[name]] <- NULL
}

client_name <- function(name) {
  open <- names(the$clients)
  if (is.null(name) && length(open) == 1) return(open)
  if (is.null(name) && length(open) > 1) {
    fail(
      "INVALID_INPUT", paste0("More than one client is open: ", paste(open, collapse = ", "), "."),
      "Say which one you mean with networkName = ."
    )
  }
  if (is.null(name) || !name %in% open) {
    which <- if (is.null(name)) "any network" else paste("network", name)
    fail(
      "EVALUATOR_UNREACHABLE", paste0("No client is connected to ", which, "."),
      "Connect first: ppe.startClient()."
    )
  }
  name
}

# The client of a network, connected again when the way to it broke while nothing was under way.
live_client <- function(networkName) {
  name <- client_name(networkName)
  client <- the$clients[[name]]
  if (is_open(client) && still_there(client)) return(client)
  close_client(client)
  session <- client$ready$session
  connect_client(name)
  client <- the$clients[[name]]
  if (!identical(client$ready$session, session)) {
    warning("The remote R session was started anew; what the old one held is gone.", call. = FALSE)
  }
  client
}

# Reads what came unasked, such as the end of the connection or news of the session.
still_there <- function(client) {
  if (!is.null(client$unanswered)) return(TRUE)
  tryCatch(
    {
      while (!is.null(frame <- next_frame(client))) show_frame(client, frame)
      TRUE
    },
    rmada_wire_error = function(e) FALSE
  )
}

ask <- function(networkName, type, payload) {
  client <- live_client(networkName)
  tryCatch(request(client, type, payload), rmada_wire_error = function(e) {
    close_client(client)
    unreachable("The connection to the remote session broke; whether the statement ended there is not known.", e)
  })
}

#' Evaluate in the remote R session
#'
#' `re(x)` evaluates the statement `x` in the global environment of the R session on the master, and returns its value
#' exactly: every number bit for bit, whatever its size. What it prints appears here while it runs, in order with its
#' messages and warnings, which are signalled here again as conditions of their own classes, so that
#' `suppressWarnings()` or `tryCatch()` work as if it ran here. An invisible value stays invisible.
#'
#' A remote error is raised here with its own class and message, its call, and the further class
#' `rmada_remote_error`; its field `remote_traceback` says where it came from. Ctrl-C (Stop) interrupts the remote
#' statement. A statement that ends the session, such as `re(q())`, raises an error of class `rmada_session_ended`; a
#' fresh session starts by itself.
#'
#' `upo(obj)` copies an object of this R into the global environment there.
#'
#' @param x A statement, unquoted. Several go in braces.
#' @param networkName Name of the network; not needed while one client is open.
#' @param obj An object.
#' @param name Its name there; by default the name it has here.
#' @return `re()`: the value of `x`. `upo()`: invisibly the name.
#' @examples
#' # Without a client there is an error that says what to do:
#' tryCatch(re(1 + 1), rmada_error = function(e) cat(conditionMessage(e)))
#' \dontrun{
#' ppe.startClient("fit")
#' y <- rnorm(10)
#' upo(y)
#' re(mean(y))
#' re({
#'   library(Rmpi)
#'   mpi.spawn.Rslaves(nslaves = 3)
#'   mpi.remote.exec(Sys.info()[["nodename"]])
#' })
#' }
#' @export
re <- function(x, networkName = NULL) {
  payload <- to_bytes(list(expr = substitute(x), width = getOption("width")))
  frame <- ask(networkName, "eval", payload)
  if (frame$type == "error") raise_remote(frame$payload)
  payload <- NULL
  bytes <- frame$payload
  frame <- NULL
  answer <- unserialize(bytes)
  if (answer$visible) answer$value else invisible(answer$value)
}

#' @rdname re
#' @export
upo <- function(obj, name = NULL, networkName = NULL) {
  if (is.null(name)) {
    expression <- substitute(obj)
    if (!is.symbol(expression)) {
      fail("INVALID_INPUT", "An expression has no name to be uploaded under.", "Say one: upo(x + 1, name = \"y\").")
    }
    name <- as.character(expression)
  }
  check_string(name, "The name of the object", "upo(x, name = \"y\")")
  frame <- ask(networkName, "assign", to_bytes(list(name = name, value = obj)))
  if (frame$type == "error") raise_remote(frame$payload)
  message("assigned ", name)
  invisible(name)
}
