#!/bin/sh
# Starts, looks at or stops the remote evaluator of this node: evaluator.sh start|status|stop
#
# `start` does nothing when it already runs; it waits until the session answers and prints one JSON line,
# {"port":N,"pid":N}. The session runs under mpirun with the network's host file, so that Rmpi finds every slot;
# where there is no mpirun or no host file it is a plain R. Everything it keeps is in ~/.rmada.
set -eu

here=$HOME/.rmada
action=${1:-}
case $action in
  start | status | stop) ;;
  *) echo "usage: evaluator.sh start|status|stop" >&2; exit 64 ;;
esac

for program in perl R; do
  command -v "$program" >/dev/null 2>&1 || { echo "This machine has no $program." >&2; exit 69; }
done

# A command over ssh has no login shell: Amazon's and Red Hat's Open MPI is not on its path.
command -v mpirun >/dev/null 2>&1 || PATH=$PATH:/usr/lib64/openmpi/bin:/usr/local/bin
export PATH

# Nor has it a locale, and R in the C locale escapes every letter beyond ASCII.
case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in
  *[Uu][Tt][Ff]-8 | *[Uu][Tt][Ff]8) ;;
  *)
    unset LC_ALL LC_CTYPE
    LANG=$(locale -a 2>/dev/null | grep -i -m 1 -E '^(C|en_US)\.utf-?8$' || echo C)
    export LANG
    ;;
esac

# Where systemd keeps the evaluator as a service (resources/bootstrap/install/master.sh), it is systemd that starts and
# stops it; what follows then finds it in that state. Where that fails, the evaluator is started as elsewhere.
if [ -z "${RMADA_UNIT:-}" ] && [ -d /run/systemd/system ] && [ -f /etc/systemd/system/rmada-evaluator.service ]; then
  case $action in
    start | stop) sudo -n systemctl "$action" rmada-evaluator.service >/dev/null 2>&1 || true ;;
  esac
fi

set --
if [ "$action" = start ] && command -v mpirun >/dev/null 2>&1 && [ -f "$HOME/ompi-hostfile" ]; then
  # One rank is bound to one core by default, and so would be every process that R starts. And mpirun frees the slots
  # of slaves a moment after mpi.close.Rslaves() has returned: without --oversubscribe the next spawn fails by then.
  set -- mpirun -np 1 --hostfile "$HOME/ompi-hostfile" --bind-to none --oversubscribe
fi
exec perl "$here/gate.pl" "$action" "$@"
