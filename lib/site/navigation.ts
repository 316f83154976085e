import { site } from '@/site.config'

const titles: Record<string, string> = { '/blog': 'Blog', '/tags': 'Tags', '/archive': 'Archive' }

/** What a list of ours is called: as its link in the header, if it has one, so that a page has the name that led to it. */
export const titleOfSection = (address: string): string =>
  site.navigation.find(({ href }) => href === address)?.label ?? titles[address] ?? ''
