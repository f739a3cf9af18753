test_that("the manager is started when none runs, and asked what it is", {
  requests <- with_manager(list("manager.info" = list(list(result = list(version = "0.1.0", pid = 1)))), {
    info <- ppe.launchNetworkManager(window = FALSE)
    expect_equal(info$version, "0.1.0")
    expect_true(ppe.disconnectNetworkManager())
    expect_false(ppe.disconnectNetworkManager())
  })
  expect_equal(vapply(requests, `[[`, "", "method"), "manager.info")
})

test_that("a manager that cannot be started is a real error", {
  old <- options(rmada.command = "no-such-program-anywhere")
  runtime <- Sys.getenv("RMADA_RUNTIME_DIR", NA)
  Sys.setenv(RMADA_RUNTIME_DIR = tempfile())
  on.exit({ options(old); if (is.na(runtime)) Sys.unsetenv("RMADA_RUNTIME_DIR") else Sys.setenv(RMADA_RUNTIME_DIR = runtime) })
  expect_snapshot(ppe.getNetworkNames(), error = TRUE)
  options(rmada.command = c("sh", "-c", "echo 'it broke' >&2; exit 3"))
  expect_snapshot(ppe.getNetworkNames(), error = TRUE)
})

test_that("networks are listed, and none is guessed between several", {
  several <- list(result = list(network("fit"), network("other", "failed", "No capacity.")))
  with_manager(list("networks.list" = list(several), "networks.get" = list(list(result = network("other", "failed", "No capacity.")))), {
    expect_equal(ppe.getNetworkNames(), c("fit", "other"))
    expect_equal(ppe.getRunningNetworkNames(), "fit")
    status <- ppe.getNetworkStatus("other")
    expect_equal(as.character(status), "failed")
    expect_equal(attr(status, "message"), "No capacity.")
    expect_equal(ppe.getMasterNodeURL("other"), "192.0.2.1")
    expect_snapshot(error = TRUE, {
      ppe.getNetworkStatus()
      ppe.getNetworkStatus(c("a", "b"))
    })
  })
  with_manager(list("networks.list" = list(list(result = list()))), {
    expect_equal(ppe.getNetworkNames(), character())
    expect_error(ppe.getNetworkStatus(), class = "rmada_error_NETWORK_UNKNOWN")
  })
})

test_that("terminate and reboot want a name and never guess", {
  requests <- with_manager(list("networks.list" = list(list(result = list(network("fit"))))), {
    expect_snapshot(error = TRUE, {
      ppe.terminateNetwork()
      ppe.terminateNetwork(NULL)
      ppe.terminateNetwork("")
      ppe.rebootNetwork()
    })
  })
  expect_length(requests, 0)
})

plan <- list(
  spec = list(name = "fit", region = "practice-1", instances = 3, instanceType = "c7i.large", image = "ami-1", user = "ec2-user",
    zone = NULL, slotsPerHost = 2, placementGroup = TRUE),
  creates = list(), findings = list(list(level = "warning", code = "X", field = NULL, message = "Mind the gap.", suggestion = "Do.")),
  pricePerHour = 0.3, priceSource = "snapshot"
)

test_that("a launch shows the plan, launches what was shown, and follows the task", {
  running <- task("running", 0.4, list(step("Rent", "done", ms = 1200), step("Configure", "running", "node 2")))
  done <- task("succeeded", 1, list(step("Rent", "done", ms = 1200), step("Configure", "done", ms = 800)))
  replies <- list(
    "networks.plan" = list(list(result = plan)), "networks.launch" = list(list(result = running)),
    "tasks.get" = list(list(result = running), list(result = done))
  )
  requests <- with_manager(replies, {
    expect_snapshot(ppe.createNetwork("fit", instances = 3, confirm = FALSE))
  })
  methods <- vapply(requests, `[[`, "", "method")
  expect_equal(unique(methods), c("networks.plan", "networks.launch", "tasks.get"))
  expect_equal(requests[[1]]$params, list(name = "fit", region = "practice-1", instances = 3L))
  expect_equal(requests[[2]]$params$image, "ami-1")
  expect_null(requests[[2]]$params$user)
})

test_that("nothing is rented without a yes, nor against an error of the plan", {
  skip_if(interactive())
  faulty <- list(spec = NULL, creates = list(), pricePerHour = NULL, priceSource = NULL, findings = list(
    list(level = "error", code = "COUNT_INVALID", field = "instances", message = "The number has to be whole.", suggestion = "Say 2.")
  ))
  requests <- with_manager(list("networks.plan" = list(list(result = plan), list(result = faulty))), {
    expect_error(suppressMessages(ppe.createNetwork("fit")), "not interactive", class = "rmada_error_INVALID_INPUT")
    expect_error(ppe.createNetwork("fit", instances = 2.5, confirm = FALSE), class = "rmada_error_COUNT_INVALID")
  })
  expect_equal(unique(vapply(requests, `[[`, "", "method")), "networks.plan")
})

test_that("packages are named to the plan, and the log of the latest task is shown", {
  faulty <- list(spec = NULL, creates = list(), pricePerHour = NULL, priceSource = NULL, findings = list(
    list(level = "error", code = "PACKAGE_INVALID", field = "packages", message = "No name: a b", suggestion = "Spell it.")
  ))
  older <- modifyList(task("succeeded", 1, list()), list(id = "task-0", startedAt = "2026-01-01T00:00:00Z"))
  latest <- modifyList(task("succeeded", 1, list()), list(id = "task-9", startedAt = "2026-01-02T00:00:00Z"))
  log <- list(file = "/data/logs/task-9.log", dropped = 3, lines = list(
    list(at = "2026-01-02T00:00:01.000Z", node = "", text = "Looking."),
    list(at = "2026-01-02T00:00:02.000Z", node = "ip-10-0-0-1", text = "==> All parts are there")
  ))
  requests <- with_manager(list(
    "networks.plan" = list(list(result = faulty)), "tasks.list" = list(list(result = list(latest, older))),
    "tasks.log" = list(list(result = log))
  ), {
    expect_error(ppe.createNetwork("fit", packages = "a b", confirm = FALSE), class = "rmada_error_PACKAGE_INVALID")
    expect_message(
      expect_output(ppe.taskLog("fit", lines = 2), "00:00:02 [ip-10-0-0-1] ==> All parts are there", fixed = TRUE),
      "3 lines before these are in /data/logs/task-9.log", fixed = TRUE
    )
    expect_error(ppe.taskLog("other"), class = "rmada_error_TASK_UNKNOWN")
  })
  expect_equal(requests[[1]]$params$packages, list("a b"))
  asked <- Filter(function(request) request$method == "tasks.log", requests)
  expect_equal(asked[[1]]$params, list(id = "task-9", lines = 2L))
})

test_that("a task that fails says what is still rented", {
  error <- list(code = "CONFIGURE_FAILED", message = "Node ip-1 has no R.", suggestion = "Repair it.",
    stillRented = list(list(kind = "instance", id = "i-1", pricePerHour = 0.1)))
  failed <- list(result = task("failed", 0.5, list(step("Configure", "failed", "no R")), error))
  with_manager(list("networks.terminate" = list(failed)), {
    e <- expect_error(suppressMessages(ppe.terminateNetwork("fit")), class = "rmada_error_CONFIGURE_FAILED")
    expect_equal(conditionMessage(e), "Node ip-1 has no R.\nStill rented: instance i-1.\nRepair it.")
    expect_equal(e$stillRented[[1]]$id, "i-1")
  })
})

test_that("a manager that goes away in a call is said to have", {
  with_manager(list("networks.list" = list(list(close = TRUE), list(result = list(network("fit"))))), {
    expect_error(ppe.getNetworkNames(), class = "rmada_error_MANAGER_UNREACHABLE")
    expect_equal(ppe.getNetworkNames(), "fit")
  })
})

test_that("another protocol version is refused with the manager's own words", {
  refusal <- list(error = list(code = "PROTOCOL_MISMATCH", message = "Other version.", suggestion = "Update the package."))
  with_manager(list(hello = list(refusal)), {
    expect_error(ppe.getNetworkNames(), "Other version", class = "rmada_error_PROTOCOL_MISMATCH")
  })
})

test_that("without a client re() says what to do", {
  expect_snapshot(error = TRUE, {
    re(1 + 1)
    upo(letters)
    ppe.closeClient("nowhere")
  })
  expect_equal(nrow(ppe.showClients()), 0)
})

test_that("startClient connects to the evaluator that the manager names, and again when the way there broke", {
  evaluator <- start_evaluator()
  address <- list(host = "127.0.0.1", port = evaluator$port, secret = test_secret, user = "ec2-user", master = "ip-10-0-0-1")
  replies <- list("networks.list" = list(list(result = list(network("fit")))), "evaluator.connect" = list(list(result = address)))
  requests <- with_manager(replies, {
    expect_message(ppe.startClient(), "Connected to R .* on ip-10-0-0-1 \\(network fit\\)")
    expect_equal(ppe.showClients()$hostName, "ip-10-0-0-1")
    expect_equal(re(6 * 7), 42)
    close(the$clients$fit$connection)
    expect_equal(re(6 * 7), 42)
    gate(evaluator, "stop")
    expect_error(re(1), class = "rmada_error_EVALUATOR_UNREACHABLE")
    ppe.closeClient()
    expect_equal(nrow(ppe.showClients()), 0)
  })
  expect_equal(sum(vapply(requests, `[[`, "", "method") == "evaluator.connect"), 3)
})

test_that("images come as a data frame, and what is removed is named twice", {
  image <- list(
    id = "ami-1", name = "mine", architecture = "x86_64", user = "ubuntu", createdAt = NULL, state = "available",
    carries = list(r = "4.5.1", openMpi = NULL), network = "fit", snapshots = list(list(id = "snap-1", sizeGib = 8)),
    pricePerMonth = 0.4, unfit = "It does not boot."
  )
  replies <- list(
    "images.list" = list(list(result = list(image))), "catalogue.images" = list(list(result = list(image))),
    "images.deregister" = list(list(result = list(id = "ami-1", deletedSnapshots = list("snap-1"), keptSnapshots = list()))),
    "images.save" = list(list(result = task("running", 0, list())))
  )
  requests <- with_manager(replies, {
    own <- ppe.images(own = TRUE)
    expect_equal(own[c("id", "R", "OpenMPI", "GiB", "USDaMonth")],
      data.frame(id = "ami-1", R = "4.5.1", OpenMPI = NA_character_, GiB = 8, USDaMonth = 0.4, stringsAsFactors = FALSE))
    expect_equal(ppe.images(type = "c7g.large")$unfit, "It does not boot.")
    expect_equal(ppe.saveImage("fit", "mine", wait = FALSE), "mine")
    expect_equal(ppe.deregisterImage("ami-1", confirm = "mine"), "snap-1")
  })
  expect_equal(requests[[2]]$params, list(region = "practice-1", instanceType = "c7g.large"))
  expect_equal(requests[[3]]$params, list(network = "fit", name = "mine"))
  expect_equal(requests[[4]]$params$confirm, "mine")
})
