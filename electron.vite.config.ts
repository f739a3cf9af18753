import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as { version: string }

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/**
 * Processes of the app, by the file each becomes in out/main. All are plain ES modules; only `index` imports electron,
 * so that the manager and the command line also run on Node alone.
 */
const processes = {
  index: at('app/main/shells/electron/main.ts'),
  manager: at('app/main/shells/manager/main.ts'),
  cli: at('app/main/shells/cli/main.ts')
}

/**
 * Not bundled: ssh2 and keytar look for compiled code beside themselves and must live without it. All else is bundled,
 * so that the installed app carries two packages and not two hundred.
 */
const notBundled = ['ssh2', 'keytar']

export default defineConfig({
  main: {
    build: {
      target: 'node24',
      externalizeDeps: false,
      sourcemap: true,
      rolldownOptions: {
        input: processes,
        external: notBundled,
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' }
      }
    }
  },
  preload: {
    build: {
      target: 'node24',
      externalizeDeps: false,
      sourcemap: true,
      rolldownOptions: {
        input: { index: at('app/preload/index.ts') },
        // A sandboxed preload has no module loader: it must be one CommonJS file.
        output: { format: 'cjs', entryFileNames: '[name].cjs' }
      }
    }
  },
  renderer: {
    root: at('app/renderer'),
    plugins: [react()],
    define: { __RMADA_VERSION__: JSON.stringify(version) },
    build: {
      // Not Electron's Chromium alone: the browser shell shows the same files in any current browser.
      target: 'es2023',
      outDir: at('out/renderer'),
      sourcemap: true,
      minify: true,
      // The files lie on this computer: one, read once at the start, is quicker than several that wait for each other.
      chunkSizeWarningLimit: 2000,
      rolldownOptions: { input: at('app/renderer/index.html') }
    }
  }
})
