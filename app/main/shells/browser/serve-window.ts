import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Log } from '../../core/ports/index.ts'
import { createDispatch } from '../../transports/dispatch.ts'
import { serveHttp } from '../../transports/http/server.ts'
import type { HttpServer } from '../../transports/http/server.ts'
import { relayHandlers } from '../../transports/relay.ts'
import { appRoot } from '../app-root.ts'
import { findAgain, findManager, findOrStartManager } from '../manager/find-or-start.ts'
import { endUnneeded } from './end-unneeded.ts'
import type { ManagerFate } from './end-unneeded.ts'

/** The browser shell at work. */
export interface BrowserShell {
  /** Opens the app and signs the browser in. */
  readonly url: string
  /** Ends the shell, and the manager with it when it was started for this shell and has no network to keep. */
  close(): Promise<ManagerFate>
}

/**
 * Serves the window to a browser and passes its calls on to the manager, which is started when none runs. While the
 * manager is away the windows are disconnected and show that they reconnect.
 */
export async function serveWindow(environment: NodeJS.ProcessEnv, log: Log): Promise<BrowserShell> {
  let isConnected = true
  let server: HttpServer | null = null
  const living = await findManager(environment, { audience: 'gui' })
  living?.close()
  const client = await findOrStartManager(environment, {
    audience: 'gui',
    reconnect: () => findAgain(environment),
    onState(state) {
      isConnected = state === 'connected'
      if (!isConnected) server?.disconnectWindows()
    }
  })
  const served = await serveHttp({
    dispatch: createDispatch(relayHandlers(client), log),
    identity: client.manager,
    directory: join(appRoot, 'out/renderer'),
    token: randomBytes(32).toString('base64url'),
    isReady: () => isConnected
  })
  server = served
  return {
    url: served.url,
    async close() {
      const fate = await endUnneeded(environment, client, { isOurs: living === null })
      client.close()
      await served.close()
      return fate
    }
  }
}
