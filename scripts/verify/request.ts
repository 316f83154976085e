/** Where a route looks for a value: in the query, a form or JSON, in a header, or in a cookie. */
export type Kind = 'value' | 'header' | 'cookie'
/**
 * What the source of a route says about what it reads of a request. `names` are read from it, `asked` among them by `get` or its
 * kin, or taken out of it; `mentioned` may be (a `get` of something unknown). `literals` are what it compares with, `paired` those of a name.
 */
export type Reads = {
  exports: string[]
  asked: Set<string>
  names: Map<string, Set<Kind>>
  mentioned: Set<string>
  literals: Set<string>
  paired: Map<string, Set<string>>
}

/** Nothing read yet. */
export const nothing = (): Reads => ({
  exports: [],
  asked: new Set(),
  names: new Map(),
  mentioned: new Set(),
  literals: new Set(),
  paired: new Map(),
})
