import { describe, expect, it } from 'vitest'
import type { SecretStore } from '../../app/main/core/ports/index.ts'

/** What every place for secrets must do. `open` opens the same place again. */
export function secretsSuite(name: string, kind: SecretStore['kind'], open: () => Promise<SecretStore>): void {
  describe(`secrets in ${name}`, () => {
    it('says what it is', async () => {
      expect((await open()).kind).toBe(kind)
    })

    it('has nothing for an account that was never set, and deleting it is no error', async () => {
      const store = await open()
      expect(await store.get('never set')).toBeNull()
      await store.delete('never set')
    })

    it('keeps what was set last, byte for byte, and keeps accounts apart', async () => {
      const store = await open()
      const secret = 'wJalrXUtnFEMI/K7MDENG+"\'\\ ü 漢\n'
      await store.set('eu-central-1', 'old')
      await store.set('eu-central-1', secret)
      await store.set('us-east-1', 'other')
      expect(await store.get('eu-central-1')).toBe(secret)
      expect(await store.get('us-east-1')).toBe('other')
      await store.delete('us-east-1')
      expect(await store.get('us-east-1')).toBeNull()
      await store.delete('eu-central-1')
    })

    it('answers overlapping calls in the order they were made', async () => {
      const store = await open()
      const values = Array.from({ length: 10 }, (_, n) => `value ${n}`)
      const read = await Promise.all(values.flatMap((value) => [store.set('a', value), store.get('a')]))
      expect(read.filter((value) => value !== undefined)).toEqual(values)
      await store.delete('a')
    })

    it(kind === 'keychain' ? 'keeps a secret for the next start' : 'forgets at the end', async () => {
      await (await open()).set('kept', 'yes')
      const later = await open()
      expect(await later.get('kept')).toBe(kind === 'keychain' ? 'yes' : null)
      await later.delete('kept')
    })
  })
}
