import { appOrigin, originOf } from './app-address.ts'

/** What to do with an address that a page wants to go to, or to open in a new window. */
export type Verdict = 'in-window' | 'external' | 'block'

export interface NavigationRequest {
  readonly kind: 'navigate' | 'new-window'
  readonly address: string
  readonly isMainFrame: boolean
}

/** No address has a reason to be longer; what is longer is made to confuse somebody. */
const longest = 2000

/** Decides on every navigation and every new window, whoever asks. What no line allows is blocked. */
export function navigationPolicy({ kind, address, isMainFrame }: NavigationRequest): Verdict {
  if (address.length > longest || !URL.canParse(address)) return 'block'
  // The renderer has no frames, so that a frame that goes anywhere is not ours.
  if (!isMainFrame) return 'block'
  // Our own pages may lead to each other, but a second window would be one that no policy has claimed.
  if (originOf(address) === appOrigin) return kind === 'navigate' ? 'in-window' : 'block'
  return isSafeExternal(new URL(address)) ? 'external' : 'block'
}

/**
 * What may be handed to the user's browser: https, which every documentation and console link is, and http on this
 * computer, which the forward to the web IDE is. All else (file:, smb:, programs' own schemes) starts programs.
 */
function isSafeExternal(url: URL): boolean {
  // A name before the host shows one site and opens another.
  if (url.username !== '' || url.password !== '') return false
  if (url.protocol === 'https:') return true
  return url.protocol === 'http:' && (url.hostname === 'localhost' || url.hostname === '127.0.0.1')
}
