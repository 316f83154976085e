/** A browser asks after a page at every visit, mostly to be answered 304; a shared cache does so every minute. */
export const pageCaching = 'public, max-age=0, s-maxage=60, must-revalidate'

/**
 * For what pages show: its address changes with its bytes, but what is withdrawn is to be gone soon. A browser keeps a picture for ten
 * minutes, a shared cache for one minute; then they ask again.
 */
export const mediaCaching = 'public, max-age=600, s-maxage=60, must-revalidate'
