import type { DetailedHTMLProps, HTMLAttributes } from 'react'

declare module 'react/jsx-runtime' {
  namespace JSX {
    interface IntrinsicElements {
      'theme-switch': DetailedHTMLProps<HTMLAttributes<HTMLElement>, HTMLElement>
    }
  }
}

const themes = [
  {
    value: 'light',
    label: 'Light',
    icon: 'M8 1v2M8 13v2M1 8h2M13 8h2M3 3l1.5 1.5M11.5 11.5 13 13M3 13l1.5-1.5M11.5 4.5 13 3M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6',
  },
  { value: 'system', label: 'As the system', icon: 'M2 3h12v8H2zM6 14h4M8 11v3' },
  { value: 'dark', label: 'Dark', icon: 'M13 9.5A5.5 5.5 0 1 1 6.5 3a4.5 4.5 0 0 0 6.500 6.500' },
]

/** The choice between light, dark and the setting of the system. It is hidden until its script (components/reader.ts) has loaded. */
export function ThemeSwitch() {
  return (
    <theme-switch suppressHydrationWarning>
      <fieldset className="flex gap-0.5">
        <legend className="visually-hidden">Theme</legend>
        {themes.map(({ value, label, icon }) => (
          <label
            key={value}
            className="grid size-8 cursor-pointer place-items-center rounded-sm text-soft"
            title={label}
          >
            <input type="radio" name="theme" value={value} className="visually-hidden" />
            <svg
              viewBox="0 0 16 16"
              className="size-4"
              fill="none"
              stroke="currentColor"
              strokeWidth="1.3"
              strokeLinecap="round"
              strokeLinejoin="round"
              aria-hidden="true"
            >
              <path d={icon} />
            </svg>
            <span className="visually-hidden">{label}</span>
          </label>
        ))}
      </fieldset>
    </theme-switch>
  )
}
