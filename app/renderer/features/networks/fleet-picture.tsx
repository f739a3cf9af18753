import type { ReactElement } from 'react'

const slaves = [
  [36, 78],
  [110, 96],
  [184, 78]
] as const

/** A master and its slaves: what a network is, before there is one. */
export function FleetPicture(): ReactElement {
  return (
    <svg width="220" height="124" viewBox="0 0 220 124" aria-hidden>
      <g stroke="var(--rmada-moving)" strokeOpacity="0.45" strokeWidth="1.5" fill="none">
        {slaves.map(([x, y]) => (
          <path key={x} d={`M110 34 L${x} ${y}`} strokeDasharray="3 4" />
        ))}
        <path d="M36 78 L110 96 L184 78" />
      </g>
      <circle cx="110" cy="30" r="22" fill="var(--rmada-moving)" />
      <path d="M110 17v19h-10z M112.500 22.500 120 36h-7.500z" fill="var(--mantine-color-body)" />
      <path
        d="M98 38.500h24c-1.500 3-3.600 4.500-6.200 4.500h-11.600c-2.600 0-4.700-1.500-6.200-4.500z"
        fill="var(--mantine-color-body)"
      />
      {slaves.map(([x, y]) => (
        <g key={x}>
          <circle
            cx={x}
            cy={y}
            r="15"
            fill="var(--rmada-moving-ground)"
            stroke="var(--rmada-moving)"
            strokeWidth="1.5"
          />
          <path
            d={`M${x - 6} ${y - 3}h12M${x - 6} ${y + 3}h12`}
            stroke="var(--rmada-moving)"
            strokeWidth="2"
            strokeLinecap="round"
          />
        </g>
      ))}
    </svg>
  )
}
