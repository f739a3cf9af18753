import { describe, expect, it } from 'vitest'
import { hostKeysFromConsole } from './host-keys.ts'

// Made by ssh-keygen for these tests; nothing uses them.
const ed25519 = 'ssh-ed25519 ' +
  'AAAAC3NzaC1lZDI1NTE5AAAAIJD4HeU7QUOVBGr8Z3RCRsG+h3tK9rJdZQKu0n7pke9T'
const rsa = 'ssh-rsa ' +
  'AAAAB3NzaC1yc2EAAAADAQABAAABAQCq95QsLVebDBjnQ8G8UL4FHQEE+Lrx1Hhk+Uz9TMTF4gvxZiUR+6eD4srGNHizZodx' +
  'cAjB5Lq0/izyY7htyqZk0EI1MzaHJabjecm+u+89/ftMUKZFrqeVL+Bgq1i6Uyr7xXdv75WDEEBmvsgP4hRLj96LkA/QQPpm' +
  'uQ51tVLypCsJ3hUhyv/UUohLI/RrOn40JmiKyVXHib+zsUaBSclRXSxOiXnTytkf7ytj4MAleBqGKis685uE15kE9XBWaVPt' +
  '6asITgQJlzubayeggmjXGUYQLcCuzRtlb+Yz3ePif1mExIBFrKBlN6lD2AKTugHt8dyrqUBrF14DkHOrHwi/'
const ecdsa = 'ecdsa-sha2-nistp256 ' +
  'AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBDF6kEowwd28bql//rP1CkOF7ALovUw8UsTrtYdy8QUd' +
  'DthnjKvUoStKrLw8FwtewgL8xapcyEfhmwr/fCAEtS0='
const ecdsa384 = 'ecdsa-sha2-nistp384 ' +
  'AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABhBFmA2eNmMQJzh9CL9gW7FrnnLW5hh5c67Kx62Sc+VvAC' +
  '0BV51KOi7cFlSMk74pteamI8PO4cPZwNiJlwrw/YsO7vo8RnKaN/9IHdYt9JceQJW6ixy+M+ZeHrIe5F2r8Knw=='
const ecdsa521 = 'ecdsa-sha2-nistp521 ' +
  'AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACFBAHMa6MGaFZB+J3YDYKptjV+5ot5VVcGI32gRjSglC9w' +
  'Cq0hIBnE91p4KsJebqIB9Mn6QSejT3Soua3QM4+TmoR2XAAaO4KhOcC6KVlkm6X7z2Y2Vk/SFHzfBQ4orbG1XiQHLVV/4nvB' +
  '6Q28RjZDPybFWv3Qor22m9Cb3GHQpn+Ldgd6sQ=='
const later = 'ssh-ed25519 ' +
  'AAAAC3NzaC1lZDI1NTE5AAAAIBDO8q7Wo7FBZWb0p1t2V4cMM3r1RhtpfmqBkAIy1vsJ'

const block = (...lines: string[]): string =>
  ['-----BEGIN SSH HOST KEY KEYS-----', ...lines, '-----END SSH HOST KEY KEYS-----', ''].join('\n')

describe('host keys on a console', () => {
  it('are read from the block that cloud-init prints', () => {
    const keys = [ecdsa, ecdsa384, ecdsa521, ed25519, rsa]
    const console = `boot\n${block(...keys.map(key => `${key} root@ip-10-0-0-1`))}login: `
    expect(hostKeysFromConsole(console)).toEqual(keys)
  })

  it('are found behind time stamps, program names and carriage returns', () => {
    const console = [
      '[   14.351232] cloud-init[1502]: -----BEGIN SSH HOST KEY KEYS-----',
      `[   14.352] cloud-init[1502]: ${ed25519} root@ip-10-0-0-1`,
      `<14>Nov 20 12:00:00 cloud-init: ${rsa} root@ip-10-0-0-1`,
      '[   14.353] cloud-init[1502]: -----END SSH HOST KEY KEYS-----'
    ].join('\r\n')
    expect(hostKeysFromConsole(console)).toEqual([ed25519, rsa])
  })

  it('drop a line that the kernel wrote into, and keep the rest', () => {
    const torn = `${rsa.slice(0, 60)}[   15.0] random: crng init done`
    expect(hostKeysFromConsole(block('[   15.1] IPv6: ADDRCONF', torn, ed25519))).toEqual([ed25519])
    expect(hostKeysFromConsole(block(`${ed25519}x`, `${ed25519.slice(0, -4)} root`, ed25519.slice(0, -3)))).toEqual([])
  })

  it('are those of the last whole block', () => {
    const started = block(ed25519) + 'reboot\n' + block(later)
    expect(hostKeysFromConsole(started)).toEqual([later])
    expect(hostKeysFromConsole(`${started}-----BEGIN SSH HOST KEY KEYS-----\n${rsa}\n`)).toEqual([later])
    expect(hostKeysFromConsole(started + block('nothing'))).toEqual([later])
  })

  it('are none while there is no whole block', () => {
    expect(hostKeysFromConsole('')).toEqual([])
    expect(hostKeysFromConsole(`-----BEGIN SSH HOST KEY KEYS-----\n${ed25519}\n`)).toEqual([])
    expect(hostKeysFromConsole('-----END SSH HOST KEY KEYS-----')).toEqual([])
    expect(hostKeysFromConsole(ed25519)).toEqual([])
  })

  it('believe no type under another name', () => {
    expect(hostKeysFromConsole(block(ed25519.replace('ssh-ed25519 ', 'ssh-rsa ')))).toEqual([])
  })
})
