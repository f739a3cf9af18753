# A long command is a task in the manager. Here it is followed to its end.

# One line for each step that starts and each message that changes; raises the task's error.
follow_task <- function(task) {
  said <- character()
  withCallingHandlers(
    repeat {
      lines <- task_lines(task)
      new <- setdiff(lines, said)
      said <- c(said, new)
      for (line in new) progress_message(task, line)
      if (task$state != "running") break
      Sys.sleep(0.2)
      task <- call_manager("tasks.get", list(id = task$id))
    },
    interrupt = function(c) {
      message("This goes on in the network manager; ppe.getNetworkStatus(\"", task$network, "\") tells how far it is.")
    }
  )
  if (!is.null(task$error)) stop(error_of_shape(task$error))
  if (task$state == "cancelled") {
    fail("CANCELLED", paste0(task$title, " was cancelled."), "Nothing more is done; see ppe.getNetworkNames().")
  }
  invisible(task)
}

task_lines <- function(task) {
  steps <- Filter(function(step) step$state %in% c("running", "done", "failed"), task$steps)
  lines <- vapply(steps, function(step) {
    if (step$state == "done") paste0(step$title, ": done", duration(step$ms))
    else paste0(step$title, if (nzchar(step$message)) paste0(": ", step$message))
  }, "")
  unname(lines)
}

duration <- function(ms) if (is.numeric(ms)) sprintf(" (%.1f s)", ms / 1000) else ""

progress_message <- function(task, line) {
  text <- sprintf("[%3d%%] %s\n", as.integer(100 * task$progress), line)
  message(structure(
    class = c("rmada_progress", "message", "condition"),
    list(message = text, call = NULL, task = task)
  ))
}
