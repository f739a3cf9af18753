import { buildIfStale } from '../../app/main/shells/renderer-build.ts'

/** Builds the app where its built files are missing or old; after the build of `npm test` there is nothing to do. */
export default async function setUp(): Promise<void> {
  await buildIfStale()
}
