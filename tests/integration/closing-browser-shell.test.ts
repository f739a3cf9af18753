import { afterEach, beforeEach, expect, it } from 'vitest'
import { serveWindow } from '../../app/main/shells/browser/serve-window.ts'
import { createRmada } from '../support/rmada.ts'
import type { Rmada } from '../support/rmada.ts'

let rmada: Rmada
beforeEach(() => { rmada = createRmada('none') })
afterEach(() => rmada.close())

const open = () => serveWindow(rmada.environment, () => undefined)

it('takes along the manager that it started, when no network is there', async () => {
  const shell = await open()
  const pid = rmada.livingManager()
  expect(await shell.close()).toEqual({ ended: true, networks: 0, pid })
  await expect.poll(rmada.managerPid).toBeNull()
})

it('leaves a manager with networks at work, and says how many', async () => {
  const shell = await open()
  // Machines of the backend "none" never come up: the network stays at its launch, which is a network to keep.
  expect((await rmada.run(['launch', '--name', 'kept', '--instances', '1', '--region', 'practice-1'])).code).toBe(0)
  const pid = rmada.livingManager()
  expect(await shell.close()).toEqual({ ended: false, networks: 1, pid })
  expect(rmada.managerPid()).toBe(pid)
})

it('leaves a manager alone that was there before', async () => {
  expect((await rmada.run(['manager', 'start'])).code).toBe(0)
  const pid = rmada.livingManager()
  const shell = await open()
  expect(await shell.close()).toEqual({ ended: false, networks: 0, pid })
  expect(rmada.managerPid()).toBe(pid)
})
