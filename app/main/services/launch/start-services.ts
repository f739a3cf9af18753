import { RmadaError } from '../../core/error.ts'
import { pingEvaluator, startEvaluator, startIde, uploadServices } from './services.ts'
import type { Work } from './work.ts'
import { networkOf } from './work.ts'

/** Puts the evaluator on the master, starts it and has it answer through a forward. */
export async function bringUpEvaluator(work: Work): Promise<void> {
  const { ports, networkId, signal } = work
  work.progress.begin('start-evaluator', 'Starting the R evaluator on the master.')
  const connection = await work.connections.toMaster(networkOf(work), { signal })
  await uploadServices(ports, connection, networkId)
  const forward = await connection.forward(0, await startEvaluator(connection, { signal }))
  try {
    work.progress.update(0.7, 'The R evaluator is started; asking whether it answers.')
    await pingEvaluator(ports, networkId, forward)
  } finally {
    await forward.close()
  }
}

/** Starts the web IDE. A master without one is a whole network still: opening the IDE then says so. */
export async function bringUpIde(work: Work): Promise<void> {
  work.progress.begin('start-ide', 'Starting the web IDE on the master.')
  const connection = await work.connections.toMaster(networkOf(work), { signal: work.signal })
  try {
    const ide = await startIde(connection, { signal: work.signal })
    work.progress.update(1, ide === null
      ? 'The master has neither RStudio Server nor Jupyter with the R kernel.'
      : `${ide.kind === 'rstudio' ? 'RStudio Server' : 'Jupyter'} answers on the master.`)
  } catch (error) {
    if (!(error instanceof RmadaError) || error.code === 'CANCELLED' || error.code === 'SSH_LOST') throw error
    work.ports.log('warn', error.message)
    work.progress.update(1, error.message)
  }
}
