import { catalogueImages } from '../../catalogue.ts'
import type { JsonAction } from '../json-action.ts'
import { Ec2Error } from '../protocol/error.ts'

const mostNames = 10

/** The public parameters of this region: the practice images stand where Amazon's own are. */
const publicParameters: ReadonlyMap<string, string> = new Map(
  catalogueImages.map((image) => [
    `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${image.architecture}`,
    image.id
  ])
)

function readNames(input: Readonly<Record<string, unknown>>): string[] {
  const names = input['Names']
  if (!Array.isArray(names) || names.length === 0 || !names.every((name) => typeof name === 'string')) {
    throw new Ec2Error('ValidationException', "1 validation error detected: Value at 'names' must be a list of names.")
  }
  if (names.length > mostNames) {
    throw new Ec2Error(
      'ValidationException',
      `1 validation error detected: Value at 'names' failed to satisfy constraint: Member must have length less than or equal to ${mostNames}`
    )
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new Ec2Error('ValidationException', `Parameter names contain a duplicate: ${twice}`)
  return names
}

/** Names without a parameter are no error: they come back as invalid. */
const getParameters: JsonAction = (input, { region }) => {
  const names = readNames(input)
  const modified = Date.parse(catalogueImages[0]?.createdAt ?? '') / 1000
  return {
    Parameters: names.flatMap((name) => {
      const value = publicParameters.get(name)
      if (value === undefined) return []
      return {
        Name: name,
        Type: 'String',
        Value: value,
        Version: 1,
        LastModifiedDate: modified,
        ARN: `arn:aws:ssm:${region}::parameter${name}`,
        DataType: 'aws:ec2:image'
      }
    }),
    InvalidParameters: names.filter((name) => !publicParameters.has(name))
  }
}

export const parameterActions: Readonly<Record<string, JsonAction>> = { GetParameters: getParameters }
