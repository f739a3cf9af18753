// Sets up whatever is missing before `npm start`, `npm test` and `npm run demo`. Runs on any Node >= 20 with built-ins
// alone, because nothing is installed yet when it first runs. A second run only looks and takes well under 3 s.
import { fileURLToPath } from 'node:url'
import { setUpElectron } from './setup/electron-binary.mjs'
import { setUpNpmPackages } from './setup/npm-packages.mjs'
import { setUpSystemPackages } from './setup/system-packages.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const purpose = process.argv.includes('--for') ? process.argv[process.argv.indexOf('--for') + 1] : 'start'

// Standard output belongs to the command that follows (`npm run demo -- --json`): all we say goes to standard error.
const say = (line) => process.stderr.write(`setup: ${line}\n`)

await setUpSystemPackages({ say })
await setUpNpmPackages({ root, say })
if (purpose === 'start') await setUpElectron({ root, say })
