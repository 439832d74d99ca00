import { escapeHtml } from '../../core/markup';
import type { SandboxShop } from '../shop';
import type { Staff } from '../state';

const STYLE = `
:root{--ink:#20302c;--dim:#5b6b66;--line:#d9e0dd;--ground:#f3f6f4;--bar:#17352e;--accent:#1d6b57}
*{box-sizing:border-box} html,body{height:100%;margin:0}
body{font:14px/1.45 system-ui,sans-serif;color:var(--ink);background:var(--ground);
  display:grid;grid-template:48px auto 1fr/232px 1fr}
header{grid-column:1/-1;background:var(--bar);color:#fff;display:flex;align-items:center;gap:12px;padding:0 16px;position:relative}
header b{font-weight:600;white-space:nowrap} header .store{opacity:.85;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
header .space{flex:1} header select{background:#ffffff1f;color:#fff;border:1px solid #ffffff40;border-radius:6px;padding:4px 8px;font:inherit;max-width:46vw}
header select option{color:var(--ink)}
#menu{display:none;background:none;border:1px solid #ffffff55;border-radius:6px;color:#fff;font:inherit;padding:4px 10px}
.mark{background:#e6b94a;color:#2b2205;border-radius:99px;padding:1px 10px;font-size:12px;font-weight:600;white-space:nowrap}
nav{grid-row:2/4;border-right:1px solid var(--line);padding:14px 10px;overflow:auto;background:#eaf0ed}
nav h2{font-size:12px;color:var(--dim);margin:10px 10px 6px;font-weight:600}
nav ul{list-style:none;margin:0;padding:0} nav a{display:block;padding:7px 10px;border-radius:8px;color:inherit;text-decoration:none}
nav a:hover{background:#dde6e2} nav a[aria-current]{background:#fff;font-weight:600} nav .app{font-weight:600} #app-links a{padding-left:24px}
#titlebar{display:flex;align-items:center;gap:10px;padding:9px 16px;border-bottom:1px solid var(--line);background:#fff;min-height:44px}
#title{font-weight:600;flex:1;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
button{font:inherit;border:1px solid var(--line);background:#fff;border-radius:8px;padding:5px 12px;cursor:pointer}
button.primary{background:var(--accent);border-color:var(--accent);color:#fff} button:disabled{opacity:.5}
main{min-width:0;min-height:0;position:relative} iframe{border:0;width:100%;height:100%;display:block;background:#fff}
#savebar{display:none;position:absolute;inset:0;background:#20241f;color:#fff;align-items:center;gap:10px;padding:0 16px;z-index:3}
.unsaved #savebar{display:flex} #savebar>span:first-child{flex:1} #save-actions{display:flex;flex-direction:row-reverse;gap:8px}
.loading header::after{content:"";position:absolute;left:0;bottom:0;height:2px;width:100%;background:linear-gradient(90deg,transparent,#e6b94a,transparent)}
#toasts{position:fixed;bottom:20px;left:0;right:0;display:grid;gap:8px;justify-items:center;pointer-events:none;z-index:5}
.toast{background:#20241f;color:#fff;border-radius:10px;padding:9px 16px;box-shadow:0 4px 18px #0004;max-width:90vw} .toast.error{background:#a1261b}
#veil{display:none}
@media(max-width:760px){body{grid-template-columns:minmax(0,1fr)} header .mark{display:none} #menu{display:block} header .store{display:none}
 nav{position:fixed;top:48px;bottom:0;left:0;width:270px;z-index:4;transform:translateX(-100%);visibility:hidden} .menu-open nav{transform:none;visibility:visible}
 .menu-open #veil{display:block;position:fixed;inset:48px 0 0;background:#0005;z-index:3;border:0;border-radius:0;width:100%}}
.card{grid-column:1/-1;grid-row:2/4;max-width:560px;margin:40px auto;background:#fff;border:1px solid var(--line);border-radius:12px;padding:24px;width:calc(100% - 32px);align-self:start}
.card h1{font-size:19px;margin:0 0 8px} .card li{margin:3px 0} .scopes{color:var(--dim);font-size:13px;padding-left:18px}
`;

const page = (title: string, attributes: string, body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title>
<meta name="viewport" content="width=device-width,initial-scale=1"><style>${STYLE}</style></head>
<body ${attributes}>${body}</body></html>`;

const bar = (store: string, extra = ''): string =>
  `<header><button id="menu" type="button" aria-label="Menu">Menu</button><b>Sandbox admin</b>
<span class="mark">not Shopify</span><span class="space"></span>
<span class="store">${escapeHtml(store)}</span>${extra}</header>`;

export function frameHtml(view: {
  shop: SandboxShop;
  staff: Staff;
  base: string;
  source: string;
}): string {
  const { shop, staff, base, source } = view;
  const people = shop
    .staff()
    .map(
      (one) =>
        `<option value="${escapeHtml(one.id)}"${one.id === staff.id ? ' selected' : ''}>` +
        `${escapeHtml(`${one.firstName} ${one.lastName}`)}</option>`,
    )
    .join('');
  const attributes =
    `data-shop="${escapeHtml(shop.domain)}" data-base="${escapeHtml(base)}"` +
    ` data-staff="${escapeHtml(staff.id)}"`;
  return page(
    `${shop.name} · Sandbox admin`,
    attributes,
    `${bar(shop.name, `<select id="staff" aria-label="Signed in as">${people}</select>`)}
<nav aria-label="Store"><ul><li><a href="/">All stores</a></li></ul>
<h2>Apps</h2><ul><li><a class="app" href="${escapeHtml(base)}">Crossdock</a></li></ul>
<ul id="app-links" aria-label="Pages of the app"></ul></nav><button id="veil" type="button" aria-label="Close menu"></button>
<div style="position:relative"><div id="titlebar"><span id="title">Crossdock</span><span id="actions"></span></div>
<div id="savebar" role="region" aria-label="Unsaved changes"><span>Unsaved changes</span><span id="save-actions"></span></div></div>
<main><iframe id="app" title="App" src="${escapeHtml(source)}" allow="clipboard-write"></iframe></main>
<div id="toasts" aria-live="polite"></div><script src="/frame.js"></script>`,
  );
}

export function installHtml(shop: SandboxShop, base: string): string {
  const scopes = shop.state.grantedScopes.map((one) => `<li>${escapeHtml(one)}</li>`).join('');
  return page(
    `Install · ${shop.name}`,
    '',
    `${bar(shop.name)}<div class="card"><h1>Install Crossdock</h1>
<p>The app asks for access to this store:</p><ul class="scopes">${scopes}</ul>
<form method="post" action="${escapeHtml(base)}/install"><button class="primary">Install</button></form></div>`,
  );
}

export function storesHtml(shops: readonly SandboxShop[]): string {
  const rows = shops
    .map(
      (shop) =>
        `<li><a href="/store/${escapeHtml(shop.handle)}">${escapeHtml(shop.name)}</a>` +
        ` <span style="color:var(--dim)">${escapeHtml(shop.domain)}</span></li>`,
    )
    .join('');
  return page(
    'Sandbox admin',
    '',
    `${bar('')}<div class="card"><h1>Stores</h1><ul>${rows}</ul></div>`,
  );
}
