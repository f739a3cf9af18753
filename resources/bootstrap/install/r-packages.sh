# R packages: from the distribution where it has them, else from CRAN into the login user's own library.

# Looking into the libraries takes no time; R itself is asked only for what is not there.
in_library() {
  for library in "$HOME"/R/*/* /usr/local/lib/R/site-library /usr/lib/R/site-library /usr/lib/R/library \
    /usr/lib64/R/library /usr/share/R/library /opt/homebrew/lib/R/*/site-library; do
    if [ -f "$library/$1/DESCRIPTION" ]; then return 0; fi
  done
  return 1
}

has_r_package() {
  in_library "$1" || Rscript --vanilla -e 'q("no", !nzchar(system.file(package = commandArgs(TRUE)[1])))' "$1" \
    >/dev/null 2>&1
}

missing_r_packages() {
  for package; do
    has_r_package "$package" || echo "$package"
  done
}

install_from_cran() {
  say "Installing from CRAN: $*"
  # Red Hat's kind keeps Open MPI where Rmpi's configure script does not look.
  rmpi_arguments=''
  if [ -d /usr/lib64/openmpi/lib ]; then
    rmpi_arguments="--with-Rmpi-include=/usr/include/openmpi-$(uname -m) --with-Rmpi-libpath=/usr/lib64/openmpi/lib"
    rmpi_arguments="$rmpi_arguments --with-Rmpi-type=OPENMPI"
  fi
  RMADA_CRAN=$CRAN RMADA_RMPI=$rmpi_arguments Rscript --vanilla - "$@" <<'R'
wanted <- commandArgs(TRUE)
library <- strsplit(Sys.getenv("R_LIBS_USER"), .Platform$path.sep)[[1]][1]
dir.create(library, recursive = TRUE, showWarnings = FALSE)
options(timeout = 600)
missing <- function() wanted[!vapply(wanted, function(name) nzchar(system.file(package = name)), NA)]
.libPaths(c(library, .libPaths()))
arguments <- if (nzchar(Sys.getenv("RMADA_RMPI"))) list(Rmpi = Sys.getenv("RMADA_RMPI"))
for (mirror in strsplit(Sys.getenv("RMADA_CRAN"), " ")[[1]]) {
  if (length(missing()) == 0) break
  try(install.packages(
    missing(), library, repos = mirror, Ncpus = max(1, parallel::detectCores(), na.rm = TRUE),
    configure.args = arguments
  ))
}
if (length(missing()) > 0) {
  message("rmada: these R packages could not be installed: ", paste(missing(), collapse = ", "))
  q("no", 1)
}
R
}

install_r_packages() {
  missing=$(missing_r_packages "$@")
  [ -n "$missing" ] || return 0
  if can_be_root && have_package_manager; then
    names=''
    for package in $missing; do
      name=$(r_package_name "$package" | tail -n 1)
      case $name in r-cran-* | R-*) names="$names $name" ;; esac
    done
    if [ -n "$names" ]; then
      say "Installing from the distribution:$names"
      # shellcheck disable=SC2086 # names of packages, apart by spaces
      install_system $names || say 'The distribution did not give them; trying CRAN'
    fi
    # shellcheck disable=SC2086 # names of packages, apart by spaces
    missing=$(missing_r_packages $missing)
    [ -n "$missing" ] || return 0
  fi
  # shellcheck disable=SC2086 # names of packages, apart by spaces
  install_from_cran $missing
}
