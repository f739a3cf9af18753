import { defineConfig } from 'playwright/test'

/** Chromium on the browser shell. One worker: the machines of the practice cloud are this computer's. */
export default defineConfig({
  testDir: '.',
  outputDir: '../../out/e2e',
  workers: 1,
  forbidOnly: true,
  reporter: [['list']],
  timeout: 30_000,
  expect: { timeout: 7_000 },
  globalSetup: './global-setup.ts',
  use: {
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    trace: 'retain-on-failure',
    permissions: ['clipboard-read', 'clipboard-write'],
    launchOptions: {
      ...(process.platform === 'linux' && { executablePath: process.env.RMADA_CHROMIUM ?? '/usr/bin/chromium' }),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync'
      ]
    }
  }
})
