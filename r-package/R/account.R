#' Sign in to AWS, and see whose account it is
#'
#' `ppe.account()` asks AWS whose credentials a region is reached with, before anything is rented. `ppe.connect()`
#' chooses what Rmada signs in with: an AWS profile (also one with single sign-on), an access key that was typed into
#' the window or kept with `rmada accounts add-key`, another EC2-compatible endpoint, or, with none of these, what AWS
#' tools find on this computer by themselves. The choice holds for the window and the command line as well, and over
#' restarts. `ppe.accounts()` lists what can be chosen.
#'
#' Access keys themselves are never given here: they would stay in the history of R.
#'
#' @param region Region id. The default is the option `rmada.region`, else `"practice-1"`: the practice cloud.
#' @param permissions Also try which actions of a launch are permitted? Trial calls change nothing.
#' @param profile Name of a profile of the AWS configuration files.
#' @param key Name of an access key that Rmada keeps.
#' @param endpoint Address of another EC2-compatible endpoint, which `region` then names.
#' @return `ppe.account()`: a list with `region`, `account`, `arn`, `userId`, `by` (how Rmada came by the credentials)
#'   and `clockAheadSeconds`; with `permissions = TRUE` also `permissions`, a data frame of actions and results.
#'   `ppe.connect()`: the same list, invisibly. `ppe.accounts()`: a data frame with `name`, `kind` and `used`.
#' @examples
#' \dontrun{
#' ppe.accounts()
#' ppe.connect(profile = "work", region = "eu-west-1")
#' ppe.account("eu-west-1", permissions = TRUE)$permissions
#' }
#' @export
ppe.account <- function(region = getOption("rmada.region", "practice-1"), permissions = FALSE) {
  region <- check_string(region, "The region", '"eu-west-1"')
  identity <- call_manager("regions.identify", list(region = region))
  if (isTRUE(permissions)) {
    checks <- call_manager("regions.permissions", list(region = region))$checks
    identity$permissions <- data.frame(
      action = vapply(checks, `[[`, "", "action"), result = vapply(checks, `[[`, "", "result"),
      note = vapply(checks, `[[`, "", "note")
    )
  }
  off <- round(abs(identity$clockAheadSeconds) / 60)
  if (off > 5) {
    warning(
      "The clock of this computer is ", off, " minutes ", if (identity$clockAheadSeconds > 0) "fast." else "slow.",
      call. = FALSE
    )
  }
  identity
}

#' @rdname ppe.account
#' @export
ppe.connect <- function(profile = NULL, key = NULL, region = getOption("rmada.region", "practice-1"),
                        endpoint = NULL) {
  region <- check_string(region, "The region", '"eu-west-1"')
  if (!is.null(profile)) profile <- check_string(profile, "The name of the profile", '"work"')
  if (!is.null(key)) key <- check_string(key, "The name of the access key", '"lab"')
  if (is.null(endpoint)) {
    # NULL has to cross as null: both are fields of the choice.
    call_manager("accounts.use", list(profile = profile, key = key))
    call_manager("regions.connect", list(region = region))
  } else {
    input <- list(
      region = region, endpoint = check_string(endpoint, "The endpoint", '"https://ec2.example.org"'),
      profile = profile, key = key, remember = TRUE
    )
    call_manager("regions.connect", input[!vapply(input, is.null, NA)])
  }
  identity <- ppe.account(region)
  message(sprintf("%s: account %s, as %s, by %s.", region, identity$account, identity$arn, identity$by))
  invisible(identity)
}

#' @rdname ppe.account
#' @export
ppe.accounts <- function() {
  accounts <- call_manager("accounts.list")
  chosen <- accounts$chosen
  names_of <- function(list) vapply(list, `[[`, "", "name")
  is <- function(names, choice) if (is.null(choice)) rep(FALSE, length(names)) else names == choice
  profiles <- names_of(accounts$profiles)
  keys <- names_of(accounts$keys)
  data.frame(
    name = c("(default)", profiles, keys),
    kind = c("default", rep("profile", length(profiles)), rep("key", length(keys))),
    used = c(
      is.null(chosen$profile) && is.null(chosen$key), is(profiles, chosen$profile), is(keys, chosen$key)
    )
  )
}
