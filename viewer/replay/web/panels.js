// Panels of what a model consists of: joints and inputs to move, signals to plot, bodies to hide, states to keep.
import { number } from './plots.js';
import { $ } from './ui.js';

function element(tag, properties = {}, ...children) {
  const e = Object.assign(document.createElement(tag), properties);
  e.append(...children);
  return e;
}

/** A box to tick with a text. */
function tick(text, on, change) {
  const box = element('input', { type: 'checkbox', checked: on });
  box.addEventListener('change', () => change(box.checked));
  return element('label', {}, box, element('span', { textContent: text }));
}

export class Panels {
  /** hand is what the panels can do: live, select(body), hide(body, on), choose(plots), toggle(show), send(command). */
  constructor(info, hand) {
    this.info = info;
    this.hand = hand;
    this.sliders(info.sliders ?? []);
    this.bodies();
    this.keys([]);
    this.shows = info.shows.map((s) => {
      const label = tick(s.text, s.on, () => this.hand.toggle(s.name));
      label.append(element('kbd', { textContent: s.key }));
      return label;
    });
    $('#shows div').replaceChildren(...this.shows);
  }

  sliders(list) {
    const rows = (input) => list.map((s, k) => {
      if (s.input !== input) return null;
      const range = element('input', { type: 'range', min: s.low, max: s.high, step: (s.high - s.low) / 400, title: `${s.name} [${s.unit}]` });
      range.setAttribute('aria-label', s.name);
      const value = element('output');
      range.addEventListener('input', () => this.hand.send({ slide: { index: k, value: +range.value } }));
      if (input) range.addEventListener('dblclick', () => this.hand.send({ slide: { index: k, value: null } }));
      range.disabled = !this.hand.live;
      this.ranges[k] = { range, value };
      return element('div', { className: 'slider' }, element('span', { textContent: s.name, title: s.name }), range, value);
    }).filter(Boolean);
    this.ranges = [];
    $('#joints div').replaceChildren(...rows(false));
    const inputs = rows(true);
    if (inputs.length > 0) {
      const back = element('button', { textContent: 'back to the controller', className: 'text' });
      back.addEventListener('click', () => list.forEach((s, k) => s.input && this.hand.send({ slide: { index: k, value: null } })));
      inputs.push(back);
    }
    $('#inputs div').replaceChildren(...inputs);
    $('#joints').hidden = $('#joints div').childElementCount === 0;
    $('#inputs').hidden = inputs.length === 0;
  }

  /** Offers plots, [{title, on}]. */
  signals(plots, choose) {
    $('#signals div').replaceChildren(...plots.map((p) => tick(p.title, p.on, (on) => choose(p.title, on))));
  }

  bodies() {
    const depth = [];
    this.names = this.info.bodies.map((b, k) => {
      depth[k] = b.parent < 0 ? 0 : depth[b.parent] + 1;
      const name = element('button', { textContent: b.name, title: `${b.name}, ${number(b.mass)} kg`, className: 'text' });
      name.addEventListener('click', () => this.hand.select(k));
      const box = element('input', { type: 'checkbox', checked: true, title: 'visible' });
      box.addEventListener('change', () => this.hand.hide(k, !box.checked));
      const row = element('div', { className: 'body' }, box, name);
      row.style.paddingLeft = `${10 * depth[k]}px`;
      return row;
    });
    $('#bodies div').replaceChildren(...this.names);
  }

  /** Shows what is on, {name: on}. */
  showing(show) {
    this.info.shows.forEach((s, k) => (this.shows[k].firstChild.checked = show[s.name]));
  }

  selected(body) {
    this.names.forEach((row, k) => row.lastChild.setAttribute('aria-pressed', String(k === body)));
  }

  keys(list) {
    const keep = element('button', { textContent: 'keep this state', className: 'text' });
    keep.addEventListener('click', () => this.hand.send({ key: { save: true } }));
    $('#keys div').replaceChildren(keep, ...list.map((f, k) => {
      const go = element('button', { textContent: `${f.time.toFixed(3)} s`, title: 'go there', className: 'text' });
      go.addEventListener('click', () => this.hand.send({ key: { load: k } }));
      const copy = element('button', { textContent: 'copy', title: 'copy q and v as JSON', className: 'text' });
      copy.addEventListener('click', () => navigator.clipboard.writeText(JSON.stringify({ time: f.time, q: f.q, v: f.v })));
      return element('div', { className: 'body' }, go, copy);
    }));
  }

  /** Shows row i of the track. */
  show(track, i) {
    this.ranges.forEach(({ range, value }, k) => {
      if (!range.offsetParent) return; // folded away
      const x = track.get(track.slider + k, i);
      if (document.activeElement !== range) range.value = String(x);
      const text = x.toFixed(3);
      if (value.textContent !== text) value.textContent = text;
    });
  }
}
