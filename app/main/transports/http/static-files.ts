import { createReadStream } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { extname, join, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json'
}

/** The file below the directory that a URL path names; null when there is none, or the path leads out. */
async function fileAt(directory: string, path: string): Promise<string | null> {
  try {
    const decoded = decodeURIComponent(path)
    if (decoded.includes('\0')) return null
    const root = await realpath(directory)
    // Resolved with symbolic links, so that neither dots nor a link lead out.
    const file = await realpath(join(root, decoded === '/' ? 'index.html' : decoded))
    if (!file.startsWith(root + sep)) return null
    return (await stat(file)).isFile() ? file : null
  } catch {
    return null
  }
}

/** Answers with the file below the directory that the URL path names, or with 404. */
export async function sendFile(
  directory: string,
  path: string,
  response: ServerResponse,
  head: boolean
): Promise<void> {
  const file = await fileAt(directory, path)
  if (file === null) {
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('There is no such page.\n')
    return
  }
  response.writeHead(200, {
    'content-type': types[extname(file)] ?? 'application/octet-stream',
    // Built files carry a hash in their names, the page itself does not.
    'cache-control': path.startsWith('/assets/') ? 'private, max-age=31536000, immutable' : 'no-cache'
  })
  if (head) response.end()
  else await pipeline(createReadStream(file), response)
}
