#' EBS volumes
#'
#' Volumes are disks that outlive their instances. A network mounts its volume at `/shared` on all nodes
#' ([ppe.createNetwork()], `volume` and `volumeGib`); these functions do it by hand. A volume is formatted only when it is
#' blank, which is read on the device itself; one that holds data never is. Detaching unmounts first.
#'
#' On the practice cloud of a computer without privileges a volume is a folder, seen as `~/shared` on every node.
#'
#' @param id Id of a volume, `"vol-..."`.
#' @param zone Availability zone: a volume serves instances of its own zone only.
#' @param sizeGib Size in GiB.
#' @param type Kind of the volume: `"gp3"` by default, `"gp2"`, `"st1"`, `"sc1"` or `"standard"`.
#' @param name Name of the volume.
#' @param snapshot Id of a snapshot that it begins as a copy of; blank by default.
#' @param networkName Name of a network.
#' @param instance Id of an instance of it; the master by default.
#' @param path Mount point, `"/shared"` by default. When it is the master's, the other nodes see it too.
#' @param description What the snapshot is of.
#' @param confirm The id once more, because what is deleted cannot be had back.
#' @param region Region id. The default is the option `rmada.region`, else `"practice-1"`.
#' @return `ppe.volumes()`: a data frame with a row for each volume; prices in USD, `NA` where they are not known, with
#'   their source in `attr(x, "prices")`. `ppe.snapshotVolume()`: the id of the snapshot. `ppe.mountVolume()`: invisibly
#'   where it is mounted. The others: invisibly the id of the volume.
#' @examples
#' \dontrun{
#' id <- ppe.createVolume("practice-1a", 20, name = "data")
#' ppe.attachVolume(id, "fit")
#' ppe.mountVolume(id)
#' ppe.volumes()
#' ppe.detachVolume(id)
#' ppe.snapshotVolume(id)
#' ppe.deleteVolume(id, confirm = id)
#' }
#' @seealso [ppe.createNetwork()]
#' @export
ppe.volumes <- function(region = getOption("rmada.region", "practice-1")) {
  volumes <- call_manager("volumes.list", list(region = region))
  text <- function(field) vapply(volumes, function(volume) text_or_na(volume[[field]]), "")
  number <- function(field) {
    vapply(volumes, function(volume) if (is.null(volume[[field]])) NA_real_ else as.numeric(volume[[field]]), 0)
  }
  at <- function(field) vapply(volumes, function(volume) text_or_na(volume$attachedTo[[field]]), "")
  frame <- data.frame(
    id = text("id"), name = text("name"), zone = text("zone"), state = text("state"), GiB = number("sizeGib"),
    type = text("type"), encrypted = vapply(volumes, function(volume) isTRUE(volume$encrypted), NA),
    created = text("createdAt"), instance = at("instance"), network = at("network"), mountedAt = text("mountedAt"),
    root = vapply(volumes, function(volume) isTRUE(volume$root), NA), USDaMonth = number("pricePerMonth"),
    USDanHour = number("pricePerHour"), stringsAsFactors = FALSE
  )
  structure(frame, prices = unique(stats::na.omit(text("priceSource"))))
}

#' @rdname ppe.volumes
#' @export
ppe.createVolume <- function(zone, sizeGib, type = NULL, name = NULL, snapshot = NULL,
                             region = getOption("rmada.region", "practice-1")) {
  request <- list(region = region, zone = zone, sizeGib = sizeGib, type = type, name = name, snapshot = snapshot)
  invisible(call_manager("volumes.create", request[!vapply(request, is.null, NA)])$id)
}

#' @rdname ppe.volumes
#' @export
ppe.attachVolume <- function(id, networkName, instance = NULL, region = getOption("rmada.region", "practice-1")) {
  request <- list(region = region, id = id, network = networkName, instance = instance)
  invisible(call_manager("volumes.attach", request[!vapply(request, is.null, NA)])$id)
}

#' @rdname ppe.volumes
#' @export
ppe.mountVolume <- function(id, path = NULL, region = getOption("rmada.region", "practice-1")) {
  request <- list(region = region, id = id, path = path)
  done <- call_manager("volumes.mount", request[!vapply(request, is.null, NA)])
  message(id, " is at ", done$path, if (isTRUE(done$formatted)) ", newly formatted", ".")
  invisible(done$path)
}

#' @rdname ppe.volumes
#' @export
ppe.unmountVolume <- function(id, region = getOption("rmada.region", "practice-1")) {
  invisible(call_manager("volumes.unmount", list(region = region, id = id))$id)
}

#' @rdname ppe.volumes
#' @export
ppe.detachVolume <- function(id, region = getOption("rmada.region", "practice-1")) {
  invisible(call_manager("volumes.detach", list(region = region, id = id))$id)
}

#' @rdname ppe.volumes
#' @export
ppe.snapshotVolume <- function(id, description = NULL, region = getOption("rmada.region", "practice-1")) {
  request <- list(region = region, id = id, description = description)
  call_manager("volumes.snapshot", request[!vapply(request, is.null, NA)])$id
}

#' @rdname ppe.volumes
#' @export
ppe.deleteVolume <- function(id, confirm, region = getOption("rmada.region", "practice-1")) {
  call_manager("volumes.delete", list(region = region, id = id, confirm = confirm))
  invisible(id)
}
