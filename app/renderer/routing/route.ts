/** Every place in the window. A new feature adds one member here, one line in each function and its screen. */
export type Route =
  | { readonly at: 'networks' }
  | { readonly at: 'create' }
  | { readonly at: 'network'; readonly name: string }
  | { readonly at: 'accounts' }
  | { readonly at: 'volumes' }
  | { readonly at: 'orphans' }
  | { readonly at: 'images' }
  | { readonly at: 'about' }
  | { readonly at: 'unknown' }

/** Reads the hash of the address; a hash needs nothing from the server, so links work in every shell. */
export function parseRoute(hash: string): Route {
  const [first, second, ...rest] = hash.replace(/^#\/?/, '').split('/')
  if (rest.length > 0) return { at: 'unknown' }
  if (first === 'networks' && second !== undefined && second !== '') return { at: 'network', name: decode(second) }
  if (second !== undefined && second !== '') return { at: 'unknown' }
  switch (first) {
    case '':
    case undefined:
    case 'networks':
      return { at: 'networks' }
    case 'create':
      return { at: 'create' }
    case 'accounts':
      return { at: 'accounts' }
    case 'volumes':
      return { at: 'volumes' }
    case 'orphans':
      return { at: 'orphans' }
    case 'images':
      return { at: 'images' }
    case 'about':
      return { at: 'about' }
    default:
      return { at: 'unknown' }
  }
}

/** The address of a route, for links. */
export function hrefOf(route: Exclude<Route, { at: 'unknown' }>): string {
  return route.at === 'network' ? `#/networks/${encodeURIComponent(route.name)}` : `#/${route.at}`
}

/** Goes to a route, as if its link were clicked. */
export function goTo(route: Exclude<Route, { at: 'unknown' }>): void {
  window.location.hash = hrefOf(route)
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // A stray percent sign typed by hand: look for the name as it stands.
  }
}
