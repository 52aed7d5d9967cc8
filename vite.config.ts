import { resolve } from "node:path";
import { defineConfig } from "vitest/config";

const entry = (name: string) => resolve(import.meta.dirname, `frontend/${name}`);

export default defineConfig({
  // Chunks find each other relative to themselves, so the same build works under any STATIC_URL or CDN.
  base: "./",
  publicDir: false,
  build: {
    outDir: "static/dist",
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2023",
    cssTarget: ["chrome125", "firefox128", "safari18"],
    modulePreload: { polyfill: false },
    // A strict Content-Security-Policy refuses data: addresses.
    assetsInlineLimit: 0,
    rollupOptions: { input: {
        app: entry("app.ts"),
        player: entry("player.ts"),
        studio: entry("studio.ts"),
        quiz: entry("quiz.ts"),
        assignment: entry("assignment.ts"),
        clips: entry("clips.ts"),
        shop: entry("css/shop.css"),
        buying: entry("css/buying.css"),
        timeline: entry("css/timeline.css"),
        desk: entry("css/desk.css"),
        cutting: entry("css/cutting.css"),
        watching: entry("css/watching.css"),
        clipStyle: entry("css/clips.css"),
      } },
  },
  test: {
    environment: "happy-dom",
    include: ["tests/frontend/**/*.test.ts"],
  },
});
