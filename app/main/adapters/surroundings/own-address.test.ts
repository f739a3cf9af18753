import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { createOwnAddress, ownAddress } from './own-address.ts'

async function served<T>(status: number, body: string, work: (url: string) => Promise<T>): Promise<T> {
  const server = createServer((_request, response) => response.writeHead(status).end(body))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

describe('own address', () => {
  it.each(['http://127.0.0.1:4000', 'http://localhost:4000/', 'http://[::1]:4000', 'http://127.8.9.1'])(
    'towards %s is the loopback address, and nobody is asked',
    async (endpoint) => {
      expect(await ownAddress(endpoint)).toBe('127.0.0.1/32')
    }
  )

  it('is what the service says, as the range of one address', async () => {
    expect(await served(200, '192.0.2.7\n', (url) => createOwnAddress(url)(null))).toBe('192.0.2.7/32')
    expect(await served(200, '2001:db8::7', (url) => createOwnAddress(url)('https://ec2.example.org'))).toBe(
      '2001:db8::7/128'
    )
  })

  it.each([
    [200, '<html>sign in to the hotel</html>'],
    [200, '0.0.0.0/0'],
    [503, '192.0.2.7']
  ])('is not taken from an answer %i %j', async (status, body) => {
    await expect(served(status, body, (url) => createOwnAddress(url)(null))).rejects.toMatchObject({
      code: 'ENDPOINT_UNREACHABLE'
    })
  })

  it('says so when the service does not answer', async () => {
    const gone = await served(200, '', async (url) => url)
    await expect(createOwnAddress(gone)(null)).rejects.toMatchObject({ code: 'ENDPOINT_UNREACHABLE' })
  })
})
