import { app, session, shell } from 'electron'
import type { Session, WebContents } from 'electron'
import { originOf } from './app-address.ts'
import { navigationPolicy } from './navigation-policy.ts'
import type { NavigationRequest } from './navigation-policy.ts'
import { permissionPolicy, permissions } from './permission-policy.ts'

type ElectronPermission = Parameters<NonNullable<Parameters<Session['setPermissionCheckHandler']>[0]>>[1]
/** A permission that Electron knows and the table does not would make this fail to compile. */
permissions satisfies Record<ElectronPermission, boolean>

/** Binds the policies to every page there will ever be, before the first one is made. */
export function guardEverything(): void {
  app.on('web-contents-created', (_event, contents) => guardPage(contents))

  session.defaultSession.setPermissionCheckHandler((_contents, permission, origin) =>
    permissionPolicy(permission, originOf(origin)))
  session.defaultSession.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl }) =>
    answer(permissionPolicy(permission, originOf(requestingUrl))))
  // Devices are picked by a permission of another kind, with a table of its own: none.
  session.defaultSession.setDevicePermissionHandler(() => false)
  // A page of ours has nothing to download.
  session.defaultSession.on('will-download', event => event.preventDefault())
}

function guardPage(contents: WebContents): void {
  const decide = (request: NavigationRequest): boolean => {
    const verdict = navigationPolicy(request)
    if (verdict === 'external') void shell.openExternal(request.address)
    return verdict === 'in-window'
  }
  // Covers main frame and frames alike; `will-navigate` would miss the latter.
  contents.on('will-frame-navigate', event => {
    if (!decide({ kind: 'navigate', address: event.url, isMainFrame: event.isMainFrame })) event.preventDefault()
  })
  // A server cannot answer under our scheme, so that no redirect is ever ours.
  contents.on('will-redirect', event => event.preventDefault())
  contents.on('will-attach-webview', event => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    decide({ kind: 'new-window', address: url, isMainFrame: true })
    return { action: 'deny' }
  })
}
