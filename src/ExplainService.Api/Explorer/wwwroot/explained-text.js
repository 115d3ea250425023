/**
 * <explained-text>: a text whose words are coloured by what they contribute to a model's prediction, for any page.
 *
 *   <script src="https://explain.example/explained-text.js" defer></script>
 *   <explained-text text="A gripping film." model="minilm-sst2" method="occlusion" target="positive"></explained-text>
 *
 * Attributes: text, model, method (an endpoint that scores words; default shap), target (a label; default what is predicted), src (the
 * service; default where this file came from). Property: key, sent as X-Api-Key and never written into the page.
 * Events: explained (detail: the answer), refused (detail: the problem). Colours: --explained-positive, --explained-negative.
 */
(() => {
  "use strict";

  const home = document.currentScript?.src ? new URL(".", document.currentScript.src).href : location.origin + "/";

  /** Below a hundredth (of a probability, a logit, a nat) scores are noise and stay pale. */
  const LEAST_SCALE = 0.01;
  const STRONG = 0.3;
  const WORDS_TOLD = 5;

  const STYLE = `
    :host { display: block; line-height: 1.8; }
    :host([hidden]) { display: none; }
    p { margin: 0; }
    .text { white-space: pre-wrap; overflow-wrap: anywhere; }
    .word { border-radius: 0.2em; padding: 0.1em 0; text-underline-offset: 0.25em; }
    .for { background: rgb(from var(--explained-positive, #2166ac) r g b / var(--share)); }
    .against { background: rgb(from var(--explained-negative, #b2182b) r g b / var(--share)); }
    .strong.for { text-decoration: underline solid 2px; }
    .strong.against { text-decoration: underline dotted 2px; }
    .verdict { font-size: 0.85em; opacity: 0.85; }
    .problem::before { content: "\\26A0\\00A0"; }
    .told { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    [aria-busy="true"] .text { opacity: 0.6; }`;

  const SHEET = new CSSStyleSheet();
  SHEET.replaceSync(STYLE);

  class ExplainedText extends HTMLElement {
    static observedAttributes = ["text", "model", "method", "target", "src"];

    #root = this.attachShadow({ mode: "open" });
    #body = document.createElement("div");
    #asking = null;
    #planned = false;
    #key = null;

    constructor() {
      super();
      // Not a <style>: the policy of the page that it is in may forbid those.
      this.#root.adoptedStyleSheets = [SHEET];
      this.#root.append(this.#body);
    }

    /** Who asks, where the service has keys. */
    set key(value) {
      this.#key = value;
      this.#plan();
    }

    connectedCallback() {
      // What a page set before this file had run stands in the way of the property.
      if (Object.hasOwn(this, "key")) {
        const given = this.key;
        delete this.key;
        this.key = given;
      }
      this.#plan();
    }

    disconnectedCallback() {
      this.#asking?.abort();
    }

    attributeChangedCallback() {
      this.#plan();
    }

    /** One question, however many attributes change at once. */
    #plan() {
      if (this.#planned || !this.isConnected) return;
      this.#planned = true;
      queueMicrotask(() => {
        this.#planned = false;
        if (this.isConnected) void this.#ask();
      });
    }

    async #ask() {
      this.#asking?.abort();
      const asking = (this.#asking = new AbortController());
      const text = this.getAttribute("text") ?? "";
      this.#show(element("p", { className: "text", part: "text" }, text));
      if (text.trim() === "") return;
      this.#body.setAttribute("aria-busy", "true");
      try {
        const answer = await this.#fetch(text, asking.signal);
        if (asking.signal.aborted) return;
        this.#draw(text, answer);
        this.#tell("explained", answer);
      } catch (failure) {
        if (asking.signal.aborted) return;
        const problem = failure.problem ?? { detail: "The service that explains this text cannot be reached." };
        this.#show(
          element("p", { className: "text", part: "text" }, text),
          element("p", { className: "problem", part: "problem", role: "alert" }, problem.detail ?? problem.title),
        );
        this.#tell("refused", problem);
      } finally {
        if (this.#asking === asking) this.#body.removeAttribute("aria-busy");
      }
    }

    async #fetch(text, signal) {
      const [method, model, target] = ["method", "model", "target"].map(name => this.getAttribute(name) || null);
      const base = new URL(this.getAttribute("src") || home, document.baseURI);
      if (!base.pathname.endsWith("/")) base.pathname += "/";
      const request = { text, granularity: "word" };
      if (model) request.model = model;
      if (target) request.target = { label: target };
      const response = await fetch(new URL((method ?? "shap").replace(/^\/+/, ""), base), {
        method: "POST",
        headers: { "content-type": "application/json", accept: "application/json", ...(this.#key ? { "x-api-key": this.#key } : {}) },
        body: JSON.stringify(request),
        signal,
        credentials: "omit",
      });
      const answer = await response.json();
      if (!response.ok) throw Object.assign(new Error(), { problem: answer });
      if (!Array.isArray(answer.units)) throw Object.assign(new Error(), { problem: { detail: `The method ${method} scores no words.` } });
      return answer;
    }

    #draw(text, answer) {
      const units = answer.units.filter(unit => unit.in !== "pair" && typeof unit.score === "number");
      const scale = Math.max(LEAST_SCALE, ...units.map(unit => Math.abs(unit.score)));
      const passage = element("p", { className: "text", part: "text" });
      let end = 0;
      for (const unit of units) {
        passage.append(text.slice(end, unit.start), wordOf(text.slice(unit.start, unit.end), unit.score, scale));
        end = unit.end;
      }
      passage.append(text.slice(end));
      this.#show(
        passage,
        element("p", { className: "verdict", part: "verdict" }, verdictOf(answer)),
        element("p", { className: "told" }, told(units, answer)),
        ...(answer.warnings ?? []).map(warning => element("p", { className: "verdict", part: "warning" }, warning)),
      );
    }

    #show(...parts) {
      this.#body.replaceChildren(...parts);
    }

    #tell(name, detail) {
      this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
    }
  }

  function element(name, { className, part, role } = {}, text = "") {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (part) made.setAttribute("part", part);
    if (role) made.setAttribute("role", role);
    made.textContent = text;
    return made;
  }

  function wordOf(text, score, scale) {
    const share = Math.abs(score) / scale;
    const word = element("span", { className: `word ${score < 0 ? "against" : "for"}${share >= STRONG ? " strong" : ""}`, part: "word" }, text);
    word.style.setProperty("--share", (share / 2).toFixed(3));
    word.title = signed(score);
    return word;
  }

  const signed = score => (score < 0 ? "\u2212" : "+") + Math.abs(score).toFixed(3);

  function verdictOf({ prediction }) {
    const said = prediction?.label ?? prediction?.text ?? "";
    const number = prediction?.probability;
    return typeof number === "number" ? `${said}, ${(number * 100).toFixed(1)} %` : said;
  }

  /** For those who see no colours: the words that count most. */
  function told(units, { target }) {
    const strongest = [...units].sort((a, b) => Math.abs(b.score) - Math.abs(a.score)).slice(0, WORDS_TOLD);
    const of = target?.label ?? target?.text;
    return `Words that count most${of ? ` for ${of}` : ""}: ${strongest.map(unit => `${unit.text} ${signed(unit.score)}`).join(", ")}.`;
  }

  if (!customElements.get("explained-text")) customElements.define("explained-text", ExplainedText);
})();
