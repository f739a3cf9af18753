import type { Client } from '../../../contract/index.ts'

/** Comes to the front when the manager asks for it: when the user starts Rmada a second time. */
export function followActivation(client: Client): void {
  client.subscribe(
    'manager.watch',
    {},
    (event) => {
      if (event.kind === 'activate') window.focus()
    },
    (error) => {
      // Ended by a manager that goes away: its successor is asked again. A refusal would only come again.
      if (error === null)
        setTimeout(() => {
          followActivation(client)
        }, 1000)
    }
  )
}
