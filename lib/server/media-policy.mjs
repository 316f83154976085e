/** Content-Security-Policy of a drawing or another file opened by itself: nothing in it may run. Also read by next.config.js. */
export const mediaPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
