#' What a task printed on its nodes
#'
#' A launch installs what the nodes lack; what the installation prints is kept. The file that has all of it is named
#' when lines before those shown are left out.
#'
#' @param networkName Name of a network: its latest task is meant. May be left out when there was only one task, or to
#'   mean the latest of all.
#' @param lines How many lines at most, the last ones.
#' @return Invisibly the lines, as they are printed.
#' @examples
#' \dontrun{
#' ppe.taskLog("fit")
#' }
#' @seealso [ppe.getNetworkStatus()] for how a network is.
#' @export
ppe.taskLog <- function(networkName = NULL, lines = 200) {
  tasks <- call_manager("tasks.list")
  if (!is.null(networkName)) {
    check_string(networkName, "The name of the network", '"fit"')
    tasks <- Filter(function(task) task$network == networkName, tasks)
  }
  if (length(tasks) == 0) {
    fail(
      "TASK_UNKNOWN", "There is no task whose log could be shown.",
      "Ended tasks are forgotten after an hour; their logs stay in the folder logs of the manager's data directory."
    )
  }
  latest <- tasks[[order(vapply(tasks, `[[`, "", "startedAt"), decreasing = TRUE)[1]]]
  log <- call_manager("tasks.log", list(id = latest$id, lines = lines))
  text <- vapply(log$lines, function(line) {
    paste0(substr(line$at, 12, 19), " ", if (nzchar(line$node)) paste0("[", line$node, "] "), line$text)
  }, "")
  if (log$dropped > 0) message(log$dropped, " lines before these are in ", log$file)
  writeLines(text)
  invisible(text)
}
