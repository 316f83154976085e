# syntax=docker/dockerfile:1

# Everything that builds: npm, git (the history says when a draft was last changed), the compilers of packages.
FROM node:24 AS build
WORKDIR /src
# Until the lock file changes, the packages are a layer that is there already.
COPY package.json package-lock.json ./
COPY scripts/steps.mjs scripts/
RUN --mount=type=cache,target=/root/.npm node -e "import('./scripts/steps.mjs').then(({ install }) => install())"
COPY . .
# Compiled posts, pictures and code of the last build; an unchanged post costs one read. No secret is needed.
RUN --mount=type=cache,target=/src/.contentlayer,sharing=locked --mount=type=cache,target=/src/.next/cache,sharing=locked node scripts/bundle.mjs

# Debian slim: Node.js builds for glibc are tested by its makers, those for Alpine's musl are not. The bundle has no native code.
FROM node:24-slim
LABEL org.opencontainers.image.title="Galley" org.opencontainers.image.licenses="MIT"
ENV NODE_ENV=production PORT=3000 HOSTNAME=0.0.0.0
WORKDIR /galley
# Root owns the files, and the server is not root: it can change none of them.
COPY --from=build /src/bundle ./
USER 1000:1000
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --start-interval=1s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "server.js"]
