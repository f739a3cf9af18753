import { expect, it, vi } from 'vitest'
import { createIpc } from '../support/transport-faces.ts'
import { serveIpc } from '../../app/main/transports/ipc.ts'

function serve(isTrusted: boolean) {
  const ipc = createIpc()
  const dispatch = vi.fn(async () => ({ kind: 'value' as const, value: 7 }))
  const served = serveIpc(ipc.ipcMain, { dispatch, isTrusted: () => isTrusted })
  return { ipc, dispatch, served }
}

it.each([
  ['rmada:call', { method: 'networks.list', input: {} }],
  ['rmada:subscribe', { subscription: 's', method: 'networks.watch', input: {} }],
  ['rmada:close', { subscription: 's' }]
])('a foreign sender gets nothing from %s', async (channel, message) => {
  const { ipc, dispatch } = serve(false)
  expect(await ipc.invoke(channel, message)).toMatchObject({ ok: false, error: { code: 'NOT_AUTHORIZED' } })
  expect(dispatch).not.toHaveBeenCalled()
})

it.each([
  ['rmada:call', undefined],
  ['rmada:call', 'networks.list'],
  ['rmada:call', { method: 7, input: {} }],
  ['rmada:subscribe', { method: 'networks.watch', input: {} }],
  ['rmada:subscribe', { subscription: '', method: 'networks.watch', input: {} }],
  ['rmada:subscribe', { subscription: 'x'.repeat(65), method: 'networks.watch', input: {} }],
  ['rmada:close', {}]
])('%s refuses the malformed message %j', async (channel, message) => {
  const { ipc, dispatch } = serve(true)
  expect(await ipc.invoke(channel, message)).toMatchObject({ ok: false, error: { code: 'MALFORMED_MESSAGE' } })
  expect(dispatch).not.toHaveBeenCalled()
})

it('serves no channel any more once it is closed', async () => {
  const { ipc, served } = serve(true)
  served.close()
  await expect(ipc.invoke('rmada:call', { method: 'networks.list', input: {} })).rejects.toThrow('No handler')
})
