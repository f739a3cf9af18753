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
