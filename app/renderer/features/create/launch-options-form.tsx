import { Accordion, Checkbox, NumberInput, Select, Stack, TextInput } from '@mantine/core'
import type { ReactElement } from 'react'
import type { LaunchOptions, Plan } from '../../../contract/index.ts'
import { text } from '../../strings/index.ts'
import { findingsFor } from './draft.ts'
import { fieldMessages } from './field-messages.tsx'
import { UnlockKey } from './unlock-key.tsx'

interface LaunchOptionsFormProps {
  readonly options: LaunchOptions
  readonly plan: Plan | undefined
  readonly onChange: (options: LaunchOptions) => void
}

const words = text.launchOptions
const spotChoices = ['none', 'slaves', 'all'] as const
const optionNames = [
  'spot', 'maxPrice', 'hyperthreading', 'rootVolumeGib', 'rootVolumeType', 'keyPair', 'privateKeyFile', 'securityGroup',
  'subnet'
] as const satisfies readonly (keyof LaunchOptions)[]

/** What few change, folded away; a fault in it is told at the fold, so that nothing hides it. */
export function LaunchOptionsForm({ options, plan, onChange }: LaunchOptionsFormProps): ReactElement {
  const set = (change: Partial<LaunchOptions>): void => {
    onChange({ ...options, ...change })
  }
  const faults = optionNames.flatMap((name) => findingsFor(plan, name)).filter((one) => one.level === 'error').length
  const locked = plan?.findings.some((one) => one.code === 'KEY_LOCKED') ?? false
  const messages = (name: keyof LaunchOptions, hint?: string) => fieldMessages(plan, name, hint)
  const textField = (name: 'keyPair' | 'privateKeyFile' | 'securityGroup' | 'subnet'): ReactElement => (
    <TextInput
      label={words.fields[name]}
      placeholder={words.placeholders[name]}
      value={options[name] ?? ''}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => {
        set({ [name]: event.currentTarget.value.trim() || null })
      }}
      {...messages(name, words.hints[name])}
    />
  )
  const numberField = (name: 'maxPrice' | 'rootVolumeGib', placeholder: string): ReactElement => (
    <NumberInput
      label={words.fields[name]}
      placeholder={placeholder}
      value={options[name] ?? ''}
      onChange={(next) => {
        const number = typeof next === 'number' ? next : Number.parseFloat(next)
        set({ [name]: Number.isFinite(number) ? number : null })
      }}
      {...messages(name, words.hints[name])}
    />
  )
  return (
    <Accordion variant="contained" chevronPosition="left">
      <Accordion.Item value="options">
        <Accordion.Control>{faults === 0 ? words.title : words.titleWithFaults(faults)}</Accordion.Control>
        <Accordion.Panel>
          <Stack>
            <Select
              label={words.fields.spot}
              allowDeselect={false}
              value={options.spot ?? 'none'}
              data={spotChoices.map((value) => ({ value, label: words.spot[value] }))}
              onChange={(value) => {
                const spot = spotChoices.find((one) => one === value) ?? 'none'
                set(spot === 'none' ? { spot, maxPrice: null } : { spot })
              }}
              {...messages('spot', words.hints.spot)}
            />
            {(options.spot ?? 'none') !== 'none' && numberField('maxPrice', words.placeholders.maxPrice)}
            <Checkbox
              label={words.fields.hyperthreading}
              checked={options.hyperthreading ?? false}
              onChange={(event) => {
                set({ hyperthreading: event.currentTarget.checked })
              }}
              description={words.hints.hyperthreading}
            />
            {numberField('rootVolumeGib', words.placeholders.rootVolumeGib)}
            <Select
              label={words.fields.rootVolumeType}
              allowDeselect={false}
              value={options.rootVolumeType ?? 'gp3'}
              data={['gp3', 'gp2']}
              onChange={(rootVolumeType) => {
                set({ rootVolumeType: rootVolumeType ?? 'gp3' })
              }}
              {...messages('rootVolumeType')}
            />
            {textField('keyPair')}
            {typeof options.keyPair === 'string' && textField('privateKeyFile')}
            {locked && typeof options.privateKeyFile === 'string' && <UnlockKey file={options.privateKeyFile} />}
            {textField('securityGroup')}
            {textField('subnet')}
          </Stack>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  )
}
