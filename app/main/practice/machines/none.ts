import { createHash } from 'node:crypto'
import type { MachineAddress, Machines } from './machines.ts'

/**
 * No machines: addresses are reserved so that the endpoint can answer like EC2, and nothing answers at them. For tests
 * of clients, and for computers on which no other backend works. An address follows from the instance id and the number
 * of its starts, so that it is the same after a restart.
 */
export function createNoneMachines(): Machines {
  const starts = new Map<string, number>()
  const up = new Set<string>()

  const addressOf = (instanceId: string): MachineAddress => {
    const digest = createHash('sha256')
      .update(`${instanceId} ${starts.get(instanceId) ?? 0}`)
      .digest()
    const [a = 0, b = 0] = digest
    // Within the first subnet of the default VPC, 172.31.0.0/20; the last part is never 0 or 255.
    const privateIp = `172.31.${a % 16}.${1 + (b % 254)}`
    return { hostName: `ip-${privateIp.replaceAll('.', '-')}`, privateIp, publicIp: privateIp, sshPort: 22 }
  }

  return {
    backend: 'none',
    images: { capture: async () => {}, remove: async () => {} },
    volumes: {
      create: async () => {}, remove: async () => {}, attach: async () => {}, detach: async () => true,
      snapshot: async () => {}, removeSnapshot: async () => {}
    },
    reserve: async (instanceId) => addressOf(instanceId),
    create: async ({ instanceId }) => void up.add(instanceId),
    start: async (instanceId) => {
      starts.set(instanceId, (starts.get(instanceId) ?? 0) + 1)
      up.add(instanceId)
      return addressOf(instanceId)
    },
    stop: async (instanceId) => void up.delete(instanceId),
    reboot: async (instanceId) => void up.add(instanceId),
    destroy: async (instanceId) => {
      up.delete(instanceId)
      starts.delete(instanceId)
    },
    isUp: async (instanceId) => up.has(instanceId),
    console: async () => 'The practice cloud runs without machines here (backend none): nothing booted.\n',
    close: async () => up.clear()
  }
}
