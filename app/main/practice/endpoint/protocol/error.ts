/**
 * A refusal as EC2 words it: a code that programs compare, a message, and the HTTP status. Never names a secret.
 * The shapes that recur have constructors here, so that every action words them alike.
 */
export class Ec2Error extends Error {
  readonly code: string
  readonly status: number

  constructor(code: string, message: string, status = 400) {
    super(message)
    this.name = 'Ec2Error'
    this.code = code
    this.status = status
  }
}

export const missingParameter = (name: string) =>
  new Ec2Error('MissingParameter', `The request must contain the parameter ${name}`)

export const invalidValue = (value: string, parameter: string, why = '') =>
  new Ec2Error(
    'InvalidParameterValue',
    `Value (${value}) for parameter ${parameter} is invalid.${why ? ` ${why}` : ''}`
  )

export const badCombination = (message: string) => new Ec2Error('InvalidParameterCombination', message)

/** For what EC2 can do and the practice cloud does not: said openly rather than quietly ignored. */
export const unsupported = (message: string) => new Ec2Error('UnsupportedOperation', message)

export const malformedId = (code: string, id: string, prefix: string) =>
  new Ec2Error(code, `Invalid id: "${id}" (expecting "${prefix}-...")`)

/** `noun` as in "instance ID": one id and several ids are worded differently by EC2. */
export const notFound = (code: string, noun: string, ids: readonly string[]) =>
  new Ec2Error(
    code,
    ids.length === 1 ? `The ${noun} '${ids[0]}' does not exist` : `The ${noun}s '${ids.join(', ')}' do not exist`
  )
