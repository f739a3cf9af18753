# Debian and Ubuntu.

apt() {
  as_root env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 NEEDRESTART_MODE=l \
    apt-get -q -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 -o Acquire::http::Timeout=30 \
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@"
}

apt_ready=''
apt_prepare() {
  [ -z "$apt_ready" ] || return 0
  wait_for_first_boot
  # An earlier run may have been ended in the middle of a package.
  as_root env DEBIAN_FRONTEND=noninteractive dpkg --configure -a || true
  say 'Reading the lists of packages'
  try_thrice apt update || say 'The lists of packages could not be renewed; going on with those that are there'
  apt_ready=yes
}

apt_has() {
  [ -n "$(apt-cache show --no-all-versions "$1" 2>/dev/null)" ]
}

# The distribution's packages for these parts
system_packages() {
  for part; do
    case $part in
      mpi) echo openmpi-bin ;;
      mpi-headers) echo libopenmpi-dev ;;
      compilers) printf '%s\n' build-essential gfortran r-base-dev ;;
      r) echo r-base-core ;;
      perl) echo perl ;;
      rmpi) echo r-cran-rmpi ;;
    esac
  done
}

install_system() {
  apt_prepare
  try_thrice apt install -y --no-install-recommends "$@"
}

r_package_name() {
  apt_prepare
  name=r-cran-$(echo "$1" | tr '[:upper:]' '[:lower:]')
  if apt_has "$name"; then echo "$name"; fi
}

jupyter_packages() {
  echo jupyter-notebook
  if apt_has r-cran-irkernel; then echo r-cran-irkernel; fi
}
