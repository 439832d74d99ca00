import { escapeHtml } from './markup';

const STYLE = `
:root{--ink:#1f2d29;--dim:#5d6d68;--line:#dbe2df;--ground:#f4f7f5;--card:#fff;--accent:#1d6b57;--warn:#9a5b00;--bad:#a1261b;--soft:#e8f1ed}
@media(prefers-color-scheme:dark){:root{--ink:#e7efec;--dim:#9db0a9;--line:#33423d;--ground:#141c19;--card:#1d2723;--accent:#5fbfa3;--warn:#e3a94f;--bad:#f08a80;--soft:#24332d}}
*{box-sizing:border-box} body{margin:0;font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--ground)}
header{padding:18px 20px 10px;max-width:1240px;margin:auto;display:flex;flex-wrap:wrap;gap:8px 18px;align-items:baseline}
h1{font-size:21px;margin:0} header p{margin:0;color:var(--dim);flex:1 1 300px} a{color:var(--accent)}
main{max-width:1240px;margin:auto;padding:0 20px 60px}
.tabs{display:flex;gap:6px;flex-wrap:wrap;margin:10px 0 14px} .tabs button{border-radius:99px}
button{font:inherit;font-size:14px;color:inherit;background:var(--card);border:1px solid var(--line);border-radius:8px;padding:6px 13px;cursor:pointer;min-height:36px}
select{font:inherit;font-size:16px;max-width:9.5em;color:inherit;background:var(--card);border:1px solid var(--line);border-radius:8px;padding:5px 7px;min-height:36px;margin-left:6px}
button:disabled{opacity:.45;cursor:default} button:hover:enabled{border-color:var(--accent)} button[aria-selected=true],button.primary{background:var(--accent);border-color:var(--accent);color:#fff}
@media(prefers-color-scheme:dark){button[aria-selected=true],button.primary{color:#0c1512}}
@media(max-width:520px){#orders td.n{white-space:normal} #orders select{margin:6px 0 0;max-width:6em}}
button:focus-visible,input:focus-visible,select:focus-visible,summary:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.grid{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:14px;align-items:start} @media(max-width:860px){.grid{grid-template-columns:minmax(0,1fr)}}
section{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:14px 16px;margin-bottom:14px} h2{font-size:15px;margin:0 0 2px} section>p.hint{margin:0 0 10px;color:var(--dim);font-size:13.5px}
.row{display:flex;gap:8px;flex-wrap:wrap;align-items:center} input[type=number],input[type=search]{font:inherit;font-size:16px;color:inherit;background:var(--ground);border:1px solid var(--line);border-radius:8px;padding:5px 9px;min-height:36px}
input[type=number]{width:84px} input[type=search]{flex:1;min-width:120px}
table{width:100%;border-collapse:collapse;font-size:14px} td,th{text-align:left;padding:6px 6px;border-top:1px solid var(--line);vertical-align:top} th{color:var(--dim);font-weight:500;border-top:0;font-size:13px}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap} .scroll{max-height:420px;overflow:auto} .sku{color:var(--dim);font-size:12.5px;display:block;overflow-wrap:anywhere}
.place{display:flex;gap:8px;align-items:center;justify-content:flex-end;margin-bottom:4px} .place .sku{white-space:normal;overflow-wrap:normal} @media(max-width:520px){.place{flex-direction:column;align-items:flex-end;gap:0}} .place input{flex:none} .title{overflow-wrap:anywhere} .dim{color:var(--dim)} .bad{color:var(--bad)} .warn{color:var(--warn)} .good{color:var(--accent)}
.switch{display:flex;gap:10px;align-items:flex-start;padding:8px 0;border-top:1px solid var(--line);cursor:pointer} .switch:first-child{border-top:0} .switch input{width:20px;height:20px;margin:2px 0 0;accent-color:var(--accent);flex:none}
.log{font-size:13.5px} .log details{border-top:1px solid var(--line);padding:5px 0} .log summary{cursor:pointer;display:flex;gap:8px;align-items:baseline;list-style:none;min-height:26px}
.log summary::-webkit-details-marker{display:none} .log .what{flex:1;overflow-wrap:anywhere;min-width:0} .log time{color:var(--dim);font-variant-numeric:tabular-nums;font-size:12.5px} .log pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:12px;background:var(--ground);border-radius:8px;padding:8px;margin:6px 0;max-height:240px;overflow:auto}
.pill{font-size:12px;border-radius:99px;padding:0 8px;background:var(--soft);white-space:nowrap} .pill.bad{background:var(--bad);color:#fff} .pill.warn{background:#f4e3c3;color:#5f3b00}
#say{position:fixed;left:50%;bottom:18px;transform:translateX(-50%);background:#20241f;color:#fff;border-radius:10px;padding:9px 16px;max-width:92vw;box-shadow:0 4px 18px #0004;opacity:0;transition:opacity .15s;pointer-events:none} #say.on{opacity:1} #say.bad{background:#a1261b}
.chosen{list-style:none;margin:8px 0;padding:0} .chosen li{display:flex;gap:8px;align-items:center;padding:3px 0} .chosen span{flex:1;overflow-wrap:anywhere}
#alarm:not(:empty){border:1px solid var(--bad);border-radius:12px;padding:10px 14px;margin-bottom:14px;color:var(--bad)}
`;

export function controlHtml(links: readonly { label: string; url: string }[]): string {
  const anchors = links
    .map((link) => `<a href="${escapeHtml(link.url)}">${escapeHtml(link.label)}</a>`)
    .join(' ');
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sandbox control</title>
<meta name="viewport" content="width=device-width,initial-scale=1"><link rel="icon" href="data:,"><style>${STYLE}</style></head><body>
<header><h1>Sandbox control</h1><p>The stores here are simulated. Place orders, change their stock, or make one misbehave, and watch the app cope.</p>${anchors}</header>
<main>
<section id="traffic" aria-label="Traffic"><h2>Traffic</h2><p class="hint" id="traffic-state">Starting…</p>
<div class="row"><label for="rate">Orders a minute, over all stores</label><input id="rate" type="number" min="0" max="1200" value="12">
<button id="traffic-start" class="primary" type="button">Run</button><button id="traffic-stop" type="button">Stop</button></div></section>
<div class="tabs" role="tablist" aria-label="Stores" id="tabs"></div><div id="alarm" role="alert"></div>
<div class="grid"><div>
<section><h2>Place an order</h2><p class="hint">Choose items below, or let the buyers choose.</p>
<ul class="chosen" id="chosen"></ul>
<div class="row"><button id="place" class="primary" type="button" disabled>Place this order</button>
<label class="dim" for="random">or</label><input id="random" type="number" min="1" max="200" value="5"><button id="place-random" type="button">Place random orders</button></div></section>
<section><h2>Stock, as this store believes it</h2><p class="hint">Type a number and press Enter to change it as the merchant would, behind the app's back.</p>
<div class="row"><input id="search" type="search" placeholder="Find a SKU or title" aria-label="Find a SKU or title"><span class="dim" id="item-count"></span></div>
<div class="scroll" tabindex="0" aria-label="Stock"><table><thead><tr><th>Item</th><th class="n">Available</th><th></th></tr></thead><tbody id="items"></tbody></table></div></section>
<section><h2>Recent orders</h2><div class="scroll" tabindex="0" aria-label="Recent orders"><table><tbody id="orders"></tbody></table></div></section>
</div><div>
<section><h2>Make this store misbehave</h2><p class="hint">Each switch holds until it is turned off.</p><div id="faults"></div></section>
<section class="log"><h2>Requests that reached this store</h2><div class="scroll" tabindex="0" aria-label="Requests" id="requests"></div></section>
<section class="log"><h2>Webhooks it sent</h2><div class="scroll" tabindex="0" aria-label="Webhooks" id="webhooks"></div></section>
</div></div></main><div id="say" role="status"></div><script src="/control.js"></script></body></html>`;
}
