import type { Action, Actions, Context } from '../action.ts'
import { readPublicKey, makeKeyPair, type PublicKey } from '../public-key.ts'
import { Ec2Error, invalidValue, missingParameter, notFound } from '../protocol/error.ts'
import { readFilters, select } from '../protocol/filters.ts'
import { checkIdForm, freshId } from '../protocol/ids.ts'
import type { Parameters } from '../protocol/parameters.ts'
import { nextSequence, tagsOf, type KeyPair } from '../state.ts'
import { putTags, readTagSpecifications, tagSet } from '../tagging.ts'

/** A name that is free, with the tags the request gives. */
function readNewKeyPair(parameters: Parameters) {
  const name = parameters.required('KeyName')
  if (name.length > 255 || !/^[\x20-\x7e]+$/.test(name)) {
    throw invalidValue(name, 'KeyName', 'A key name has 1 to 255 printable ASCII characters.')
  }
  return { name, tags: readTagSpecifications(parameters, ['key-pair']).get('key-pair') }
}

function keep(
  context: Context,
  name: string,
  key: PublicKey,
  tags: Record<string, string> | undefined
): Promise<KeyPair> {
  return context.change((draft) => {
    if (draft.keyPairs.some((pair) => pair.name === name)) {
      throw new Ec2Error('InvalidKeyPair.Duplicate', `The keypair '${name}' already exists.`)
    }
    const pair = {
      id: freshId('key'),
      sequence: nextSequence(draft),
      name,
      createdAt: new Date().toISOString(),
      ...key
    }
    draft.keyPairs.push(pair)
    putTags(draft, pair.id, tags)
    return pair
  })
}

const importKeyPair: Action = {
  accepts: ['KeyName', 'PublicKeyMaterial', 'TagSpecification'],
  async run(parameters, context) {
    const { name, tags } = readNewKeyPair(parameters)
    const key = readPublicKey(parameters.required('PublicKeyMaterial'))
    const pair = await keep(context, name, key, tags)
    return { keyName: name, keyFingerprint: pair.fingerprint, keyPairId: pair.id, tagSet: tagSet(tags ?? {}) }
  }
}

const createKeyPair: Action = {
  accepts: ['KeyName', 'KeyType', 'KeyFormat', 'TagSpecification'],
  async run(parameters, context) {
    const { name, tags } = readNewKeyPair(parameters)
    const type = parameters.choice('KeyType', ['rsa', 'ed25519']) ?? 'rsa'
    if (parameters.choice('KeyFormat', ['pem', 'ppk']) === 'ppk') {
      throw new Ec2Error('UnsupportedOperation', 'The practice cloud makes keys in format pem only.')
    }
    const { privateKey, publicKey } = await makeKeyPair(type)
    const pair = await keep(context, name, publicKey, tags)
    return {
      keyName: name,
      keyFingerprint: pair.fingerprint,
      keyMaterial: privateKey,
      keyPairId: pair.id,
      tagSet: tagSet(tags ?? {})
    }
  }
}

const describeKeyPairs: Action = {
  accepts: ['Filter', 'KeyName', 'KeyPairId', 'IncludePublicKey'],
  run(parameters, { state }) {
    const names = parameters.list('KeyName')
    const ids = parameters.list('KeyPairId')
    checkIdForm(ids, 'key', 'InvalidKeyPair.Format')
    const unknownName = names.find((name) => !state.keyPairs.some((pair) => pair.name === name))
    if (unknownName !== undefined) throw notFound('InvalidKeyPair.NotFound', 'key pair', [unknownName])
    const unknownId = ids.find((id) => !state.keyPairs.some((pair) => pair.id === id))
    if (unknownId !== undefined) throw notFound('InvalidKeyPair.NotFound', 'key pair ID', [unknownId])
    const all = names.length + ids.length === 0
    const wanted = state.keyPairs.filter((pair) => all || names.includes(pair.name) || ids.includes(pair.id))
    const pairs = select(
      wanted,
      readFilters(parameters),
      {
        'key-pair-id': (pair) => pair.id,
        'key-name': (pair) => pair.name,
        fingerprint: (pair) => pair.fingerprint
      },
      (pair) => tagsOf(state, pair.id)
    )
    const withKey = parameters.boolean('IncludePublicKey') ?? false
    return {
      keySet: pairs.map((pair) => ({
        keyPairId: pair.id,
        keyName: pair.name,
        keyType: pair.type,
        keyFingerprint: pair.fingerprint,
        createTime: pair.createdAt,
        publicKey: withKey ? `${pair.publicKey} ${pair.name}` : null,
        tagSet: tagSet(tagsOf(state, pair.id))
      }))
    }
  }
}

/** A key pair that is already gone is no error in EC2 either. */
const deleteKeyPair: Action = {
  accepts: ['KeyName', 'KeyPairId'],
  async run(parameters, context) {
    const name = parameters.text('KeyName')
    const id = parameters.text('KeyPairId')
    if (name === undefined && id === undefined) throw missingParameter('KeyName or KeyPairId')
    checkIdForm(id === undefined ? [] : [id], 'key', 'InvalidKeyPair.Format')
    const gone = await context.change((draft) => {
      const pair = draft.keyPairs.find((candidate) => candidate.name === name || candidate.id === id)
      if (pair) {
        draft.keyPairs = draft.keyPairs.filter((candidate) => candidate !== pair)
        delete draft.tags[pair.id]
      }
      return pair
    })
    return { return: true, keyPairId: gone?.id }
  }
}

export const keyPairActions: Actions = {
  ImportKeyPair: importKeyPair,
  CreateKeyPair: createKeyPair,
  DescribeKeyPairs: describeKeyPairs,
  DeleteKeyPair: deleteKeyPair
}
