// 写心得: what is typed is a reflection, and the page says how much of it is still missing, counted as the program counts.

import { data } from "./wire.js";
import * as photos from "./photos.js";

const bar = document.getElementById("reflecting");
const box = document.getElementById("say");
const told = bar.querySelector(".reflecting-title");
const left = document.getElementById("reflecting-left");
const done = document.getElementById("reflected");
const hint = box.placeholder;
let on = false;

const clusters = typeof Intl.Segmenter === "function" ? new Intl.Segmenter("zh", { granularity: "grapheme" }) : null;
// As domain/reflection.py has it: a character that shows nothing, and white space, is none.
const SHOWS = /[^\p{Cc}\p{Cf}\p{Cs}\p{M}\p{Z}\u115f\u1160\u2800\u3164\uffa0]/u;

/** Characters as people perceive them. */
export function count(text) {
  const parts = clusters ? Array.from(clusters.segment(text), (one) => one.segment) : [...text];
  return parts.filter((part) => SHOWS.test(part)).length;
}

/** What stands before the words when they are sent; "" while nothing is asked. */
export const lead = () => (on && asked() ? asked().value : "");

const asked = () => document.getElementById("reflect");

export function begin() {
  on = true;
  told.textContent = asked().dataset.title;
  show();
  box.focus();
}

export function end() {
  on = false;
  show();
}

function show() {
  if (!asked()) on = false;
  bar.hidden = !on;
  box.form.classList.toggle("writing", on);
  box.placeholder = on ? data.words.reflection_hint : hint;
  box.rows = on ? 4 : 1;
  if (!on) return;
  const of = asked().dataset;
  const chars = count(box.value) + Number(of.hadChars);
  const shown = photos.files().length + Number(of.hadPhotos);
  const missing = [];
  if (chars < of.chars) missing.push(data.words.chars_left.replace("{n}", of.chars - chars));
  if (shown < of.photos) missing.push(data.words.photos_left.replace("{n}", of.photos - shown));
  left.textContent = `${chars}/${of.chars} · ${missing.join(" · ") || data.words.reflection_ready}`;
  bar.classList.toggle("ready", !missing.length);
  done.max = of.chars;
  done.value = Math.min(chars, of.chars);
}

box.addEventListener("input", show);
document.addEventListener("photos", show);
document.addEventListener("around", show);
document.getElementById("reflect-not").addEventListener("click", () => {
  end();
  box.focus();
});
