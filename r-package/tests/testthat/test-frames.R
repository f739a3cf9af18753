# A connection that gives what a test put into it: a pair of sockets would need a port.
reader_of <- function(bytes) {
  frame_reader(rawConnection(bytes, "rb"))
}

read_all <- function(bytes) {
  reader <- reader_of(bytes)
  on.exit(close(reader$connection))
  frames <- list()
  broken <- tryCatch(
    repeat {
      frame <- next_frame(reader)
      if (is.null(frame)) next
      frames[[length(frames) + 1]] <- frame
    },
    rmada_wire_error = function(e) class(e)[1]
  )
  list(frames = frames, broken = broken)
}

encode <- function(type, id, payload = raw(), flags = 0) {
  c(frame_header(type, id, length(payload), flags), payload)
}

test_that("a frame is read as it was written", {
  payload <- as.raw(sample(0:255, 300, TRUE))
  bytes <- c(encode("value", 4294967295, payload), encode("ack", 0))
  expect_equal(read_all(bytes)$frames, list(
    list(type = "value", id = 4294967295, payload = payload),
    list(type = "ack", id = 0, payload = raw())
  ))
})

test_that("a payload in parts is joined and a void one dropped", {
  bytes <- c(
    encode("value", 1, as.raw(1), flags = 1), encode("stdout", 2, as.raw(9)), encode("value", 1, as.raw(2), flags = 1),
    encode("value", 1), encode("value", 3, as.raw(7), flags = 1), encode("eval", 3, flags = 2), encode("value", 3, as.raw(8))
  )
  frames <- read_all(bytes)$frames
  expect_equal(lapply(frames, `[[`, "payload"), list(as.raw(9), as.raw(1:2), as.raw(8)))
})

test_that("a long length costs nothing before its bytes come, and a longer one is refused", {
  expect_equal(read_all(frame_header("value", 1, 2^40))$broken, "rmada_wire_closed")
  expect_equal(read_all(frame_header("value", 1, 2^41))$broken, "rmada_wire_broken")
})

test_that("mutated frames give frames or a wire error, nothing else", {
  set.seed(1)
  original <- c(encode("value", 5, as.raw(1:40)), encode("stdout", 5, charToRaw("text")), encode("ack", 6))
  outcomes <- character()
  for (i in 1:2000) {
    bytes <- original
    at <- sample(length(bytes), sample(4, 1))
    bytes[at] <- as.raw(sample(0:255, length(at), TRUE))
    result <- read_all(bytes)
    outcomes <- c(outcomes, result$broken)
    taken <- sum(vapply(result$frames, function(f) 16 + length(f$payload), 0))
    if (taken > length(original)) fail("more was read than was there")
  }
  expect_setequal(unique(outcomes), c("rmada_wire_closed", "rmada_wire_broken"))
})

test_that("fields are read as they were packed, and a lying one is refused", {
  packed <- pack_fields("\u00e9", "", as.raw(1:3))
  expect_equal(lapply(unpack_fields(packed), as.integer), list(c(195L, 169L), integer(), 1:3))
  expect_equal(field_text(unpack_fields(packed)[[1]]), "\u00e9")
  expect_error(unpack_fields(utils::head(packed, -1)), "longer than its frame")
})

test_that("a letter that is cut by the end of a frame waits for its rest", {
  for (letter in c("a", "\u00e9", "\u20ac", "\U1f600")) {
    bytes <- charToRaw(enc2utf8(letter))
    for (n in seq_along(bytes)) {
      cut <- incomplete_tail(c(charToRaw("x"), bytes[seq_len(n)]))
      expect_equal(cut, if (n == length(bytes)) 0 else n)
    }
  }
})

test_that("the server's copy of the frame code is this package's", {
  source <- testthat::test_path("..", "..", "R", "frames.R")
  skip_if_not(file.exists(source), "the package's sources are not here")
  server <- readLines(system.file("evaluator", "server.R", package = "rmada"))
  marks <- grep("# --- (end of )?frames.R ---", server)
  copy <- sub("^  ", "", server[(marks[1] + 1):(marks[2] - 1)])
  expect_identical(copy, readLines(source))
})
