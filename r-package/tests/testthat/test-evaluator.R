test_that("re() behaves as if it ran here", {
  evaluator <- start_evaluator()
  use_evaluator(evaluator)

  # values, exactly, with their visibility
  x <- c(runif(1000), NA, NaN, Inf, -0, .Machine$double.xmin)
  expect_message(upo(x), "assigned x")
  expect_identical(re(x), x)
  expect_identical(serialize(re(x * pi), NULL), serialize(x * pi, NULL))
  expect_true(withVisible(re(1))$visible)
  expect_false(withVisible(re(y <- 1))$visible)
  expect_false(withVisible(re(invisible(3)))$visible)
  expect_null(re(NULL))
  big <- runif(3e5)
  expect_identical(re(identity(big), "test"), NULL) |> expect_error("object 'big' not found")
  suppressMessages(upo(big, "other"))
  expect_identical(re(other), big)
  expect_error(upo(x + 1), class = "rmada_error_INVALID_INPUT")

  # output, in order with messages and warnings
  seen <- capture.output(
    withCallingHandlers(
      re({
        cat("one\n")
        message("two")
        print("three")
        system("echo four")
        warning("five")
        cat("\u00e9\n")
      }),
      message = function(m) { cat("message:", conditionMessage(m)); invokeRestart("muffleMessage") },
      warning = function(w) { cat("warning:", conditionMessage(w), "\n"); invokeRestart("muffleWarning") }
    )
  )
  expect_equal(enc2utf8(seen), c("one", "message: two", "[1] \"three\"", "four", "warning: five ", "\u00e9"))
  expect_length(capture.output(re(for (i in 1:5000) print(i))), 5000)

  # conditions keep their classes
  expect_warning(re(warning(structure(class = c("mine", "warning", "condition"), list(message = "w", call = NULL)))), class = "mine")
  progress <- 0
  withCallingHandlers(
    re(for (i in 1:3) signalCondition(structure(class = c("tick", "condition"), list(message = "t", call = NULL)))),
    tick = function(c) progress <<- progress + 1
  )
  expect_equal(progress, 3)
  expect_silent(suppressWarnings(suppressMessages(re({ warning("w"); message("m") }))))
  expect_error(re({ options(warn = 2); on.exit(options(warn = 0)); warning("now an error") }), "now an error")
  re(options(warn = 0))

  # errors
  re(f <- function(n) if (n == 0) stop(structure(class = c("own", "error", "condition"), list(message = "deep", call = sys.call(), data = 7))) else f(n - 1))
  e <- expect_error(re(f(2)), "deep", class = "own")
  expect_s3_class(e, c("rmada_remote_error", "own", "rmada_error_EVALUATION_FAILED", "rmada_error"), exact = FALSE)
  expect_equal(e$data, 7)
  expect_equal(conditionCall(e), quote(f(n - 1)))
  expect_equal(utils::head(e$remote_traceback, 3), c("f(2)", "f(n - 1)", "f(n - 1)"))
  expect_null(conditionCall(expect_error(re(stop("plain")), "plain")))
  expect_error(re({ g <- function() g(); g() }), "nested too deeply|C stack")
  expect_error(re(nothing_of_this_name), "not found")
  expect_identical(re(tryCatch(stop("a"), error = function(e) "handled there")), "handled there")
})

test_that("what is broken off leaves both sides in step", {
  evaluator <- start_evaluator()
  use_evaluator(evaluator)
  started <- Sys.time()
  expect_equal(tryCatch(re({ warning("w"); Sys.sleep(60) }), warning = function(w) "caught"), "caught")
  expect_equal(re(1 + 1), 2)
  # The signal of a Ctrl-C, sent while re() waits
  parent <- Sys.getpid()
  suppressMessages(upo(parent))
  outcome <- tryCatch(
    re({ tools::pskill(parent, tools::SIGINT); Sys.sleep(60); "done" }),
    interrupt = function(c) "interrupted"
  )
  expect_equal(outcome, "interrupted")
  expect_equal(re(2 + 2), 4)
  expect_lt(as.numeric(difftime(Sys.time(), started, units = "secs")), 15)
  expect_error(re({ tools::pskill(Sys.getpid(), tools::SIGINT); Sys.sleep(5) }), class = "rmada_interrupted")
  expect_equal(re(3 + 3), 6)
})

test_that("the session outlives its clients, and what ends it is reported", {
  evaluator <- start_evaluator()
  use_evaluator(evaluator)
  re(kept <- 1)
  drop_client("test")
  use_evaluator(evaluator)
  expect_equal(re(kept), 1)
  another <- open_client("127.0.0.1", evaluator$port, test_secret, "another")
  refusal <- request(another, "eval", to_bytes(list(expr = 1)))
  expect_error(raise_remote(refusal$payload), "The session is in use by a test", class = "rmada_session_held")
  close_client(another)

  re(rm(list = ls(all.names = TRUE)))
  expect_equal(re(ls(all.names = TRUE)), character())
  re(closeAllConnections())
  expect_equal(re(2), 2)

  first <- re(Sys.getpid())
  expect_error(re(q()), "exit status 0", class = "rmada_session_ended")
  wait_for_session(the$clients[["test"]])
  expect_false(re(Sys.getpid()) == first)
  expect_error(re(tools::pskill(Sys.getpid(), tools::SIGKILL)), "signal 9|exit status 137", class = "rmada_session_ended")
  wait_for_session(the$clients[["test"]])
  expect_equal(re(5), 5)
})

test_that("nobody gets in without the secret, and nobody is believed without it", {
  evaluator <- start_evaluator()
  expect_error(use_evaluator(evaluator, strrep("f", 64)), "did not accept the secret", class = "rmada_error_EVALUATOR_UNREACHABLE")
  half_right <- paste0(substr(test_secret, 1, 32), strrep("0", 32))
  expect_error(use_evaluator(evaluator, half_right), "does not know the secret", class = "rmada_error_EVALUATOR_UNREACHABLE")
  port <- evaluator$port
  stop_evaluator(evaluator)
  expect_error(open_client("127.0.0.1", port, test_secret, "x"), "Nothing answers", class = "rmada_error_EVALUATOR_UNREACHABLE")
})

test_that("a connection that broke is said to be broken", {
  evaluator <- start_evaluator()
  client <- use_evaluator(evaluator)
  gate(evaluator, "stop")
  expect_error(request(client, "eval", raw()), class = "rmada_wire_error")
})
