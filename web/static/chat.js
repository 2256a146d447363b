// The chat page comes to life. Without this it can still be read, and written in.

import "./composer.js";
import "./demo.js";
import "./enlarge.js";
import { connect } from "./stream.js";

document.documentElement.classList.add("js");
const more = document.getElementById("more");
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") more.checked = false;
});
connect();
