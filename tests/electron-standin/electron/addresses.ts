/**
 * Chromium itself knows no scheme of ours, so that pages of `rmada-app://app` stand at an https address that no name
 * server will ever know; both are safe origins of their own. Everything that the app sees is translated back.
 */
const standsAt = /^https:\/\/([a-z0-9.-]+)\.([a-z-]+)\.standin\.invalid(?=[/?#]|$)/

export function toChromium(address: string): string {
  return address.replace(/^(rmada-[a-z]+):\/\/([^/?#]+)/, 'https://$2.$1.standin.invalid')
}

export function toElectron(address: string): string {
  return address.replace(standsAt, '$2://$1')
}

export function isCustomScheme(address: string): boolean {
  return standsAt.test(address)
}
