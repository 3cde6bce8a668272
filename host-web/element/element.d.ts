/** What one file turned out to be. */
export interface PreviewedFile {
  /** The name that the file has on the machine. */
  name: string;
  /** What it is. */
  kind: "certificates" | "revocation-list" | "request" | "ocsp-response" | "private-key" | "key-store" | "too-large" | "unknown";
  /** SHA-256 of each certificate in it, hexadecimal, in the order of the file. */
  fingerprints: string[];
}

/** The decision about the first certificate, and the whole verdict. */
export interface PreviewedVerdict {
  /** Whether it may be trusted. */
  decision: "allow" | "deny";
  /** Codes of what was found, such as `validity.expired`. */
  codes: string[];
  /** The engine's own document, byte for byte; see the schema of verdicts. */
  document: string;
}

/** The detail of `assayer-preview`. */
export interface PreviewDetail {
  files: PreviewedFile[];
  /** `null` where there is no anchor, or nothing to judge. */
  verdict: PreviewedVerdict | null;
}

/** The detail of `assayer-fault`. */
export interface FaultDetail {
  reason: string;
}

/**
 * `<assayer-preview>`: shows certificates, requests, revocation lists and OCSP responses before they are uploaded.
 *
 * Attributes: `for`, `anchors`, `policy`, `purpose`, `name`; see `custom-elements.json`.
 */
export class AssayerPreview extends HTMLElement {
  /** Shows these files, as if they had been chosen. */
  show(files: Iterable<File>): Promise<void>;
  addEventListener(type: "assayer-preview", listener: (event: CustomEvent<PreviewDetail>) => void): void;
  addEventListener(type: "assayer-fault", listener: (event: CustomEvent<FaultDetail>) => void): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "assayer-preview": AssayerPreview;
  }
}
