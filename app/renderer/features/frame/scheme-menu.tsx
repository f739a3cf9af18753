import { ActionIcon, Menu, useMantineColorScheme } from '@mantine/core'
import { IconBrightnessFilled, IconMoon, IconSun } from '@tabler/icons-react'
import type { ReactElement } from 'react'
import { text } from '../../strings/index.ts'

const icons = { light: IconSun, dark: IconMoon, auto: IconBrightnessFilled } as const
const choices = ['auto', 'light', 'dark'] as const

/** Light, dark, or as the system has it; Mantine remembers the choice in this browser or app. */
export function SchemeMenu(): ReactElement {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const Present = icons[colorScheme]
  return (
    <Menu position="bottom-end" width={190}>
      <Menu.Target>
        <ActionIcon aria-label={text.general.lightOrDark}>
          <Present size={20} stroke={1.7} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioGroup
          value={colorScheme}
          onChange={(next) => {
            setColorScheme(next as typeof colorScheme)
          }}
        >
          {choices.map((choice) => (
            <Menu.RadioItem key={choice} value={choice} closeMenuOnClick>
              {text.general.schemes[choice]}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  )
}
