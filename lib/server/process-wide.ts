/** What one process keeps for all its parts: Next.js gives each kind of route its own copy of a module. */
const kept = globalThis as { [key: symbol]: unknown }

/** @returns the one value of this name in the process, made at its first use. */
export function once<Value>(name: string, make: () => Value): Value {
  const key = Symbol.for(`galley.${name}`)
  kept[key] ??= make()
  return kept[key] as Value
}
