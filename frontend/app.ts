// On every page: the style sheet and the small modules of frontend/app/.
import "./css/main.css";

import.meta.glob("./app/*.ts", { eager: true });
