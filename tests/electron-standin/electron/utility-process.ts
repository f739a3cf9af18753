import type { ForkOptions, UtilityProcess } from 'electron'
import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { EventEmitter } from 'node:events'

class Child extends EventEmitter implements Pick<UtilityProcess, 'kill' | 'postMessage' | 'pid'> {
  readonly #child: ChildProcess

  constructor(child: ChildProcess) {
    super()
    this.#child = child
    child.once('spawn', () => this.emit('spawn'))
    child.once('exit', code => this.emit('exit', code ?? 1))
    child.on('message', message => this.emit('message', message))
  }

  get pid(): number | undefined { return this.#child.pid }
  kill(): boolean { return this.#child.kill() }
  postMessage(message: object): void { this.#child.send(structuredClone(message)) }
}

/** A real process of Node, as Electron's is, without what the test put around the app. */
export const utilityProcess = {
  fork: (modulePath: string, args: string[] = [], { env, cwd }: ForkOptions = {}) =>
    new Child(fork(modulePath, args, {
      env: { ...(env ?? process.env) },
      ...(cwd === undefined ? {} : { cwd }), execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'], serialization: 'advanced'
    }))
}
