import { readFileSync } from 'node:fs'

export type Instruction = { name: string; value: string }

/** The stages of the Dockerfile. Each is a list of instructions and begins with its FROM. */
export function stages(): Instruction[][] {
  const text = readFileSync('Dockerfile', 'utf8')
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '')
  const found: Instruction[][] = []
  for (const line of text.split('\n').filter(Boolean)) {
    const [, name, value = ''] = /^([A-Z]+) (.*)$/.exec(line) ?? []
    if (!name) throw new Error(`Dockerfile: "${line}" is no instruction.`)
    if (name === 'FROM') found.push([])
    found.at(-1)?.push({ name, value })
  }
  return found
}

/** The values of all instructions of one name in a stage, without the caches that RUN mounts. */
export const values = (stage: Instruction[] | undefined, name: string) =>
  (stage ?? []).filter((one) => one.name === name).map(({ value }) => value.replaceAll(/--mount=\S+ /g, ''))
