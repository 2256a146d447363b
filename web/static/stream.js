// The live connection. A page in the background lets go of it and catches up later: browsers allow a site six at a time.

import { data } from "./wire.js";
import { markFresh, refresh, refreshSoon } from "./around.js";
import { show } from "./talk.js";
import { toast } from "./toast.js";

const HIDDEN_SECONDS = 20;
const RETRY = 3000;
let source;
let cursor = data.version;
let sleeping;
let broken = false;

export function connect() {
  source?.close();
  source = new EventSource(`/chat/${data.chat}/stream?since=${cursor}&era=${data.era}`);
  source.addEventListener("open", mended);
  source.addEventListener("error", lost);
  source.addEventListener("message", heard);
  source.addEventListener("elsewhere", (event) => {
    refresh().then(() => markFresh(JSON.parse(event.data).chat));
  });
  source.addEventListener("renewed", () => location.reload());
}

function heard(event) {
  cursor = event.lastEventId || cursor;
  show(JSON.parse(event.data));
  refreshSoon();
}

function lost() {
  if (!broken) toast(data.words.offline, { stays: true });
  broken = true;
  // The browser tries again by itself unless it was refused.
  if (source.readyState === EventSource.CLOSED) setTimeout(connect, RETRY);
}

function mended() {
  if (!broken) return;
  broken = false;
  toast("");
  refreshSoon();
}

document.addEventListener("visibilitychange", () => {
  clearTimeout(sleeping);
  if (document.hidden) sleeping = setTimeout(() => source.close(), HIDDEN_SECONDS * 1000);
  else if (source.readyState === EventSource.CLOSED) connect();
});
window.addEventListener("pagehide", () => source.close());
window.addEventListener("pageshow", (event) => event.persisted && connect());
