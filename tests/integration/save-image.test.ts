import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chooseBackend } from '../../app/main/practice/machines/create.ts'
import { createRmada } from '../support/rmada.ts'
import type { Rmada } from '../support/rmada.ts'

interface Image {
  readonly id: string
  readonly state: string
  readonly carries: Record<string, string | null>
  readonly snapshots: readonly { readonly id: string }[]
}

const secretFiles = '.rmada/secret .ssh/rmada-cluster .ssh/authorized_keys .bash_history .aws/credentials'

// A master becomes an image, and a network launched from it has its programs and files and none of its secrets.
describe.each(['processes', 'namespaces'] as const)('saving an image on machines of the kind %s', (backend) => {
  describe.runIf(chooseBackend(backend).available)('when they can run here', () => {
    let rmada: Rmada
    beforeAll(() => { rmada = createRmada(backend) })
    afterAll(() => rmada.close())

    const onMaster = async (name: string, command: string): Promise<string> => {
      const { value } = await rmada.json(['exec', name, command])
      return (value as { stdout: string }).stdout
    }
    const system = backend === 'namespaces'

    it('keeps secrets out, the master as it was, and boots the next network with what was installed', async () => {
      expect((await rmada.run(['launch', '--name', 'first', '--instances', '1', '--type', 't3.micro', '--wait'])).code).toBe(0)
      await onMaster('first', 'echo mine >my-data; mkdir -p .aws; echo aws-key >.aws/credentials; echo typed >.bash_history'
        + (system ? '; echo installed | sudo tee /opt/program >/dev/null' : ''))
      const look = `cd; for f in ${secretFiles}; do sha256sum $f; done; stat -c '%a %n' ${secretFiles}; ls .ssh .rmada`
        + (system ? '; sudo sh -c "sha256sum /etc/ssh/ssh_host_* /etc/hosts"' : '')
      const before = await onMaster('first', look)
      const secret = (await onMaster('first', 'cat ~/.rmada/secret')).trim()
      expect(secret).toMatch(/^[0-9a-f]{64}$/)
      const clusterKey = (await onMaster('first', 'sed -n 2p ~/.ssh/rmada-cluster')).trim()
      expect(clusterKey.length).toBeGreaterThan(40)
      const hostKey = system ? (await onMaster('first', 'sudo sed -n 2p /etc/ssh/ssh_host_ed25519_key')).trim() : null

      const saved = await rmada.run(['image', 'save', 'first', 'with R', '--description', 'for tests', '--wait'])
      expect({ code: saved.code, stderr: saved.code === 0 ? '' : saved.stderr }).toEqual({ code: 0, stderr: '' })
      // The master runs on, with all that was on its disk, and its evaluator answers to the same secret.
      expect(await onMaster('first', look)).toBe(before)
      expect((await rmada.run(['eval', 'first', '6 * 7'])).stdout).toContain('42')
      expect(await onMaster('first', 'ls -d /dev/shm/rmada-image.* 2>/dev/null; ls ~/.rmada/of-image 2>/dev/null; true')).toBe('')

      const { value } = await rmada.json(['image', 'list'])
      const image = (value as Image[])[0]
      if (!image) throw new Error('No image is listed')
      expect(image).toMatchObject({ name: 'with R', state: 'available', ours: true, network: 'first', pricePerMonth: 0.4 })
      expect(image.carries).toMatchObject({ r: expect.stringMatching(/^\d+\.\d+\.\d+$/), openMpi: expect.stringMatching(/^\d/),
        evaluator: expect.stringMatching(/^\d/), madeFrom: expect.stringMatching(/^ami-/) })

      // Nothing of the secrets in any byte that the practice cloud keeps of the image.
      for (const needle of [secret, clusterKey, 'aws-key', 'typed', ...(hostKey ? [hostKey] : [])]) {
        const found = execFileSync('sh', ['-c', 'grep -rlaF -e "$1" "$2"/data/practice/*/machines/images || [ $? -eq 1 ]', 'sh', needle,
          rmada.folder], { encoding: 'utf8' })
        expect({ needle: needle.slice(0, 12), found }).toEqual({ needle: needle.slice(0, 12), found: '' })
      }

      expect((await rmada.run(['terminate', 'first', '--yes', '--wait'])).code).toBe(0)
      const launched = await rmada.run(['launch', '--name', 'second', '--instances', '2', '--type', 'c7i.large', '--image', image.id, '--wait'])
      expect({ code: launched.code, stderr: launched.code === 0 ? '' : launched.stderr }).toEqual({ code: 0, stderr: '' })
      expect(await onMaster('second', `cat ~/my-data${system ? ' /opt/program' : ''}`)).toBe(system ? 'mine\ninstalled\n' : 'mine\n')
      expect((await onMaster('second', 'cat ~/.rmada/secret')).trim()).not.toBe(secret)
      expect(await onMaster('second', 'cat ~/.aws/credentials ~/.bash_history 2>/dev/null; grep -c . ~/.ssh/authorized_keys')).toBe('4\n')
      expect((await rmada.run(['eval', 'second', 'Rmpi::mpi.universe.size()'])).code).toBe(0)

      expect((await rmada.json(['image', 'deregister', image.id])).value).toMatchObject({ error: { code: 'CONFIRMATION_MISSING' } })
      const { value: gone } = await rmada.json(['image', 'deregister', image.id, '--yes'])
      expect(gone).toEqual({ id: image.id, deletedSnapshots: image.snapshots.map(({ id }) => id), keptSnapshots: [] })
      expect((await rmada.json(['image', 'list'])).value).not.toContainEqual(expect.objectContaining({ id: image.id }))
      expect((await rmada.run(['terminate', 'second', '--yes', '--wait'])).code).toBe(0)
    }, 120_000)
  })
})
