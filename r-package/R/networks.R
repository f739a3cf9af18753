#' Create a network
#'
#' Shows what will be rented and what it costs an hour, asks, launches the instances, configures them as one MPI
#' cluster, and returns when the network is running.
#'
#' @param name Name of the network; a unique one by default.
#' @param instances Number of instances, the master included.
#' @param type Instance type, for example `"c7i.xlarge"`.
#' @param image Machine image id; by default the newest that fits the type.
#' @param zone Availability zone; any by default.
#' @param slots MPI slots of each host; its cores by default.
#' @param placementGroup Put the instances close together? By default where the type can.
#' @param packages Names of R packages to have on every node, as CRAN spells them.
#' @param spot Spot instances, which are cheaper and may be taken back at two minutes' notice: `"none"`, `"slaves"` for an
#'   on-demand master, or `"all"`.
#' @param maxPrice Most to pay for a Spot instance, USD an hour. Best left out: a cap never lowers the price, it only has
#'   instances interrupted sooner.
#' @param hyperthreading Keep two threads a core? MPI ranks that share a core slow each other down.
#' @param rootGib,rootType Size in GiB (that of the image by default) and kind (`"gp3"` or `"gp2"`) of each root volume.
#' @param keyPair,keyFile Name of a key pair that the account has and the file of its private key on this computer, or
#'   `"ssh-agent"`; by default a key pair is made for the network. The
#'   passphrase of an encrypted key is asked by `rmada unlock-key`, or in the window.
#' @param securityGroup,subnet Ids of a security group and a subnet that the account has; by default a group is made, and the
#'   subnet is one of the default VPC. A group of yours is never changed.
#' @param volume Id of an EBS volume to see at `/shared` on all nodes; the network then stands in its zone.
#' @param volumeGib Size in GiB of a new volume to be made for that.
#' @param deleteVolume Delete the new volume with the network? Else it is kept, with all that is on it.
#' @param region Region id. The default is the option `rmada.region`, else `"practice-1"`: the practice cloud on this
#'   computer, which costs nothing.
#' @param confirm Ask before anything is rented? Scripts say `FALSE`; where nobody can be asked and it was not said,
#'   nothing is rented.
#' @param wait Return when the network is running? With `FALSE` the launch goes on in the manager.
#' @param on_failure What to do when a node is in trouble or the cloud has no room: `"ask"` here by a menu, or ahead of time
#'   `"wait"`, `"replace"`, `"other-zone"`, `"on-demand"`, `"continue"` with fewer, `"roll-back"`, or `"stop"` with an error
#'   and what is rented kept. The default asks where R is interactive and waits, and else stops.
#' @return Invisibly the name of the network, or `NULL` when the answer was no.
#' @examples
#' \dontrun{
#' ppe.createNetwork("fit", instances = 4)
#' ppe.createNetwork("fit", instances = 4, type = "c7i.4xlarge", region = "eu-west-1", confirm = FALSE)
#' }
#' @seealso [ppe.startClient()] to evaluate on it, [ppe.terminateNetwork()] to end it.
#' @export
ppe.createNetwork <- function(name = NULL, instances = 2, type = NULL, image = NULL, zone = NULL, slots = NULL,
                              placementGroup = NULL, packages = NULL, spot = NULL, maxPrice = NULL,
                              hyperthreading = NULL, rootGib = NULL, rootType = NULL, keyPair = NULL, keyFile = NULL,
                              securityGroup = NULL, subnet = NULL, volume = NULL, volumeGib = NULL,
                              deleteVolume = FALSE,
                              region = getOption("rmada.region", "practice-1"),
                              confirm = TRUE, wait = TRUE, on_failure = NULL) {
  if (is.null(on_failure)) on_failure <- if (interactive() && isTRUE(wait)) "ask" else "stop"
  spec <- list(
    name = name, region = region, instances = instances, instanceType = type, image = image, zone = zone,
    slotsPerHost = slots, placementGroup = placementGroup,
    packages = if (!is.null(packages)) as.list(packages),
    spot = spot, maxPrice = maxPrice, hyperthreading = hyperthreading, rootVolumeGib = rootGib,
    rootVolumeType = rootType, keyPair = keyPair, privateKeyFile = absolute_key_file(keyFile),
    securityGroup = securityGroup, subnet = subnet, volume = network_volume(volume, volumeGib, deleteVolume)
  )
  spec <- spec[!vapply(spec, is.null, NA)]
  plan <- call_manager("networks.plan", spec)
  print_plan(plan)
  refuse_errors(plan)
  if (isTRUE(confirm) && !confirmed(plan$spec$name)) {
    message("Nothing was rented.")
    return(invisible(NULL))
  }
  # What was shown is what is launched, the name that the plan chose included.
  launch <- c(plan$spec[setdiff(names(plan$spec), "user")], list(onFailure = on_failure))
  task <- call_manager("networks.launch", launch)
  if (isTRUE(wait)) follow_task(task)
  invisible(task$network)
}

network_volume <- function(id, gib, delete) {
  if (!is.null(id) && !is.null(gib)) {
    fail(
      "VOLUME_INVALID", "`volume` names an existing volume, and `volumeGib` asks for a new one.",
      "Give one of them."
    )
  }
  if (!is.null(id)) return(list(id = id))
  if (!is.null(gib)) list(new = list(sizeGib = gib, deleteWithNetwork = isTRUE(delete)))
}

# The manager has a working directory of its own.
absolute_key_file <- function(file) {
  if (is.null(file) || identical(file, "ssh-agent")) return(file)
  normalizePath(check_string(file, "The private key file", '"~/.ssh/id_ed25519"'), mustWork = FALSE)
}

confirmed <- function(name) {
  if (!interactive()) {
    fail(
      "INVALID_INPUT", "Nobody can be asked whether to rent this: R is not interactive.",
      "Say confirm = FALSE in a script."
    )
  }
  tolower(trimws(readline(paste0("Launch network ", name, "? [y/N] ")))) %in% c("y", "yes")
}

print_plan <- function(plan) {
  spec <- plan$spec
  lines <- if (!is.null(spec)) {
    price <- if (is.null(plan$pricePerHour)) "price not known" else sprintf("%.4g USD an hour", plan$pricePerHour)
    c(
      sprintf(
        "Network %s in %s: %d x %s, %d %s each", spec$name, spec$region, spec$instances, spec$instanceType,
        spec$slotsPerHost, if (spec$slotsPerHost == 1) "slot" else "slots"
      ),
      if (length(plan$estimate) > 0) {
        estimate_lines(plan)
      } else {
        paste0("  ", price, if (!is.null(plan$priceSource)) paste0(" (", plan$priceSource, ")"))
      }
    )
  }
  noted <- vapply(plan$findings, function(x) if (x$level == "error") "" else paste0("  ", x$level, ": ", x$message), "")
  lines <- c(lines, noted[nzchar(noted)])
  if (length(lines) > 0) message(paste(lines, collapse = "\n"))
}

refuse_errors <- function(plan) {
  errors <- Filter(function(x) x$level == "error", plan$findings)
  if (length(errors) == 0) return(invisible())
  all <- vapply(errors, `[[`, "", "message")
  fail(errors[[1]]$code, paste(all, collapse = "\n"), errors[[1]]$suggestion)
}

#' What networks there are, and how they are
#'
#' @param networkName Name of a network. Where it may be left out, the only network there is stands for it; with several
#'   it has to be named.
#' @return `ppe.getNetworkNames()` and `ppe.getRunningNetworkNames()`: names, of length 0 when there is none.
#'   `ppe.getNetworkStatus()`: one of `"pending"`, `"configuring"`, `"running"`, `"services-not-running"`,
#'   `"rebooting"`, `"stopped"`, `"terminating"`, `"terminated"`, `"failed"`; with the attribute `message` where there
#'   is something to say. `ppe.getMasterNodeURL()`: the public DNS name of the master, or its address.
#' @examples
#' \dontrun{
#' ppe.getNetworkNames()
#' ppe.getNetworkStatus("fit")
#' ppe.getMasterNodeURL("fit")
#' }
#' @export
ppe.getNetworkNames <- function() network_names(list_networks())

#' @rdname ppe.getNetworkNames
#' @export
ppe.getRunningNetworkNames <- function() {
  network_names(Filter(function(network) network$status == "running", list_networks()))
}

#' @rdname ppe.getNetworkNames
#' @export
ppe.getNetworkStatus <- function(networkName = NULL) {
  network <- get_network(networkName)
  status <- network$status
  if (nzchar(network$message)) attr(status, "message") <- network$message
  status
}

#' @rdname ppe.getNetworkNames
#' @export
ppe.getMasterNodeURL <- function(networkName = NULL) {
  network <- get_network(networkName)
  master <- Filter(function(instance) instance$role == "master", network$instances)
  address <- if (length(master) > 0) c(master[[1]]$publicDns, master[[1]]$publicIp)
  address <- address[nzchar(address)]
  if (length(address) == 0) {
    fail(
      "NETWORK_NOT_RUNNING",
      paste0("Network ", network$name, " has no master with a public address now: it is ", network$status, "."),
      "See ppe.getNetworkStatus()."
    )
  }
  address[1]
}

list_networks <- function() call_manager("networks.list")

network_names <- function(networks) vapply(networks, `[[`, "", "name")

get_network <- function(name) {
  call_manager("networks.get", list(name = the_network(name, list_networks(), "network")))
}

# The name as given, or that of the only one there is. More than one is never guessed between.
the_network <- function(name, networks, what) {
  if (!is.null(name)) return(check_string(name, "The name of the network", '"fit"'))
  names <- network_names(networks)
  if (length(names) == 1) return(names)
  if (length(names) == 0) {
    fail("NETWORK_UNKNOWN", paste0("There is no ", what, "."), "ppe.createNetwork() launches one.")
  }
  fail(
    "INVALID_INPUT", paste0("There is more than one ", what, ": ", paste(names, collapse = ", "), "."),
    "Say which one you mean with networkName = ."
  )
}

#' Reboot or terminate a network
#'
#' `ppe.rebootNetwork()` reboots all instances and waits until MPI and the evaluator are up again; disks are kept, R
#' sessions are not. `ppe.terminateNetwork()` ends all instances for good and removes what was created for the network.
#' It ends exactly the network that is named: there is no default, and it does not ask.
#'
#' @param networkName Name of the network.
#' @param wait Return when it is done? With `FALSE` the work goes on in the manager.
#' @return Invisibly the name of the network.
#' @examples
#' \dontrun{
#' ppe.rebootNetwork("fit")
#' ppe.terminateNetwork("fit")
#' }
#' @export
ppe.terminateNetwork <- function(networkName, wait = TRUE) {
  change_network("networks.terminate", networkName, missing(networkName), wait)
}

#' @rdname ppe.terminateNetwork
#' @export
ppe.rebootNetwork <- function(networkName, wait = TRUE) {
  change_network("networks.reboot", networkName, missing(networkName), wait)
}

#' Stop and start a network, add and remove nodes
#'
#' `ppe.stopNetwork()` stops all instances: while stopped they cost nothing, but their disks do. `ppe.startNetwork()`
#' starts them again; their addresses have changed, and everything that hangs on these is made anew.
#' `ppe.addNodes()` rents more nodes for a running network, `ppe.removeNodes()` terminates single nodes for good, and
#' `ppe.rebootInstances()` reboots single nodes. After each, MPI is checked over all nodes. The master is never removed.
#'
#' @param networkName Name of the network.
#' @param count How many nodes to add.
#' @param instances Instance ids. For `ppe.rebootInstances()` the default is all.
#' @param wait Return when it is done? With `FALSE` the work goes on in the manager.
#' @return Invisibly the name of the network.
#' @examples
#' \dontrun{
#' ppe.stopNetwork("fit")
#' ppe.startNetwork("fit")
#' ppe.addNodes("fit", 2)
#' ppe.removeNodes("fit", "i-0123456789abcdef0")
#' }
#' @export
ppe.stopNetwork <- function(networkName, wait = TRUE) {
  change_network("networks.stop", networkName, missing(networkName), wait)
}

#' @rdname ppe.stopNetwork
#' @export
ppe.startNetwork <- function(networkName, wait = TRUE) {
  change_network("networks.start", networkName, missing(networkName), wait)
}

#' @rdname ppe.stopNetwork
#' @export
ppe.addNodes <- function(networkName, count, wait = TRUE) {
  change_network("networks.addNodes", networkName, missing(networkName), wait, list(count = count))
}

#' @rdname ppe.stopNetwork
#' @export
ppe.removeNodes <- function(networkName, instances, wait = TRUE) {
  more <- list(instances = as.list(instances))
  change_network("networks.removeNodes", networkName, missing(networkName), wait, more)
}

#' @rdname ppe.stopNetwork
#' @export
ppe.rebootInstances <- function(networkName, instances = NULL, wait = TRUE) {
  more <- if (is.null(instances)) list() else list(instances = as.list(instances))
  change_network("networks.rebootInstances", networkName, missing(networkName), wait, more)
}

#' Use a network that another computer launched
#'
#' Networks of the same account are found by their tags. To use one here, its private key is needed: the file `key` in the
#' folder of the network on the computer that launched it. It is checked against the key pair before anything is done.
#'
#' @param networkName Name of the network.
#' @param privateKeyFile File with the private key, or `"ssh-agent"`.
#' @param wait Return when it is done? With `FALSE` the work goes on in the manager.
#' @return Invisibly the name of the network.
#' @examples
#' \dontrun{
#' ppe.takeOverNetwork("fit", "~/fit-key")
#' }
#' @export
ppe.takeOverNetwork <- function(networkName, privateKeyFile, wait = TRUE) {
  file <- if (identical(privateKeyFile, "ssh-agent")) privateKeyFile else path.expand(privateKeyFile)
  more <- list(privateKeyFile = if (file.exists(file)) normalizePath(file) else file)
  change_network("networks.takeOver", networkName, missing(networkName), wait, more)
}

#' What was left behind in the cloud
#'
#' Everything in a region that carries Rmada's tags and that no network of this computer accounts for, with what it
#' costs an hour. What runs may be the network of another computer on the same account: it is marked `inUse`.
#'
#' @param region Region id; by default the option `rmada.region`, else the practice cloud.
#' @param remove Ids to remove for good; nothing by default.
#' @return A data frame with the columns `id`, `kind`, `state`, `network`, `inUse` and `pricePerHour`; with `remove`
#'   what is left after it, invisibly.
#' @examples
#' \dontrun{
#' left <- ppe.orphans("eu-west-1")
#' ppe.orphans("eu-west-1", remove = left$id[!left$inUse])
#' }
#' @export
ppe.orphans <- function(region = getOption("rmada.region", "practice-1"), remove = NULL) {
  if (length(remove) > 0) {
    follow_task(call_manager("orphans.remove", list(region = region, ids = as.list(remove), confirm = TRUE)))
    return(invisible(ppe.orphans(region)))
  }
  found <- call_manager("orphans.list", list(region = region))$orphans
  column <- function(name, none) {
    vapply(found, function(one) if (is.null(one[[name]])) none else one[[name]], none)
  }
  data.frame(
    id = column("id", ""), kind = column("kind", ""), state = column("state", ""),
    network = column("network", NA_character_), inUse = column("inUse", NA), pricePerHour = column("pricePerHour", NA_real_)
  )
}

change_network <- function(method, name, unnamed, wait, more = list()) {
  if (unnamed || is.null(name)) {
    fail("INVALID_INPUT", "No network is named.", "Name the network, as ppe.getNetworkNames() lists it.")
  }
  name <- check_string(name, "The name of the network", '"fit"')
  task <- call_manager(method, c(list(name = name), more))
  # The session on the master ends either way.
  drop_client(name)
  if (isTRUE(wait)) follow_task(task)
  invisible(name)
}
