# The R session behind the remote evaluator: takes statements from the gate, evaluates them in .GlobalEnv, and answers.
# Base R alone, R >= 4.1. See docs/evaluator-protocol.md.
#
# Started by gate.pl. Everything lives in a local environment, so that a statement such as rm(list = ls(all = TRUE))
# cannot reach it. Printed output is not touched here: the gate reads it from the standard streams, where what
# system() and compiled code print comes too, and where sink() in a statement works as everywhere.
local({
  # --- frames.R ---
  # Frames of the evaluator's wire (docs/evaluator-protocol.md). Base R alone: inst/evaluator/server.R carries a copy of
  # this file between two marks, and a test holds the two together.

  frame_types <- c(
    eval = 1, eval_text = 2, assign = 3, interrupt = 4, ping = 5, hello = 6,
    ready = 16, stdout = 17, stderr = 18, condition = 19, plot = 20, value = 21, text = 22, error = 23, ack = 24,
    pong = 25,
    attach = 32, hold = 33, go = 34
  )
  frame_header_bytes <- 16
  frame_max_length <- 2^40

  # Header: type, flags, two zero bytes, 32-bit id, 64-bit length, all big-endian.
  frame_header <- function(type, id, length, flags = 0) {
    unsigned <- function(x) {
      as.raw(c(x %/% 2^24, x %/% 2^16 %% 256, x %/% 256 %% 256, x %% 256))
    }
    c(as.raw(c(frame_types[[type]], flags, 0, 0)), unsigned(id), unsigned(length %/% 2^32), unsigned(length %% 2^32))
  }

  # NULL when the bytes are no header: whoever gets one closes the connection.
  parse_frame_header <- function(bytes) {
    b <- as.numeric(bytes)
    type <- match(b[1], frame_types)
    length <- sum(b[9:16] * 256^(7:0))
    if (is.na(type) || b[2] > 2 || b[3] != 0 || b[4] != 0 || length > frame_max_length) {
      return(NULL)
    }
    list(type = names(frame_types)[type], flags = b[2], id = sum(b[5:8] * 256^(3:0)), length = length)
  }

  # Text fields: each a 32-bit big-endian length and that many bytes of UTF-8. A raw field goes as it is.
  pack_fields <- function(...) {
    parts <- lapply(list(...), function(x) if (is.raw(x)) x else charToRaw(enc2utf8(x)))
    unlist(lapply(parts, function(x) c(writeBin(length(x), raw(), endian = "big"), x)))
  }

  unpack_fields <- function(bytes) {
    fields <- list()
    at <- 0
    while (at < length(bytes)) {
      size <- if (at + 4 <= length(bytes)) sum(as.numeric(bytes[at + 1:4]) * 256^(3:0)) else Inf
      if (at + 4 + size > length(bytes)) stop("a field is longer than its frame")
      fields[[length(fields) + 1]] <- bytes[at + 4 + seq_len(size)]
      at <- at + 4 + size
    }
    fields
  }

  field_text <- function(field) {
    text <- rawToChar(field[field != 0])
    Encoding(text) <- "UTF-8"
    text
  }

  # Binary, so that every double comes out bit for bit; native order where nearly every machine is at home: XDR turns
  # each number round twice.
  to_bytes <- function(object) serialize(object, NULL, xdr = .Platform$endian != "little")

  # A reader of one connection, which has to be non-blocking. All that has come is kept in an environment, and bytes are
  # taken while interrupts are suspended: a Ctrl-C between any two of them loses nothing.
  frame_reader <- function(connection) {
    reader <- new.env(parent = emptyenv())
    reader$connection <- connection
    reader$buffer <- raw()
    reader$header <- NULL
    reader$pieces <- list()
    reader$missing <- 0
    reader$payloads <- list()
    reader
  }

  # Takes what there is without waiting: a whole frame, or NULL. Raises `rmada_wire_closed` or `rmada_wire_broken`.
  next_frame <- function(reader) {
    suspendInterrupts({
      repeat {
        part <- next_part(reader)
        if (is.null(part)) return(NULL)
        frame <- join_part(reader, part)
        if (!is.null(frame)) return(frame)
      }
    })
  }

  next_part <- function(reader) {
    if (is.null(reader$header)) {
      reader$buffer <- c(reader$buffer, take_bytes(reader, frame_header_bytes - length(reader$buffer)))
      if (length(reader$buffer) < frame_header_bytes) return(NULL)
      reader$header <- parse_frame_header(reader$buffer)
      if (is.null(reader$header)) wire_error("rmada_wire_broken", "the other side sent what is not a frame")
      reader$buffer <- raw()
      reader$missing <- reader$header$length
    }
    while (reader$missing > 0) {
      piece <- take_bytes(reader, min(reader$missing, 65536))
      if (length(piece) == 0) return(NULL)
      reader$pieces[[length(reader$pieces) + 1]] <- piece
      reader$missing <- reader$missing - length(piece)
    }
    part <- c(reader$header, pieces = list(reader$pieces))
    reader$header <- NULL
    reader$pieces <- list()
    part
  }

  # A long payload comes as several frames of one id: flag 1 says that more follow, flag 2 that what came is void.
  join_part <- function(reader, part) {
    key <- as.character(part$id)
    pieces <- c(reader$payloads[[key]], part$pieces)
    reader$payloads[[key]] <- if (part$flags == 1) pieces
    if (part$flags != 0) return(NULL)
    payload <- if (length(pieces) == 1) pieces[[1]] else as.raw(unlist(pieces, use.names = FALSE))
    list(type = part$type, id = part$id, payload = payload)
  }

  take_bytes <- function(reader, n) {
    if (n == 0) return(raw())
    bytes <- readBin(reader$connection, "raw", n)
    # Nothing now: either not yet, which R calls incomplete, or never again.
    if (length(bytes) == 0 && !isIncomplete(reader$connection)) {
      wire_error("rmada_wire_closed", "the other side closed the connection")
    }
    bytes
  }

  wire_error <- function(class, message) {
    stop(structure(class = c(class, "rmada_wire_error", "error", "condition"), list(message = message, call = NULL)))
  }
  # --- end of frames.R ---

  # --- the link to the gate --------------------------------------------------------------------------------------

  link <- new.env(parent = emptyenv())

  connect <- function() {
    secret <- readLines(file.path(Sys.getenv("HOME"), ".rmada", "secret"), n = 1, warn = FALSE)
    # The timeout is R's own for a blocked write, in seconds; a slow client is no reason to give up.
    link$connection <- socketConnection(
      "127.0.0.1", as.integer(Sys.getenv("RMADA_EVALUATOR_PORT")),
      blocking = FALSE, open = "a+b", timeout = 2147483L, options = "no-delay"
    )
    greeting <- read_line(link$connection)
    if (!identical(greeting, "RMADA-EVALUATOR 1")) stop("the gate greets with: ", greeting)
    writeBin(charToRaw(paste0("S", substr(secret, 1, 32), "\n")), link$connection)
    if (!identical(read_line(link$connection), substr(secret, 33, 64))) stop("the gate does not know the secret")
    link$reader <- frame_reader(link$connection)
    send("attach", 0, pack_fields(as.character(Sys.getpid()), as.character(getRversion())))
  }

  read_line <- function(connection, seconds = 10) {
    bytes <- raw()
    deadline <- Sys.time() + seconds
    while (Sys.time() < deadline) {
      wait(connection, 1)
      byte <- take_bytes(list(connection = connection), 1)
      if (identical(byte, as.raw(10))) return(rawToChar(bytes))
      bytes <- c(bytes, byte)
    }
    stop("the gate does not answer")
  }

  # R's select lets interrupts through even where they are suspended. One that comes here came too late for the
  # statement it was meant for.
  wait <- function(connection, seconds = NULL) {
    tryCatch(socketSelect(list(connection), FALSE, seconds), interrupt = function(c) link$interrupted <- TRUE)
  }

  receive <- function() {
    repeat {
      frame <- next_frame(link$reader)
      if (!is.null(frame)) return(frame)
      wait(link$connection)
    }
  }

  small <- 32768

  # A frame must leave whole. A small one goes into the empty socket buffer in one piece, or, when a late interrupt
  # comes first, not at all, and is tried again. Before a long one the gate promises to hold interrupts back. Returns
  # whether an interrupt came meanwhile, for whoever still has something to interrupt.
  send <- function(type, id, payload = raw()) {
    late <- FALSE
    whole <- length(payload) <= small
    if (!whole) late <- send("hold", id)
    header <- frame_header(type, id, length(payload))
    repeat {
      gone <- tryCatch(
        {
          if (!whole) writeBin(header, link$connection)
          writeBin(if (whole) c(header, payload) else payload, link$connection)
          TRUE
        },
        interrupt = function(c) FALSE
      )
      if (gone) break
      late <- TRUE
    }
    # What is printed next must not overtake a condition: it takes another way, so the gate says when it has passed.
    if (type %in% c("hold", "condition", "plot")) late <- await_go() || late
    late
  }

  await_go <- function() {
    link$interrupted <- FALSE
    repeat if (identical(receive()$type, "go")) break
    # Of those that came before the gate's word none may be left to come after it.
    catch_interrupt() || link$interrupted
  }

  # Takes an interrupt that waits, and says whether there was one.
  catch_interrupt <- function() tryCatch({ allowInterrupts(Sys.sleep(0)); FALSE }, interrupt = function(c) TRUE)

  # closeAllConnections() in a statement closes this one too; the gate takes the same session back.
  reply <- function(...) tryCatch(send(...), error = function(e) { connect(); send(...) })

  # --- evaluation ------------------------------------------------------------------------------------------------

  handle <- function(request) {
    catch_interrupt()
    link$id <- request$id
    switch(request$type,
      eval = answer_eval(request),
      eval_text = answer_text(request),
      assign = answer_assign(request)
    )
  }

  answer_eval <- function(request) {
    outcome <- attempt({
      asked <- unserialize(request$payload)
      if (is.numeric(asked$width)) options(width = asked$width)
      statement <- asked$expr
      guard(withVisible(eval(statement, globalenv())), forward)
    })
    if (!is.null(outcome$failure)) return(reply_error(outcome$failure, objects = TRUE))
    bytes <- attempt(to_bytes(outcome$result))
    if (!is.null(bytes$failure)) return(reply_error(bytes$failure, objects = TRUE))
    reply("value", request$id, bytes$result)
  }

  # For clients that are not R: source text in, printed text out, warnings at the end as R prints them.
  answer_text <- function(request) {
    warnings <- character()
    keep <- function(c) {
      if (!inherits(c, "warning") || !defers_warnings()) return()
      call <- without_our_call(c)$call
      warnings <<- c(warnings, paste0(if (!is.null(call)) paste0("In ", first_line(call), " : "), conditionMessage(c)))
      invokeRestart("muffleWarning")
    }
    outcome <- attempt({
      text <- rawToChar(request$payload)
      Encoding(text) <- "UTF-8"
      last <- list(visible = FALSE)
      printed <- character()
      for (statement in as.list(parse(text = text, keep.source = FALSE, encoding = "UTF-8"))) {
        if (length(printed) > 0) writeLines(printed)
        last <- guard(withVisible(eval(statement, globalenv())), keep)
        printed <- if (last$visible) guard(print_value(last$value), keep)
      }
      list(text = paste(printed, collapse = "\n"), visible = last$visible)
    })
    if (length(warnings) > 0) {
      title <- if (length(warnings) == 1) "Warning message:" else "Warning messages:"
      writeLines(c(title, warnings), stderr())
    }
    if (!is.null(outcome$failure)) return(reply_error(outcome$failure, objects = FALSE))
    reply("text", request$id, pack_fields(outcome$result$text, if (outcome$result$visible) "1" else "0"))
  }

  answer_assign <- function(request) {
    outcome <- attempt({
      given <- unserialize(request$payload)
      assign(given$name, given$value, envir = globalenv())
      given$name
    })
    if (!is.null(outcome$failure)) return(reply_error(outcome$failure, objects = TRUE))
    reply("ack", request$id, pack_fields(outcome$result))
  }

  guard <- function(code, forward) withCallingHandlers(allowInterrupts(code), condition = forward)

  # What a statement itself signals has no call at R's prompt; here it would be that of our own eval().
  without_our_call <- function(c) {
    if (is.list(c) && identical(c$call, quote(eval(statement, globalenv())))) c["call"] <- list(NULL)
    c
  }

  # The value, or the condition that stopped it with the calls that led there.
  attempt <- function(code) {
    calls <- NULL
    base <- sys.nframe()
    tryCatch(
      list(result = withCallingHandlers(code, error = function(e) calls <<- sys.calls())),
      error = function(e) list(failure = list(condition = e, trace = trace_of(calls, base))),
      interrupt = function(c) list(failure = list(condition = interrupted(), trace = character()))
    )
  }

  interrupted <- function() {
    structure(
      class = c("rmada_interrupted", "error", "condition"),
      list(message = "the evaluation was interrupted", call = NULL)
    )
  }

  # Messages and warnings travel as what they are; the local side signals them again and prints what nobody handles.
  forward <- function(c) {
    c <- without_our_call(c)
    if (inherits(c, "error") || inherits(c, "interrupt")) return()
    if (inherits(c, "warning") && !defers_warnings()) return()
    kind <- if (inherits(c, "warning")) "warning" else if (inherits(c, "message")) "message" else "condition"
    if (kind == "warning" && getOption("warn") < 0) invokeRestart("muffleWarning")
    suspendInterrupts({
      object <- tryCatch(to_bytes(c), error = function(e) {
        to_bytes(structure(class = class(c), list(message = conditionMessage(c), call = NULL)))
      })
      late <- reply("condition", link$id, pack_fields(kind, object))
      if (late) tools::pskill(Sys.getpid(), tools::SIGINT)
    })
    if (kind == "message") tryInvokeRestart("muffleMessage")
    if (kind == "warning") tryInvokeRestart("muffleWarning")
  }

  # options(warn = 2) makes an error of a warning: that is left to R.
  defers_warnings <- function() isTRUE(getOption("warn") < 2)

  print_value <- function(value) {
    enc2utf8(utils::capture.output(if (isS4(value)) methods::show(value) else print(value)))
  }

  first_line <- function(call) {
    text <- deparse(call, nlines = 2, width.cutoff = 100)
    if (length(text) > 1) paste(text[1], "...") else text
  }

  # The calls below our own eval(), without the handler's at the end; of a deep recursion only both ends.
  trace_of <- function(calls, base) {
    calls <- utils::head(calls[-seq_len(min(base, length(calls)))], -1)
    last <- if (length(calls) > 0) calls[[length(calls)]][[1]]
    if (identical(last, quote(.handleSimpleError))) calls <- utils::head(calls, -1)
    ours <- which(vapply(calls, function(call) identical(call[[1]], quote(eval)), NA))
    if (length(ours) > 0) calls <- calls[-seq_len(min(ours[1] + 1, length(calls)))]
    text <- function(calls) vapply(calls, first_line, "")
    if (length(calls) <= 60) text(calls) else c(text(utils::head(calls, 30)), "...", text(utils::tail(calls, 30)))
  }

  reply_error <- function(failure, objects) {
    e <- without_our_call(failure$condition)
    message <- tryCatch(conditionMessage(e), error = function(e) "an error without a message")
    call <- if (is.null(conditionCall(e))) "" else first_line(conditionCall(e))
    object <- if (objects) tryCatch(to_bytes(e), error = function(e) raw()) else raw()
    reply("error", link$id, pack_fields(
      paste(message, collapse = "\n"), paste(class(e), collapse = "\n"), call,
      paste(failure$trace, collapse = "\n"), object
    ))
  }

  serve <- function() suspendInterrupts({
    connect()
    repeat handle(receive())
  })

  # Without a gate to go to the file only defines its functions: that is how tests look at them.
  if (nzchar(Sys.getenv("RMADA_EVALUATOR_PORT"))) {
    tryCatch(serve(), rmada_wire_closed = function(e) quit("no", runLast = FALSE))
  }
  environment()
})
