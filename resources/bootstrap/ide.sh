#!/bin/sh
# The web IDE of a master: RStudio Server where it is installed, else a Jupyter notebook server with the R kernel.
#   sh ~/.rmada/ide.sh start | status | stop
# start prints one line of JSON, {"kind":"rstudio"|"jupyter","port":N,"pid":N}, once the IDE answers, and does nothing
# more when it already runs. Exit code 3: neither IDE is there. It listens on loopback alone and demands the secret in
# ~/.rmada/secret.
set -eu
umask 077

base="$HOME/.rmada"
state="$base/ide.json"
log="$base/ide.log"
runtime="$base/jupyter/runtime"

fail() {
  echo "rmada: $1" >&2
  exit 1
}

have() {
  command -v "$1" >/dev/null 2>&1
}

# field NAME: a number out of our own state file
field() {
  sed -n 's/.*"'"$1"'":\([0-9][0-9]*\).*/\1/p' "$state" 2>/dev/null
}

command_of() {
  if [ -r "/proc/$1/cmdline" ]; then tr '\0' ' ' <"/proc/$1/cmdline"; else ps -o args= -p "$1" 2>/dev/null; fi
}

# A process number may belong to another program after a reboot: its command has to name our folder.
running() {
  [ -f "$state" ] || return 1
  pid=$(field pid)
  [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null || return 1
  case "$(command_of "$pid")" in *"$base"*) return 0 ;; *) return 1 ;; esac
}

# detach COMMAND…: leaves its process number in $pid
detach() {
  if have setsid; then
    setsid "$@" </dev/null >"$log" 2>&1 &
  else
    nohup "$@" </dev/null >"$log" 2>&1 &
  fi
  pid=$!
}

last_of_log() {
  grep -v '^[[:space:]]*$' "$log" 2>/dev/null | tail -n 1
}

rstudio_server() {
  for program in rserver /usr/lib/rstudio-server/bin/rserver /usr/local/lib/rstudio-server/bin/rserver; do
    if have "$program"; then
      command -v "$program"
      return 0
    fi
  done
  return 1
}

r_kernel() {
  for folder in "$HOME/.local/share/jupyter" "$HOME/Library/Jupyter" /usr/local/share/jupyter /usr/share/jupyter \
    /opt/homebrew/share/jupyter; do
    if [ -f "$folder/kernels/ir/kernel.json" ]; then return 0; fi
  done
  return 1
}

# Jupyter takes the first free port near the wanted one and says in its runtime folder which that was.
start_jupyter() {
  secret=$(cat "$base/secret") || fail 'the secret is missing'
  rm -rf "$runtime"
  mkdir -p "$runtime" "$base/jupyter/config"
  # A login user has its own runtime folder, which processes of another session may not use.
  unset XDG_RUNTIME_DIR
  # The token goes by the environment, which no other user can read, and not on the command line, which all can.
  JUPYTER_TOKEN="$secret" JUPYTER_RUNTIME_DIR="$runtime" JUPYTER_CONFIG_DIR="$base/jupyter/config"
  export JUPYTER_TOKEN JUPYTER_RUNTIME_DIR JUPYTER_CONFIG_DIR
  wanted=$(awk -v seed="$$" 'BEGIN { srand(); print 20000 + int((rand() * 30000 + seed) % 30000) }')
  root=''
  if [ "$(id -u)" -eq 0 ]; then root='--allow-root'; fi
  # shellcheck disable=SC2086 # no word when not root
  detach jupyter-notebook --no-browser --ip=127.0.0.1 --port="$wanted" --port-retries=100 $root \
    --notebook-dir="$HOME" --NotebookApp.iopub_data_rate_limit=10000000 \
    --config="$base/jupyter/config/jupyter_notebook_config.py"
  tries=0
  while [ "$tries" -lt 300 ]; do
    for info in "$runtime"/nbserver-"$pid".json "$runtime"/jpserver-"$pid".json; do
      [ -f "$info" ] || continue
      port=$(sed -n 's/.*"port": *\([0-9][0-9]*\).*/\1/p' "$info")
      if [ -n "$port" ]; then
        printf '{"kind":"jupyter","port":%s,"pid":%s}\n' "$port" "$pid" >"$state"
        return 0
      fi
    done
    kill -0 "$pid" 2>/dev/null || fail "the Jupyter server ended: $(last_of_log)"
    sleep 0.1
    tries=$((tries + 1))
  done
  kill "$pid" 2>/dev/null || true
  fail "the Jupyter server did not start within 30 seconds: $(last_of_log)"
}

# RStudio Server of our own, as the login user: sign in with the user's name and the secret.
start_rstudio() {
  program=$1
  folder="$base/rstudio"
  mkdir -p "$folder/data"
  cat >"$folder/sign-in.sh" <<'HELPER'
#!/bin/sh
# Called by rserver with the user's name; the password comes on standard input and has to be the network's secret.
[ "$1" = "$(id -un)" ] && [ "$(cat)" = "$(cat "$HOME/.rmada/secret")" ]
HELPER
  chmod 700 "$folder/sign-in.sh"
  printf 'provider=sqlite\ndirectory=%s\n' "$folder/data" >"$folder/database.conf"
  if [ ! -f "$folder/cookie-key" ]; then od -An -tx1 -N32 /dev/urandom | tr -d ' \n' >"$folder/cookie-key"; fi
  attempt=0
  while [ "$attempt" -lt 5 ]; do
    port=$(awk -v seed="$$$attempt" 'BEGIN { srand(); print 20000 + int((rand() * 30000 + seed) % 30000) }')
    detach "$program" --server-daemonize=0 --server-user="$(id -un)" --server-data-dir="$folder/data" \
      --server-pid-file="$folder/rserver.pid" --database-config-file="$folder/database.conf" \
      --secure-cookie-key-file="$folder/cookie-key" --auth-none=0 --auth-pam-helper-path="$folder/sign-in.sh" \
      --www-address=127.0.0.1 --www-port="$port"
    tries=0
    while [ "$tries" -lt 60 ] && kill -0 "$pid" 2>/dev/null; do
      if Rscript --vanilla -e "close(socketConnection('127.0.0.1', $port, timeout = 1))" >/dev/null 2>&1; then
        printf '{"kind":"rstudio","port":%s,"pid":%s}\n' "$port" "$pid" >"$state"
        return 0
      fi
      sleep 0.25
      tries=$((tries + 1))
    done
    kill "$pid" 2>/dev/null || true
    attempt=$((attempt + 1))
  done
  fail "RStudio Server did not start: $(last_of_log)"
}

start() {
  if running; then
    cat "$state"
    return 0
  fi
  rm -f "$state"
  if server=$(rstudio_server); then
    start_rstudio "$server"
  elif have jupyter-notebook && r_kernel; then
    start_jupyter
  else
    echo 'rmada: neither RStudio Server nor Jupyter with the R kernel is installed' >&2
    exit 3
  fi
  cat "$state"
}

stop() {
  if running; then
    pid=$(field pid)
    kill "$pid" 2>/dev/null || true
    tries=0
    while kill -0 "$pid" 2>/dev/null && [ "$tries" -lt 50 ]; do
      sleep 0.1
      tries=$((tries + 1))
    done
    kill -9 "$pid" 2>/dev/null || true
  fi
  rm -f "$state"
}

case "${1:-}" in
  start) start ;;
  status) running && cat "$state" ;;
  stop) stop ;;
  *) fail 'usage: ide.sh start | status | stop' ;;
esac
