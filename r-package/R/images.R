#' Machine images
#'
#' A machine image holds everything that is installed on a machine. `ppe.saveImage()` makes one of the master of a
#' running network, so that the next network launched from it finds R, Open MPI and your packages installed. The master
#' goes on running. The network's keys and secrets are not in the image, nor is what lies in `~/.ssh` and `~/.aws`;
#' everything else on the disk is, your files included.
#'
#' An image is billed by the month for the snapshots that it consists of, until `ppe.deregisterImage()` removes both.
#' Only images that Rmada made are removed.
#'
#' @param region Region id. The default is the option `rmada.region`, else `"practice-1"`.
#' @param type Instance type; the column `unfit` then says why an image does not boot on it, and is `NA` where it does.
#' @param own Only the images of the own account, with their state, size and price?
#' @param networkName Name of a running network.
#' @param name Name of the new image: 3 to 128 letters without accents, digits, spaces and `()[]./-'@_`.
#' @param description Up to 255 characters.
#' @param wait Return when the image can be launched? With `FALSE` the work goes on in the manager.
#' @param id Id of an image, `"ami-..."`.
#' @param confirm The name or id of the image once more, because what is removed is gone.
#' @return `ppe.images()`: a data frame with a row for each image. `ppe.saveImage()`: invisibly the name of the image.
#'   `ppe.deregisterImage()`: invisibly the ids of the snapshots that went with it.
#' @examples
#' \dontrun{
#' ppe.images(type = "c7g.large")
#' ppe.saveImage("fit", "with my packages")
#' mine <- ppe.images(own = TRUE)
#' ppe.createNetwork(image = mine$id[1])
#' ppe.deregisterImage(mine$id[1], confirm = mine$name[1])
#' }
#' @export
ppe.images <- function(type = NULL, own = FALSE, region = getOption("rmada.region", "practice-1")) {
  images <- if (isTRUE(own)) {
    call_manager("images.list", list(region = region))
  } else {
    query <- list(region = region, instanceType = type)
    call_manager("catalogue.images", query[!vapply(query, is.null, NA)])
  }
  text <- function(field) vapply(images, function(image) text_or_na(image[[field]]), "")
  carries <- function(field) vapply(images, function(image) text_or_na(image$carries[[field]]), "")
  frame <- data.frame(
    id = text("id"), name = text("name"), architecture = text("architecture"), user = text("user"),
    created = text("createdAt"), R = carries("r"), OpenMPI = carries("openMpi"), RStudio = carries("rstudio"),
    stringsAsFactors = FALSE
  )
  if (isTRUE(own)) {
    frame$state <- text("state")
    frame$network <- text("network")
    frame$GiB <- vapply(images, function(image) sum(0, vapply(image$snapshots, `[[`, 0, "sizeGib")), 0)
    frame$USDaMonth <- vapply(images, function(image) {
      if (is.null(image$pricePerMonth)) NA_real_ else as.numeric(image$pricePerMonth)
    }, 0)
  } else if (!is.null(type)) {
    frame$unfit <- text("unfit")
  }
  frame
}

#' @rdname ppe.images
#' @export
ppe.saveImage <- function(networkName, name, description = NULL, wait = TRUE) {
  request <- list(network = networkName, name = name, description = description)
  task <- call_manager("images.save", request[!vapply(request, is.null, NA)])
  if (isTRUE(wait)) follow_task(task)
  invisible(name)
}

#' @rdname ppe.images
#' @export
ppe.deregisterImage <- function(id, confirm, region = getOption("rmada.region", "practice-1")) {
  gone <- call_manager("images.deregister", list(region = region, id = id, confirm = confirm))
  invisible(as.character(unlist(gone$deletedSnapshots)))
}

text_or_na <- function(value) if (is.null(value)) NA_character_ else as.character(value)
