/** Values shared in one process. A variable of a module does not do, because Next.js gives each kind of route its own copy of the module. */
const kept = globalThis as { [key: symbol]: unknown }

/** @returns the one value of this name in the process. `make` makes it at the first use. */
export function once<Value>(name: string, make: () => Value): Value {
  const key = Symbol.for(`galley.${name}`)
  kept[key] ??= make()
  return kept[key] as Value
}
