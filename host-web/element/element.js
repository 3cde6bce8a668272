// <assayer-preview>: the shell of the element. What it shows, and what it says of it, comes from the Rust code and the
// engine beside this file; nothing leaves the page.
import load, { openPreview } from "./page.js";

let loaded;

const announce = (element, type, detail) =>
  element.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));

export class AssayerPreview extends HTMLElement {
  static observedAttributes = ["anchors", "policy", "purpose", "name"];
  #preview = null;
  #field = null;
  #chosen = () => this.show(this.#field.files);

  async connectedCallback() {
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    try {
      await (loaded ??= load());
      if (!this.isConnected || this.#preview) return;
      this.#preview = openPreview(root, !this.hasAttribute("for"), new URL("./style.css", import.meta.url).href,
        (type, detail) => announce(this, type, JSON.parse(detail)));
      this.#ask();
      this.#field = this.hasAttribute("for") ? this.getRootNode().getElementById(this.getAttribute("for")) : null;
      this.#field?.addEventListener("change", this.#chosen);
    } catch (reason) {
      announce(this, "assayer-fault", { reason: String(reason) });
    }
  }

  disconnectedCallback() {
    this.#field?.removeEventListener("change", this.#chosen);
    this.#preview?.close();
    this.#preview = null;
  }

  attributeChangedCallback() {
    this.#ask();
  }

  async show(files) {
    await this.#preview?.show([...files]);
  }

  #ask() {
    const { anchors, policy, purpose, name } = Object.fromEntries(
      AssayerPreview.observedAttributes.map((attribute) => [attribute, this.getAttribute(attribute)]));
    const address = (relative) => (relative ? new URL(relative, document.baseURI).href : undefined);
    this.#preview?.ask(address(anchors), address(policy), purpose ?? undefined, name ?? undefined);
  }
}

customElements.define("assayer-preview", AssayerPreview);
