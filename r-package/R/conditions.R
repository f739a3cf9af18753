# Every error of the package: class rmada_error_<code> over rmada_error, with the code of the contract, a suggestion,
# and what is still rented where that is known.

rmada_error <- function(code, message, suggestion, details = NULL, still_rented = NULL, parent = NULL) {
  structure(
    class = c(paste0("rmada_error_", code), "rmada_error", "error", "condition"),
    list(
      message = paste0(message, "\n", suggestion), call = NULL, code = code, summary = message,
      suggestion = suggestion, details = details, stillRented = still_rented, parent = parent
    )
  )
}

fail <- function(code, message, suggestion, ...) stop(rmada_error(code, message, suggestion, ...))

# The manager's error shape as a condition. What is rented is said, because it costs.
error_of_shape <- function(shape) {
  rented <- shape$stillRented
  message <- shape$message
  if (length(rented) > 0) {
    ids <- vapply(rented, function(x) paste(x$kind, x$id), "")
    message <- paste0(message, "\nStill rented: ", paste(ids, collapse = ", "), ".")
  }
  rmada_error(shape$code, message, shape$suggestion, shape$details, rented)
}

# A fault in an argument, found here because the manager would only see what JSON makes of it.
check_string <- function(x, what, example) {
  if (!is.character(x) || length(x) != 1 || is.na(x) || !nzchar(x)) {
    message <- paste0(what, " has to be one piece of text that is not empty.")
    fail("INVALID_INPUT", message, paste0("For example: ", example))
  }
  x
}
