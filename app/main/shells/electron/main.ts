import { BrowserWindow, Menu, app, ipcMain } from 'electron'
import { join } from 'node:path'
import { openShellSettings } from '../../adapters/settings/electron-store.ts'
import { directories } from '../../adapters/surroundings/directories.ts'
import { createLog } from '../../adapters/surroundings/log.ts'
import { serveIpc } from '../../transports/ipc.ts'
import { appRoot } from '../app-root.ts'
import { afterLastWindow } from './closing-policy.ts'
import { guardEverything } from './guard.ts'
import { linkManager } from './manager-link.ts'
import { menuTemplate } from './menu.ts'
import { registerScheme, serveRenderer } from './serve-renderer.ts'
import { stayInTray } from './stay-in-tray.ts'
import { createTrustedSenders } from './trusted-sender.ts'
import { createWindow } from './window.ts'

const { data, runtime } = directories(process.env)
const built = (path: string): string => join(appRoot, 'out', path)
const icon = join(appRoot, 'resources/icons/icon.png')
const networksLimitMs = 2000

registerScheme()
// Electron's own files go below ours, so that one folder holds all of Rmada, and one app runs for each such folder.
app.setPath('userData', join(data, 'electron'))

if (app.requestSingleInstanceLock()) void app.whenReady().then(run)
// The first one was told by the request itself and comes to the front.
else app.quit()

function run(): void {
  const log = createLog(data)
  const settings = openShellSettings(data)
  const senders = createTrustedSenders()
  const link = linkManager({
    program: built('main/manager.js'), runtimeDirectory: runtime, environment: process.env, log,
    onActivate: () => bringToFront()
  })
  let quitting = false

  function openWindow(): void {
    const window = createWindow({
      preload: built('preload/index.cjs'), icon, saved: settings.read().window,
      remember: state => settings.write({ window: state })
    })
    const { id } = window.webContents
    senders.add(id)
    window.on('closed', () => senders.remove(id))
  }

  function bringToFront(): void {
    const [window] = BrowserWindow.getAllWindows()
    if (!window) return openWindow()
    if (window.isMinimized()) window.restore()
    window.show()
    window.focus()
  }

  async function decideToStay(): Promise<void> {
    const ownsManager = link.ownsManager()
    const networks = ownsManager ? await link.countNetworks(networksLimitMs) : 0
    // The user may have opened it again while the manager was asked.
    if (quitting || BrowserWindow.getAllWindows().length > 0) return
    if (afterLastWindow({ platform: process.platform, ownsManager, networks }) === 'quit') return app.quit()
    if (process.platform === 'darwin') return
    await stayInTray({
      icon, noticeShown: settings.read().stayNoticeShown,
      onNoticeShown: () => settings.write({ stayNoticeShown: true }),
      onOpen: bringToFront, onQuit: () => app.quit()
    })
  }

  guardEverything()
  serveRenderer(built('renderer'))
  const bridge = serveIpc(ipcMain, { dispatch: link.dispatch, isTrusted: senders.isTrusted })
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(process.platform, !app.isPackaged)))

  app.on('second-instance', bringToFront)
  app.on('activate', bringToFront)
  app.on('window-all-closed', () => { if (!quitting) void decideToStay() })
  app.on('before-quit', () => { quitting = true })
  app.on('will-quit', event => {
    // Held back once, until the manager has closed its forwards and put its files in order.
    event.preventDefault()
    bridge.close()
    void link.stop().finally(() => app.exit(0))
  })

  openWindow()
}
