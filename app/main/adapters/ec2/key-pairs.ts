import type { Filter } from '@aws-sdk/client-ec2'
import type { Cloud, KeyPairRecord, Tags } from '../../core/ports/index.ts'
import { createOrFind, goneIsFine } from './forgiving.ts'
import type { Session } from './session.ts'
import { fromTags, literally, tagging, withTags } from './tags.ts'

type Verbs = Pick<Cloud, 'importKeyPair' | 'keyPairs' | 'keyPairNamed' | 'deleteKeyPair'>

/** Key pairs: one for each network, of which EC2 gets the public half. */
export function keyPairVerbs({ call }: Session): Verbs {
  const describe = async (Filters: Filter[], IncludePublicKey = false): Promise<KeyPairRecord[]> => {
    const { KeyPairs } = await call('DescribeKeyPairs', (client, { DescribeKeyPairsCommand }) =>
      client.send(new DescribeKeyPairsCommand({ Filters, ...(IncludePublicKey ? { IncludePublicKey } : {}) }))
    )
    return (KeyPairs ?? []).map((pair) => ({
      id: pair.KeyPairId ?? '',
      name: pair.KeyName ?? '',
      fingerprint: pair.KeyFingerprint ?? '',
      ...(pair.PublicKey ? { publicKey: pair.PublicKey } : {}),
      tags: fromTags(pair.Tags)
    }))
  }

  const keyPairs = (tags: Tags) => describe(withTags(tags))

  return {
    keyPairs,
    async keyPairNamed(name) {
      const pairs = await describe([{ Name: 'key-name', Values: [literally(name)] }], true)
      return pairs.find((pair) => pair.name === name) ?? null
    },
    importKeyPair: ({ name, publicKey, tags }) =>
      createOrFind(
        name,
        tags,
        /^InvalidKeyPair\.Duplicate$/,
        async () => {
          const pair = await call('ImportKeyPair', (client, { ImportKeyPairCommand }) =>
            client.send(
              new ImportKeyPairCommand({
                KeyName: name,
                PublicKeyMaterial: Buffer.from(publicKey),
                TagSpecifications: tagging(tags, 'key-pair')
              })
            )
          )
          return { id: pair.KeyPairId ?? '', name: pair.KeyName ?? name, fingerprint: pair.KeyFingerprint ?? '', tags }
        },
        () => keyPairs(tags)
      ),
    deleteKeyPair: (id) =>
      goneIsFine(/^InvalidKeyPair\.NotFound$/, () =>
        call('DeleteKeyPair', (client, { DeleteKeyPairCommand }) =>
          client.send(new DeleteKeyPairCommand({ KeyPairId: id }))
        )
      )
  }
}
