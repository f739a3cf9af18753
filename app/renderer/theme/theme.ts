import {
  ActionIcon,
  Alert,
  Anchor,
  Button,
  Drawer,
  Modal,
  Notification,
  Paper,
  Tooltip,
  createTheme
} from '@mantine/core'
import type { CSSVariablesResolver, MantineColorsTuple } from '@mantine/core'

/** Deep water: the one accent. */
const harbor: MantineColorsTuple = [
  '#eef6f8',
  '#d9eaef',
  '#b3d5de',
  '#86bccb',
  '#5aa2b6',
  '#3a8ba2',
  '#22748c',
  '#175f75',
  '#124c5e',
  '#0d3947'
]
/** Grey with a little of the same water in it, so that dark mode belongs to the accent. */
const slate: MantineColorsTuple = [
  '#dde4ea',
  '#c0cad3',
  '#9aa8b5',
  '#74838f',
  '#44525e',
  '#33404b',
  '#242f39',
  '#1a232b',
  '#141b22',
  '#0e1419'
]

/** The head of a dialog is a `header` element, which would count as a second banner of the page. */
const plainHeader = { header: { role: 'presentation' } }

/** Look of the whole window; features set layout, never colours of their own. */
export const theme = createTheme({
  colors: { harbor, dark: slate },
  primaryColor: 'harbor',
  primaryShade: { light: 7, dark: 6 },
  fontFamily: '"Inter Variable", ui-sans-serif, system-ui, "Segoe UI", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  headings: {
    fontWeight: '620',
    sizes: { h1: { fontSize: '1.5rem' }, h2: { fontSize: '1.0625rem' }, h3: { fontSize: '0.9375rem' } }
  },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
  components: {
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray', size: 'lg' } }),
    Alert: Alert.extend({ defaultProps: { variant: 'light' } }),
    Anchor: Anchor.extend({ defaultProps: { underline: 'hover' } }),
    Button: Button.extend({ styles: { section: { marginInlineEnd: 7 } } }),
    Drawer: Drawer.extend({ defaultProps: { attributes: plainHeader }, styles: { title: { fontWeight: 620 } } }),
    Modal: Modal.extend({
      styles: { title: { fontWeight: 620 } },
      defaultProps: { attributes: plainHeader, centered: true, overlayProps: { backgroundOpacity: 0.4, blur: 2 } }
    }),
    Notification: Notification.extend({ styles: { description: { color: 'var(--mantine-color-dimmed)' } } }),
    Paper: Paper.extend({ defaultProps: { withBorder: true, radius: 'lg', p: 'lg' } }),
    Tooltip: Tooltip.extend({
      defaultProps: { openDelay: 250, withArrow: true, events: { hover: true, focus: true, touch: true } }
    })
  }
})

/** Colours with a meaning: they have one value for light and one for dark, each readable on its ground. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--rmada-canvas': '#f3f6f8',
    '--rmada-hairline': '#e2e8ec',
    '--mantine-color-dimmed': '#56636e',
    '--mantine-color-placeholder': '#6a7680',
    '--mantine-color-error': '#b42323',
    '--rmada-good': '#1b7a4b',
    '--rmada-good-ground': '#e5f4ec',
    '--rmada-moving': '#175f75',
    '--rmada-moving-ground': '#e2f0f4',
    '--rmada-caution': '#8a5500',
    '--rmada-caution-ground': '#fdf1dc',
    '--rmada-bad': '#b42323',
    '--rmada-bad-ground': '#fdeaea',
    '--rmada-quiet': '#56636e',
    '--rmada-quiet-ground': '#edf1f4'
  },
  dark: {
    '--rmada-canvas': '#11171d',
    '--rmada-hairline': '#2a3641',
    '--mantine-color-dimmed': '#9aa8b5',
    '--mantine-color-placeholder': '#8795a1',
    '--mantine-color-anchor': 'var(--mantine-color-harbor-3)',
    '--mantine-color-error': '#ff9d9d',
    '--rmada-good': '#6fd6a2',
    '--rmada-good-ground': '#173528',
    '--rmada-moving': '#7ccbe0',
    '--rmada-moving-ground': '#15323c',
    '--rmada-caution': '#f2c069',
    '--rmada-caution-ground': '#392b12',
    '--rmada-bad': '#ff9d9d',
    '--rmada-bad-ground': '#412020',
    '--rmada-quiet': '#aab7c3',
    '--rmada-quiet-ground': '#27323c'
  }
})
