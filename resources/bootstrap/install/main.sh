# The installation itself.

have_package_manager() {
  have apt-get || have dnf
}

missing_parts() {
  have mpirun || echo mpi
  have R || echo r
  have mpicc || echo mpi-headers
  { have cc || have gcc; } && have gfortran && have make || echo compilers
  have perl || echo perl
  in_library Rmpi || echo rmpi
}

install_parts() {
  parts=$(missing_parts)
  [ -n "$parts" ] || return 0
  told=$(echo "$parts" | tr '\n' ' ' | sed 's/ $//')
  if ! can_be_root; then
    case " $told " in *' mpi '* | *' r '*) fail "$(named "$told") missing, and this user may not install it" ;; esac
    say "Missing, and not to be installed on this computer: $told"
    return 0
  fi
  have_package_manager || fail "$(named "$told") missing, and neither apt-get nor dnf is there to install it"
  say "Installing: $told"
  # shellcheck disable=SC2046,SC2086 # names of parts and packages, apart by lines
  set -- $(system_packages $parts)
  if [ $# -gt 0 ]; then
    install_system "$@" || fail "these packages could not be installed: $*"
  fi
  have mpirun || fail 'Open MPI is not there after its installation'
  have R || fail 'R is not there after its installation'
  install_r_packages Rmpi || fail 'Rmpi could not be installed'
}

# named "mpi r": what a reader calls the first of them
named() {
  case " $1 " in
    *' mpi r '*) echo 'Open MPI and R are' ;;
    *' mpi '*) echo 'Open MPI is' ;;
    *' r '*) echo 'R is' ;;
    *) echo "$1: this is" ;;
  esac
}

install_all() {
  install_parts
  # shellcheck disable=SC2086 # names of packages, apart by spaces
  install_r_packages $PACKAGES || exit 1
  if [ "$ROLE" = master ]; then
    install_web_ide
    install_evaluator_unit
  fi
  say 'All parts are there'
}

# The work stands in a process group of its own, which a cancel ends whole: children that run as root too.
stop_work() {
  trap '' TERM HUP INT
  # The manager that cancelled listens no more: a word to it would end this before its work is done.
  exec >/dev/null 2>&1
  for signal in TERM KILL; do
    if can_be_root; then as_root kill -s "$signal" -- "-$work" 2>/dev/null || true
    else kill -s "$signal" -- "-$work" 2>/dev/null || true; fi
    waited=0
    while kill -0 "$work" 2>/dev/null && [ "$waited" -lt 50 ]; do sleep 0.1; waited=$((waited + 1)); done
  done
  exit 143
}

if [ "${1:-}" = in-own-group ]; then
  install_all
  exit
fi
trap stop_work TERM HUP INT
if have setsid; then setsid sh "$0" in-own-group </dev/null &
else perl -e 'setpgrp; exec @ARGV' sh "$0" in-own-group </dev/null & fi
work=$!
wait "$work"
