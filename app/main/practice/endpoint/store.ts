import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { RmadaError } from '../../core/error.ts'
import { firstState } from './first-state.ts'
import { State } from './state.ts'

/** The practice cloud's memory: a value that is only ever replaced, and a file that follows it. */
export interface Store {
  readonly state: State
  /**
   * Applies a change to a copy and makes it the state, at once and as a whole (nothing changes when `apply` raises);
   * resolves when it is safe on disk.
   */
  change<Result>(apply: (draft: State) => Result): Promise<Result>
}

/** Opens the file, or begins a new account where there is none. DATA_UNREADABLE when it is damaged. */
export async function openStore(file: string): Promise<Store> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const kept = await readState(file)
  let state = kept ?? firstState()
  let unsaved = kept === null
  let saving = Promise.resolve()

  // Changes that come while a write is under way share the next one.
  const save = () => {
    const next = saving
      .catch(() => undefined)
      .then(async () => {
        if (!unsaved) return
        unsaved = false
        try {
          await writeDurably(file, JSON.stringify(state))
        } catch (error) {
          unsaved = true
          throw error
        }
      })
    saving = next
    return next
  }
  await save()

  return {
    get state() {
      return state
    },
    async change(apply) {
      const draft = structuredClone(state)
      const result = apply(draft)
      state = draft
      unsaved = true
      await save()
      return result
    }
  }
}

async function readState(file: string): Promise<State | null> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (text === null) return null
  try {
    return State.parse(JSON.parse(text))
  } catch (cause) {
    throw new RmadaError('DATA_UNREADABLE', `The practice cloud cannot read what it remembers: ${file}`, {
      suggestion: 'Move that file away; the practice cloud then begins anew.',
      cause
    })
  }
}

/** Writes beside the file and renames, so that a crash leaves the old or the new content and never half of one. */
export async function writeDurably(file: string, content: string): Promise<void> {
  const beside = `${file}.new`
  const handle = await open(beside, 'w', 0o600)
  try {
    await handle.writeFile(content)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(beside, file)
}
