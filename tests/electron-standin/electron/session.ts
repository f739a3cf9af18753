import type { Session, WebContents as ElectronWebContents } from 'electron'
import { EventEmitter } from 'node:events'
import type { BrowserContext, Page } from 'playwright'
import { toChromium } from './addresses.ts'

type CheckHandler = Parameters<Session['setPermissionCheckHandler']>[0]
type RequestHandler = Parameters<Session['setPermissionRequestHandler']>[0]
type Permission = Parameters<NonNullable<CheckHandler>>[1]

let check: CheckHandler = null
let request: RequestHandler = null

class DefaultSession extends EventEmitter implements Pick<Session,
  'setPermissionCheckHandler' | 'setPermissionRequestHandler' | 'setDevicePermissionHandler'> {
  setPermissionCheckHandler(handler: CheckHandler): void { check = handler }
  setPermissionRequestHandler(handler: RequestHandler): void { request = handler }
  setDevicePermissionHandler(): void { /* Chromium without a window system offers no device. */ }
}
export const session = { defaultSession: new DefaultSession() }

/** What the app answers when a page asks for a permission: Electron grants everything where no handler is set. */
export function askPermission(permission: Permission, origin: string): { check: boolean; request: boolean } {
  let granted = request === null
  // The app's handlers look at origin and address alone; there is no more of a page's details to give.
  const details = { isMainFrame: true, requestingUrl: `${origin}/` }
  request?.({} as ElectronWebContents, permission, answer => { granted = answer }, details)
  return {
    check: check?.(null, permission, `${origin}/`, details) ?? true,
    request: granted
  }
}

/** Electron's names beside Chromium's. */
const names = {
  'geolocation': 'geolocation', 'notifications': 'notifications', 'clipboard-read': 'clipboard-read',
  'clipboard-sanitized-write': 'clipboard-write', 'media': 'camera', 'midi': 'midi'
} as const satisfies Partial<Record<Permission, string>>

/** Carries the app's answers into Chromium, so that pages meet them. */
export async function applyPermissions(context: BrowserContext, page: Page): Promise<void> {
  // Stays attached: what it set would be forgotten with it.
  const devTools = await context.newCDPSession(page)
  for (const [permission, name] of Object.entries(names) as [keyof typeof names, string][]) {
    const granted = askPermission(permission, 'rmada-app://app').check
    await devTools.send('Browser.setPermission', {
      permission: { name }, setting: granted ? 'granted' : 'denied', origin: toChromium('rmada-app://app')
    })
  }
}
