import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The console is static files served by the api: relative to one host, nothing inlined that the content policy (default-src 'self') would refuse. */
export default defineConfig({
  root: here('./'),
  plugins: [react()],
  resolve: { alias: { '~': here('./src') } },
  build: {
    outDir: here('./dist'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2023',
    // The layout engine is one 1.6 MB file by itself, fetched only when a graph is opened.
    chunkSizeWarningLimit: 2000,
  },
  server: {
    port: 5173,
    proxy: { '/api': { target: process.env['UNITRAIL_API'] ?? 'http://127.0.0.1:3000', changeOrigin: false } },
  },
});
