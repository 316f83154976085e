import config from './playwright.config'

const servers = config.webServer as object[]
export default { ...config, webServer: [servers[0]] }
