# Where the manager keeps its data and where its clients find it. The same rules as the manager's own.

data_directory <- function() {
  own <- Sys.getenv("RMADA_DATA_DIR")
  if (nzchar(own)) return(own)
  if (.Platform$OS.type == "windows") return(file.path(Sys.getenv("APPDATA"), "Rmada"))
  if (Sys.info()[["sysname"]] == "Darwin") return(path.expand("~/Library/Application Support/Rmada"))
  base <- Sys.getenv("XDG_DATA_HOME", path.expand("~/.local/share"))
  file.path(if (nzchar(base)) base else path.expand("~/.local/share"), "rmada")
}

runtime_directory <- function() {
  own <- Sys.getenv("RMADA_RUNTIME_DIR")
  if (nzchar(own)) return(own)
  base <- Sys.getenv("XDG_RUNTIME_DIR")
  if (nzchar(base)) file.path(base, "rmada") else file.path(data_directory(), "run")
}

# What the runtime file says, or NULL when there is none to be understood.
runtime_file <- function() {
  path <- file.path(runtime_directory(), "manager.json")
  if (!file.exists(path)) return(NULL)
  tryCatch(jsonlite::read_json(path), error = function(e) NULL)
}
