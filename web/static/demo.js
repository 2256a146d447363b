// The demonstration strip: the clock moves without leaving the page; starting over asks first.

import { ask } from "./wire.js";
import { refresh } from "./around.js";
import { toast } from "./toast.js";

async function moved(event) {
  const steps = event.target.closest("#clock-steps, #begin-activity");
  if (!steps) return;
  event.preventDefault();
  const step = event.submitter.value;
  for (const button of steps.elements) button.disabled = true;
  try {
    toast((await ask(steps.getAttribute("action"), { step })).toast);
  } catch (trouble) {
    toast(trouble.message, { stays: true });
  }
  for (const button of steps.elements) button.disabled = false;
  await refresh();
  document.getElementById(`step-${step}`)?.focus();
}

function asked(event) {
  const over = event.target.closest("#start-over");
  const sure = document.getElementById("sure");
  if (!over || !sure.showModal) return;
  event.preventDefault();
  sure.returnValue = "no";
  sure.showModal();
  // The strip is drawn anew while people think: the form that was pressed may be gone by then.
  const startOver = () => sure.returnValue === "yes" && document.getElementById("start-over").submit();
  sure.addEventListener("close", startOver, { once: true });
}

document.addEventListener("submit", moved);
document.addEventListener("submit", asked);
