/** The version in package.json, put in by the build. */
declare const __RMADA_VERSION__: string
