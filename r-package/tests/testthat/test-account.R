identity <- function(ahead = 0) {
  list(
    region = "eu-west-1", account = "111122223333", arn = "arn:aws:iam::111122223333:user/ana", userId = "U",
    by = "the profile \"work\"", clockAheadSeconds = ahead
  )
}
accounts <- list(
  profiles = list(list(name = "work", kind = "sso", region = NULL)), configFile = "c", environment = FALSE,
  keys = list(list(name = "lab", keyEnding = "WXYZ", kept = "keychain")), chosen = list(profile = "work", key = NULL),
  secrets = "keychain"
)

test_that("the account of a region is told, with what it may do when asked", {
  permissions <- list(
    checks = list(
      list(action = "ec2:RunInstances", result = "denied", note = ""),
      list(action = "ec2:DescribeVpcs", result = "allowed", note = "")
    ), missing = list("ec2:RunInstances"), policy = "{}"
  )
  requests <- with_manager(
    list("regions.identify" = list(list(result = identity())), "regions.permissions" = list(list(result = permissions))), {
      expect_equal(ppe.account("eu-west-1")$account, "111122223333")
      expect_equal(ppe.account("eu-west-1", permissions = TRUE)$permissions$result, c("denied", "allowed"))
    }
  )
  expect_equal(requests[[1]]$params, list(region = "eu-west-1"))
})

test_that("a clock that is wrong is a warning, by how much and which way", {
  with_manager(list("regions.identify" = list(list(result = identity(-660)))), {
    expect_warning(ppe.account("eu-west-1"), "11 minutes slow")
  })
})

test_that("signing in names both parts of the choice, and an endpoint is a region of its own", {
  replies <- list(
    "accounts.use" = list(list(result = accounts)), "regions.connect" = list(list(result = list(id = "eu-west-1"))),
    "regions.identify" = list(list(result = identity()))
  )
  requests <- with_manager(replies, {
    expect_message(ppe.connect(profile = "work", region = "eu-west-1"), "account 111122223333")
    expect_message(ppe.connect(region = "lab-1", endpoint = "https://ec2.example.org", key = "lab"))
    expect_error(ppe.connect(profile = c("a", "b")), class = "rmada_error_INVALID_INPUT")
  })
  expect_equal(vapply(requests, `[[`, "", "method"),
    c("accounts.use", "regions.connect", "regions.identify", "regions.connect", "regions.identify"))
  expect_equal(requests[[1]]$params, list(profile = "work", key = NULL))
  expect_equal(requests[[4]]$params,
    list(region = "lab-1", endpoint = "https://ec2.example.org", key = "lab", remember = TRUE))
})

test_that("what can be chosen is a data frame, and a refusal of the manager is a condition", {
  expired <- list(code = "SSO_EXPIRED", message = "The AWS sign-in of the profile \"work\" has expired.", suggestion = "Run it.")
  with_manager(list("accounts.list" = list(list(result = accounts)), "regions.identify" = list(list(error = expired))), {
    expect_equal(ppe.accounts()$used, c(FALSE, TRUE, FALSE))
    expect_error(ppe.account("eu-west-1"), class = "rmada_error_SSO_EXPIRED")
  })
})
