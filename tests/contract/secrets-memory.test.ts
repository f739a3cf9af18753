import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { openSecretStore } from '../../app/main/adapters/secrets/secrets.ts'
import { secretsSuite } from './secrets-suite.ts'

const missing = () => {
  throw new Error("Cannot find module 'keytar'")
}

secretsSuite('memory', 'memory', () => openSecretStore(() => {}, missing))

describe('secrets without a keychain', () => {
  it('says once, in one line and without any secret, that memory is used', async () => {
    const lines: string[] = []
    const store = await openSecretStore(
      (level, message, details) => lines.push(`${level} ${message} ${JSON.stringify(details)}`),
      missing
    )
    await store.set('a', 'the-secret')
    await store.get('a')
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/^warn .*memory/)
    expect(lines[0]).not.toContain('the-secret')
  })

  it('changes to memory when the keychain stops answering, and keeps the secret that was being set', async () => {
    const lines: string[] = []
    const failing = () => ({
      get: async () => null,
      set: async () => {
        throw new Error('locked')
      },
      delete: async () => {}
    })
    const store = await openSecretStore((_level, message) => lines.push(message), failing)
    expect(store.kind).toBe('keychain')
    await store.set('a', 'x')
    expect(store.kind).toBe('memory')
    expect(await store.get('a')).toBe('x')
    expect(lines).toHaveLength(1)
  })

  it('comes up on memory where there is no session bus at all', async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [join(import.meta.dirname, 'fixtures', 'open-secrets.ts')],
      { env: { PATH: '/usr/bin:/bin', DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent/bus' }, timeout: 20_000 }
    )
    expect(JSON.parse(stdout)).toEqual({ kind: 'memory', value: 'x', lines: 1 })
  })
})
