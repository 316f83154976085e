import config from './playwright.config'
export default { ...config, webServer: [(config.webServer as object[])[0]] } as typeof config
