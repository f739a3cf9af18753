import { describe, expect, it } from 'vitest'
import { Parameters } from './parameters.ts'

const read = (query: string) => Parameters.of(new URLSearchParams(query))

describe('Parameters', () => {
  it('reads numbered lists in the order of their numbers', () => {
    expect(read('InstanceId.10=c&InstanceId.2=b&InstanceId.1=a').list('InstanceId')).toEqual(['a', 'b', 'c'])
    expect(read('').list('InstanceId')).toEqual([])
  })

  it('reads structures within lists within structures', () => {
    const permission = read('P.1.Proto=tcp&P.1.Ranges.1.Cidr=10.0.0.0%2F8&P.1.Ranges.2.Cidr=x').structures('P')[0]
    expect(permission?.required('Proto')).toBe('tcp')
    expect(permission?.structures('Ranges').map((range) => range.required('Cidr'))).toEqual(['10.0.0.0/8', 'x'])
    expect(() => permission?.structures('Ranges')[1]?.required('Name')).toThrow(
      'The request must contain the parameter P.1.Ranges.2.Name'
    )
  })

  it.each([
    ['Count=', 'must be an integer'],
    ['Count=1.5', 'must be an integer'],
    ['Count=1e3', 'must be an integer'],
    ['Count=0x10', 'must be an integer'],
    ['Count=0', 'at least 1'],
    ['Count=11', 'at most 10']
  ])('refuses %s as a count', (query, why) => {
    expect(() => read(query).integer('Count', 1, 10)).toThrow(why)
  })

  it('knows true, false and nothing else', () => {
    expect(read('A=true').boolean('A')).toBe(true)
    expect(read('A=False').boolean('A')).toBe(false)
    expect(read('').boolean('A')).toBeUndefined()
    expect(() => read('A=yes').boolean('A')).toThrow('true or false')
  })

  it.each([
    ['A.0=x', 'numbered from 1'],
    ['A.x=1', 'numbered from 1'],
    ['A.-1=x', 'numbered from 1'],
    ['A.1.B=x', 'contain the parameter A.1']
  ])('refuses %s as a list', (query, why) => {
    expect(() => read(query).list('A')).toThrow(why)
  })

  it('refuses a parameter that appears twice and one that is nested without end', () => {
    expect(() => read('A=1&A=2')).toThrow('appears twice')
    expect(() => read(`${'A.'.repeat(20)}1=x`)).toThrow('too many parts')
  })

  it('takes names like those of every object for what they are: unknown', () => {
    const parameters = read('__proto__=x&constructor.1=y')
    expect(parameters.names()).toEqual(['__proto__', 'constructor'])
    expect(parameters.list('toString')).toEqual([])
  })

  it('has one fingerprint for one wish, whatever the order, the signature and the time', () => {
    const wish = 'ImageId=ami-1&Tag.1.Key=a'
    const same = `Tag.1.Key=a&X-Amz-Date=2&X-Amz-Signature=9&Version=2016-11-15&Action=RunInstances&ImageId=ami-1`
    expect(read(wish).fingerprint()).toBe(read(same).fingerprint())
    expect(read(wish).fingerprint()).not.toBe(read('ImageId=ami-1&Tag.1.Key=b').fingerprint())
    // A value cannot pass for a second parameter.
    expect(read('A=1%0AB%3D2').fingerprint()).not.toBe(read('A=1&B=2').fingerprint())
  })
})
