import { createCloneText } from './clone-text.ts'
import type { CloneText } from './clone-text.ts'

/**
 * The two JavaScript worlds of a page with context isolation, in real Chromium: the page's own, and an isolated one
 * (as extensions have) in which the preload runs. The functions below run in the page, by their source: each must
 * refer to nothing outside itself.
 */

interface Packed {
  function?: number
  promise?: number
  array?: Packed[]
  error?: string
  object?: [string, Packed][]
  plain?: unknown
}
type Message =
  | { kind: 'expose'; key: string; api: Packed }
  | { kind: 'call'; function: number; values: Packed[] }
  | { kind: 'return'; value?: Packed; thrown?: Packed }
  | { kind: 'settle'; promise: number; ok: boolean; value: Packed }
interface Peer {
  encode(value: unknown): Packed
  decode(value: Packed): unknown
}

/**
 * One end of the passage between the worlds: DOM events are the only thing they share, and are synchronous, as
 * Electron's contextBridge is. Values are copied, functions and promises become proxies of the other side's.
 */
function createPeer(out: string, into: string, onExpose: (key: string, api: Packed) => void): Peer {
  const functions: ((...values: unknown[]) => unknown)[] = []
  const promises = new Map<number, { resolve: (value: unknown) => void; reject: (reason: unknown) => void }>()
  let returned: { value?: Packed; thrown?: Packed } = {}
  let promiseCount = 0
  const send = (detail: Message): void => { window.dispatchEvent(new CustomEvent(out, { detail })) }
  const peer: Peer = {
    encode: value => {
      if (typeof value === 'function') return { function: functions.push(value as () => unknown) - 1 }
      if (value instanceof Promise) {
        const promise = promiseCount++
        value.then(
          result => send({ kind: 'settle', promise, ok: true, value: peer.encode(result) }),
          (reason: unknown) => send({ kind: 'settle', promise, ok: false, value: peer.encode(reason) })
        )
        return { promise }
      }
      if (Array.isArray(value)) return { array: value.map(peer.encode) }
      if (value instanceof Error) return { error: value.message }
      if (typeof value === 'symbol') throw new TypeError('An object could not be cloned.')
      if (typeof value !== 'object' || value === null) return { plain: value }
      if (Object.getPrototypeOf(value) !== Object.prototype) return { plain: structuredClone(value) }
      return { object: Object.entries(value).map(([key, item]) => [key, peer.encode(item)]) }
    },
    decode: ({ function: index, promise, array, error, object, plain }) => {
      if (index !== undefined) return (...values: unknown[]) => {
        // The other side answers, by an event of its own, before this one returns.
        send({ kind: 'call', function: index, values: values.map(peer.encode) })
        const { value, thrown } = returned
        if (thrown) throw peer.decode(thrown)
        return peer.decode(value ?? {})
      }
      if (promise !== undefined) {
        return new Promise((resolve, reject) => { promises.set(promise, { resolve, reject }) })
      }
      if (array) return array.map(peer.decode)
      if (error !== undefined) return new Error(error)
      if (object) return Object.fromEntries(object.map(([key, item]) => [key, peer.decode(item)]))
      return plain
    }
  }
  window.addEventListener(into, event => {
    const message = (event as CustomEvent<Message>).detail
    if (message.kind === 'expose') return onExpose(message.key, message.api)
    if (message.kind === 'return') { returned = message; return }
    if (message.kind === 'settle') {
      const waiting = promises.get(message.promise)
      promises.delete(message.promise)
      if (message.ok) waiting?.resolve(peer.decode(message.value))
      else waiting?.reject(peer.decode(message.value))
      return
    }
    try {
      const target = functions[message.function]
      send({ kind: 'return', value: peer.encode(target?.(...message.values.map(peer.decode))) })
    } catch (error) {
      send({ kind: 'return', thrown: peer.encode(error) })
    }
  })
  return peer
}

function installMainWorld(channel: string, makePeer: typeof createPeer): void {
  if (window !== window.top) return
  const peer = makePeer(`${channel}:isolated`, `${channel}:main`, (key, api) => {
    Object.defineProperty(window, key, {
      value: Object.freeze(peer.decode(api)), enumerable: true, writable: false, configurable: false
    })
  })
}

type Listener = (event: object, ...values: unknown[]) => void
interface Preload {
  readonly channel: string
  readonly binding: string
  readonly run: (require: (name: string) => unknown, exports: object, module: object, process: object) => void
}

/** Gives the preload what Electron gives a sandboxed one: `electron` with two members, and no module loader else. */
function installIsolatedWorld({ channel, binding, run }: Preload, makePeer: typeof createPeer, text: CloneText): void {
  // Electron runs a preload in the main frame only, unless asked otherwise.
  if (window !== window.top) return
  const world = globalThis as unknown as Record<string, unknown>
  const post = world[binding] as (message: string) => void
  const peer = makePeer(`${channel}:main`, `${channel}:isolated`, () => undefined)
  const listeners = new Map<string, Set<Listener>>()
  const pending = new Map<number, { resolve: (value: unknown) => void; reject: (reason: Error) => void }>()
  let calls = 0
  world[`${binding}:receive`] = (message: string) => {
    const { reply, ok, event, values } = text.decode(message) as
      { reply?: number; ok?: boolean; event?: string; values: unknown[] }
    if (event !== undefined) {
      for (const listener of listeners.get(event) ?? []) listener({ sender: ipcRenderer }, ...values)
      return
    }
    const waiting = pending.get(reply ?? -1)
    pending.delete(reply ?? -1)
    if (ok) waiting?.resolve(values[0])
    else waiting?.reject(new Error(String(values[0])))
  }
  const ipcRenderer = {
    invoke: (name: string, ...values: unknown[]) => new Promise((resolve, reject) => {
      const call = calls++
      post(text.encode({ call, name, values }))
      pending.set(call, { resolve, reject })
    }),
    on: (name: string, listener: Listener) => {
      listeners.set(name, (listeners.get(name) ?? new Set()).add(listener))
      return ipcRenderer
    },
    removeListener: (name: string, listener: Listener) => {
      listeners.get(name)?.delete(listener)
      return ipcRenderer
    }
  }
  const contextBridge = {
    exposeInMainWorld: (key: string, api: unknown) => {
      const detail = { kind: 'expose', key, api: peer.encode(api) }
      window.dispatchEvent(new CustomEvent(`${channel}:main`, { detail }))
    }
  }
  const module = { exports: {} }
  const require = (name: string): unknown => {
    if (name === 'electron') return { contextBridge, ipcRenderer }
    throw new Error(`module not found: ${name}`)
  }
  run(require, module.exports, module, { platform: 'linux', sandboxed: true, contextIsolated: true, type: 'renderer' })
}

/** The scripts to be run in each world before the page's own. */
export function worldScripts(channel: string, binding: string, preload: string): { main: string; isolated: string } {
  const config = `{ channel: ${JSON.stringify(channel)}, binding: ${JSON.stringify(binding)}, `
    + `run: function (require, exports, module, process) {\n${preload}\n} }`
  return {
    main: `(${String(installMainWorld)})(${JSON.stringify(channel)}, ${String(createPeer)})`,
    isolated: `(${String(installIsolatedWorld)})(${config}, ${String(createPeer)}, (${String(createCloneText)})())`
  }
}
