#!/bin/sh
# Readies a master for a machine image to be made of it while it runs. Fed to `sh -s` over ssh with these variables:
#   MODE    contents: print what the machine carries, one `name version` a line
#           withdraw: take everything off the disk that must not travel in an image, and print the folder it is kept in
#           restore:  put all of it back
#   KEPT    restore: the folder that withdraw printed
# What is withdrawn: the login user's ~/.ssh, history and AWS credentials, the network's secret, the state of evaluator
# and web IDE, the host file, and (as root) host keys, root's authorized keys, user data and our lines of /etc/hosts.
# It is kept in memory, overwritten on the disk, and put back by itself after three minutes should nobody do it before.
# On a computer that the nodes share with others (RMADA_SHARED_HOST) only the home directory is changed.
set -eu
umask 077

seconds_until_restored=180

fail() {
  echo "rmada: $1" >&2
  exit 1
}

have() {
  command -v "$1" >/dev/null 2>&1
}

can_be_root() {
  [ -z "${RMADA_SHARED_HOST:-}" ] || return 1
  [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

first_version() {
  grep -o '[0-9][0-9]*\.[0-9][0-9.]*[0-9]' | head -n 1
}

contents() {
  PATH=$PATH:/usr/lib64/openmpi/bin:/usr/lib/openmpi/bin:/usr/lib/rstudio-server/bin
  ! have R || echo "r $(R --version 2>/dev/null | first_version)"
  ! have mpirun || echo "openMpi $(mpirun --version 2>/dev/null | first_version)"
  ! have rstudio-server || echo "rstudio $(rstudio-server version 2>/dev/null | first_version)"
  if [ -f "$HOME/.rmada/server.R" ]; then echo "evaluator ${RMADA_VERSION:-}"; fi
}

# A folder in memory. Where the disk is no disk of its own but a folder of this computer, any other folder will do.
make_kept() {
  if [ -n "${RMADA_SHARED_HOST:-}" ]; then
    mktemp -d
  else
    [ "$(stat -f -c %T /dev/shm 2>/dev/null)" = tmpfs ] || fail 'there is no file system in memory at /dev/shm'
    mktemp -d /dev/shm/rmada-image.XXXXXX
  fi
}

# Files of the user that must not travel, relative to /, one a line.
user_files() {
  {
    find "$HOME/.ssh" "$HOME/.aws" -type f 2>/dev/null || true
    # Programs stay; a log is open, and the lock is held through its very file; the database of RStudio Server is open.
    find "$HOME/.rmada" -type f ! -name '*.sh' ! -name '*.pl' ! -name '*.R' ! -name '*.lock' ! -name '*.log' \
      ! -name '*.out' ! -name '*.err' ! -path "$HOME/.rmada/rstudio/data/*" 2>/dev/null || true
    for file in "$HOME/ompi-hostfile" "$HOME/.bash_history" "$HOME/.Rhistory"; do
      [ ! -f "$file" ] || echo "$file"
    done
  } | sed 's|^/||'
}

# Files that stay where they are without their content, because somebody holds them open.
open_files() {
  find "$HOME/.rmada" -maxdepth 1 -type f \( -name '*.log' -o -name '*.out' -o -name '*.err' \) 2>/dev/null || true
}

root_files() {
  as_root sh -c 'find /etc/ssh -maxdepth 1 -type f -name "ssh_host_*"
    find /root/.ssh /root/.aws -type f 2>/dev/null
    find /var/lib/cloud/instances -type f -name "user-data.txt*" 2>/dev/null
    true' | sed 's|^/||'
}

# erase AS LIST: overwrites each file where it lies, then removes it.
erase() {
  while IFS= read -r file; do
    # What is on its way back must not be erased again.
    if [ ! -d "$kept" ] || [ -d "$kept/restoring" ]; then fail 'it took too long'; fi
    if have shred; then "$1" shred -fu -n 1 "/$file"; else "$1" rm -f "/$file"; fi
  done <"$2"
}

plainly() {
  "$@"
}

write_restore() {
  cat >"$kept/restore.sh" <<'RESTORE'
#!/bin/sh
set -u
umask 077
# Who comes second has nothing left to do.
mkdir "$KEPT/restoring" 2>/dev/null || exit 0
root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}
status=0
[ ! -f "$KEPT/root.tar" ] || root tar -C / -xpf "$KEPT/root.tar" || status=1
[ ! -f "$KEPT/user.tar" ] || tar -C / -xpf "$KEPT/user.tar" || status=1
if [ -f "$KEPT/hosts" ]; then root tee /etc/hosts <"$KEPT/hosts" >/dev/null || status=1; fi
number=0
while IFS= read -r file; do
  number=$((number + 1))
  cat "$KEPT/open.$number" >"$file" || status=1
done <"$KEPT/open.list"
rm -f "$HOME/.rmada/of-image"
if [ "$status" -ne 0 ]; then
  rmdir "$KEPT/restoring"
  exit "$status"
fi
cd / && root rm -rf "$KEPT"
RESTORE
}

withdraw() {
  kept=$(make_kept) || fail 'there is no place to keep what must not be in the image'
  KEPT=$kept
  export KEPT
  : >"$kept/open.list"
  user_files >"$kept/user.list"
  tar -C / -cpf "$kept/user.tar" -T "$kept/user.list"
  if can_be_root; then
    root_files >"$kept/root.list"
    as_root tar -C / -cpf "$kept/root.tar" -T "$kept/root.list"
    cp /etc/hosts "$kept/hosts"
  fi
  open_files >"$kept/open.all"
  number=0
  while IFS= read -r file; do
    number=$((number + 1))
    cp "$file" "$kept/open.$number"
    echo "$file" >>"$kept/open.list"
  done <"$kept/open.all"
  write_restore
  # From here on all of it comes back, whatever happens to this shell.
  # shellcheck disable=SC2016 # for the shell that waits
  set -- sh -c 'sleep "$1"; sh "$KEPT/restore.sh"' sh "$seconds_until_restored"
  if have setsid; then setsid "$@" </dev/null >/dev/null 2>&1 & else nohup "$@" </dev/null >/dev/null 2>&1 & fi
  echo "$!" >"$kept/waiting"
  trap 'sh "$kept/restore.sh"' EXIT
  erase plainly "$kept/user.list"
  if [ -f "$kept/root.list" ]; then
    erase as_root "$kept/root.list"
    awk '$0 == "# >>> rmada >>>" { skip = 1 } !skip { print } $0 == "# <<< rmada <<<" { skip = 0 }' "$kept/hosts" |
      as_root tee /etc/hosts >/dev/null
  fi
  while IFS= read -r file; do
    : >"$file"
  done <"$kept/open.list"
  # Tells the first configuration of a machine made of the image to begin without what is left of this one.
  echo "$kept" >"$HOME/.rmada/of-image"
  sync
  trap - EXIT
  echo "$kept"
}

case "$MODE" in
  contents) contents ;;
  withdraw) withdraw ;;
  restore)
    if [ -d "$KEPT" ]; then
      export KEPT
      waiting=$(cat "$KEPT/waiting")
      sh "$KEPT/restore.sh"
      # With setsid it leads its own group, the sleep in it included.
      kill -- "-$waiting" 2>/dev/null || kill "$waiting" 2>/dev/null || true
    fi
    ;;
  *) fail "unknown mode: $MODE" ;;
esac
