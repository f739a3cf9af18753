import { describe, expect, it } from 'vitest'
import { systemClock } from './clock.ts'
import { randomHex } from './random.ts'

describe('systemClock', () => {
  it('sleeps for about as long as it is told', async () => {
    const before = systemClock.now().getTime()
    await systemClock.sleep(30)
    expect(systemClock.now().getTime() - before).toBeGreaterThanOrEqual(29)
  })

  it('wakes with CANCELLED when the signal fires, also when it fired before', async () => {
    const stop = new AbortController()
    const sleeping = systemClock.sleep(60_000, stop.signal)
    stop.abort()
    await expect(sleeping).rejects.toMatchObject({ code: 'CANCELLED' })
    await expect(systemClock.sleep(60_000, stop.signal)).rejects.toMatchObject({ code: 'CANCELLED' })
  })
})

describe('randomHex', () => {
  it('gives two characters a byte, never the same twice', () => {
    expect(randomHex(32)).toMatch(/^[0-9a-f]{64}$/)
    expect(randomHex(16)).not.toBe(randomHex(16))
  })
})
