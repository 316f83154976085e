import type { DetailedHTMLProps, HTMLAttributes } from 'react'

declare module 'react/jsx-runtime' {
  namespace JSX {
    interface IntrinsicElements {
      'theme-switch': DetailedHTMLProps<HTMLAttributes<HTMLElement>, HTMLElement>
    }
  }
}

const icons = {
  system: 'M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13M8 1.5v13M8 4.5h4.3M8 8h6.4M8 11.5h4.3',
  light:
    'M8 1v2M8 13v2M1 8h2M13 8h2M3 3l1.5 1.5M11.5 11.5 13 13M3 13l1.5-1.5M11.5 4.5 13 3M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6',
  dark: 'M13 9.5A5.5 5.5 0 1 1 6.5 3a4.5 4.5 0 0 0 6.5 6.5',
}

/** One button for the theme: as the system has it, light, dark. It is hidden until its script (components/reader.ts) has loaded. */
export function ThemeSwitch() {
  return (
    <theme-switch suppressHydrationWarning className="ml-auto">
      <button type="button" data-theme="system" aria-label="Theme: as the system" suppressHydrationWarning>
        {Object.entries(icons).map(([theme, icon]) => (
          <svg
            key={theme}
            viewBox="0 0 16 16"
            className={theme}
            fill="none"
            stroke="currentColor"
            strokeWidth="1.3"
            strokeLinecap="round"
            strokeLinejoin="round"
            aria-hidden="true"
          >
            <path d={icon} />
          </svg>
        ))}
      </button>
    </theme-switch>
  )
}
