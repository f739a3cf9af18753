import { defineConfig } from 'vitest/config'

/** Fails a test file that leaves a process, socket, mount or namespace behind. */
const leakGuard = ['tests/leak-guard/setup.ts']

/** The foreign EC2 clients are Debian's own /usr/bin/aws and /usr/bin/python3 with boto3. */
const debianOnly = process.platform === 'linux' ? [] : ['tests/integration/foreign-clients/**']

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['app/**/*.test.ts', 'app/**/*.test.tsx'], environment: 'node', testTimeout: 30_000 } },
      { test: { name: 'contract', include: ['tests/contract/**/*.test.ts'], setupFiles: leakGuard, testTimeout: 60_000, hookTimeout: 60_000 } },
      {
        test: {
          name: 'integration', include: ['tests/integration/**/*.test.ts'], exclude: debianOnly, setupFiles: leakGuard,
          testTimeout: 120_000, hookTimeout: 120_000
        }
      },
      { test: { name: 'leak-guard', include: ['tests/leak-guard/**/*.test.ts'] } },
      // One Chromium at a time: three at once starve each other on a small machine.
      {
        test: {
          name: 'electron', include: ['tests/electron-standin/**/*.test.ts'], fileParallelism: false, setupFiles: leakGuard,
          testTimeout: 60_000, hookTimeout: 60_000
        }
      }
    ]
  }
})
