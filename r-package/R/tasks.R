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
      if (!is.null(task$question) && !(task$question$id %in% said)) {
        said <- c(said, task$question$id)
        answer_question(task)
      }
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

# Tells what a paused task asks and, where somebody sits in front of it, takes the answer from a menu.
answer_question <- function(task) {
  question <- task$question
  nodes <- vapply(question$nodes, function(node) paste0(node$hostName, " (", node$role, ")"), "")
  lines <- c(
    question$trouble$message,
    if (length(nodes) > 0) paste("In trouble:", paste(nodes, collapse = ", ")),
    vapply(question$console, function(line) paste0("  | ", line), ""),
    if (length(question$rented) == 0) "Nothing is rented meanwhile."
    else paste0(
      "Rented meanwhile: ", paste(vapply(question$rented, function(one) one$id, ""), collapse = ", "),
      if (is.numeric(question$pricePerHour)) sprintf(", %.4g USD an hour", question$pricePerHour)
    )
  )
  message(paste(lines, collapse = "\n"))
  choices <- vapply(question$choices, function(one) one$choice, "")
  if (!interactive()) {
    message("Waiting for: rmada choose ", task$id, " ", paste(choices, collapse = "|"))
    return(invisible(NULL))
  }
  titles <- vapply(question$choices, function(one) paste0(one$title, ": ", one$detail), "")
  chosen <- utils::menu(titles, title = "What shall be done?")
  if (chosen == 0) return(invisible(NULL))
  answer <- list(id = task$id, choice = choices[[chosen]], question = question$id)
  zones <- unlist(question$choices[[chosen]]$zones)
  if (length(zones) > 1) {
    zone <- utils::menu(zones, title = "In which zone?")
    if (zone > 0) answer$zone <- zones[[zone]]
  }
  # Somebody may have answered in the window meanwhile.
  tryCatch(call_manager("tasks.choose", answer), rmada_error_TASK_NOT_ASKING = function(e) message(conditionMessage(e)))
  invisible(NULL)
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
