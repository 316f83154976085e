import './globals.css'
import type { Metadata, Viewport } from 'next'
import compiled from '@/.contentlayer/compiled.json'
import { themeScript } from '@/lib/static/own-scripts.mjs'
import { site } from '@/site.config'
import { fonts } from './fonts'

export const metadata: Metadata = {
  metadataBase: new URL(site.address),
  title: { template: `%s · ${site.title}`, default: site.title },
  description: site.description,
}

/** The paper, light then dark. A reader's own choice of a theme decides which of them holds (`themeScript`). */
export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: compiled.paper.light },
    { media: '(prefers-color-scheme: dark)', color: compiled.paper.dark },
  ],
}

export default function Layout({ children }: LayoutProps<'/'>) {
  return (
    <html lang={site.language} className={fonts} suppressHydrationWarning>
      <head>
        <script dangerouslySetInnerHTML={{ __html: themeScript }} />
        <script type="module" src={compiled.reader} async />
      </head>
      <body>
        <a href="#main" className="skip">
          Skip to the text
        </a>
        {children}
      </body>
    </html>
  )
}
