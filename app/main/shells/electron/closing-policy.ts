/** What is known when the last window was closed. */
export interface ClosingState {
  readonly platform: NodeJS.Platform
  /** The manager is a child of this app: quitting ends it, and every forward through it. */
  readonly ownsManager: boolean
  /** Networks that are not yet gone; null when the manager did not say in time. */
  readonly networks: number | null
}

/** Whether the app stays, without a window, when the last one is closed. */
export function afterLastWindow({ platform, ownsManager, networks }: ClosingState): 'quit' | 'stay' {
  // A Mac's program stays in the dock until the user quits it.
  if (platform === 'darwin') return 'stay'
  // Another process holds the forwards; they do not need us.
  if (!ownsManager) return 'quit'
  // An R console may be computing through us, and a launch may be under way: a closed window must not cut it off.
  return networks === 0 ? 'quit' : 'stay'
}
