import { randomUUID } from 'node:crypto'
import { WebSocket } from 'ws'

const limitMs = 60_000

interface KernelMessage {
  readonly msg_type?: string
  readonly header: { readonly msg_type: string }
  readonly parent_header: { readonly msg_id?: string }
  readonly content: {
    readonly data?: Readonly<Record<string, string>>
    readonly text?: string
    readonly evalue?: string
  }
}

/** Asks the notebook server for something and insists on a good answer. */
async function ask(base: URL, path: string, init: RequestInit = {}): Promise<Response> {
  const token = base.searchParams.get('token') ?? ''
  const response = await fetch(new URL(path, base.origin), {
    ...init,
    headers: { authorization: `token ${token}`, 'content-type': 'application/json' },
    signal: AbortSignal.timeout(limitMs)
  })
  if (!response.ok) throw new Error(`The notebook server answers ${response.status} to ${path}`)
  return response
}

/** Runs one line in a fresh R kernel of the notebook server at this address; resolves with the value as R prints it. */
export async function runInNotebook(address: string, code: string): Promise<string> {
  const base = new URL(address)
  const kernel = (await (
    await ask(base, '/api/kernels', { method: 'POST', body: JSON.stringify({ name: 'ir' }) })
  ).json()) as { id: string }
  try {
    return await execute(base, kernel.id, code)
  } finally {
    await ask(base, `/api/kernels/${kernel.id}`, { method: 'DELETE' })
  }
}

function execute(base: URL, kernel: string, code: string): Promise<string> {
  const token = base.searchParams.get('token') ?? ''
  const socket = new WebSocket(`ws://${base.host}/api/kernels/${kernel}/channels?token=${token}`)
  const id = randomUUID()
  const request = {
    header: {
      msg_id: id,
      username: 'demo',
      session: randomUUID(),
      msg_type: 'execute_request',
      version: '5.3',
      date: new Date().toISOString()
    },
    parent_header: {},
    metadata: {},
    channel: 'shell',
    buffers: [],
    content: {
      code,
      silent: false,
      store_history: false,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: true
    }
  }
  const result = new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error('The R kernel of the notebook did not answer in time.'))
    }, limitMs)
    const settle = (work: () => void): void => {
      clearTimeout(timer)
      work()
    }
    socket.on('open', () => {
      socket.send(JSON.stringify(request))
    })
    socket.on('error', (error) => {
      settle(() => {
        reject(error)
      })
    })
    socket.on('close', () => {
      settle(() => {
        reject(new Error('The notebook server closed the connection to its R kernel.'))
      })
    })
    socket.on('message', (data) => {
      const message = JSON.parse((data as Buffer).toString()) as KernelMessage
      if (message.parent_header.msg_id !== id) return
      const { content } = message
      if (['execute_result', 'display_data'].includes(message.header.msg_type))
        settle(() => {
          resolve(content.data?.['text/plain'] ?? '')
        })
      if (message.header.msg_type === 'error')
        settle(() => {
          reject(new Error(content.evalue ?? 'R raised an error.'))
        })
    })
  })
  return result.finally(() => {
    socket.close()
  })
}
