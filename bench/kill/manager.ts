/**
 * The manager that is killed: plays one scenario, and kills itself by SIGKILL before step RMADA_KILL_AT of journal,
 * records, cloud and ssh, counted from where the scenario begins. Ends with 0 when it came to the end alive.
 */
import { createManager } from '../../app/main/services/create-manager.ts'
import type { Place } from './composition.ts'
import { killablePorts } from './composition.ts'
import { play, scenarios } from './scenarios.ts'

const killAt = Number(process.env['RMADA_KILL_AT'])
const [scenarioName, placeText = ''] = process.argv.slice(2)
const scenario = scenarios.find(one => one === scenarioName)
if (!scenario || !Number.isInteger(killAt)) throw new Error('Usage: RMADA_KILL_AT=n node manager.ts <scenario> <place>')
const place = JSON.parse(placeText) as Place

let armed = false
let steps = 0
const manager = createManager(killablePorts(place, what => {
  if (!armed) return
  steps += 1
  if (steps !== killAt) return
  process.stdout.write(`${what}\n`)
  process.kill(process.pid, 'SIGKILL')
}))
await manager.start()
await play(manager, scenario, place.region, () => { armed = true })
armed = false
await manager.stop()
