import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { openSecretStore } from '../../app/main/adapters/secrets/secrets.ts'
import { startKeyring } from './fixtures/keyring.ts'
import { secretsSuite } from './secrets-suite.ts'

function keytarIsHere(): boolean {
  try {
    createRequire(import.meta.url)('keytar')
    return true
  } catch {
    return false
  }
}

// keytar is optional, and only Linux lets a test have a keychain of its own.
describe.runIf(existsSync('/usr/bin/gnome-keyring-daemon') && keytarIsHere())('GNOME keyring', () => {
  let keyring: Awaited<ReturnType<typeof startKeyring>>
  beforeAll(async () => {
    keyring = await startKeyring()
  })
  afterAll(async () => await keyring.close())

  secretsSuite('a real GNOME keyring', 'keychain', () =>
    openSecretStore((_level, message, details) => expect.unreachable(`${message} ${details?.['reason']}`))
  )
})
