// The panels around the picture: text, buttons, keys, messages.
import { number } from './plots.js';

export const $ = (selector) => document.querySelector(selector);

const speeds = [0.05, 0.1, 0.25, 0.5, 1, 2, 4];

/** Shows text in the middle of the page; nothing hides it. */
export function message(text) {
  $('#message').textContent = text;
  $('#message').hidden = !text;
}

/** The text in the upper left corner. */
export class Info {
  constructor(title) {
    $('#info h1').textContent = title;
    $('#info dl').replaceChildren();
    document.title = `${title} · ukemi`;
    this.values = new Map();
  }

  set(name, text) {
    let dd = this.values.get(name);
    if (!dd) {
      const dt = document.createElement('dt');
      dd = document.createElement('dd');
      dt.textContent = name;
      $('#info dl').append(dt, dd);
      this.values.set(name, dd);
    }
    if (dd.textContent !== text) dd.textContent = text;
  }

  drop(name) {
    const dd = this.values.get(name);
    if (!dd) return;
    dd.previousSibling.remove();
    dd.remove();
    this.values.delete(name);
  }

  note(text) {
    $('#info p').textContent = text;
    $('#info p').hidden = !text;
  }

  /** Shows the signals that have no plot, those of the selected body, and the number of contacts. */
  show(track, i, touching, selected) {
    this.set('contacts', String(touching));
    track.info.signals.forEach((s, k) => {
      const v = track.get(track.signal + k, i);
      if (s.body !== undefined && s.body !== selected) this.drop(s.name);
      else if (s.text || s.body !== undefined) this.set(s.name, Number.isFinite(v) ? `${number(v)}${s.unit ? ' ' + s.unit : ''}` : '–');
    });
  }
}

/** Connects keys and buttons to actions, a map from key to function. */
export function bind(actions) {
  const run = (key, event) => {
    const action = actions[key.length === 1 ? key.toLowerCase() : key];
    if (!action) return false;
    action(event);
    return true;
  };
  addEventListener('keydown', (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || ['SELECT', 'TEXTAREA'].includes(e.target.tagName)) return;
    // A focused button already answers to space by a click.
    if (e.key === ' ' && e.target.tagName === 'BUTTON') return;
    if (run(e.key, e)) e.preventDefault();
  });
  for (const b of document.querySelectorAll('button[data-key]')) {
    b.setAttribute('aria-label', b.title);
    b.addEventListener('click', (e) => run(b.dataset.key, e));
  }
}

/** Shows whether the thing behind a key is on. */
export function press(key, on) {
  $(`button[data-key="${key}"]`).setAttribute('aria-pressed', String(on));
}

const icons = { play: 'M8 5.5v13l10.5-6.5z', pause: 'M7.5 5.5h2.5v13H7.5zM14 5.5h2.5v13H14z' };

export function playing(on) {
  $('#play path').setAttribute('d', on ? icons.pause : icons.play);
}

/** Changes the speed by one notch and returns it. */
export function notch(by) {
  const s = $('#speed');
  const i = Math.min(speeds.length - 1, Math.max(0, speeds.indexOf(+s.value) + by));
  s.value = String(speeds[i]);
  return speeds[i];
}

export function clock(now, end) {
  const text = document.createElement('small');
  text.textContent = end === undefined ? ' s' : ` / ${end.toFixed(2)} s`;
  $('#clock').replaceChildren(now.toFixed(2), text);
}
