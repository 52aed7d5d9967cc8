// Answers for the one list of a film that the page brought along, so that nobody waits for it: the master.
import type Hls from "hls.js";
import type { HlsConfig, Loader, LoaderCallbacks, LoaderConfiguration, PlaylistLoaderContext } from "hls.js";

type PlaylistLoader = new (config: HlsConfig) => Loader<PlaylistLoaderContext>;

/** A loader that answers `address` with `text` the first time; the second time, and for all else, it asks the server. */
export function loaderKnowing(Player: typeof Hls, address: string, text: string): PlaylistLoader {
  const whole = (path: string) => new URL(path, document.baseURI).href;
  const url = whole(address);
  let left: string | undefined = text;
  return class extends (Player.DefaultConfig.loader as PlaylistLoader) {
    override load(
      context: PlaylistLoaderContext,
      config: LoaderConfiguration,
      callbacks: LoaderCallbacks<PlaylistLoaderContext>,
    ): void {
      const data = left;
      if (data === undefined || whole(context.url) !== url) {
        super.load(context, config, callbacks);
        return;
      }
      left = undefined;
      const now = performance.now();
      Object.assign(this.stats.loading, { start: now, first: now, end: now });
      this.stats.loaded = this.stats.total = data.length;
      // Not at once: hls.js has not finished asking yet.
      queueMicrotask(() => {
        // Destroyed meanwhile, it has no figures any more.
        if (this.stats && !this.stats.aborted) callbacks.onSuccess({ url, data }, this.stats, context, null);
      });
    }
  };
}
