import { defineConfig } from 'vitest/config'

// Its own file: vite.config.ts is rooted in web/, the tests lie everywhere.
export default defineConfig({
  test: {
    include: ['{bin,domain,server,web,test,scripts,bench}/**/*.test.{ts,tsx,mjs}'],
    globalSetup: ['test/support/databaseServer.ts'],
    maxWorkers: 2,
    testTimeout: 60_000, // a bound for hangs; no test is decided by its speed
    hookTimeout: 120_000,
    // In CI a test that fails is run once more, and the report shows it (`retry x1`): to be mended, but no reason to refuse the work of a day.
    retry: process.env['CI'] ? 1 : 0,
  },
})
