"use strict";
// Everything of the archive is set as text (`textContent`), never as markup.
(() => {
  const $ = (id) => document.getElementById(id);
  const head = JSON.parse($("head").textContent);
  const all = JSON.parse($("data").textContent);
  const KINDS = ["decline", "review", "accept"];
  const WORDS = ["Decline", "Review", "Accept"];
  const SIGNS = ["×", "?", "✓"];
  const CHANNELS = { invitation: "connection request", direct: "message", inmail: "InMail or paid message" };
  const HIDDEN = "LinkedIn member (name hidden)";
  const STEP = 100;

  /** An element with attributes, and children that are elements or texts. */
  const el = (tag, attributes, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name === "on") for (const [event, act] of Object.entries(value)) node.addEventListener(event, act);
      else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
    }
    node.append(...children.filter((child) => child !== null && child !== undefined));
    return node;
  };
  const svg = (tag, attributes, ...children) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  };
  const day = (t) => {
    if (t === undefined) return "no date";
    const date = new Date(t * 1000);
    return Number.isNaN(date.getTime()) ? "no date" : date.toISOString().slice(0, 10);
  };
  const minute = (t) => day(t) === "no date" ? "no date" : new Date(t * 1000).toISOString().slice(0, 16).replace("T", " ") + " UTC";
  const signed = (milli) => (milli < 0 ? "−" : "+") + (Math.abs(milli) / 1000).toFixed(3);
  const count = (n) => n.toLocaleString("en");
  const name = (m) => m.n || HIDDEN;
  const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
  const flat = (text) => text.replace(/\s+/g, " ").trim();
  const fold = (text) => text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");

  const bySender = new Map();
  const byNumber = new Map();
  const campaignOf = new Map();
  for (const m of all) {
    byNumber.set(m.i, m);
    if (m.k !== undefined) (bySender.get(m.k) || bySender.set(m.k, []).get(m.k)).push(m);
  }
  head.campaigns.forEach(([, members], n) => members.forEach((i) => campaignOf.set(i, n)));

  const state = { kind: -1, text: "", channel: "", sort: head.sort, sender: null, campaign: null, shown: [], drawn: 0, open: null };

  // Searching a word looks at all of it: names, headlines, subjects, texts, reasons. Folded once, when first asked for.
  const haystack = new Map();
  const searched = (m) => {
    let text = haystack.get(m.i);
    if (text === undefined) {
      text = fold([m.n, m.h, m.j, m.x, m.q].filter(Boolean).join("\n"));
      haystack.set(m.i, text);
    }
    return text;
  };

  const late = (t, none) => (t === undefined ? none : t);
  const ORDERS = {
    oldest: (a, b) => (a.d !== 1) - (b.d !== 1) || late(a.t, Infinity) - late(b.t, Infinity) || a.i - b.i,
    newest: (a, b) => late(b.t, -Infinity) - late(a.t, -Infinity) || a.i - b.i,
    decision: (a, b) => a.d - b.d || b.s - a.s || a.i - b.i,
    score: (a, b) => b.s - a.s || a.i - b.i,
  };

  const kinds = [-1, 0, 1, 2].map((kind) => el("button", {
    type: "button", class: "pill", "aria-pressed": String(kind === -1), "data-kind": kind < 0 ? "all" : KINDS[kind],
    on: { click: () => { state.kind = kind; refresh(); } },
  }, kind < 0 ? "All" : WORDS[kind], " ", el("span", { class: "n" }, "")));
  const search = el("input", {
    type: "search", id: "search", placeholder: "Search names, words, reasons", "aria-label": "Search messages", autocomplete: "off",
    spellcheck: "false", on: { input: () => { state.text = search.value; refresh(); } },
  });
  const select = (label, options, value, act) => {
    const node = el("select", { "aria-label": label }, ...options.map(([key, text]) => el("option", { value: key }, text)));
    node.value = value;
    node.addEventListener("change", () => act(node.value));
    return node;
  };
  const channels = [...new Set(all.map((m) => m.c))].sort();
  const tools = el("div", { class: "tools", role: "search" },
    el("div", { role: "group", "aria-label": "Decision" }, ...kinds), search,
    channels.length > 1 ? select("Channel", [["", "All channels"], ...channels.map((c) => [c, CHANNELS[c] || c])], "",
      (value) => { state.channel = value; refresh(); }) : null,
    select("Order", [["oldest", "To decide, oldest first"], ["newest", "Newest first"], ["decision", "By decision"], ["score", "By score"]],
      state.sort, (value) => { state.sort = value; refresh(); }));
  const only = el("p", { class: "only", hidden: true });
  const status = el("p", { class: "note", role: "status" });
  const list = el("ol", { class: "list", "aria-label": "Messages" });
  const detail = el("article", { class: "detail", tabindex: "-1", "aria-live": "polite" });
  const split = el("div", { class: "split" }, list, detail);
  $("app").append(tools, only, status, split);
  $("app").hidden = false;

  const refresh = () => {
    const words = fold(state.text).split(/\s+/).filter(Boolean);
    const members = state.campaign === null ? null : new Set(head.campaigns[state.campaign][1]);
    const before = all.filter((m) =>
      (state.channel === "" || m.c === state.channel) && (state.sender === null || m.k === state.sender) &&
      (members === null || members.has(m.i)) && words.every((word) => searched(m).includes(word)));
    const numbers = [before.length, 0, 0, 0];
    for (const m of before) numbers[m.d + 1] += 1;
    kinds.forEach((button, n) => {
      button.setAttribute("aria-pressed", String(state.kind === n - 1));
      button.lastChild.textContent = count(numbers[n]);
    });
    state.shown = (state.kind < 0 ? before : before.filter((m) => m.d === state.kind)).sort(ORDERS[state.sort]);
    only.replaceChildren();
    only.hidden = state.sender === null && state.campaign === null;
    if (!only.hidden) {
      const what = state.sender === null ? `Campaign ${state.campaign + 1} only` : "";
      only.append(el("span", {}, what, ...(state.sender === null ? [] : ["From ", el("bdi", {}, name((bySender.get(state.sender) || [{}])[0])), " only"])),
        el("button", { type: "button", on: { click: () => { state.sender = state.campaign = null; refresh(); search.focus(); } } }, "Show all"));
    }
    status.textContent = state.shown.length === all.length ? `${count(all.length)} messages` : `${count(state.shown.length)} of ${count(all.length)} messages`;
    list.replaceChildren();
    list.scrollTop = 0;
    state.drawn = 0;
    if (state.shown.length === 0) list.append(el("li", { class: "empty" }, "No message fits. Try another word or filter."));
    draw();
    const wide = matchMedia("(min-width: 54.01rem)").matches;
    if (wide && state.shown.length > 0 && !state.shown.includes(state.open)) open(state.shown[0], false);
    else current();
  };

  const row = (m) => el("li", {}, el("button", {
    type: "button", class: "row", "data-i": m.i, on: { click: () => open(m, true) },
  },
  el("span", { class: `dot ${KINDS[m.d]}`, role: "img", "aria-label": WORDS[m.d] }, SIGNS[m.d]),
  el("bdi", { class: "name" }, name(m)), el("span", { class: "when" }, day(m.t)),
  el("span", { class: "why" }, capital(m.q.replace(/^\w+: /, ""))),
  el("span", { class: "words", dir: "auto" }, m.x ? flat(m.x.slice(0, 240)) : m.c === "invitation" ? "(no note)" : "(no text)")));

  // Rows are made as they come near; what is out of sight is not laid out (`content-visibility`).
  const more = el("li", {}, el("button", { type: "button", class: "more", on: { click: () => {
    const next = state.drawn;
    draw();
    const button = list.querySelectorAll(".row")[next];
    if (button) button.focus();
  } } }, "Show more"));
  const draw = () => {
    more.remove();
    const rows = state.shown.slice(state.drawn, state.drawn + STEP).map(row);
    list.append(...rows);
    state.drawn += rows.length;
    if (state.drawn < state.shown.length) {
      list.append(more);
      watch.unobserve(more);
      watch.observe(more);
    }
  };
  const watch = new IntersectionObserver((seen) => { if (seen.some((one) => one.isIntersecting)) { draw(); current(); } }, { rootMargin: "600px" });

  const current = () => {
    for (const button of list.querySelectorAll("[aria-current]")) button.removeAttribute("aria-current");
    if (state.open === null) return;
    const button = list.querySelector(`[data-i="${state.open.i}"]`);
    if (button) button.setAttribute("aria-current", "true");
  };

  /**
   * The text with the places of evidence marked. Where both meet, what speaks against the sender is shown, as it needs an
   * explanation; of the other only a large remainder is, not single words that say nothing.
   */
  const marked = (text, field, m) => {
    const against = [];
    const favour = [];
    m.w.forEach((r, n) => {
      for (const [which, a, b] of r.m || []) {
        if (r.c !== 0 && which === field && a < b && b <= text.length) (r.c > 0 ? against : favour).push([a, b, n]);
      }
    });
    const taken = new Uint8Array(text.length);
    for (const [a, b] of against) taken.fill(1, a, b);
    const free = ([a, b]) => taken.subarray(a, b).reduce((sum, one) => sum + 1 - one, 0) * 2 >= b - a;
    const places = [...against, ...favour.filter(free)];
    const edges = [...new Set([0, text.length, ...places.flatMap(([a, b]) => [a, b])])].sort((a, b) => a - b);
    const parts = [];
    let last = null;
    for (let i = 0; i + 1 < edges.length; i += 1) {
      const [from, to] = [edges[i], edges[i + 1]];
      const rows = places.filter(([a, b]) => a <= from && to <= b).map(([, , n]) => n);
      const piece = text.slice(from, to);
      const key = rows.join(" ");
      if (rows.length === 0) parts.push(piece);
      else if (last !== null && last.dataset.rows === key && parts.at(-1) === last) last.append(piece);
      else {
        last = el("mark", {
          class: rows.some((n) => m.w[n].c > 0) ? "against" : "favour", "data-rows": key,
          title: rows.map((n) => reason(m.w[n])).join("\n"),
        }, piece);
        parts.push(last);
      }
    }
    return parts;
  };
  const rule = (r) => (r.r === undefined ? undefined : head.rules[r.r]);
  const reason = (r) => (r.q !== undefined ? r.q : (rule(r) || ["", "?"])[1]);

  const light = (n, on) => {
    for (const mark of detail.querySelectorAll("mark")) {
      if (mark.dataset.rows.split(" ").includes(String(n))) mark.classList.toggle("lit", on);
    }
  };

  const table = (m) => {
    const most = Math.max(1, ...m.w.map((r) => Math.abs(r.c)));
    const rows = m.w.map((r, n) => {
      const said = [];
      for (const [which, a, b] of r.m || []) {
        const text = which === 0 ? m.x : m.j;
        if (text) said.push(`“${flat(text.slice(a, b))}”`);
      }
      said.push(...(r.e || []));
      const known = rule(r);
      const long = Math.abs(r.c) * 50 / most;
      const side = r.c > 0 ? "pos" : r.c < 0 ? "neg" : "zero";
      return el("tr", { on: { mouseenter: () => light(n, true), mouseleave: () => light(n, false) } },
        el("td", { class: `n ${side}` }, signed(r.c)),
        el("td", { class: "gauge", "aria-hidden": "true" }, svg("svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none" },
          svg("rect", { class: side, x: r.c < 0 ? 50 - long : 50, width: long, height: 10 }), svg("line", { x1: 50, x2: 50, y1: 0, y2: 10 }))),
        el("td", { title: known ? `Rule ${known[0]}${known[3] ? `\nA sender could instead: ${known[3]}` : ""}` : null }, reason(r),
          said.length > 0 ? el("div", { class: "said", dir: "auto" }, [...new Set(said)].slice(0, 6).join(", ")) : null));
    });
    return el("table", { class: "evidence" },
      el("thead", {}, el("tr", {}, el("th", { scope: "col", class: "n" }, "Weight"), el("td", { class: "gauge", "aria-hidden": "true" }), el("th", { scope: "col" }, "Evidence"))),
      el("tbody", {}, ...rows),
      el("tfoot", {}, el("tr", {}, el("td", { class: "n", id: "sum" }, signed(m.w.reduce((sum, r) => sum + r.c, 0))),
        el("td", { class: "gauge", "aria-hidden": "true" }), el("th", { scope: "row" }, "Score, the sum of the rows"))));
  };

  const open = (m, move) => {
    state.open = m;
    if (move) split.classList.add("open");
    const others = m.k === undefined ? [] : [...bySender.get(m.k)].sort(ORDERS.newest);
    const campaign = campaignOf.get(m.i);
    const [accept, decline] = head.lines;
    detail.replaceChildren(...[
      el("button", { type: "button", class: "back plainbutton", on: { click: back } }, "← All messages"),
      el("div", { class: "top" },
        el("div", {}, el("h3", {}, el("bdi", {}, name(m))), m.h ? el("div", { class: "soft" }, el("bdi", {}, m.h)) : null),
        el("span", { class: `badge ${KINDS[m.d]}` }, `${SIGNS[m.d]} ${WORDS[m.d]}`)),
      el("div", { class: "meta" }, el("span", {}, minute(m.t)), el("span", {}, CHANNELS[m.c] || m.c), el("span", {}, m.f),
        m.u ? el("a", { href: m.u, rel: "noopener noreferrer external", target: "_blank" }, "Profile on LinkedIn") : null),
      el("div", { class: "text", dir: "auto" },
        m.j ? el("div", { class: "subject" }, ...marked(m.j, 1, m)) : null,
        ...(m.x ? marked(m.x, 0, m) : [el("span", { class: "soft" }, m.c === "invitation" ? "(no note)" : "(no text)")]),
        m.cut ? el("span", { class: "soft" }, " … (the text goes on)") : null),
      el("div", { class: "legend", "aria-hidden": "true" }, el("span", { class: "against" }, "speaks against the sender"), el("span", { class: "favour" }, "speaks for the sender")),
      m.z ? el("p", { class: "flip" }, `${capital(m.z)}.`) : null,
      m.b ? el("p", { class: "look" }, `Decided by the policy “${m.b}”, whatever the score.`) : null,
      m.y ? el("p", { class: "look" }, `A person should look: ${m.y.join("; ")}.`) : null,
      el("h4", {}, "Why"),
      el("p", { class: "soft" }, `Accept below ${signed(accept)}, decline from ${signed(decline)}.${m.p === undefined ? "" : ` Probability of a pitch: ${(m.p / 10).toFixed(1)} %.`}`),
      table(m),
      campaign === undefined ? null : el("p", {}, el("button", { type: "button", class: "plainbutton", on: { click: () => narrow(null, campaign) } },
        `One of ${count(head.campaigns[campaign][1].length)} copies of one template`)),
      others.length < 2 ? null : el("h4", {}, `Everything from this sender: ${count(others.length)}`),
      others.length < 2 ? null : el("ul", { class: "history" }, ...others.slice(0, 50).map((o) => el("li", {}, el("button", {
        type: "button", "aria-current": o === m ? "true" : null, on: { click: () => open(o, true) },
      }, el("span", { class: `dot ${KINDS[o.d]}`, role: "img", "aria-label": WORDS[o.d] }, SIGNS[o.d]), el("span", { class: "day" }, day(o.t)),
      el("span", { class: "words", dir: "auto" }, o.x ? flat(o.x.slice(0, 160)) : "(no text)"))))),
    ].filter((child) => child !== null));
    current();
    if (move) {
      detail.focus({ preventScroll: true });
      if (detail.getBoundingClientRect().top < 0 || getComputedStyle(list).display === "none") split.scrollIntoView({ block: "start" });
    }
  };
  const back = () => {
    split.classList.remove("open");
    const button = state.open && list.querySelector(`[data-i="${state.open.i}"]`);
    if (button) button.focus();
  };
  const narrow = (sender, campaign) => {
    Object.assign(state, { sender, campaign, kind: -1, text: "", channel: "" });
    search.value = "";
    for (const node of tools.querySelectorAll("select[aria-label=Channel]")) node.value = "";
    split.classList.remove("open");
    tab("messages");
    refresh();
    $("messages").focus();
  };

  // Names of senders, and campaigns, lead to their messages.
  for (const who of document.querySelectorAll(".who")) {
    const key = who.dataset.key;
    if (!bySender.has(key)) continue;
    const inner = who.firstChild;
    who.append(el("button", { type: "button", class: "plainbutton", on: { click: () => narrow(key, null) } }, inner));
  }
  for (const article of document.querySelectorAll(".campaign")) {
    const n = Number(article.dataset.campaign);
    if (!head.campaigns[n][1].some((i) => byNumber.has(i))) continue;
    article.append(el("button", { type: "button", class: "plainbutton", on: { click: () => narrow(null, n) } }, "Show these messages"));
  }

  const sections = [...document.querySelectorAll("main > section")];
  const buttons = sections.map((section) => el("button", { type: "button", "data-tab": section.id, on: { click: () => tab(section.id) } },
    section.querySelector("h2").textContent));
  const tab = (id) => sections.forEach((section, n) => {
    section.hidden = section.id !== id;
    buttons[n].setAttribute("aria-current", String(section.id === id));
    if (section.id === id) buttons[n].scrollIntoView({ block: "nearest", inline: "nearest" });
  });
  $("tabs").append(...buttons);
  $("tabs").hidden = false;
  document.body.classList.add("tabbed");

  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/" && !typing) {
      event.preventDefault();
      tab("messages");
      search.focus();
    } else if (event.key === "Escape" && split.classList.contains("open")) back();
    else if (!typing && !$("messages").hidden && (["j", "k"].includes(event.key) ||
      (["ArrowDown", "ArrowUp"].includes(event.key) && event.target.classList.contains("row")))) {
      event.preventDefault();
      const at = state.shown.indexOf(state.open);
      const focused = event.target.classList.contains("row") ? state.shown.findIndex((m) => String(m.i) === event.target.dataset.i) : at;
      const next = focused + (event.key === "j" || event.key === "ArrowDown" ? 1 : -1);
      if (next < 0 || next >= state.shown.length) return;
      if (next >= state.drawn) draw();
      const button = list.querySelector(`[data-i="${state.shown[next].i}"]`);
      if (button && getComputedStyle(list).display !== "none") button.focus();
      open(state.shown[next], false);
    }
  });

  tab("messages");
  refresh();
})();
