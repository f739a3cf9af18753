import { app } from './app.ts'
import { BrowserWindow } from './browser-window.ts'
import { Tray, seen } from './desktop.ts'
import { invoke, ipcMain } from './ipc-main.ts'
import { askPermission } from './session.ts'
import { foreignRequests } from './traffic.ts'

/** What the test can ask of the app's surroundings: to look, and to do what a user, a system or an attacker does. */
export const commands = {
  look: () => ({
    windows: BrowserWindow.getAllWindows().map(window => ({
      visible: window.isVisible(), minimized: window.minimized, focusCount: window.focusCount,
      bounds: window.getNormalBounds(), url: window.contents?.getURL() ?? '',
      webPreferences: { ...window.options.webPreferences }
    })),
    openedExternally: seen.openedExternally,
    dialogs: seen.dialogs.map(({ message, buttons }) => ({ message, buttons: buttons ?? [] })),
    menu: seen.menu.map(item => item.role ?? item.label ?? ''),
    privileges: seen.privileges,
    trays: Tray.all.map(tray => tray.menu?.template.map(item => item.label ?? '') ?? []),
    foreignRequests,
    oneWayChannels: ipcMain.eventNames().map(String)
  }),
  minimize: () => { for (const window of BrowserWindow.getAllWindows()) window.minimized = true },
  closeWindows: () => { for (const window of BrowserWindow.getAllWindows()) window.close() },
  quit: () => { app.quit() },
  answerNextDialog: ({ button }: { button: number }) => { seen.nextAnswer = button },
  clickTray: ({ label }: { label: string }) => {
    const item = Tray.all[0]?.menu?.template.find(candidate => candidate.label === label)
    // Electron passes item, window and event; the app's own items use none of them.
    ;(item?.click as (() => void) | undefined)?.()
  },
  askPermission: ({ permission, origin }: { permission: Parameters<typeof askPermission>[0]; origin: string }) =>
    askPermission(permission, origin),
  /** An IPC message as a page that broke out of its world, or a page that is not ours, would send it. */
  forge: ({ channel, message, contents, frame }: Forged) => {
    const window = BrowserWindow.getAllWindows()[0]
    const stranger = { id: 4711, isDestroyed: () => false, once: () => undefined, on: () => undefined }
    const sender = contents === 'own' ? window?.contents : stranger
    return invoke(channel, { sender, senderFrame: frame }, [message])
  }
} as const

interface Forged {
  channel: string
  message: unknown
  contents: 'own' | 'foreign'
  frame: { url: string; parent: object | null } | null
}

type Command = keyof typeof commands

export function obeyTest(): void {
  process.on('message', ({ id, command, input }: { id: number; command: Command; input: never }) => {
    const run = commands[command] as (input: never) => unknown
    void Promise.resolve(run(input)).then(result => { process.send?.({ id, result }) })
  })
  // The channel to the test must not keep an app alive that means to end.
  process.channel?.unref()
}
