import { appOrigin, originOf } from './app-address.ts'

/** What a build of the renderer consists of; a file of another kind is none of ours and is not served. */
const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff'
}

/** One part of a path. No dot files, no drive letters, no separators of any system, nothing percent-encoded. */
const safePart = /^[A-Za-z0-9_@-][A-Za-z0-9_@.-]*$/

/**
 * The file of the built renderer that an address of our scheme stands for, relative to its folder, or null when there
 * can be none. By what is allowed and not by what is forbidden, so that no way of writing ".." gets through.
 */
export function rendererFile(address: string): { path: string; contentType: string } | null {
  if (originOf(address) !== appOrigin) return null
  const parts = new URL(address).pathname.split('/').slice(1)
  if (parts.length === 0 || !parts.every(part => safePart.test(part))) return null
  const path = parts.join('/')
  const contentType = contentTypes[path.slice(path.lastIndexOf('.'))]
  return contentType === undefined ? null : { path, contentType }
}

/** What the page may load, each line with its reason; `default-src 'none'` denies all else. */
const contentSecurityPolicy = [
  `default-src 'none'`,
  `script-src 'self'`, // no inline script: text from a cloud can never become code
  `style-src 'self' 'unsafe-inline'`, // Mantine writes its variables into a style element
  `img-src 'self' data:`, // small icons are inlined by the build
  `font-src 'self' data:`, // as images
  `connect-src 'none'`, // all data comes over the bridge
  `form-action 'none'`, // forms are handled by script
  `frame-ancestors 'none'`, // nobody shows us in a frame
  `base-uri 'none'` // no element may move our relative addresses
].join('; ')

/** Headers of every answer of our scheme. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store'
}
