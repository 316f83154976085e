/** Where a route looks for a value: in the query, a form or JSON, in a header, or in a cookie. */
export type Kind = 'value' | 'header' | 'cookie'
/**
 * What a route reads of a request, by its source. `names` are the parameters that it reads, `asked` those that it reads by `get`, `getAll`
 * or `has` or by destructuring. `mentioned` are names in a `get` of an unknown object. `literals` are the texts that it compares parameters
 * with, `paired` the same by parameter.
 */
export type Reads = {
  exports: string[]
  asked: Set<string>
  names: Map<string, Set<Kind>>
  mentioned: Set<string>
  literals: Set<string>
  paired: Map<string, Set<string>>
}

/** The empty result. */
export const nothing = (): Reads => ({
  exports: [],
  asked: new Set(),
  names: new Map(),
  mentioned: new Set(),
  literals: new Set(),
  paired: new Map(),
})
