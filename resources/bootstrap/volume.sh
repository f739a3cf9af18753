#!/bin/sh
# Mounts an EBS volume on the master and shares it with the other nodes. Fed to `sh -s` over ssh with these variables set
# before it:
#   MODE         mount | unmount | where: on the node that the volume is attached to
#                able: how this node can share, for ROLE master | slave: prints nfs, sshfs or none
#                key: make the key with which this node reads the master's folder, and print its public half
#                export: let the other nodes in, on the master
#                join | leave: use the master's folder, on another node
#   VOLUME_ID    vol-…
#   DEVICE       the name that it was attached with, /dev/sdf
#   MOUNT_POINT  /shared
#   SHARE        nfs | sshfs | folder
#   CLIENTS      addresses of the other nodes; KEYS: their public keys, one a line
#   SOURCE       join: address of the master, or for `folder` the folder itself
#   LOGIN        join by sshfs: user on the master
# A volume is formatted only when it is blank, which is read on the device itself. Every run leaves the same state. On a
# computer that the nodes share (RMADA_SHARED_HOST) a volume is a folder and mounting is a link in the home.
set -eu
umask 022
# shellcheck disable=SC2153 # In capitals: set by the caller.
: "${DEVICE:=}" "${SOURCE:=}" "${KEYS:=}" "${CLIENTS:=}" "${LOGIN:=}" "${ROLE:=}"

begin_mark='# >>> rmada volume >>>'
end_mark='# <<< rmada volume <<<'

fail() {
  echo "rmada: $1" >&2
  exit 1
}

have() {
  command -v "$1" >/dev/null 2>&1
}

shared_host() {
  [ -n "${RMADA_SHARED_HOST:-}" ]
}

# Programs for disks are in folders that a user's search path leaves out.
PATH="$PATH:/usr/sbin:/sbin"

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

# with_block FILE BEGIN END TEXT: the file without our block, then our block unless TEXT is empty.
with_block() {
  if as_root test -f "$1"; then
    as_root cat "$1" | awk -v b="$2" -v e="$3" '$0 == b { skip = 1 } !skip { print } $0 == e { skip = 0 }'
  fi
  if [ -n "$4" ]; then printf '%s\n%s\n%s\n' "$2" "$4" "$3"; fi
}

set_fstab() {
  with_block /etc/fstab "$begin_mark" "$end_mark" "$1" >"$HOME/.rmada/fstab.$$"
  as_root tee /etc/fstab <"$HOME/.rmada/fstab.$$" >/dev/null || fail '/etc/fstab could not be written'
  rm -f "$HOME/.rmada/fstab.$$"
  if [ -d /run/systemd/system ]; then as_root systemctl daemon-reload || true; fi
}

install_package() {
  echo "rmada: installing $1" >&2
  if have apt-get; then
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q update >&2 || return 1
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends "$1" >&2
  elif have dnf; then
    as_root dnf -q -y install "$2" >&2
  else
    return 1
  fi
}

# Nitro numbers devices as it likes; the volume's id is their serial number.
find_device() {
  serial="vol${VOLUME_ID#vol-}"
  by_id="/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_$serial"
  if [ -e "$by_id" ]; then
    echo "$by_id"
    return 0
  fi
  name=$(lsblk -dno NAME,SERIAL 2>/dev/null | awk -v s="$serial" '$2 == s { print $1; exit }')
  if [ -n "$name" ]; then
    echo "/dev/$name"
    return 0
  fi
  # Older types (Xen) have the name it was attached with, as xvd.
  for nvme in /dev/nvme*; do [ ! -e "$nvme" ] || return 1; done
  xen="/dev/xvd${DEVICE#/dev/sd}"
  [ -b "$xen" ] || return 1
  echo "$xen"
}

wait_for_device() {
  tries=0
  until find_device; do
    tries=$((tries + 1))
    [ "$tries" -lt 120 ] || fail "the volume $VOLUME_ID is attached, but its device does not appear"
    sleep 0.5
  done
}

# Nothing known on it (blkid), no signature (wipefs), and only zeros where file systems and tables begin and end.
is_blank() {
  code=0
  as_root blkid -p "$1" >/dev/null 2>&1 || code=$?
  [ "$code" -eq 2 ] || return 1
  marks=$(as_root wipefs -n "$1") || return 1
  [ -z "$marks" ] || return 1
  bytes=$(as_root blockdev --getsize64 "$1") || return 1
  span=16
  [ $((bytes / 1048576)) -ge "$span" ] || span=$((bytes / 1048576))
  [ "$span" -gt 0 ] || return 1
  only_zeros "$1" 0 "$span" && only_zeros "$1" $((bytes / 1048576 - 1)) 1
}

# only_zeros DEVICE FIRST-MIB MIBS
only_zeros() {
  other=$(as_root dd if="$1" bs=1048576 skip="$2" count="$3" status=none | tr -d '\000' | head -c 1 | wc -c) || return 1
  read_bytes=$(as_root dd if="$1" bs=1048576 skip="$2" count="$3" status=none | wc -c) || return 1
  [ "$read_bytes" -eq $(($3 * 1048576)) ] && [ "$other" -eq 0 ]
}

type_on() {
  as_root blkid -p -o value -s TYPE "$1" 2>/dev/null || true
}

# Where this device is mounted, whatever name it was mounted by.
mounted_at() {
  major=$(stat -Lc %t "$1")
  minor=$(stat -Lc %T "$1")
  number=$(printf '%d:%d' "0x$major" "0x$minor")
  awk -v n="$number" '$3 == n { print $5; exit }' /proc/self/mountinfo
}

free_mount_point() {
  as_root mkdir -p "$MOUNT_POINT" || fail "the folder $MOUNT_POINT could not be made"
  ! mountpoint -q "$MOUNT_POINT" || fail "something else is mounted at $MOUNT_POINT"
  [ -z "$(as_root ls -A "$MOUNT_POINT")" ] || fail "the folder $MOUNT_POINT holds files, which a mount would hide"
}

# In a home, /shared is ~/shared.
home_path() {
  echo "$HOME/${MOUNT_POINT#/}"
}

link_folder() {
  link=$(home_path)
  [ -L "$link" ] || [ ! -e "$link" ] || fail "$link is there already"
  mkdir -p "$(dirname "$link")"
  rm -f "$link"
  ln -s "$1" "$link"
}

mount_volume() {
  if shared_host; then
    folder="$HOME/.rmada-volumes/$VOLUME_ID"
    [ -d "$folder" ] || fail "the volume $VOLUME_ID is not attached here"
    link_folder "$folder"
    printf '{"path":"%s","formatted":false,"type":"folder","source":"%s"}\n' "$(home_path)" "$(cd "$folder" && pwd -P)"
    return 0
  fi
  device=$(wait_for_device)
  formatted=false
  place=$(mounted_at "$device")
  if [ -z "$place" ]; then
    free_mount_point
    if is_blank "$device"; then
      as_root mkfs.ext4 -q "$device" >&2 || fail "the blank volume $VOLUME_ID could not be formatted"
      formatted=true
    fi
    type=$(type_on "$device")
    [ -n "$type" ] || fail "the volume $VOLUME_ID holds data but no file system on the whole device, so it was left as it is"
    as_root mount -t "$type" "$device" "$MOUNT_POINT" || fail "the file system ($type) of $VOLUME_ID could not be mounted"
    if [ "$formatted" = true ]; then as_root chown "$(id -u):$(id -g)" "$MOUNT_POINT"; fi
  elif [ "$place" != "$MOUNT_POINT" ]; then
    fail "the volume $VOLUME_ID is mounted at $place already"
  fi
  type=$(type_on "$device")
  set_fstab "$device $MOUNT_POINT $type defaults,nofail 0 2"
  printf '{"path":"%s","formatted":%s,"type":"%s","source":"%s"}\n' "$MOUNT_POINT" "$formatted" "$type" "$MOUNT_POINT"
}

unmount_volume() {
  if shared_host; then
    for link in "$HOME"/*; do
      if [ -L "$link" ]; then
        case $(readlink "$link") in *"$VOLUME_ID") rm -f "$link" ;; esac
      fi
    done
    return 0
  fi
  set_fstab ''
  if as_root test -f /etc/exports.d/rmada.exports; then
    as_root rm -f /etc/exports.d/rmada.exports
    as_root exportfs -ra || true
  fi
  device=$(find_device) || return 0
  place=$(mounted_at "$device")
  while [ -n "$place" ]; do
    as_root umount "$place" || fail "$place is in use: end the programs that work there first"
    place=$(mounted_at "$device")
  done
}

where() {
  if shared_host; then
    for link in "$HOME"/*; do
      if [ -L "$link" ]; then
        case $(readlink "$link") in *"$VOLUME_ID") echo "$link" ;; esac
      fi
    done
    return 0
  fi
  device=$(find_device) || return 0
  mounted_at "$device"
}

kernel_has() {
  grep -qw "$1" /proc/filesystems || { as_root modprobe "$1" 2>/dev/null && grep -qw "$1" /proc/filesystems; }
}

able() {
  if [ "$ROLE" = master ]; then
    if kernel_has nfsd && { have exportfs || install_package nfs-kernel-server nfs-utils; }; then
      echo nfs
    else
      echo sshfs
    fi
  elif kernel_has nfs4 && { have mount.nfs4 || install_package nfs-common nfs-utils; }; then
    echo nfs
  elif [ -e /dev/fuse ] && { have sshfs || install_package sshfs fuse-sshfs; }; then
    echo sshfs
  else
    echo none
  fi
}

make_key() {
  key="$HOME/.ssh/rmada-shared"
  mkdir -p "$HOME/.ssh"
  chmod 700 "$HOME/.ssh"
  if [ ! -f "$key" ] || [ ! -f "$key.pub" ]; then
    rm -f "$key" "$key.pub"
    ssh-keygen -q -t ed25519 -N '' -C 'rmada shared folder' -f "$key" || fail 'ssh-keygen could not make a key'
  fi
  cat "$key.pub"
}

export_folder() {
  if [ "$SHARE" = nfs ]; then
    as_root mkdir -p /etc/exports.d
    line="\"$MOUNT_POINT\""
    for client in $CLIENTS; do line="$line $client(rw,sync,no_subtree_check)"; done
    echo "$line" | as_root tee /etc/exports.d/rmada.exports >/dev/null
    if [ -d /run/systemd/system ]; then
      as_root systemctl enable --now nfs-server >&2 || fail 'the NFS server could not be started'
    fi
    as_root exportfs -ra || fail 'the folder could not be exported by NFS'
    return 0
  fi
  # Keys that can do nothing but move files.
  lines=$(printf '%s\n' "$KEYS" | sed -n 's/^ssh-ed25519 /restrict,command="internal-sftp" ssh-ed25519 /p')
  file="$HOME/.ssh/authorized_keys"
  with_block "$file" '# >>> rmada shared >>>' '# <<< rmada shared <<<' "$lines" >"$file.rmada.$$"
  chmod 600 "$file.rmada.$$"
  mv -f "$file.rmada.$$" "$file"
}

join_folder() {
  if [ "$SHARE" = folder ]; then
    link_folder "$SOURCE"
    home_path
    return 0
  fi
  if [ "$SHARE" = nfs ]; then
    source="$SOURCE:$MOUNT_POINT"
    line="$source $MOUNT_POINT nfs4 defaults,nofail,_netdev,hard 0 0"
  else
    source="$LOGIN@$SOURCE:$MOUNT_POINT"
    # No nofail: sshfs does not know it, and what needs the net never keeps a machine from booting.
    options="defaults,_netdev,allow_other,default_permissions,reconnect,ServerAliveInterval=15,ServerAliveCountMax=3"
    options="$options,IdentityFile=$HOME/.ssh/rmada-shared,IdentitiesOnly=yes,BatchMode=yes"
    options="$options,UserKnownHostsFile=$HOME/.ssh/known_hosts,StrictHostKeyChecking=yes"
    line="$source $MOUNT_POINT fuse.sshfs $options 0 0"
  fi
  if mountpoint -q "$MOUNT_POINT" 2>/dev/null; then
    # A master that came back with another address, or a mount whose other end is gone.
    if [ "$(findmnt -n -o SOURCE "$MOUNT_POINT")" != "$source" ] || ! timeout 10 ls "$MOUNT_POINT" >/dev/null 2>&1; then
      as_root umount "$MOUNT_POINT" 2>/dev/null || as_root umount -l "$MOUNT_POINT" || true
    fi
  elif ! timeout 10 ls -d "$MOUNT_POINT" >/dev/null 2>&1 && [ -e /proc/self/mountinfo ] &&
    grep -q " $MOUNT_POINT " /proc/self/mountinfo; then
    as_root umount -l "$MOUNT_POINT" || true
  fi
  set_fstab "$line"
  if ! mountpoint -q "$MOUNT_POINT"; then
    free_mount_point
    as_root mount "$MOUNT_POINT" || fail "the master's folder could not be mounted at $MOUNT_POINT by $SHARE"
  fi
  ls "$MOUNT_POINT" >/dev/null || fail "the master's folder at $MOUNT_POINT cannot be read"
  echo "$MOUNT_POINT"
}

leave_folder() {
  if shared_host; then
    link=$(home_path)
    if [ -L "$link" ]; then rm -f "$link"; fi
    return 0
  fi
  set_fstab ''
  grep -q " $MOUNT_POINT " /proc/self/mountinfo || return 0
  as_root umount "$MOUNT_POINT" || fail "$MOUNT_POINT is in use: end the programs that work there first"
}

main() {
  mkdir -p "$HOME/.rmada"
  chmod 700 "$HOME/.rmada"
  # Of two runs at once the second must find what the first did.
  if have flock; then
    exec 9>"$HOME/.rmada/volume.lock"
    flock -w 600 9 || fail 'another run is still at work on the volume'
  fi
  case "$MODE" in
    mount) mount_volume ;;
    unmount) unmount_volume ;;
    where) where ;;
    able) able ;;
    key) make_key ;;
    export) export_folder ;;
    join) join_folder ;;
    leave) leave_folder ;;
    *) fail "unknown mode: $MODE" ;;
  esac
}

# All of the script has been read when this runs, and nothing that runs may read the rest of its input.
main </dev/null
