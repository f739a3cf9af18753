# What the master has beyond the other nodes: a web IDE, and the evaluator as a service.

web_ide() {
  if have rserver || [ -x /usr/lib/rstudio-server/bin/rserver ]; then return 0; fi
  have jupyter-notebook || return 1
  for folder in "$HOME/.local/share/jupyter" "$HOME/Library/Jupyter" /usr/local/share/jupyter /usr/share/jupyter \
    /opt/homebrew/share/jupyter; do
    if [ -f "$folder/kernels/ir/kernel.json" ]; then return 0; fi
  done
  return 1
}

# Before the package comes, whose service would else listen on every address for a moment.
rstudio_on_loopback() {
  as_root mkdir -p /etc/rstudio
  if ! grep -q '^www-address=127\.0\.0\.1$' /etc/rstudio/rserver.conf 2>/dev/null; then
    { grep -v '^www-address=' /etc/rstudio/rserver.conf 2>/dev/null || true; echo www-address=127.0.0.1; } |
      as_root tee /etc/rstudio/rserver.conf.rmada >/dev/null
    as_root mv -f /etc/rstudio/rserver.conf.rmada /etc/rstudio/rserver.conf
  fi
}

install_rstudio() {
  [ -n "$RSTUDIO_URL" ] && have apt-get && [ "$(uname -m)" = x86_64 ] || return 1
  say "Installing RStudio Server: $RSTUDIO_URL"
  have curl || install_system curl ca-certificates || return 1
  folder=$(mktemp -d)
  # apt reads it as a user of its own.
  chmod 755 "$folder"
  package=$folder/rstudio-server.deb
  done=1
  if try_thrice within 600 curl -fsSL --proto '=https' --connect-timeout 30 -o "$package" "$RSTUDIO_URL"; then
    if echo "$RSTUDIO_SHA256  $package" | sha256sum -c - >/dev/null 2>&1; then
      rstudio_on_loopback
      if install_system "$package"; then
        done=0
        # Rmada starts one of its own for the login user; the package's service would be a second one.
        if have systemctl; then as_root systemctl disable --now rstudio-server >/dev/null 2>&1 || true; fi
      fi
    else
      say 'What was downloaded is not the RStudio Server that is pinned: its checksum differs. It is not installed'
    fi
  fi
  rm -rf "$folder"
  return "$done"
}

install_jupyter() {
  names=$(jupyter_packages)
  [ -n "$names" ] || return 1
  say 'Installing Jupyter with the R kernel'
  # shellcheck disable=SC2086 # names of packages, apart by lines
  install_system $names || return 1
  install_r_packages IRkernel || return 1
  # shellcheck disable=SC2016 # R's $, not the shell's
  Rscript --vanilla -e 'library <- strsplit(Sys.getenv("R_LIBS_USER"), .Platform$path.sep)[[1]][1]' \
    -e '.libPaths(c(library, .libPaths())); IRkernel::installspec(user = TRUE)'
}

# A network without a web IDE is whole: what fails here is told and no more.
install_web_ide() {
  [ "$WEB_IDE" = yes ] || return 0
  web_ide && return 0
  can_be_root && have_package_manager || return 0
  install_rstudio || install_jupyter || say 'No web IDE could be installed; R and MPI work without one'
}

evaluator_unit() {
  cat <<UNIT
[Unit]
Description=Rmada's R evaluator
Wants=network-online.target
After=network-online.target
ConditionPathExists=$HOME/.rmada/evaluator.sh

[Service]
Type=forking
PIDFile=$HOME/.rmada/evaluator.lock
User=$(id -un)
Environment=RMADA_UNIT=1
ExecStart=/bin/sh $HOME/.rmada/evaluator.sh start
ExecStop=/bin/sh $HOME/.rmada/evaluator.sh stop
Restart=always
RestartSec=2
TimeoutStartSec=90

[Install]
WantedBy=multi-user.target
UNIT
}

# Where systemd runs, the evaluator comes back after a reboot and after a crash. Elsewhere evaluator.sh starts it alone.
install_evaluator_unit() {
  [ -d /run/systemd/system ] && can_be_root || return 0
  unit=/etc/systemd/system/rmada-evaluator.service
  if [ "$(cat "$unit" 2>/dev/null)" != "$(evaluator_unit)" ]; then
    say 'Making the evaluator a service'
    evaluator_unit | as_root tee "$unit" >/dev/null
    as_root systemctl daemon-reload
  fi
  as_root systemctl -q enable rmada-evaluator.service
}
