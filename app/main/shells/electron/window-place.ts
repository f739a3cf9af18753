/** A rectangle on the desktop, in the units of Electron's screen module. */
export interface Place {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Where the window stood, and whether it filled the screen. */
export interface WindowState extends Place {
  readonly maximized: boolean
}

export const smallest = { width: 720, height: 480 }
const first = { width: 1120, height: 760 }

/** So much of the title bar must be on a screen that it can be caught with the pointer. */
const graspable = { width: 120, height: 32 }

/**
 * Where to open the window: where it last stood if that is still on a screen, else in the middle (no x, y). A screen
 * that was unplugged must not keep a window out of sight.
 */
export function placeWindow(
  saved: WindowState | null, screens: readonly Place[]
): { width: number; height: number; x?: number; y?: number } {
  if (saved === null) return first
  const size = { width: Math.max(saved.width, smallest.width), height: Math.max(saved.height, smallest.height) }
  const screen = screens.find(candidate => canGrasp({ ...saved, ...size }, candidate))
  if (!screen) return size
  return {
    x: saved.x, y: saved.y, width: Math.min(size.width, screen.width), height: Math.min(size.height, screen.height)
  }
}

function canGrasp(window: Place, screen: Place): boolean {
  const across = Math.min(window.x + window.width, screen.x + screen.width) - Math.max(window.x, screen.x)
  const topInside = window.y >= screen.y && window.y + graspable.height <= screen.y + screen.height
  return topInside && across >= graspable.width
}
