// On the creator's pages: the modules of frontend/studio/. Code to load later goes in a folder below it.
import.meta.glob("./studio/*.ts", { eager: true });

export {};
