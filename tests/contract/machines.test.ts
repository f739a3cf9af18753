import { describe, expect, it } from 'vitest'
import { chooseBackend } from '../../app/main/practice/machines/create.ts'
import { machinesSuite } from './machines-suite.ts'

const namespaces = chooseBackend('namespaces')

describe('chooseBackend', () => {
  it('takes namespaces where they work, and processes where they do not', () => {
    expect(chooseBackend('auto').backend).toBe(namespaces.available ? 'namespaces' : 'processes')
    expect(chooseBackend('auto').available).toBe(true)
  })

  it('honours what is forced, and says in one sentence what it is or lacks', () => {
    expect(chooseBackend('processes')).toMatchObject({ backend: 'processes', available: true })
    expect(chooseBackend('none')).toMatchObject({ backend: 'none', available: true })
    expect(namespaces.backend).toBe('namespaces')
    expect(namespaces.explanation).toMatch(/^[A-Z].*\.$/)
  })
})

machinesSuite('processes', true)
machinesSuite('namespaces', namespaces.available)
