// On the pages of clips: the modules of frontend/clips/.
import { Feed } from "./clips/feed";

for (const root of document.querySelectorAll<HTMLElement>("[data-clips]")) new Feed(root).start();
