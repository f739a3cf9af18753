import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright'

// Makes the icons of every system from resources/icons/icon.svg: run it after the drawing was changed.
// node scripts/make-icons.ts

const folder = fileURLToPath(new URL('../resources/icons', import.meta.url))
const sizes = [16, 32, 48, 64, 128, 256, 512, 1024]

/** Apple's names of the PNG entries of an .icns file, by size. */
const appleTypes: readonly (readonly [string, number])[] = [
  ['icp4', 16], ['icp5', 32], ['icp6', 64], ['ic07', 128], ['ic08', 256], ['ic09', 512], ['ic10', 1024]
]
/** A Windows icon holds sizes up to 256, which it writes as 0. */
const windowsSizes = sizes.filter(size => size <= 256)

async function render(svg: string): Promise<Map<number, Buffer>> {
  const system = '/usr/bin/chromium'
  const browser = await chromium.launch({
    args: ['--no-sandbox', '--disable-gpu'], ...(existsSync(system) ? { executablePath: system } : {})
  })
  const images = new Map<number, Buffer>()
  try {
    for (const size of sizes) {
      const page = await browser.newPage({ viewport: { width: size, height: size } })
      await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`)
      images.set(size, await page.screenshot({ omitBackground: true }))
      await page.close()
    }
  } finally {
    await browser.close()
  }
  return images
}

function imageOf(images: ReadonlyMap<number, Buffer>, size: number): Buffer {
  const image = images.get(size)
  if (!image) throw new Error(`No image of ${size} pixels was rendered.`)
  return image
}

function windowsIcon(images: ReadonlyMap<number, Buffer>): Buffer {
  const parts = windowsSizes.map(size => ({ size, image: imageOf(images, size) }))
  const header = Buffer.alloc(6 + 16 * parts.length)
  header.writeUInt16LE(1, 2)
  header.writeUInt16LE(parts.length, 4)
  let offset = header.length
  for (const [index, { size, image }] of parts.entries()) {
    const entry = 6 + 16 * index
    header.writeUInt8(size % 256, entry)
    header.writeUInt8(size % 256, entry + 1)
    header.writeUInt16LE(1, entry + 4)
    header.writeUInt16LE(32, entry + 6)
    header.writeUInt32LE(image.length, entry + 8)
    header.writeUInt32LE(offset, entry + 12)
    offset += image.length
  }
  return Buffer.concat([header, ...parts.map(({ image }) => image)])
}

function appleIcon(images: ReadonlyMap<number, Buffer>): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const header = Buffer.alloc(8)
    header.write(type, 'latin1')
    header.writeUInt32BE(8 + data.length, 4)
    return Buffer.concat([header, data])
  }
  return chunk('icns', Buffer.concat(appleTypes.map(([type, size]) => chunk(type, imageOf(images, size)))))
}

const images = await render(readFileSync(join(folder, 'icon.svg'), 'utf8'))
mkdirSync(join(folder, 'linux'), { recursive: true })
for (const size of sizes.filter(candidate => candidate <= 512)) {
  writeFileSync(join(folder, 'linux', `${size}x${size}.png`), imageOf(images, size))
}
writeFileSync(join(folder, 'icon.png'), imageOf(images, 512))
writeFileSync(join(folder, 'icon.ico'), windowsIcon(images))
writeFileSync(join(folder, 'icon.icns'), appleIcon(images))
