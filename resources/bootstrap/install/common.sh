# Parts of the installation of one node, joined by app/main/core/bootstrap/install-script.ts. Variables set before:
#   ROLE         master | slave: web IDE and evaluator service are the master's
#   PACKAGES     names of R packages, apart by spaces
#   CRAN         addresses of CRAN, apart by spaces, tried in this order
#   RSTUDIO_URL, RSTUDIO_SHA256  of the pinned RStudio Server
#   WEB_IDE      yes | no: whether a missing web IDE is installed
# What is there is left as it is, so that a second run changes nothing. Lines that begin with ==> are steps.
set -eu
umask 022

say() {
  echo "==> $1"
}

fail() {
  echo "rmada: $1" >&2
  exit 1
}

have() {
  command -v "$1" >/dev/null 2>&1
}

# On a computer that the nodes share with others nothing outside the home changes.
can_be_root() {
  [ -z "${RMADA_SHARED_HOST:-}" ] || return 1
  [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

# within SECONDS COMMAND…
within() {
  seconds=$1
  shift
  if have timeout; then timeout "$seconds" "$@"; else "$@"; fi
}

# try_thrice COMMAND…: mirrors fail for a moment now and then
try_thrice() {
  for pause in 5 15 0; do
    "$@" && return 0
    [ "$pause" -eq 0 ] || { say "It failed; trying again in $pause seconds"; sleep "$pause"; }
  done
  return 1
}

# The first boot of an image installs things of its own, and holds the locks meanwhile.
wait_for_first_boot() {
  have cloud-init || return 0
  say 'Waiting until the first boot is over'
  within 300 cloud-init status --wait >/dev/null 2>&1 || say 'The first boot did not end well or in time; going on'
}

# Open MPI where Amazon Linux keeps it, off the search path.
for folder in /usr/lib64/openmpi/bin /opt/amazon/openmpi/bin; do
  if [ -d "$folder" ]; then PATH="$PATH:$folder"; fi
done
export PATH
