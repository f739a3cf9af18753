#!/bin/sh
# Configures one node of a network that has all parts (see install/). Fed to `sh -s` over ssh, these variables before it:
#   MODE         key: make the key that the master reaches the other nodes with, and print its public half
#                node: do all the rest
#   ROLE         master | slave
#   CLUSTER_KEY  public half of the master's key
#   KNOWN_HOSTS  lines of known_hosts for all nodes, from host keys that were pinned before
#   HOSTS        lines of /etc/hosts for all nodes
#   HOSTFILE     Open MPI's hostfile
#   NODES        names and addresses of all nodes, for ~/.ssh/config
# Every run leaves the same state, however often it runs. It changes files of the login user, and as root only
# /etc/hosts, never on a computer that the nodes share with others (RMADA_SHARED_HOST).
set -eu
umask 077

begin_mark='# >>> rmada >>>'
end_mark='# <<< rmada <<<'

fail() {
  echo "rmada: $1" >&2
  exit 1
}

# The file without our block, then our block: what others wrote there stays.
with_block() {
  if [ -f "$1" ]; then
    awk -v b="$begin_mark" -v e="$end_mark" '$0 == b { skip = 1 } !skip { print } $0 == e { skip = 0 }' "$1"
  fi
  printf '%s\n%s\n%s\n' "$begin_mark" "$2" "$end_mark"
}

# put_block FILE TEXT MODE
put_block() {
  mkdir -p "$(dirname "$1")"
  with_block "$1" "$2" >"$1.rmada.$$"
  chmod "$3" "$1.rmada.$$"
  mv -f "$1.rmada.$$" "$1"
}

can_be_root() {
  [ -z "${RMADA_SHARED_HOST:-}" ] || return 1
  [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

have() {
  command -v "$1" >/dev/null 2>&1
}

# Open MPI where Amazon Linux and Fedora keep it, off the search path.
off_path_mpi() {
  for folder in /usr/lib64/openmpi/bin /usr/lib/openmpi/bin /opt/amazon/openmpi/bin; do
    if [ -x "$folder/mpirun" ]; then
      echo "$folder"
      return 0
    fi
  done
  return 1
}

# ssh runs commands without a login shell, and orted is found by the search path alone.
put_mpi_on_path() {
  have mpirun && return 0
  folder=$(off_path_mpi) || fail 'Open MPI is not there after its installation'
  put_block "$HOME/.bashrc" "export PATH=\"$folder:\$PATH\"" 644
}

cluster_key() {
  key="$HOME/.ssh/rmada-cluster"
  mkdir -p "$HOME/.ssh"
  chmod 700 "$HOME/.ssh"
  if [ ! -f "$key" ] || [ ! -f "$key.pub" ]; then
    rm -f "$key" "$key.pub"
    ssh-keygen -q -t ed25519 -N '' -C 'rmada cluster' -f "$key" || fail 'ssh-keygen could not make the key of the cluster'
  fi
  cat "$key.pub"
}

configure_ssh() {
  mkdir -p "$HOME/.ssh"
  chmod 700 "$HOME/.ssh"
  put_block "$HOME/.ssh/authorized_keys" "$CLUSTER_KEY" 600
  put_block "$HOME/.ssh/known_hosts" "$KNOWN_HOSTS" 600
  if [ "$ROLE" = master ]; then
    put_block "$HOME/.ssh/config" "Host $NODES
  IdentityFile $HOME/.ssh/rmada-cluster
  IdentitiesOnly yes
  StrictHostKeyChecking yes
  BatchMode yes
  ConnectTimeout 15
Match all" 600
  fi
}

configure_mpi() {
  printf '%s' "$HOSTFILE" >"$HOME/ompi-hostfile.$$"
  chmod 644 "$HOME/ompi-hostfile.$$"
  mv -f "$HOME/ompi-hostfile.$$" "$HOME/ompi-hostfile"
  # The master alone holds the key, so it starts every node itself instead of through other nodes.
  put_block "$HOME/.openmpi/mca-params.conf" "orte_default_hostfile = $HOME/ompi-hostfile
plm_rsh_no_tree_spawn = 1
plm_rsh_agent = ssh" 644
}

configure_hosts() {
  [ -n "$HOSTS" ] || return 0
  can_be_root || return 0
  with_block /etc/hosts "$HOSTS" >"$HOME/.rmada/hosts.$$"
  # In place: /etc/hosts may be a mount of its own, which cannot be renamed over.
  as_root tee /etc/hosts <"$HOME/.rmada/hosts.$$" >/dev/null || fail '/etc/hosts could not be written'
  rm -f "$HOME/.rmada/hosts.$$"
}

# A machine made of a saved image begins without the state of the one that the image was made of. The marker names the
# folder from which that one gets its own back, so that it is never mistaken for the other.
forget_image() {
  [ -f "$HOME/.rmada/of-image" ] || return 0
  [ ! -d "$(cat "$HOME/.rmada/of-image")" ] || return 0
  rm -rf "$HOME/.rmada/rstudio" "$HOME/.rmada/jupyter"
  rm -f "$HOME"/.rmada/*.json "$HOME"/.rmada/*.lock "$HOME"/.rmada/*.log "$HOME"/.rmada/*.out "$HOME"/.rmada/*.err \
    "$HOME/.rmada/of-image"
}

main() {
  mkdir -p "$HOME/.rmada"
  chmod 700 "$HOME/.rmada"
  forget_image
  case "$MODE" in
    key) cluster_key ;;
    node)
      put_mpi_on_path
      configure_ssh
      configure_hosts
      configure_mpi
      ;;
    *) fail "unknown mode: $MODE" ;;
  esac
}

# All of the script has been read when this runs, and nothing that runs may read the rest of its input.
main </dev/null
