import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { servePractice } from '../../app/main/practice/endpoint/serve.ts'
import { cloudSuite } from './cloud-suite.ts'

cloudSuite('the practice cloud', async () => {
  const stateDirectory = await mkdtemp(join(tmpdir(), 'rmada-cloud-'))
  const practice = await servePractice({ stateDirectory, backend: 'none', port: 0, log: () => {} })
  const { endpoint, region, accessKeyId, secretAccessKey } = practice
  return {
    access: { region, endpoint, profile: null, credentials: { accessKeyId, secretAccessKey } },
    async close() {
      await practice.close({ powerOff: true })
      await rm(stateDirectory, { recursive: true, force: true })
    }
  }
})
