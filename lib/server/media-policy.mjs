/** The Content-Security-Policy of an SVG drawing or another file that is opened by itself: no script in it may run. next.config.js uses it too. */
export const mediaPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
