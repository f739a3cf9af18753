import { expect, it } from 'vitest'
import { createTrustedSenders } from './trusted-sender.ts'

const ownPage = { url: 'rmada-app://app/index.html#/networks', parent: null }

it.each([
  ['a window of ours', 7, ownPage, true],
  ['a webContents that is not a window of ours', 8, ownPage, false],
  ['a frame inside our window', 7, { ...ownPage, parent: {} }, false],
  ['our window on a foreign page', 7, { url: 'https://evil.test/', parent: null }, false],
  ['another host of our scheme', 7, { url: 'rmada-app://evil/index.html', parent: null }, false],
  ['a blank page', 7, { url: 'about:blank', parent: null }, false],
  ['a frame that is gone', 7, null, false]
])('%s', (_who, id, senderFrame, trusted) => {
  const senders = createTrustedSenders()
  senders.add(7)
  expect(senders.isTrusted({ sender: { id }, senderFrame })).toBe(trusted)
})

it('forgets a window that was closed', () => {
  const senders = createTrustedSenders()
  senders.add(7)
  senders.remove(7)
  expect(senders.isTrusted({ sender: { id: 7 }, senderFrame: ownPage })).toBe(false)
})
