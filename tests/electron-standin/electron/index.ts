/**
 * A stand-in for the module `electron`, on real Chromium and real processes: where Electron's binary cannot be had, the
 * built app runs on it unchanged. It has what the app uses, each part held to Electron's own types.
 */
import { app } from './app.ts'
import { BrowserWindow } from './browser-window.ts'
import { obeyTest } from './control.ts'
import { Menu, Tray, dialog, nativeTheme, protocol, screen, shell } from './desktop.ts'
import { ipcMain } from './ipc-main.ts'
import { session } from './session.ts'
import { utilityProcess } from './utility-process.ts'

obeyTest()

export {
  app, BrowserWindow, dialog, ipcMain, Menu, nativeTheme, protocol, screen, session, shell, Tray, utilityProcess
}
export default {
  app, BrowserWindow, dialog, ipcMain, Menu, nativeTheme, protocol, screen, session, shell, Tray, utilityProcess
}
