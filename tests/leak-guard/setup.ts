import { afterAll } from 'vitest'
import { startLeakGuard } from './leak-guard.ts'

/**
 * A vitest set-up file: fails each test file that leaves a process, a listening socket, a mount or a namespace behind.
 * It begins as the file is loaded and, as the first hook registered, ends after all hooks of the file.
 */
const guard = process.platform === 'linux' ? startLeakGuard() : null

afterAll(async () => {
  const left = await guard?.finish() ?? []
  if (left.length > 0) throw new Error(`This test file leaves behind:\n  ${left.join('\n  ')}`)
}, 20_000)
