import { join } from 'node:path'
import { awsFiles } from '../../adapters/ec2/profiles.ts'
import { createCatalogueStore } from '../../adapters/catalogue/catalogue-store.ts'
import { openCloud } from '../../adapters/ec2/open-cloud.ts'
import { evaluatorClient } from '../../adapters/evaluator/evaluator.ts'
import { createJournal } from '../../adapters/journal/journal.ts'
import { createNetworkRecords } from '../../adapters/records/records.ts'
import { openSecretStore } from '../../adapters/secrets/secrets.ts'
import { createSettings } from '../../adapters/settings/settings.ts'
import { makeKeyPair } from '../../adapters/ssh2/key-pair.ts'
import { privateKeys } from '../../adapters/ssh2/private-keys.ts'
import { createSsh } from '../../adapters/ssh2/ssh.ts'
import { systemClock } from '../../adapters/surroundings/clock.ts'
import { ownAddress } from '../../adapters/surroundings/own-address.ts'
import { randomHex } from '../../adapters/surroundings/random.ts'
import { createReadResource } from '../../adapters/surroundings/resources.ts'
import { createTaskLogFiles } from '../../adapters/surroundings/task-log-files.ts'
import type { Log } from '../../core/ports/index.ts'
import type { Backend } from '../../practice/machines/machines.ts'
import { createPracticeCloud } from '../../practice/practice-cloud.ts'
import { createManager } from '../../services/create-manager.ts'
import type { Manager } from '../../services/manager.ts'
import { appRoot, appVersion } from '../app-root.ts'

/** Backend of the practice cloud that the environment asks for; `auto` is what the machine allows. */
function wantedBackend(environment: NodeJS.ProcessEnv): 'auto' | Backend {
  const wanted = environment['RMADA_PRACTICE_BACKEND']
  return wanted === 'namespaces' || wanted === 'processes' || wanted === 'none' ? wanted : 'auto'
}

/** Puts the manager together from services and adapters: the one place that knows them all. */
export async function composeManager(
  dataDirectory: string,
  environment: NodeJS.ProcessEnv,
  log: Log
): Promise<{ manager: Manager; close(): Promise<void> }> {
  const ssh = createSsh()
  const manager = createManager({
    openCloud,
    awsFiles,
    ssh,
    makeKeyPair,
    privateKeys,
    evaluator: evaluatorClient,
    records: createNetworkRecords(join(dataDirectory, 'networks')),
    journal: createJournal(join(dataDirectory, 'journal.jsonl')),
    secrets: await openSecretStore(log),
    settings: createSettings(dataDirectory),
    practice: createPracticeCloud({
      stateDirectory: join(dataDirectory, 'practice'),
      backend: wantedBackend(environment),
      log
    }),
    ownAddress,
    readResource: createReadResource(appRoot),
    catalogueStore: createCatalogueStore(join(dataDirectory, 'catalogue'), log),
    clock: systemClock,
    randomHex,
    log,
    taskLogs: createTaskLogFiles(join(dataDirectory, 'logs', 'tasks')),
    environment,
    version: appVersion,
    dataDirectory
  })
  return {
    manager,
    async close() {
      await manager.stop()
      await ssh.close()
    }
  }
}
