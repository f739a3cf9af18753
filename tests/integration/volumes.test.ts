import { describe } from 'vitest'
import { chooseBackend } from '../../app/main/practice/machines/create.ts'
import { volumesSuite } from './volumes-suite.ts'

describe.runIf(chooseBackend('namespaces').available)('with devices', () => { volumesSuite('namespaces') })
describe('without privilege', () => { volumesSuite('processes') })
