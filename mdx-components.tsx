import { Callout } from './components/mdx/callout'
import { Chart } from './components/mdx/chart'
import { Embed } from './components/mdx/embed'
import { Figure } from './components/mdx/figure'
import { Image } from './components/mdx/image'
import { Tab, Tabs } from './components/mdx/tabs'
import { TocInline } from './components/mdx/toc-inline'
import { Video } from './components/mdx/video'

/** The components that an `.mdx` post may use without an import. Add your own here. They render at build time, to plain HTML. */
export const components = { Callout, Chart, Embed, Figure, Image, Tab, Tabs, TOCInline: TocInline, Video }
