import { createRequire } from 'node:module'

/** The CommonJS form of sharp. Its ES module (0.35.5, 2026-11) uses import attributes, which Node.js 20.9 cannot parse. */
export const sharp: typeof import('sharp').default = createRequire(import.meta.url)('sharp')
