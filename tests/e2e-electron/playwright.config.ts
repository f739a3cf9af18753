import { defineConfig } from 'playwright/test'
import { electronBinary } from './binary.ts'

const skipped = electronBinary() === null
// Said by the runner alone; its workers read this file too.
if (skipped && process.env['TEST_WORKER_INDEX'] === undefined) {
  if (process.env['RMADA_REQUIRE_ELECTRON']) {
    throw new Error('Electron\'s binary is not installed, and this run demands it.')
  }
  const reason = 'its binary is not installed (npx install-electron fetches it)'
  console.log(`Skipped: the tests on real Electron, because ${reason}.`)
}

/** The built app on real Electron. Run with --pass-with-no-tests: without the binary there are none. */
export default defineConfig({
  testDir: '.',
  outputDir: '../../out/e2e-electron',
  ...(skipped ? { testIgnore: '**' } : {}),
  workers: 1,
  forbidOnly: true,
  reporter: [['list']],
  timeout: 60_000,
  expect: { timeout: 10_000 }
})
