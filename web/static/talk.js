// The list of messages and the board above it: what comes in is put in its place, once, and said to a screen reader.

import { ask, data, elements } from "./wire.js";
import { toast } from "./toast.js";

const list = document.getElementById("messages");
const scroll = document.getElementById("scroll");
const board = document.getElementById("board");
const newer = document.getElementById("newer");
const live = document.getElementById("live");
const BREATH = 5 * 60 * 1000;
const NEAR_END = 60;

/** Ids are 64-bit numbers, more than a JavaScript number holds: the longer, or else the later in the alphabet, is the newer. */
const isNewer = (a, b) => a.length > b.length || (a.length === b.length && a > b);
const atEnd = () => scroll.scrollTop > -NEAR_END;
const idOf = (element) => element.dataset.id;

/** Put a message where it belongs; `told` is what the stream said of it. */
export function show(told) {
  if (told.board) return pin(told);
  if (board.querySelector(".board")?.dataset.id === told.id) board.replaceChildren();
  const [fresh] = elements(told.html);
  const old = document.getElementById(fresh.id);
  if (old) {
    if (isNewer(fresh.dataset.version, old.dataset.version)) replace(old, fresh);
    return;
  }
  const oldest = list.firstElementChild;
  if (oldest && document.getElementById("older") && isNewer(idOf(oldest), told.id)) return;
  add(fresh);
}

function replace(old, fresh) {
  const held = old.contains(document.activeElement) ? placeOfFocus(old) : -1;
  old.replaceWith(fresh);
  tidy();
  if (held >= 0) focusables(fresh)[held]?.focus();
}

function add(fresh) {
  const stay = atEnd() || fresh.dataset.sender === data.me;
  const last = list.lastElementChild;
  const isNew = !last || isNewer(idOf(fresh), idOf(last));
  const next = [...list.children].find((one) => isNewer(idOf(one), idOf(fresh)));
  fresh.classList.toggle("fresh", isNew);
  list.insertBefore(fresh, next ?? null);
  document.getElementById("nothing")?.remove();
  tidy();
  if (!isNew) return;
  announce(fresh);
  if (stay) toEnd();
  else {
    newer.textContent = data.words.new_messages;
    newer.hidden = false;
  }
}

function pin(told) {
  document.getElementById(`m${told.id}`)?.remove();
  tidy();
  const [fresh] = elements(told.board);
  const unfolded = document.getElementById("unfold")?.checked ?? false;
  const held = board.contains(document.activeElement) ? placeOfFocus(board) : -1;
  board.replaceChildren(fresh);
  document.getElementById("unfold").checked = unfolded;
  if (held >= 0) focusables(board)[held]?.focus();
}

const focusables = (within) => [...within.querySelectorAll("a, button, input:not([type=hidden])")];
const placeOfFocus = (within) => focusables(within).indexOf(document.activeElement);

/** Name and picture once for several messages in a row; the date once a day. */
function tidy() {
  let before = null;
  for (const one of list.children) {
    const sameDay = before !== null && before.dataset.day === one.dataset.day;
    const goesOn = sameDay && before.dataset.sender === one.dataset.sender && one.dataset.at - before.dataset.at < BREATH;
    one.classList.toggle("opens-day", !sameDay);
    one.classList.toggle("leads", !goesOn);
    before = one;
  }
}

/** 今天 and 昨天 move on when the day does. */
export function renameDays(near) {
  for (const day of list.querySelectorAll(".day")) day.firstElementChild.textContent = near[day.dataset.day] ?? "";
  const [today] = Object.keys(near);
  for (const day of board.querySelectorAll(".of-day")) {
    day.hidden = day.dataset.day === today;
    day.textContent = near[day.dataset.day] ?? day.textContent;
  }
}

function announce(message) {
  if (message.dataset.sender === data.me) return;
  const read = (selector) => message.querySelector(selector)?.textContent.trim() ?? "";
  const picture = message.querySelector("img.made")?.alt ?? "";
  live.textContent = `${read(".who bdi")}: ${read(".title")} ${read(".text")} ${picture} ${read(".file-name")}`;
}

export function toEnd() {
  scroll.scrollTop = 0;
  newer.hidden = true;
}

async function readBack(event) {
  event.preventDefault();
  const link = event.currentTarget;
  const bones = document.createElement("div");
  bones.className = "bones";
  bones.append(document.createElement("i"), document.createElement("i"));
  link.parentElement.replaceWith(bones);
  try {
    const { html, more } = await ask(`/chat/${data.chat}/messages?before=${idOf(list.firstElementChild)}`);
    list.prepend(...elements(html));
    tidy();
    bones.replaceWith(...(more ? [link.parentElement] : []));
  } catch (trouble) {
    bones.replaceWith(link.parentElement);
    toast(trouble.message, { stays: true });
  }
}

newer.addEventListener("click", toEnd);
scroll.addEventListener("scroll", () => atEnd() && (newer.hidden = true), { passive: true });
document.getElementById("older")?.addEventListener("click", readBack);
