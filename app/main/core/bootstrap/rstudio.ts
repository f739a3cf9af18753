/**
 * The pinned RStudio Server, of the build for systems with OpenSSL 3 (Ubuntu 22.04 and 24.04, Debian 12) on x86_64.
 * Only what a public source confirms stands here: docs/bootstrap.md tells which, and how to move the pin.
 */
export const rstudioServer = {
  version: '2026.09.0-174',
  url: 'https://download2.rstudio.org/server/jammy/amd64/rstudio-server-2026.09.0-174-amd64.deb',
  sha256: '168bc577ef2f68abab1ad2ed684e830da1d244618b25b69fd20448e60716c5ba'
} as const
