import { expect, it, vi } from 'vitest'
import { RmadaError } from '../../core/error.ts'
import { reachManager } from './reach-manager.ts'
import type { ManagerProcess } from './reach-manager.ts'

const sleep = async (): Promise<void> => undefined

/** A manager that answers at the nth knock. */
function manager(answersAt: number): { find: () => Promise<string | null>; knocks: () => number } {
  let knocks = 0
  return {
    find: async () => ++knocks < answersAt ? null : 'client',
    knocks: () => knocks
  }
}

function child(
  exited = new Promise<void>(() => undefined)
): ManagerProcess & { kill: ReturnType<typeof vi.fn<() => void>> } {
  return { exited, kill: vi.fn<() => void>() }
}

it('is a client of the manager that already lives, and starts none', async () => {
  const start = vi.fn<() => ManagerProcess>()
  expect(await reachManager({ ...manager(1), start, sleep })).toEqual({ client: 'client', started: null })
  expect(start).not.toHaveBeenCalled()
})

it('starts one when none answers, and waits until it does', async () => {
  const process = child()
  const start = vi.fn(() => process)
  expect(await reachManager({ ...manager(5), start, sleep })).toEqual({ client: 'client', started: process })
  expect(start).toHaveBeenCalledTimes(1)
  expect(process.kill).not.toHaveBeenCalled()
})

it('becomes a client of the winner when another start was quicker', async () => {
  const lost = child(Promise.resolve())
  expect(await reachManager({ ...manager(9), start: () => lost, sleep })).toEqual({ client: 'client', started: null })
})

it('says so when the process ends and nobody listens', async () => {
  const { find, knocks } = manager(Infinity)
  await expect(reachManager({ find, start: () => child(Promise.resolve()), sleep }))
    .rejects.toMatchObject({ code: 'MANAGER_UNREACHABLE', message: expect.stringContaining('ended right after') })
  expect(knocks()).toBeLessThan(100)
})

it('gives up after the limit and ends what it started', async () => {
  const process = child()
  await expect(reachManager({ ...manager(Infinity), start: () => process, sleep, limitMs: 600 }))
    .rejects.toMatchObject({ code: 'MANAGER_UNREACHABLE', message: expect.stringContaining('within 0.6 seconds') })
  expect(process.kill).toHaveBeenCalledTimes(1)
})

it('does not start a second manager beside one of another version', async () => {
  const start = vi.fn<() => ManagerProcess>()
  const find = async (): Promise<never> => {
    throw new RmadaError('PROTOCOL_MISMATCH', 'Another version.', { suggestion: 'Update.' })
  }
  await expect(reachManager({ find, start, sleep })).rejects.toMatchObject({ code: 'PROTOCOL_MISMATCH' })
  expect(start).not.toHaveBeenCalled()
})
