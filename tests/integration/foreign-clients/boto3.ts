import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { PracticeEndpoint } from '../../../app/main/practice/endpoint/serve.ts'

/** Debian's own Python: the one whose boto3 is somebody else's work. */
const python = '/usr/bin/python3'

/** What boto3 made of a reply: parsed JSON, to be looked into by expect. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Parsed = any

export interface Refusal {
  readonly code: string
  readonly message: string
  readonly status: number
}
interface Reply {
  readonly value?: Parsed
  readonly refused?: Refusal
  readonly broken?: string
  readonly strangers: string[]
}
interface As {
  readonly secret?: string
  readonly key?: string
  readonly service?: 'ec2' | 'service-quotas' | 'sts' | 'pricing' | 'ssm'
}

/** One boto3 in a process of its own, asked call by call: Python's start is paid once. */
export interface Boto3 {
  /** Raises when EC2 refuses, or sends an element that botocore's model does not know. */
  call(operation: string, params?: object, as?: As): Promise<Parsed>
  /** The refusal that the call meets; raises when there is none. */
  refusal(operation: string, params?: object, as?: As): Promise<Refusal>
  /** Every page that boto3's own paginator fetches. */
  pages(operation: string, params?: object): Promise<Parsed[]>
  /** boto3's own waiter. */
  wait(waiter: string, params: object): Promise<void>
  presign(operation: string, params: object, expires?: number): Promise<string>
  /** The wire names of an action's parameters in botocore's model. */
  parameterNames(action: string): Promise<string[]>
  botocoreVersion(): Promise<string>
  close(): Promise<void>
}

export function startBoto3(practice: PracticeEndpoint): Boto3 {
  const child = spawn(python, [fileURLToPath(new URL('boto3-bridge.py', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      PATH: '/usr/bin:/bin',
      PRACTICE_ENDPOINT: practice.endpoint,
      AWS_ACCESS_KEY_ID: practice.accessKeyId,
      AWS_SECRET_ACCESS_KEY: practice.secretAccessKey,
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
      PYTHONDONTWRITEBYTECODE: '1'
    }
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  let turn: Promise<unknown> = Promise.resolve()

  const ask = (request: object): Promise<Reply> => {
    const next = turn.then(async () => {
      child.stdin.write(`${JSON.stringify(request)}\n`)
      const line = await lines.next()
      if (line.done) throw new Error('boto3 ended')
      return JSON.parse(line.value) as Reply
    })
    turn = next.catch(() => undefined)
    return next
  }
  const value = async (request: object) => {
    const reply = await ask(request)
    if (reply.refused) throw new Error(`refused: ${reply.refused.code}: ${reply.refused.message}`)
    if (reply.broken !== undefined) throw new Error(reply.broken)
    if (reply.strangers.length > 0) throw new Error(`botocore's model does not know: ${reply.strangers.join(', ')}`)
    return reply.value
  }

  return {
    call: (operation, params = {}, as = {}) => value({ kind: 'call', operation, params, ...as }),
    async refusal(operation, params = {}, as = {}) {
      const reply = await ask({ kind: 'call', operation, params, ...as })
      if (!reply.refused)
        throw new Error(`${operation} was not refused: ${reply.broken ?? JSON.stringify(reply.value)}`)
      return reply.refused
    },
    pages: (operation, params = {}) => value({ kind: 'pages', operation, params }),
    wait: (operation, params) => value({ kind: 'wait', operation, params }),
    presign: (operation, params, expires = 60) => value({ kind: 'presign', operation, params, expires }),
    parameterNames: (action) => value({ kind: 'names', operation: action }),
    botocoreVersion: () => value({ kind: 'version' }),
    async close() {
      if (child.exitCode !== null) return
      const ended = once(child, 'exit')
      child.stdin.end()
      await ended
    }
  }
}
