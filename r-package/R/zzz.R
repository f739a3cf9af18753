#' @keywords internal
#' @details
#' A session, from nothing to a result and back:
#' \preformatted{
#' library(rmada)
#' ppe.createNetwork("fit", instances = 3)
#' ppe.startClient("fit")
#' re(1 + 1)
#' ppe.terminateNetwork("fit")
#' }
#' The practice cloud on this computer stands in for Amazon's until the option `rmada.region` or the argument `region`
#' of [ppe.createNetwork()] says another.
#'
#' Every error has class `rmada_error`, a class `rmada_error_<code>` of its own, and the fields `code` and `suggestion`.
"_PACKAGE"

.onUnload <- function(libpath) ppe.shutdown()
