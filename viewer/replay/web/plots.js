// Small line charts of the signals, with the present moment marked.
import { palette } from './shapes.js';

const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Returns tick values at 1, 2 or 5 times a power of ten. */
function ticks(low, high, most) {
  const raw = (high - low) / most;
  const p = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((k) => k * p).find((s) => s >= raw);
  const out = [];
  for (let v = Math.ceil(low / step) * step; v <= high + 1e-9 * step; v += step) out.push(Math.abs(v) < 1e-9 * step ? 0 : v);
  return out;
}

export const number = (v) => {
  if (!Number.isFinite(v)) return '–';
  const a = Math.abs(v);
  if (a !== 0 && (a >= 1e5 || a < 1e-3)) return v.toExponential(1);
  return String(+v.toPrecision(3));
};

/** Returns a context in CSS pixels for an empty canvas, and its size. */
function cleared(canvas) {
  const ratio = Math.min(window.devicePixelRatio, 2);
  const w = canvas.clientWidth;
  const h = canvas.clientHeight;
  if (canvas.width !== Math.round(w * ratio)) [canvas.width, canvas.height] = [Math.round(w * ratio), Math.round(h * ratio)];
  const g = canvas.getContext('2d');
  g.setTransform(ratio, 0, 0, ratio, 0, 0);
  g.clearRect(0, 0, w, h);
  return { g, w, h };
}

class Plot {
  constructor(parent, title, unit, signals) {
    this.unit = unit;
    this.signals = signals; // [{name, column}]
    const box = document.createElement('figure');
    box.innerHTML = '<figcaption><b></b><span></span></figcaption><canvas></canvas>';
    box.querySelector('b').textContent = `${title} [${unit}]`;
    this.legend = signals.map((s, i) => {
      const e = document.createElement('i');
      e.style.color = this.color(i);
      box.querySelector('span').append(e);
      return e;
    });
    this.canvas = box.querySelector('canvas');
    parent.append(box);
  }

  color(i) {
    return '#' + palette[i % palette.length].toString(16).padStart(6, '0');
  }

  draw(track, i, from, to) {
    const { g, w, h } = cleared(this.canvas);

    let low = Infinity;
    let high = -Infinity;
    const stride = Math.max(1, Math.floor(track.count / 1200));
    for (const s of this.signals) {
      for (let k = 0; k < track.count; k += stride) {
        const v = track.get(s.column, k);
        if (v < low) low = v;
        if (v > high) high = v;
      }
    }
    if (!(low <= high)) return;
    const middle = (low + high) / 2;
    const half = (high > low ? Math.max((high - low) / 2, Math.abs(middle) * 1e-3) : Math.abs(middle) / 2 || 1) * 1.08;
    [low, high] = [middle - half, middle + half];

    const left = 40;
    const bottom = h - 4;
    const top = 5;
    const x = (t) => left + ((t - from) / Math.max(to - from, 1e-9)) * (w - left - 6);
    const y = (v) => bottom - ((v - low) / (high - low)) * (bottom - top);
    this.x = x;
    this.span = { left, right: w - 6, from, to };
    g.font = '10px system-ui, sans-serif';
    g.textAlign = 'right';
    g.textBaseline = 'middle';
    g.lineWidth = 1;
    for (const v of ticks(low, high, 3)) {
      g.strokeStyle = css('--line');
      g.beginPath();
      g.moveTo(left, y(v));
      g.lineTo(w - 6, y(v));
      g.stroke();
      g.fillStyle = css('--soft');
      g.fillText(number(v), left - 5, y(v));
    }
    g.lineWidth = 1.4;
    g.lineJoin = 'round';
    this.signals.forEach((s, n) => {
      g.strokeStyle = this.color(n);
      g.beginPath();
      let pen = false;
      for (let k = 0; k < track.count; k += stride) {
        const v = track.get(s.column, k);
        if (Number.isFinite(v)) {
          if (pen) g.lineTo(x(track.time(k)), y(v));
          else g.moveTo(x(track.time(k)), y(v));
        }
        pen = Number.isFinite(v);
      }
      g.stroke();
      this.legend[n].textContent = `${s.name} ${number(track.get(s.column, i))}`;
    });
    const now = x(track.time(i));
    g.strokeStyle = css('--text');
    g.globalAlpha = 0.6;
    g.beginPath();
    g.moveTo(now, top);
    g.lineTo(now, bottom);
    g.stroke();
    g.globalAlpha = 1;
  }
}

/** Writes the times below the last plot. */
class TimeAxis {
  constructor(parent) {
    this.canvas = document.createElement('canvas');
    this.canvas.className = 'times';
    parent.append(this.canvas);
  }

  draw({ left, right, from, to }) {
    const { g, w, h } = cleared(this.canvas);
    g.font = '10px system-ui, sans-serif';
    g.textBaseline = 'top';
    g.textAlign = 'center';
    g.fillStyle = css('--soft');
    if (!(to > from)) return;
    for (const t of ticks(from, to, 5)) {
      const x = left + ((t - from) / (to - from)) * (right - left);
      g.fillText(`${+t.toPrecision(4)} s`, Math.min(Math.max(x, 12), w - 12), 1);
    }
  }
}

export class Plots {
  /** seek is called with a time when the user clicks or drags in a plot. */
  constructor(parent, track, seek) {
    this.parent = parent;
    this.seek = seek;
    const groups = new Map();
    track.info.signals.forEach((s, k) => {
      if (!s.plot) return;
      if (!groups.has(s.plot)) groups.set(s.plot, { title: s.plot, unit: s.unit, list: [], on: s.body === undefined });
      groups.get(s.plot).list.push({ name: s.plot === s.name ? '' : s.name, column: track.signal + k });
    });
    const sliders = (track.info.sliders ?? []).map((s, k) => ({
      title: s.input ? `${s.name} (input)` : s.name, unit: s.unit, list: [{ name: '', column: track.slider + k }], on: false,
    }));
    this.all = [...groups.values(), ...sliders];
    this.build();
  }

  /** Shows a plot or not. */
  choose(title, on) {
    for (const p of this.all) if (p.title === title) p.on = on;
    this.build();
  }

  build() {
    this.parent.replaceChildren();
    this.list = this.all.filter((p) => p.on).map((p) => new Plot(this.parent, p.title, p.unit, p.list));
    for (const p of this.list) {
      const drag = (e) => {
        if (!(e.buttons & 1) || !p.span) return;
        const { left, right, from, to } = p.span;
        const f = (e.offsetX - left) / (right - left);
        this.seek(from + Math.min(1, Math.max(0, f)) * (to - from));
      };
      p.canvas.addEventListener('pointerdown', (e) => {
        p.canvas.setPointerCapture(e.pointerId);
        drag(e);
      });
      p.canvas.addEventListener('pointermove', drag);
    }
    this.times = this.list.length > 0 ? new TimeAxis(this.parent) : null;
  }

  draw(track, i) {
    if (track.count === 0) return;
    const from = track.time(0);
    const to = track.time(track.count - 1);
    for (const p of this.list) p.draw(track, i, from, to);
    const span = this.list.findLast((p) => p.span)?.span;
    if (span) this.times.draw(span);
  }
}
