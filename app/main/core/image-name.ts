import { RmadaError } from './error.ts'

/** EC2's own rule for names of images. */
const allowed = /^[A-Za-z0-9()[\] ./'@_-]{3,128}$/
const longestDescription = 255

/** Refuses what EC2 would refuse, before anything is done to the machine. */
export function checkImageName(name: string, description: string): void {
  if (!allowed.test(name) || name.trim().length < 3) {
    const shown = name.length > 40 ? `${name.slice(0, 40)}…` : name
    throw new RmadaError('IMAGE_NAME_INVALID', `EC2 takes no image of this name: "${shown}"`, {
      suggestion: 'Use 3 to 128 letters without accents, digits, spaces and the characters ()[]./-\'@_.',
      details: { field: 'name' }
    })
  }
  if (description.length > longestDescription || /\p{Cc}/u.test(description)) {
    throw new RmadaError('INVALID_INPUT',
      `The description of an image has at most ${longestDescription} characters, and no line breaks.`, {
      suggestion: 'Shorten it, or leave it out.', details: { field: 'description' }
    })
  }
}
