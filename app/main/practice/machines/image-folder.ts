import { cp, lstat, mkdir, rename, rm, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** The folder of all images of a practice cloud that were made of its machines. */
export const imagesFolder = (stateDirectory: string): string => join(stateDirectory, 'images')

/** Where one image keeps the files of the machine that it was made of. */
export function imageFolder(stateDirectory: string, imageId: string): string {
  if (!/^ami-[0-9a-z]+$/.test(imageId)) throw new Error(`Not an image id: ${imageId}`)
  return join(imagesFolder(stateDirectory), imageId)
}

/** Fills the folder of an image so that a crash never leaves half of one under its name. */
export async function fillImageFolder(folder: string, fill: (beside: string) => Promise<void>): Promise<void> {
  const beside = `${folder}.new`
  await rm(beside, { recursive: true, force: true })
  await mkdir(beside, { recursive: true, mode: 0o700 })
  try {
    await fill(beside)
    await rename(beside, folder)
  } catch (error) {
    await removeImageFolder(folder)
    throw error
  }
}

/** Removes an image, and the folder of all with the last one. */
export async function removeImageFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await rm(`${folder}.new`, { recursive: true, force: true })
  await rmdir(dirname(folder)).catch(() => undefined)
}

/** Copies a folder as it is now; sockets and pipes mean nothing in another machine. What vanishes meanwhile is not in it. */
export async function copyFiles(from: string, to: string): Promise<void> {
  await cp(from, to, {
    recursive: true, preserveTimestamps: true, verbatimSymlinks: true,
    filter: async (path) => {
      const found = await lstat(path).catch(() => null)
      return found !== null && (found.isDirectory() || found.isFile() || found.isSymbolicLink())
    }
  })
}
