import { spawnSync } from 'node:child_process'

const probe = `
set -e
mount -t tmpfs probe /tmp
mkdir /tmp/upper /tmp/work /tmp/root
mount -t overlay probe -o lowerdir=/,upperdir=/tmp/upper,workdir=/tmp/work /tmp/root
mount -t proc proc /tmp/root/proc
mount -t sysfs -o ro sysfs /tmp/root/sys
mknod /tmp/null c 1 3
ip link add probe type bridge
ip link add probe0 type veth peer name probe1
cd /tmp/root
pivot_root . .
`

/** Why machines in namespaces cannot be made here, in one plain sentence; null when they can. Leaves nothing behind. */
export function whyNoNamespaces(): string | null {
  if (process.platform !== 'linux') return 'Machines with addresses of their own need Linux.'
  if (process.getuid?.() !== 0) return 'Machines with addresses of their own need root.'
  for (const program of ['unshare', 'setpriv', 'pivot_root', 'ip', 'sshd', 'ssh-keygen', 'sudo']) {
    const found = spawnSync('/bin/sh', ['-c', `command -v ${program}`], { env: { PATH: machinePath } })
    if (found.status !== 0) return `Machines with addresses of their own need the program ${program}.`
  }
  const result = spawnSync('unshare', ['--mount', '--uts', '--pid', '--net', '--fork', '/bin/sh', '-c', probe], {
    env: { PATH: machinePath }, encoding: 'utf8', timeout: 10_000, stdio: ['ignore', 'ignore', 'pipe']
  })
  if (result.status === 0) return null
  const reason = result.stderr.trim().split('\n')[0] ?? ''
  return `This computer does not let root make machines with addresses of their own (${reason || 'no reason given'}).`
}

/** Where system programs are, whatever the PATH of the endpoint says. */
export const machinePath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
