import { createRequire } from 'node:module'

/** sharp by its CommonJS form: the other one (0.35.5, 2026-11) is written with import attributes, which Node.js 20.9 cannot read. */
export const sharp: typeof import('sharp').default = createRequire(import.meta.url)('sharp')
