import react from '@vitejs/plugin-react'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { defineConfig, type Plugin } from 'vite'
import { tokensCss } from './web/ui/theme.ts'

const web = fileURLToPath(new URL('./web', import.meta.url))

/** Serves the design tokens of `web/ui/theme.ts` as a style sheet: they exist before any script has run, and they exist once. */
const tokens = (): Plugin => ({
  name: 'anechoic-tokens',
  resolveId: (id) => (id === 'virtual:tokens.css' ? '\0tokens.css' : null),
  load: (id) => (id === '\0tokens.css' ? tokensCss() : null),
})

const injectors = /@rc-component[\\/]util[\\/]es[\\/]Dom[\\/]dynamicCSS\.js$|@ant-design[\\/]icons[\\/]es[\\/]cssUtils\.js$/

/**
 * antd writes its styles into <style> elements, which a strict `style-src 'self'` forbids. Both of its injectors are replaced by constructed
 * style sheets, which the policy allows, so that the server needs neither a nonce per page nor 'unsafe-inline'.
 */
const adoptStyles = (): Plugin => ({
  name: 'anechoic-adopt-styles',
  load: (id) => (injectors.test(id) ? `export * from ${JSON.stringify(`${web}/ui/adoptStyles.ts`)}` : null),
})

/** Writes `.br` and `.gz` beside what compresses well, so that the server sends files and compresses nothing. Last of all: later steps edit the code. */
const precompress = (): Plugin => ({
  name: 'anechoic-precompress',
  apply: 'build',
  writeBundle(options, bundle) {
    for (const fileName of Object.keys(bundle).filter((name) => /\.(?:js|css|svg|html)$/.test(name))) {
      const file = join(options.dir ?? '', fileName)
      const source = readFileSync(file)
      if (source.length < 1_000) continue
      const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: source.length }
      writeFileSync(`${file}.br`, brotliCompressSync(source, { params }))
      writeFileSync(`${file}.gz`, gzipSync(source, { level: 9 }))
    }
  },
})

export default defineConfig({
  root: web,
  plugins: [react(), tokens(), adoptStyles(), precompress()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // Inlined images would need `img-src data:`; there is none.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    modulePreload: { polyfill: false },
  },
  // In development antd is bundled beforehand, by the same rule.
  optimizeDeps: { rolldownOptions: { plugins: [adoptStyles()] } },
  server: {
    host: 'localhost',
    port: 7411,
    // The server compares Origin with Host, so the browser's own Host is passed on.
    proxy: Object.fromEntries(
      ['/api', '/readyz', '/livez'].map((path) => [
        path,
        { target: `http://127.0.0.1:${process.env['ANECHOIC_PORT'] ?? '7410'}`, changeOrigin: false },
      ]),
    ),
  },
})
