/* The page's own behaviour: the log of the conversation, the card, dialogs, views. No library. */
window.yd = (() => {
  const texts = window.ydTexts;
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
  const make = (html) => {
    const holder = document.createElement("template");
    holder.innerHTML = html.trim();
    return holder.content.firstElementChild;
  };
  const element = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  };

  /* Enter that ends a Chinese word in an input method is none. */
  const isEnter = (event) => event.key === "Enter" && !event.isComposing && event.keyCode !== 229;

  document.documentElement.lang = "zh-CN";

  /* ---- said aloud, shown for a moment ---- */
  const announce = (text) => {
    let live = document.getElementById("yd-live");
    if (!live) {
      live = element("div", { id: "yd-live", class: "yd-sr", role: "status", "aria-live": "polite" });
      document.body.append(live);
    }
    live.textContent = "";
    setTimeout(() => (live.textContent = text), 60);
  };
  const toast = (text) => {
    if (!text) return;
    document.querySelector(".yd-toast")?.remove();
    const node = element("div", { class: "yd-toast", "aria-hidden": "true" }, text);
    document.body.append(node);
    announce(text);
    setTimeout(() => node.remove(), 6000);
  };

  /* ---- one dialog for passages, corrections and feedback ---- */
  const dialog = (content, name) => {
    document.querySelector("dialog.yd-dialog")?.remove();
    const close = element("button", { type: "button", class: "yd-close" }, texts.passage.close);
    const box = element("dialog", { class: "yd-dialog", "aria-label": name }, close, content);
    close.addEventListener("click", () => box.close());
    box.addEventListener("click", (event) => { if (event.target === box) box.close(); });
    box.addEventListener("close", () => box.remove());
    document.body.append(box);
    box.showModal();
    return box;
  };

  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const area = element("textarea", { class: "yd-sr" });
      area.value = text;
      document.body.append(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      return done;
    }
  };

  const print = (node) => {
    const paths = [];
    for (let n = node; n && n !== document.body; n = n.parentElement) paths.push(n);
    paths.forEach((n) => n.classList.add("yd-print-path"));
    node.classList.add("yd-print-this");
    document.body.classList.add("yd-print-one");
    const folded = [...node.querySelectorAll("details:not([open])")];
    folded.forEach((d) => (d.open = true));
    const clean = () => {
      paths.forEach((n) => n.classList.remove("yd-print-path"));
      node.classList.remove("yd-print-this");
      document.body.classList.remove("yd-print-one");
      folded.forEach((d) => (d.open = false));
    };
    window.addEventListener("afterprint", clean, { once: true });
    window.print();
  };

  const save = (file) => {
    if (!file) return;
    const { name, type, data } = file;
    const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
    const url = URL.createObjectURL(new Blob([bytes], { type }));
    const link = element("a", { href: url, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  };

  /* ---- 显示方式: large type and contrast before the first paint, presses from the first moment ---- */
  const kept = (view) => localStorage.getItem(`yd-${view}`);
  const isOn = (view) =>
    view === "dark" ? document.body.classList.contains("dark") : document.documentElement.classList.contains(`yd-${view}`);
  const apply = (view, on) => {
    if (view === "dark") document.body.classList.toggle("dark", on);
    else document.documentElement.classList.toggle(`yd-${view}`, on);
    document.querySelector(`[data-view="${view}"]`)?.setAttribute("aria-pressed", String(on));
  };
  for (const view of ["large", "contrast"]) apply(view, kept(view) === "1");
  document.addEventListener("click", (event) => {
    const view = event.target.closest?.("[data-view]")?.dataset.view;
    if (view) {
      const on = !isOn(view);
      localStorage.setItem(`yd-${view}`, on ? "1" : "0");
      apply(view, on);
    }
    if (event.target.closest?.(".yd-skip")) {
      event.preventDefault();
      document.getElementById("yd-main").focus();
    }
  });
  const header = () => {
    if (kept("dark")) apply("dark", kept("dark") === "1");
    for (const view of ["large", "contrast", "dark"]) apply(view, isOn(view));
  };

  /* ---- 问答 ---- */
  const openPassage = (owner, marker) => {
    const found = owner.querySelector(`template[data-passage="${marker}"]`);
    if (found) dialog(element("div", {}, found.content.cloneNode(true)), fill(texts.passage.title, { n: marker }));
  };

  const judge = (turn, trigger) => {
    const form = element("form", { class: "yd-feedback" }, element("h2", {}, texts.feedback.title));
    for (const [key, label] of Object.entries(texts.feedback.reasons)) {
      const input = element("input", { type: "radio", name: "reason", value: key, required: "" });
      form.append(element("label", {}, input, " ", label));
    }
    const comment = element("textarea", { rows: "3", maxlength: "1000" });
    form.append(element("label", { class: "yd-comment" }, texts.feedback.comment, comment));
    form.append(element("button", { type: "submit", class: "yd-primary" }, texts.feedback.send));
    const box = dialog(form, texts.feedback.title);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const reason = new FormData(form).get("reason");
      trigger("like", { turn: number(turn), verdict: "wrong", reason, comment: comment.value });
      box.close();
    });
  };
  const number = (turn) => Number(turn.id.split("-").pop());

  const tool = async (turn, what, trigger) => {
    const plain = turn.querySelector(".yd-plain")?.textContent ?? "";
    if (what === "copy") toast((await copy(plain)) ? texts.chat.copied : texts.chat.copy_failed);
    if (what === "print") print(turn);
    if (what === "right") trigger("like", { turn: number(turn), verdict: "right" });
    if (what === "wrong") judge(turn, trigger);
    if (what === "share") {
      const link = `${location.origin}${location.pathname}#s=${turn.dataset.share}`;
      toast((await copy(link)) ? texts.chat.shared : texts.chat.copy_failed);
    }
  };

  const log = (root, props, trigger, watch) => {
    const turns = root.querySelector(".yd-turns");
    const ask = (text) => trigger("submit", { text });
    let led = true; /* a new question stays at the top while its answer grows, until the reader scrolls */
    for (const kind of ["wheel", "touchmove"]) addEventListener(kind, () => (led = false), { passive: true });
    const lead = (turn) => turn.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
    const act = {
      turn: ({ html, focus, say, note }) => {
        const turn = make(html);
        const before = document.getElementById(turn.id);
        if (before) before.replaceWith(turn);
        else turns.append(turn);
        if (note) turn.prepend(element("p", { class: "yd-hint" }, note));
        root.querySelector(".yd-log").classList.add("yd-begun");
        if (!before || note) led = true;
        if (led) lead(turn);
        if (focus) turn.focus({ preventScroll: true });
        if (say) announce(say);
      },
      turns: ({ html }) => html.forEach((one) => act.turn({ html: one })),
      clear: ({ say }) => {
        turns.replaceChildren();
        root.querySelector(".yd-log").classList.remove("yd-begun");
        history.replaceState(null, "", location.pathname + location.search);
        announce(say);
      },
      toast: ({ say }) => toast(say),
    };
    const obey = () => {
      act[props.value?.do]?.(props.value);
      remember(turns.lastElementChild?.dataset.share);
    };
    watch("value", obey);
    root.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      const turn = button.closest(".yd-turn");
      if (button.dataset.ask) ask(button.dataset.ask);
      else if (button.dataset.go) document.querySelector(`[role=tab][data-tab-id=${button.dataset.go}]`).click();
      else if (button.dataset.cite) openPassage(turn, button.dataset.cite);
      else if (button.dataset.do) tool(turn, button.dataset.do, trigger);
    });
    const shared = location.hash.match(/^#s=([\w-]+)$/)?.[1];
    const before = sessionStorage.getItem("yd-talk");
    if (shared) history.replaceState(null, "", location.pathname + location.search);
    if (shared || before) trigger("select", { shared: shared ?? before, all: !shared });
  };
  /* A reload shows the conversation again: the tab keeps what was said until it is closed. */
  const remember = (talk) => {
    if (talk === undefined) sessionStorage.removeItem("yd-talk");
    else if (talk) sessionStorage.setItem("yd-talk", talk);
  };
  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  /* ---- 我理解的情况 ---- */
  const card = (root, props, trigger, watch) => {
    let open = !matchMedia("(max-width: 900px)").matches;
    const show = () => (root.querySelector("details").open = open);
    show();
    watch("value", show);
    root.addEventListener("toggle", (event) => (open = event.target.open), true);
    root.addEventListener("click", (event) => {
      const chip = event.target.closest(".yd-chip");
      if (chip) edit(chip, trigger);
    });
  };
  const edit = (chip, trigger) => {
    const { fact, name, hint, known } = chip.dataset;
    const was = known ? chip.textContent : "";
    const form = element("form", { class: "yd-edit" }, element("h2", {}, name));
    const done = (text) => { trigger("apply", { fact, text, was }); box.close(); };
    const options = chip.dataset.options ? chip.dataset.options.split("|") : [];
    if (options.length) {
      const list = element("div", { class: "yd-options", role: "group", "aria-label": texts.card.editor });
      for (const option of options) {
        const button = element("button", { type: "button", "aria-pressed": String(option === was) }, option);
        button.addEventListener("click", () => done(option));
        list.append(button);
      }
      form.append(list);
    } else {
      const input = element("input", { type: "text", placeholder: hint, autocomplete: "off" });
      form.append(element("label", {}, texts.card.type_in, input));
      if (fact.endsWith("_on")) {
        const calendar = element("input", { type: "date", "aria-label": fill(texts.form.pick, { fact: name }) });
        calendar.value = isoDay(was.match(/\d{4}年\d+月\d+日/)?.[0] ?? "");
        calendar.addEventListener("change", () => (input.value = calendar.value));
        form.append(calendar);
      }
      form.append(element("button", { type: "submit", class: "yd-primary" }, texts.card.save));
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        if (input.value.trim()) done(input.value.trim());
      });
    }
    if (known) {
      const drop = element("button", { type: "button", class: "yd-drop" }, texts.card.drop);
      drop.addEventListener("click", () => done(""));
      form.append(drop);
    }
    const box = dialog(form, name);
    form.querySelector("input, button")?.focus();
  };

  /* ---- days: words are typed, or a day is picked from the device's calendar ---- */
  const isoDay = (text) => {
    const [, year, month, day] = text.match(/^(\d{4})\D(\d{1,2})\D(\d{1,2})\D?$/) ?? [];
    return year ? `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}` : "";
  };
  const day = (root, props, trigger, watch) => {
    const [words, calendar] = root.querySelectorAll("input");
    const show = () => {
      words.value = props.value ?? "";
      calendar.value = isoDay(words.value);
    };
    const tell = (how) => {
      const text = words.value.trim();
      if (text === (props.value ?? "")) return how === "submit" && trigger(how);
      props.value = text;
      calendar.value = isoDay(text);
      trigger(how);
    };
    watch("value", show);
    show();
    words.addEventListener("blur", () => tell("blur"));
    words.addEventListener("keydown", (event) => isEnter(event) && tell("submit"));
    calendar.addEventListener("change", () => {
      words.value = calendar.value;
      tell("submit");
    });
  };

  /* ---- results of the forms, lists to print ---- */
  const filter = (root) => {
    root.addEventListener("input", (event) => {
      const wanted = event.target.dataset.filter;
      if (!wanted) return;
      const words = event.target.value.trim().split(/\s+/);
      for (const entry of root.querySelectorAll(wanted)) {
        entry.hidden = !words.every((word) => entry.textContent.includes(word));
      }
    });
  };
  const picker = (root, props, trigger) => {
    filter(root);
    root.addEventListener("click", (event) => {
      const list = event.target.closest("[data-list]")?.dataset.list;
      if (list) trigger("select", { list });
    });
    root.addEventListener("keydown", (event) => {
      if (isEnter(event) && event.target.type === "search") root.querySelector(".yd-pick:not([hidden])")?.click();
    });
  };
  let saved = 0;
  let wanted = false; /* on a phone the result lies below: it is shown when it was asked for */
  document.addEventListener("click", (event) => {
    if (event.target.closest?.(".yd-go, .yd-pick")) wanted = matchMedia("(max-width: 900px)").matches;
  });
  document.addEventListener("keydown", (event) => {
    if (isEnter(event) && event.target.closest?.(".yd-search input")) wanted = matchMedia("(max-width: 900px)").matches;
  });
  const result = (root, props, trigger, watch) => {
    filter(root);
    watch("value", () => {
      announce(root.querySelector(".yd-fault, h2, .yd-text, .yd-hint")?.textContent.trim());
      if (wanted && root.offsetParent) root.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
      wanted = false;
    });
    root.addEventListener("click", async (event) => {
      const button = event.target.closest("button");
      const owner = button?.closest(".yd-entry") ?? root.firstElementChild;
      if (button?.dataset.cite) openPassage(owner, button.dataset.cite);
      if (button?.dataset.save) trigger("download", { kind: button.dataset.save, serial: ++saved });
      if (button?.dataset.do === "print") print(owner);
      if (button?.dataset.do === "copy") {
        const done = await copy(owner.querySelector(".yd-plain").textContent);
        toast(done ? texts.chat.copied : texts.chat.copy_failed);
      }
    });
  };

  return { log, card, day, result, picker, header, dialog, print, copy, save, toast, announce, openPassage, element };
})();
