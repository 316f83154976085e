import compiled from '@/.contentlayer/compiled.json'
import { ListHeader } from '@/components/list-header'
import { PageFrame } from '@/components/page-frame'
import { SearchForm } from '@/components/search-form'
import { describePage } from '@/lib/formats/describe-page'
import { sections } from '@/lib/site/sections.mjs'

export const metadata = {
  ...describePage({ title: 'Search', address: sections.search }),
  robots: { index: false },
}

/** The page of the search without results. The route /search puts them into `#search-answer`. */
export default function Frame() {
  return (
    <PageFrame address={sections.search}>
      <script type="module" src={compiled.search} async />
      <ListHeader title="Search" />
      <SearchForm />
      <div id="search-answer" className="search-answer" />
    </PageFrame>
  )
}
