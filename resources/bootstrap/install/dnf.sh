# Amazon Linux 2023 and its relatives.

dnf_ready=''
dnf_prepare() {
  [ -z "$dnf_ready" ] || return 0
  wait_for_first_boot
  dnf_ready=yes
}

# The distribution's packages for these parts; Rmpi is not among them and comes from CRAN.
system_packages() {
  for part; do
    case $part in
      mpi) echo openmpi ;;
      mpi-headers) echo openmpi-devel ;;
      compilers) printf '%s\n' gcc gcc-c++ gcc-gfortran make R-core-devel ;;
      r) echo R-core ;;
      perl) echo perl ;;
    esac
  done
}

install_system() {
  dnf_prepare
  try_thrice as_root dnf -y --setopt=install_weak_deps=False --setopt=retries=3 install "$@" || return 1
  PATH="$PATH:/usr/lib64/openmpi/bin"
  # Rmpi finds Open MPI's libraries, which stand off the linker's path.
  if [ -d /usr/lib64/openmpi/lib ]; then
    echo /usr/lib64/openmpi/lib | as_root tee /etc/ld.so.conf.d/rmada-openmpi.conf >/dev/null
    as_root ldconfig
  fi
}

r_package_name() {
  dnf_prepare
  if [ -n "$(as_root dnf -q repoquery "R-$1" 2>/dev/null)" ]; then echo "R-$1"; fi
}

# Its repositories have no notebook server of Jupyter.
jupyter_packages() {
  :
}
