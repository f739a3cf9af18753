import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** Whether an ssh server greets at this address right now. */
export function greets(host: string, port: number, limitMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    const end = (answer: boolean): void => { socket.destroy(); resolve(answer) }
    socket.setTimeout(limitMs, () => end(false))
    socket.once('error', () => end(false))
    socket.once('close', () => resolve(false))
    socket.once('data', (data) => end(data.toString('latin1').startsWith('SSH-2.0-')))
  })
}

/** Resolves when an ssh server greets there; rejects when `alive` turns false or the time limit is over. */
export async function waitForGreeting(
  host: string, port: number, alive: () => boolean, limitMs = 30_000
): Promise<void> {
  const deadline = performance.now() + limitMs
  while (!await greets(host, port, 2_000)) {
    if (!alive()) throw new Error('The machine ended while it was booting.')
    if (performance.now() > deadline) throw new Error(`Its ssh server does not answer within ${limitMs / 1000} s.`)
    await sleep(20)
  }
}
