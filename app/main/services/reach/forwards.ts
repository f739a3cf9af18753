import type { Forward, SshConnection } from '../../core/ports/index.ts'

/** What a forward is for. */
export type Purpose = 'evaluator' | 'ide'

/** An open forward with what was learnt when it was opened. */
export interface OpenForward<T> { readonly port: number; readonly facts: T }

interface Shared { users: number; readonly opening: Promise<{ forward: Forward; facts: unknown }> }

/** Local ports that lead to services on masters: one for each network and purpose, shared and counted by its users. */
export class Forwards {
  readonly #shared = new Map<string, Shared>()

  /** The forward, opened by `open` when there is none; each call needs its own `release`. */
  async acquire<T>(
    networkId: string, purpose: Purpose,
    open: () => Promise<{ connection: SshConnection; forward: Forward; facts: T }>
  ): Promise<OpenForward<T>> {
    const key = `${networkId}/${purpose}`
    const shared = this.#shared.get(key) ?? this.#openNew(key, open)
    shared.users += 1
    const { forward, facts } = await shared.opening
    // One purpose always has facts of one type: its own service is the only caller.
    return { port: forward.port, facts: facts as T }
  }

  /** Gives a forward back; the last user closes it. Without one there is nothing to do. */
  async release(networkId: string, purpose: Purpose): Promise<void> {
    const key = `${networkId}/${purpose}`
    const shared = this.#shared.get(key)
    if (!shared) return
    shared.users -= 1
    if (shared.users > 0) return
    this.#shared.delete(key)
    await closeWhenOpen(shared)
  }

  /** Closes all forwards of a network, whoever uses them: its machines go. */
  async close(networkId: string): Promise<void> {
    await this.#closeKeys([...this.#shared.keys()].filter(key => key.startsWith(`${networkId}/`)))
  }

  async closeAll(): Promise<void> {
    await this.#closeKeys([...this.#shared.keys()])
  }

  #openNew(key: string, open: () => Promise<{ connection: SshConnection; forward: Forward; facts: unknown }>): Shared {
    const opening = open()
    const shared: Shared = { users: 0, opening }
    this.#shared.set(key, shared)
    const forget = () => { if (this.#shared.get(key) === shared) this.#shared.delete(key) }
    // A forward dies with its connection; the next user opens a new one.
    opening.then(({ connection }) => connection.closed.then(forget), forget)
    return shared
  }

  async #closeKeys(keys: readonly string[]): Promise<void> {
    const closing = keys.map(key => this.#shared.get(key)).filter(shared => shared !== undefined)
    for (const key of keys) this.#shared.delete(key)
    await Promise.all(closing.map(closeWhenOpen))
  }
}

async function closeWhenOpen(shared: Shared): Promise<void> {
  const opened = await shared.opening.catch(() => null)
  await opened?.forward.close()
}
