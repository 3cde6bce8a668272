// Starts the page's code, and says so plainly where that cannot be done: everything else is Rust.
import load, { openPages } from "./page.js";

const failed = (reason) => {
  console.error("the page cannot go on:", reason);
  const notice = document.getElementById("fault");
  if (notice) notice.hidden = false;
};

// a panic of the page's code ends it; whatever it showed stays readable
addEventListener("error", (event) => {
  if (event.error instanceof WebAssembly.RuntimeError) failed(event.error);
});
addEventListener("unhandledrejection", (event) => {
  if (event.reason instanceof WebAssembly.RuntimeError) failed(event.reason);
});

load().then(openPages).catch(failed);
