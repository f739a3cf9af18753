import type { Log, PracticeCloud } from '../core/ports/index.ts'
import { RmadaError } from '../core/error.ts'
import { servePractice, type PracticeEndpoint } from './endpoint/serve.ts'
import { chooseBackend } from './machines/create.ts'
import type { Backend } from './machines/machines.ts'

/** The practice cloud inside this process: its endpoint starts at first use, on any free port. */
export function createPracticeCloud(options: {
  stateDirectory: string
  backend: 'auto' | Backend
  log: Log
}): PracticeCloud {
  const { backend, available, explanation } = chooseBackend(options.backend)
  let endpoint: Promise<PracticeEndpoint> | null = null

  return {
    backend,
    available,
    explanation,
    async start() {
      if (!available) {
        throw new RmadaError('PRACTICE_UNAVAILABLE', explanation, {
          suggestion: 'Choose another region, or another kind of practice machines in the settings.'
        })
      }
      endpoint ??= servePractice({ ...options, backend, port: 0 })
      try {
        const { endpoint: url, region, accessKeyId, secretAccessKey } = await endpoint
        return { endpoint: url, region, accessKeyId, secretAccessKey }
      } catch (error) {
        endpoint = null
        throw error
      }
    },
    async stop() {
      const running = endpoint
      endpoint = null
      // An endpoint that failed to start has nothing to close.
      const started = await running?.catch(() => null)
      await started?.close({ powerOff: true })
    }
  }
}
