/**
 * The address that the window shows. A scheme of our own and not file://, so that the page has an origin, and nothing
 * but the built renderer lies behind it.
 */
export const scheme = 'rmada-app'
export const appOrigin = `${scheme}://app`
export const startPage = `${appOrigin}/index.html`

/** The origin of an address, also for our own scheme, of which URL.origin says only "null". */
export function originOf(address: string): string | null {
  if (!URL.canParse(address)) return null
  const url = new URL(address)
  return url.protocol === `${scheme}:` ? `${url.protocol}//${url.host}` : url.origin
}
