import { BrowserWindow, nativeTheme, screen } from 'electron'
import { startPage } from './app-address.ts'
import { placeWindow, smallest } from './window-place.ts'
import type { WindowState } from './window-place.ts'

export interface WindowOptions {
  /** The built preload script. */
  readonly preload: string
  readonly icon: string
  readonly saved: WindowState | null
  /** Called when the window moved, changed its size or closed. */
  readonly remember: (state: WindowState) => void
}

/** The colours of the page before it has painted, so that opening does not flash. */
const background = { light: '#ffffff', dark: '#242424' }

/** Makes the window on the renderer, with nothing of Node in it. Shown once the page has painted. */
export function createWindow({ preload, icon, saved, remember }: WindowOptions): BrowserWindow {
  const window = new BrowserWindow({
    ...placeWindow(saved, screen.getAllDisplays().map(display => display.workArea)),
    minWidth: smallest.width,
    minHeight: smallest.height,
    title: 'Rmada',
    icon,
    show: false,
    backgroundColor: background[nativeTheme.shouldUseDarkColors ? 'dark' : 'light'],
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false
    }
  })
  if (saved?.maximized) window.maximize()
  window.once('ready-to-show', () => window.show())
  window.on('close', () => {
    // Of a window that fills the screen, remember the size it goes back to.
    remember({ ...window.getNormalBounds(), maximized: window.isMaximized() })
  })
  void window.loadURL(startPage)
  return window
}
