// What stands around the talk: fetched afresh after something happened, at most about once a second.

import { ask, data } from "./wire.js";
import { renameDays } from "./talk.js";

const SOON = 250;
const AT_MOST_EVERY = 1000;
const AT_LEAST_EVERY = 30_000;
const shown = new Map();
let timer;
let last = 0;

export function refreshSoon() {
  if (timer) return;
  timer = setTimeout(refresh, Math.max(SOON, AT_MOST_EVERY - (Date.now() - last)));
}

export async function refresh() {
  clearTimeout(timer);
  timer = undefined;
  last = Date.now();
  let fresh;
  try {
    fresh = await ask(`/chat/${data.chat}/around`);
  } catch {
    return; // the stream says so when the connection is gone
  }
  for (const [name, html] of Object.entries(fresh.parts)) swap(name, html);
  data.people = fresh.people;
  document.dispatchEvent(new Event("around"));
  renameDays(fresh.near);
}

/** Put the new piece in, if it is new, without taking the focus away from who is in it. */
function swap(name, html) {
  const box = document.getElementById(name);
  if (!box || shown.get(name) === html) return;
  shown.set(name, html);
  const held = box.contains(document.activeElement) ? document.activeElement : null;
  const template = document.createElement("template");
  template.innerHTML = html;
  box.replaceChildren(template.content);
  if (!held) return;
  const same = held.id ? document.getElementById(held.id) : [...box.querySelectorAll("button")].find((b) => b.value === held.value);
  same?.focus();
}

/** Another of the reader's chats has something new. */
export function markFresh(chat) {
  const tab = document.querySelector(`#tabs a[data-chat="${CSS.escape(chat)}"] .fresh`);
  if (tab) tab.hidden = false;
}

setInterval(() => document.hidden || refresh(), AT_LEAST_EVERY);
