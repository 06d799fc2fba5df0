import { defineConfig } from 'vitest/config'

// Its own file: vite.config.ts is rooted in web/, the tests lie everywhere.
export default defineConfig({
  test: {
    include: ['{bin,domain,server,web,test,scripts,bench}/**/*.test.{ts,tsx,mjs}'],
    globalSetup: ['test/support/databaseServer.ts'],
    maxWorkers: 2,
    testTimeout: 60_000, // a bound for hangs; no test is decided by its speed
    hookTimeout: 120_000,
  },
})
