import { expect, it, vi } from 'vitest'
import type { Client, Task } from '../../../contract/index.ts'
import { followTask } from './follow-task.ts'

const task = (change: Partial<Task>): Task => ({
  id: 't1',
  kind: 'launch',
  network: 'fit',
  title: 'Launch fit',
  state: 'running',
  progress: 0,
  message: '',
  cancellable: true,
  startedAt: '2026-01-01T00:00:00Z',
  endedAt: null,
  error: null,
  steps: [{ name: 'rent', title: 'Rent', weight: 1, state: 'running', progress: 0, message: '', ms: null }],
  ...change
})

function follow(
  events: readonly unknown[],
  end?: { error: { code: 'SSH_LOST'; message: string; suggestion: string } | null }
) {
  const close = vi.fn()
  const note = vi.fn<(line: string) => void>()
  const client = {
    subscribe(_method: string, _input: unknown, onEvent: (event: unknown) => void, onEnd: (error: unknown) => void) {
      setImmediate(() => {
        for (const event of events) onEvent(event)
        if (end) onEnd(end.error)
      })
      return { close }
    }
  } as unknown as Client
  return { outcome: followTask(client, task({}), note), note, close }
}

it('tells of each step once when it begins and once when it ends', async () => {
  const done = task({
    state: 'succeeded',
    progress: 1,
    steps: [{ name: 'rent', title: 'Rent', weight: 1, state: 'done', progress: 1, message: 'All there.', ms: 1234 }]
  })
  const { outcome, note, close } = follow([
    { kind: 'all', items: [task({ id: 'other', state: 'failed' }), task({})] },
    { kind: 'changed', item: task({ progress: 0.5 }) },
    { kind: 'changed', item: done }
  ])
  expect(await outcome).toEqual(done)
  expect(note.mock.calls).toEqual([['  0 %  Rent: running'], ['100 %  Rent: done (1.2 s): All there.']])
  expect(close).toHaveBeenCalledOnce()
})

it('rejects with the error of a task that failed, and what is still rented', async () => {
  const error = {
    code: 'HEALTH_CHECK_FAILED' as const,
    message: 'No.',
    suggestion: 'Repair.',
    stillRented: [{ kind: 'instance' as const, id: 'i-1', pricePerHour: 1 }]
  }
  await expect(follow([{ kind: 'all', items: [task({ state: 'failed', error })] }]).outcome).rejects.toMatchObject(
    error
  )
})

it('rejects when it was cancelled, and when the manager ends first', async () => {
  await expect(follow([{ kind: 'all', items: [task({ state: 'cancelled' })] }]).outcome).rejects.toMatchObject({
    code: 'CANCELLED'
  })
  await expect(follow([], { error: null }).outcome).rejects.toMatchObject({ code: 'MANAGER_UNREACHABLE' })
  await expect(
    follow([], { error: { code: 'SSH_LOST', message: 'm', suggestion: 's' } }).outcome
  ).rejects.toMatchObject({ code: 'SSH_LOST' })
})
