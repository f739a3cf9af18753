import { protocol } from 'electron'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { scheme } from './app-address.ts'
import { rendererFile, securityHeaders } from './renderer-files.ts'

/** Must run before the app is ready: Electron fixes the privileges of schemes at its start. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    // standard: addresses have an origin and resolve relative links; secure: the page may use what only safe pages may.
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }
  ])
}

/** Serves the built renderer, and nothing else, under our scheme. */
export function serveRenderer(directory: string): void {
  protocol.handle(scheme, async ({ url, method }) => {
    const file = method === 'GET' ? rendererFile(url) : null
    if (file === null) return new Response('Not found', { status: 404, headers: securityHeaders })
    try {
      const body = await readFile(join(directory, file.path))
      return new Response(new Uint8Array(body), { headers: { ...securityHeaders, 'content-type': file.contentType } })
    } catch {
      return new Response('Not found', { status: 404, headers: securityHeaders })
    }
  })
}
