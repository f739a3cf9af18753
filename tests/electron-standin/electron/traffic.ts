import type { Page, Request, Route } from 'playwright'
import { isCustomScheme, toElectron } from './addresses.ts'

/** What traffic needs to know of a window's contents. */
interface Navigable {
  /** The address that the app itself is loading. */
  readonly expected: string | null
  prevents(event: string, details: object): boolean
}

type SchemeHandler = (request: globalThis.Request) => Response | Promise<Response>

export const schemeHandlers = new Map<string, SchemeHandler>()
/** Pages that are windows of the app; any other was opened by a page. */
export const contentsOf = new WeakMap<Page, Navigable>()
/** Addresses outside the app that a page really reached for: none, if all policies hold. */
export const foreignRequests: string[] = []
/** Set while the app itself opens pages, so that they are not taken for pop-ups. */
export const opening = { count: 0 }

/** What Chromium asks the network for: our scheme goes to the app's handler, all else must have passed its policies. */
export async function answerRequest(route: Route, request: Request): Promise<void> {
  const address = toElectron(request.url())
  const contents = contentsOf.get(request.frame().page())
  if (request.isNavigationRequest() && contents && contents.expected !== address) {
    const isMainFrame = request.frame().parentFrame() === null
    if (contents.prevents('will-frame-navigate', { url: address, isMainFrame })) return route.abort('aborted')
    if (isMainFrame && contents.prevents('will-navigate', { url: address, isMainFrame })) return route.abort('aborted')
  }
  const handler = schemeHandlers.get(address.slice(0, address.indexOf(':')))
  if (isCustomScheme(request.url()) && handler) {
    const response = await handler(new globalThis.Request(address, { method: request.method() }))
    return route.fulfill({
      status: response.status, headers: Object.fromEntries(response.headers),
      body: Buffer.from(await response.arrayBuffer())
    })
  }
  foreignRequests.push(address)
  return route.fulfill({ contentType: 'text/html', body: '<title>foreign</title>' })
}

/** Closes what a page opened: the decision about it was the window-open handler's, by DevTools' event. */
export async function closeForeignPage(page: Page): Promise<void> {
  if (opening.count === 0) await page.close().catch(() => undefined)
}
