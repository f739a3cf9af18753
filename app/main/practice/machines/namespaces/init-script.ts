/**
 * What runs as process 1 of a machine, in two scripts for /bin/sh.
 *
 * The first still sees this computer: it tells its pid, waits for its network cable, builds the machine's file system
 * and pivots into it. It waits on its standard input, so that it ends by itself when the endpoint dies half way.
 * Variables: DISK (folder of the disk), ROOT (mount point), HOST_NAME, ADDRESS (with prefix length), HIDDEN (folders of
 * this computer that must look empty, one a line), SUBMOUNTS (file systems below / to show as well, one a line), VOLUMES (attached volumes, a line each: major, minor, name,
 * name by id, alias), BOOT.
 */
const buildAndPivot = String.raw`
set -eu
read -r pid rest </proc/self/stat
printf '%s\n' "$pid" >&3
exec 3>&-
IFS= read -r go
[ "$go" = go ]
exec </dev/null

cd "$DISK"
rm -rf work/incompat
mount -t overlay rmada-practice -o lowerdir=/,upperdir=upper,workdir=work "$ROOT"
cd "$ROOT"
printf '%s\n' "$SUBMOUNTS" | while IFS= read -r path; do
  [ -n "$path" ] || continue
  own=mounts/$(printf '%s' "$path" | tr / -)
  ( cd "$DISK" && mkdir -p "$own/upper" "$own/work" &&
    mount -t overlay rmada-practice -o "lowerdir=$path,upperdir=$own/upper,workdir=$own/work" "$ROOT$path" )
done
mount --bind "$DISK/home" home
mount --bind "$DISK/root" root
mount --bind "$DISK/tmp" tmp
mount --bind "$DISK/var-tmp" var/tmp
printf '%s\n' "$HIDDEN" | while IFS= read -r path; do
  [ -z "$path" ] || [ ! -d ".$path" ] || mount -t tmpfs -o ro,mode=000,size=4k hidden ".$path"
done
mount -t tmpfs -o mode=755,nosuid,nodev run run
mkdir -m 755 run/sshd
mkdir -m 1777 run/lock
printf '%s' "$BOOT" >run/rmada-practice-init
mount -t tmpfs -o mode=755,nosuid,size=64k dev dev
mknod -m 666 dev/null c 1 3
mknod -m 666 dev/zero c 1 5
mknod -m 666 dev/full c 1 7
mknod -m 666 dev/random c 1 8
mknod -m 666 dev/urandom c 1 9
mknod -m 666 dev/tty c 5 0
mknod -m 666 dev/fuse c 10 229
mkdir -p dev/disk/by-id
printf '%s\n' "$VOLUMES" | while read -r major minor node by_id alias; do
  [ -n "$major" ] || continue
  mknod -m 660 "dev/$node" b "$major" "$minor"
  ln -s "../../$node" "dev/disk/by-id/$by_id"
  ln -s "$node" "dev/$alias"
done
mkdir dev/pts
mkdir -m 1777 dev/shm
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
ln -s /proc/self/fd/0 dev/stdin
ln -s /proc/self/fd/1 dev/stdout
ln -s /proc/self/fd/2 dev/stderr
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts dev/pts
mount -t tmpfs -o mode=1777,nosuid,nodev shm dev/shm
mount -t proc -o nosuid,nodev,noexec proc proc
mount --bind proc/sys proc/sys
mount -o remount,bind,ro proc/sys
[ ! -e proc/sysrq-trigger ] || mount --bind dev/null proc/sysrq-trigger
mount -t sysfs -o ro,nosuid,nodev,noexec sysfs sys
hostname "$HOST_NAME"
ip -batch - <<NETWORK
link set lo up
addr add $ADDRESS dev eth0
link set eth0 up
NETWORK
pivot_root . .
umount -l .
unset BOOT VOLUMES HIDDEN SUBMOUNTS DISK ROOT ADDRESS HOST_NAME OLDPWD PWD
exec chroot . setpriv --bounding-set=-sys_module,-sys_rawio,-sys_time,-mknod /bin/sh /run/rmada-practice-init
`

/**
 * The second script sees the machine alone and stays its process 1: makes the host keys at the first boot and prints
 * them as cloud-init does, keeps sshd running, runs the user data once, buries orphans (the shell's wait does), and
 * ends
 * everything within half a second at SIGTERM.
 */
const boot = String.raw`
say() { printf '[rmada-practice] %s\n' "$*"; }
state=/var/lib/rmada-practice
say "$(hostname) boots"
if [ ! -e "$state/host-keys" ]; then
  rm -f /etc/ssh/ssh_host_*
  ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key &&
    ssh-keygen -q -t ecdsa -N '' -f /etc/ssh/ssh_host_ecdsa_key && : >"$state/host-keys"
fi
# File systems of volumes, as its own table says; one that is gone must not keep the machine from booting.
mount -a -O no_netdev
echo '-----BEGIN SSH HOST KEY KEYS-----'
cat /etc/ssh/ssh_host_ecdsa_key.pub /etc/ssh/ssh_host_ed25519_key.pub
echo '-----END SSH HOST KEY KEYS-----'

down() {
  trap '' TERM
  say "$(hostname) goes down"
  kill -TERM -1
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    kill -0 -1 2>/dev/null || break
    sleep 0.05
  done
  exit 0
}
trap down TERM

sshd=$(command -v sshd)
"$sshd" -D -e &
server=$!
# Those of other machines come when these answer.
( for _ in 1 2 3 4 5 6 7 8 9 10; do mount -a -O _netdev && break; sleep 1; done ) &
if [ -e "$state/user-data" ] && [ ! -e "$state/user-data-done" ]; then
  : >"$state/user-data-done"
  ( cd / && HOME=/root exec "$state/user-data" ) </dev/null &
fi
while :; do
  wait "$server"
  say "sshd ended with status $?, starting it again"
  sleep 0.2
  "$sshd" -D -e &
  server=$!
done
`

/** Both scripts, as the shell gets them. */
export const initScripts = { buildAndPivot, boot }
