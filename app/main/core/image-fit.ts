import type { InstanceType, MachineImage } from '../../contract/index.ts'

/**
 * Why an instance type cannot boot an image, in one sentence; null when it can. What the cloud does not say of either is
 * taken to fit: RunInstances has the last word.
 */
export function whyUnfit(image: MachineImage, type: InstanceType): string | null {
  const made = `The image ${image.id}`
  if (!type.architectures.includes(image.architecture)) {
    return `${made} is built for ${image.architecture}, and ${type.name} has ${type.architectures.join(' or ')}.`
  }
  if (image.virtualization && type.virtualizations && !type.virtualizations.includes(image.virtualization)) {
    return `${made} is of the virtualization ${image.virtualization}, and ${type.name} takes ` +
      `${type.virtualizations.join(' or ')}.`
  }
  if (type.ena === 'required' && image.ena === false) {
    return `${made} has no driver for the network card of ${type.name} (ENA).`
  }
  const boots = bootModesOf(image)
  if (boots && type.bootModes && !boots.some(mode => type.bootModes?.includes(mode))) {
    return `${made} boots by ${boots.join(' or ')}, and ${type.name} by ${type.bootModes.join(' or ')}.`
  }
  return null
}

/** Ways in which the image boots; null where it leaves the choice to the type. */
function bootModesOf({ bootMode }: MachineImage): readonly string[] | null {
  if (bootMode === undefined) return null
  return bootMode === 'uefi-preferred' ? ['uefi', 'legacy-bios'] : [bootMode]
}
