# The client of the evaluator's wire: one connection to one session. Requests are answered in order; ids tell what is
# still wanted from what is left over of a statement that was broken off.

open_client <- function(host, port, secret, label) {
  connection <- tryCatch(
    suppressWarnings(socketConnection(
      host, port, blocking = FALSE, open = "a+b", timeout = 2147483L, options = "no-delay"
    )),
    error = function(e) unreachable("Nothing answers where the remote evaluator should be.", e)
  )
  client <- frame_reader(connection)
  client$id <- 0
  client$unanswered <- NULL
  client$rest <- list(stdout = raw(), stderr = raw())
  tryCatch(
    {
      greet(connection, secret)
      client$ready <- wait_for_session(client)
      send_frame(client, "hello", 0, charToRaw(enc2utf8(label)))
    },
    error = function(e) {
      close(connection)
      if (inherits(e, "rmada_wire_error")) unreachable("The remote evaluator closed the connection.", e)
      stop(e)
    }
  )
  client
}

unreachable <- function(message, parent = NULL) {
  fail(
    "EVALUATOR_UNREACHABLE", message,
    "See ppe.getNetworkStatus(); ppe.rebootNetwork() starts the remote session anew.", parent = parent
  )
}

# Each side shows one half of the secret. Nothing is unserialized before the other side has shown its half.
greet <- function(connection, secret) {
  greeting <- read_greeting(connection)
  if (!identical(greeting, "RMADA-EVALUATOR 1")) {
    fail(
      "PROTOCOL_MISMATCH", "The remote evaluator speaks another version of the protocol, or is none.",
      "Reboot the network with this version of Rmada: ppe.rebootNetwork()."
    )
  }
  writeBin(charToRaw(paste0("C", substr(secret, 1, 32), "\n")), connection)
  shown <- read_greeting(connection)
  if (identical(shown, "denied")) unreachable("The remote evaluator did not accept the secret of this network.")
  if (!same_text(shown, substr(secret, 33, 64))) {
    unreachable("What answers in place of the remote evaluator does not know the secret of this network.")
  }
}

same_text <- function(a, b) {
  nchar(a, "bytes") == nchar(b, "bytes") && sum(bitwXor(utf8ToInt(a), utf8ToInt(b))) == 0
}

read_greeting <- function(connection, seconds = 10) {
  bytes <- raw()
  deadline <- Sys.time() + seconds
  while (Sys.time() < deadline && length(bytes) < 64) {
    socketSelect(list(connection), FALSE, 1)
    byte <- take_bytes(list(connection = connection), 1)
    if (identical(byte, as.raw(10))) return(rawToChar(bytes))
    bytes <- c(bytes, byte)
  }
  unreachable("The remote evaluator does not answer as it should.")
}

# A session that has just ended needs a moment until the next one is there.
wait_for_session <- function(client, seconds = 60) {
  deadline <- Sys.time() + seconds
  repeat {
    frame <- wait_frame(client, deadline)
    if (is.null(frame)) unreachable("The remote R session does not start.")
    if (frame$type == "error") raise_remote(frame$payload)
    if (frame$type == "ready") {
      ready <- read_ready(frame$payload)
      if (ready$state %in% c("idle", "busy")) return(ready)
    }
  }
}

read_ready <- function(payload) {
  fields <- lapply(unpack_fields(payload), field_text)
  stats <- c("state", "session", "version", "pid")
  structure(fields[seq_along(stats)], names = stats)
}

# The next frame, or NULL at the deadline. The wait is the only place where a Ctrl-C can come in.
wait_frame <- function(client, deadline = NULL) {
  repeat {
    frame <- next_frame(client)
    if (!is.null(frame)) return(frame)
    if (!is.null(deadline) && Sys.time() > deadline) return(NULL)
    socketSelect(list(client$connection), FALSE, if (is.null(deadline)) NULL else 0.2)
  }
}

# Header and body leave together. A frame that is broken off halfway takes the connection with it: what follows
# would be read as its rest.
send_frame <- function(client, type, id, payload = raw()) {
  whole <- FALSE
  on.exit(if (!whole) close_client(client))
  header <- frame_header(type, id, length(payload))
  tryCatch(
    if (length(payload) <= 65536) {
      writeBin(c(header, payload), client$connection)
    } else {
      writeBin(header, client$connection)
      writeBin(payload, client$connection)
    },
    error = function(e) wire_error("rmada_wire_closed", conditionMessage(e))
  )
  whole <- TRUE
}

close_client <- function(client) {
  if (is_open(client)) tryCatch(close(client$connection), error = function(e) NULL)
  client$connection <- NULL
}

is_open <- function(client) {
  !is.null(client$connection) && tryCatch(isOpen(client$connection), error = function(e) FALSE)
}

# Sends one request and returns the frame that answers it; what comes before it is shown or signalled as it comes.
request <- function(client, type, payload) {
  settle(client, 5)
  client$id <- client$id + 1
  id <- client$id
  client$unanswered <- id
  # An error of a local handler, tryCatch() around a warning, or Ctrl-C leaves here with the answer still to come.
  on.exit(if (!is.null(client$unanswered)) break_off(client))
  send_frame(client, type, id, payload)
  repeat {
    frame <- wait_frame(client)
    if (is_answer(client, frame)) break
    if (frame$id %in% c(0, id)) show_frame(client, frame)
  }
  frame
}

is_answer <- function(client, frame) {
  if (frame$type == "error" && frame$id == 0) {
    client$unanswered <- NULL
    close_client(client)
    return(TRUE)
  }
  mine <- frame$id == client$unanswered && frame$type %in% c("value", "text", "error", "ack")
  if (mine) client$unanswered <- NULL
  mine
}

break_off <- function(client) {
  if (!is_open(client)) return()
  tryCatch(
    {
      send_frame(client, "interrupt", client$unanswered)
      settle(client, 10)
    },
    error = function(e) NULL
  )
}

# Reads on, silently, until a statement that was broken off has ended on the other side.
settle <- function(client, seconds) {
  deadline <- Sys.time() + seconds
  while (!is.null(client$unanswered)) {
    frame <- wait_frame(client, deadline)
    if (is.null(frame)) {
      fail(
        "EVALUATOR_UNREACHABLE", "The remote session still works on the statement that was broken off.",
        "Try again in a moment; ppe.rebootNetwork() is the last resort."
      )
    }
    is_answer(client, frame)
  }
}

# --- what comes while a statement runs ---

show_frame <- function(client, frame) {
  switch(frame$type,
    stdout = show_text(client, "stdout", frame$payload),
    stderr = show_text(client, "stderr", frame$payload),
    condition = signal_again(frame$payload),
    ready = client$ready <- read_ready(frame$payload)
  )
}

# A letter of several bytes can be cut by the end of a frame: its first bytes wait for the others.
show_text <- function(client, stream, bytes) {
  bytes <- c(client$rest[[stream]], bytes)
  cut <- incomplete_tail(bytes)
  client$rest[[stream]] <- utils::tail(bytes, cut)
  text <- field_text(utils::head(bytes, length(bytes) - cut))
  if (!validUTF8(text)) text <- iconv(text, "UTF-8", "UTF-8", sub = "byte")
  cat(text, file = if (stream == "stdout") stdout() else stderr())
}

# How many bytes at the end are the beginning of a letter of UTF-8.
incomplete_tail <- function(bytes) {
  for (back in seq_len(min(3, length(bytes)))) {
    byte <- as.integer(bytes[length(bytes) - back + 1])
    if (byte < 0x80) return(0)
    if (byte >= 0xc0) return(if (back < (if (byte >= 0xf0) 4 else if (byte >= 0xe0) 3 else 2)) back else 0)
  }
  0
}

signal_again <- function(payload) {
  fields <- unpack_fields(payload)
  condition <- unserialize(fields[[2]])
  switch(field_text(fields[[1]]),
    message = message(condition),
    warning = warning(condition),
    signalCondition(condition)
  )
}

# The remote error, raised here: its own classes and fields, and those by which it is known to come from there.
raise_remote <- function(payload) {
  fields <- unpack_fields(payload)
  text <- vapply(fields[1:4], field_text, "")
  classes <- strsplit(text[2], "\n", fixed = TRUE)[[1]]
  original <- if (length(fields) > 4 && length(fields[[5]]) > 0) unserialize(fields[[5]])
  fields_of <- if (is.list(original)) unclass(original) else list()
  fields_of$message <- text[1]
  fields_of["call"] <- list(if (is.list(original)) original$call)
  fields_of$code <- remote_code(classes)
  fields_of$remote_traceback <- if (nzchar(text[4])) strsplit(text[4], "\n", fixed = TRUE)[[1]] else character()
  common <- c("error", "condition")
  ours <- c(paste0("rmada_error_", fields_of$code), "rmada_error")
  stop(structure(class = c("rmada_remote_error", setdiff(classes, common), ours, common), fields_of))
}

remote_code <- function(classes) {
  gone <- c("rmada_session_ended", "rmada_session_held", "rmada_session_busy", "rmada_protocol_error")
  if (any(classes %in% gone)) "EVALUATOR_UNREACHABLE" else "EVALUATION_FAILED"
}
