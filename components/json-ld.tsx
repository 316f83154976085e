import type { Thing } from 'schema-dts'
import { jsonLd } from '@/lib/formats/json-ld'

/** What the page is, for search engines. It is data, so no policy needs its hash. */
export const JsonLd = ({ things }: { things: Thing[] }) => (
  <script type="application/ld+json" dangerouslySetInnerHTML={{ __html: jsonLd(things) }} />
)
