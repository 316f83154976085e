import { site } from '@/site.config'

/** One page of a list; `number` and `of` count from 1. */
export type ListPage<Item> = { items: Item[]; number: number; of: number }

/** How many pages a list fills; an empty list fills one. */
export const pageCount = (items: unknown[]) => Math.max(1, Math.ceil(items.length / site.postsPerPage))

/** A page of a list, or nothing when the list has no such page. Only whole numbers as people write them count: `2`, not `02`. */
export function listPage<Item>(items: Item[], page: string | number): ListPage<Item> | undefined {
  const number = Number(page)
  const of = pageCount(items)
  if (String(number) !== String(page) || !Number.isInteger(number) || number < 1 || number > of) return undefined
  return { items: items.slice((number - 1) * site.postsPerPage, number * site.postsPerPage), number, of }
}

/** `2`, `3` and so on: the pages of a list after its first, as route parameters. */
export const laterPages = (items: unknown[]) =>
  Array.from({ length: pageCount(items) - 1 }, (_, index) => String(index + 2))
