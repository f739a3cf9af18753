import type { InstanceState, NetworkStatus, TaskState } from '../../contract/index.ts'
import type { Tone } from './status-badge.tsx'

export const networkTones: Readonly<Record<NetworkStatus, Tone>> = {
  pending: 'moving',
  configuring: 'moving',
  running: 'good',
  'services-not-running': 'caution',
  rebooting: 'moving',
  stopped: 'quiet',
  terminating: 'moving',
  terminated: 'quiet',
  failed: 'bad'
}

export const instanceTones: Readonly<Record<InstanceState, Tone>> = {
  pending: 'moving',
  running: 'good',
  'shutting-down': 'moving',
  terminated: 'quiet',
  stopping: 'moving',
  stopped: 'quiet'
}

export const taskTones: Readonly<Record<TaskState, Tone>> = {
  running: 'moving',
  succeeded: 'good',
  failed: 'bad',
  cancelled: 'quiet'
}
