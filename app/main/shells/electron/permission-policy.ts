import { appOrigin } from './app-address.ts'

/** Every permission that a page can ask Electron for; guard.ts holds it to Electron's own list. */
export const permissions = {
  'clipboard-sanitized-write': true, // the copy buttons beside host names and commands
  'ar': false, // no use of it
  'automatic-fullscreen': false, // the user makes the window large, not the page
  'background-fetch': false, // all data comes over the bridge
  'background-sync': false, // as background-fetch
  'captured-surface-control': false, // no screen is captured
  'clipboard-read': false, // a password manager may have left a secret there
  'deprecated-sync-clipboard-read': false, // as clipboard-read
  'display-capture': false, // no screen is captured
  'fileSystem': false, // files are the manager's work
  'fullscreen': false, // a full screen page can imitate a login screen
  'geolocation': false, // regions are chosen by name
  'geolocation-approximate': false, // as geolocation
  'hand-tracking': false, // no use of it
  'hid': false, // no device is used
  'idle-detection': false, // whether the user is here is nobody's business
  'keyboardLock': false, // the user's shortcuts stay the user's
  'local-fonts': false, // a list of fonts tells computers apart; ours travel with the app
  'local-network': false, // the page connects to nothing, near or far
  'local-network-access': false, // as local-network
  'loopback-network': false, // other programs of this computer must not be reached from a page
  'media': false, // no camera, no microphone
  'mediaKeySystem': false, // no protected media
  'midi': false, // no device is used
  'midiSysex': false, // as midi
  'nfc': false, // no device is used
  'notifications': false, // notices come from the main process, which knows when one is worth it
  'openExternal': false, // links go through the navigation policy
  'payment-handler': false, // money is spent in the cloud only, by plan
  'periodic-background-sync': false, // as background-fetch
  'persistent-storage': false, // nothing is kept in the page
  'pointerLock': false, // the pointer stays the user's
  'screen-wake-lock': false, // a launch goes on when the screen sleeps
  'sensors': false, // no device is used
  'serial': false, // no device is used
  'smart-card': false, // no device is used
  'speaker-selection': false, // no sound
  'storage-access': false, // no frames of others
  'system-wake-lock': false, // the manager would ask itself
  'top-level-storage-access': false, // as storage-access
  'usb': false, // no device is used
  'vr': false, // no use of it
  'web-app-installation': false, // it is installed already
  'web-printing': false, // nothing is printed
  'window-management': false, // where the window stands is the main process's matter
  'unknown': false // what Electron itself does not know
} as const

export type Permission = keyof typeof permissions

/** Whether a page gets a permission: only our own page, and only what the table grants; an unknown name gets none. */
export function permissionPolicy(permission: string, requestingOrigin: string | null): boolean {
  if (requestingOrigin !== appOrigin) return false
  return Object.hasOwn(permissions, permission) && permissions[permission as Permission]
}
