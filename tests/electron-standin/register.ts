import { registerHooks } from 'node:module'

/** Lets the built app find the stand-in where it asks for `electron`. */
const standIn = new URL('./electron/index.ts', import.meta.url).href

registerHooks({
  resolve: (specifier, context, next) => specifier === 'electron'
    ? { url: standIn, format: 'module-typescript', shortCircuit: true }
    : next(specifier, context)
})
