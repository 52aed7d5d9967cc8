// On pages with a film: the modules of frontend/player/. Code to load later goes in a folder below it.
import.meta.glob("./player/*.ts", { eager: true });

export {};
