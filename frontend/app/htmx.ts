// htmx with the hx-csp extension: only elements that inherit the page's nonce (base.html grants it on <body>) are alive.
import "htmx.org/dist/htmx.esm.js";
import "htmx.org/dist/ext/hx-csp.js";
