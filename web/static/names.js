// @ completes members: a listbox above the composer, by mouse, finger or keyboard.

import { data } from "./wire.js";

const MOST = 8;
const CALLING = /[@＠]([^\s@＠]*)$/;
const box = document.getElementById("say");
const list = document.getElementById("names");
const picked = new Map();
let chosen = 0;

export const isOpen = () => !list.hidden;

/** Whom the text calls, as chosen from the list. */
export function called(text) {
  return [...picked].filter(([, name]) => text.includes(`@${name}`)).map(([id, name]) => ({ id, name }));
}

export const forget = () => picked.clear();

function update() {
  const typed = box.value.slice(0, box.selectionStart).match(CALLING);
  const fits = typed ? data.people.filter((one) => one.name.toLowerCase().includes(typed[1].toLowerCase())).slice(0, MOST) : [];
  list.replaceChildren(...fits.map(option));
  list.hidden = fits.length === 0;
  choose(0);
}

function option(one, place) {
  const item = document.createElement("li");
  item.id = `name-${place}`;
  item.setAttribute("role", "option");
  item.dataset.id = one.id;
  item.textContent = one.name;
  item.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    take(item);
  });
  return item;
}

function choose(place) {
  chosen = (place + list.children.length) % (list.children.length || 1);
  [...list.children].forEach((item, i) => item.setAttribute("aria-selected", i === chosen));
  list.children[chosen]?.scrollIntoView({ block: "nearest" });
  box.setAttribute("aria-expanded", isOpen());
  if (isOpen()) box.setAttribute("aria-activedescendant", `name-${chosen}`);
  else box.removeAttribute("aria-activedescendant");
}

function take(item) {
  const before = box.value.slice(0, box.selectionStart).replace(CALLING, `@${item.textContent} `);
  const after = box.value.slice(box.selectionStart);
  picked.set(item.dataset.id, item.textContent);
  box.value = before + after;
  box.setSelectionRange(before.length, before.length);
  close();
  box.focus();
  box.dispatchEvent(new Event("input"));
}

function close() {
  list.hidden = true;
  choose(0);
}

/** Whether the key was for the list. */
export function takesKey(event) {
  if (!isOpen()) return false;
  const keys = {
    ArrowDown: () => choose(chosen + 1),
    ArrowUp: () => choose(chosen - 1),
    Enter: () => take(list.children[chosen]),
    Tab: () => take(list.children[chosen]),
    Escape: close,
  };
  const act = keys[event.key];
  if (!act || event.shiftKey) return false;
  event.preventDefault();
  act();
  return true;
}

box.addEventListener("input", update);
box.addEventListener("click", update);
box.addEventListener("blur", close);
