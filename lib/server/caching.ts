/** `Cache-Control` of pages. A browser asks the server at every visit, mostly with a 304 as the answer; a shared cache asks every minute. */
export const pageCaching = 'public, max-age=0, s-maxage=60, must-revalidate'

/**
 * `Cache-Control` of pictures and other files in pages. Their addresses change with their bytes, but the picture of a withdrawn post has
 * to disappear soon: a browser keeps it for ten minutes, a shared cache for one minute.
 */
export const mediaCaching = 'public, max-age=600, s-maxage=60, must-revalidate'
