#' The web IDE of the master
#'
#' `ppe.connectToRStudio()` makes the web IDE that runs on the master (RStudio Server, or a Jupyter notebook where
#' there is none) reachable at an address of this computer, through the ssh connection alone, and opens it in the
#' browser. `ppe.disconnectRStudio()` closes that way again.
#'
#' @inheritParams ppe.getNetworkNames
#' @param browse Open the browser?
#' @return `ppe.connectToRStudio()`: invisibly the address. It holds a secret and is good on this computer only.
#'   `ppe.disconnectRStudio()`: invisibly the name of the network.
#' @examples
#' \dontrun{
#' ppe.connectToRStudio("fit")
#' ppe.disconnectRStudio("fit")
#' }
#' @export
ppe.connectToRStudio <- function(networkName = NULL, browse = interactive()) {
  name <- the_network(networkName, list_networks(), "network")
  ide <- call_manager("ide.open", list(name = name))
  if (isTRUE(browse)) utils::browseURL(ide$url)
  invisible(ide$url)
}

#' @rdname ppe.connectToRStudio
#' @export
ppe.disconnectRStudio <- function(networkName = NULL) {
  name <- the_network(networkName, list_networks(), "network")
  call_manager("ide.close", list(name = name))
  invisible(name)
}
