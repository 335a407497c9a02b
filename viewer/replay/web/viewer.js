// The page: a recorded replay, or a live simulation when the description says so.
import { Block, Growing, Recorded, inflate } from './data.js';
import { Live, pulling } from './live.js';
import { Plots } from './plots.js';
import { Stage } from './stage.js';
import { $, Info, bind, clock, message, notch, playing, press } from './ui.js';

const views = [[-0.9, 0.3], [-Math.PI / 2, 0.08], [0, 0.08], [-0.9, 0.9], [-Math.PI / 2, 1.5]];

class Viewer {
  constructor(info, block) {
    this.info = info;
    const meshes = info.meshes.map((m) => block.mesh(m));
    this.track = info.live ? new Growing(info) : new Recorded(info, block);
    this.stage = new Stage($('#view'), info, meshes);
    this.text = new Info(info);
    this.plots = new Plots($('#plots'), this.track, (t) => this.seek(t, true));
    this.at = 0; // time shown
    this.playing = false;
    this.speed = 1;
    this.loop = false;
    this.latest = info.live; // a live page shows the present until one scrubs back
    this.view = 0;
    this.connect();
    this.theme(matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
    this.state();
  }

  connect() {
    const { stage } = this;
    const toggle = (name) => () => this.toggle(name);
    bind({
      ' ': () => this.play(!this.playing),
      ArrowRight: (e) => this.step(e.shiftKey ? 10 : 1),
      ArrowLeft: (e) => this.step(e.shiftKey ? -10 : -1),
      Backspace: () => this.restart(),
      Home: () => this.restart(),
      End: () => this.seek(Infinity, true),
      '+': () => this.setSpeed(notch(1)),
      '=': () => this.setSpeed(notch(1)),
      '-': () => this.setSpeed(notch(-1)),
      f: toggle('forces'),
      m: toggle('com'),
      a: toggle('frames'),
      t: toggle('trail'),
      p: () => this.togglePlots(),
      i: () => ($('#info').hidden = !$('#info').hidden),
      c: () => {
        stage.follow = !stage.follow;
        this.state();
      },
      ']': () => this.turn(1),
      '[': () => this.turn(-1),
      r: () => stage.home(),
      l: () => {
        this.loop = !this.loop;
        this.state();
      },
      d: () => this.theme(document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark'),
      h: () => ($('#help').hidden = !$('#help').hidden),
      F1: () => ($('#help').hidden = !$('#help').hidden),
      Escape: () => ($('#help').hidden = true),
      ',': () => this.soften(-0.5),
      '.': () => this.soften(0.5),
    });
    $('#scrub').addEventListener('input', (e) => this.seek(this.track.time(+e.target.value), true));
    $('#speed').addEventListener('change', (e) => this.setSpeed(+e.target.value));
    $('#kappa').addEventListener('input', () => this.soften(0));
    stage.canvas.addEventListener('dblclick', (e) => {
      stage.select(stage.pick(e).body);
      this.text.note(stage.selected < 0 ? '' : `selected: ${this.info.bodies[stage.selected].name}`);
      this.refresh();
    });
    stage.canvas.addEventListener('pointerdown', () => ($('#help').hidden = true));
    if (this.info.live) this.live();
    else document.querySelectorAll('.live').forEach((e) => (e.hidden = true));
  }

  live() {
    $('#softness').hidden = false;
    press('l', false);
    $('button[data-key=l]').hidden = true;
    const url = new URL('live', location.href);
    url.protocol = url.protocol.replace('http', 'ws');
    this.server = new Live(url, this.track, (row, note) => {
      if (note) {
        this.text.note(note.error);
        return;
      }
      this.now = row;
      this.playing = row.playing;
      if (this.latest) this.refresh();
      this.state();
    }, () => message('The simulation has ended. Start it again and reload this page.'));
    pulling(this.stage, (c) => this.server.send(c));
  }

  // Playback

  play(on) {
    if (this.server) {
      this.latest = true;
      this.server.send({ do: on ? 'play' : 'pause' });
      return;
    }
    const { track } = this;
    if (on && this.at >= track.time(track.count - 1)) this.seek(-Infinity);
    this.playing = on;
    this.state();
  }

  restart() {
    if (this.server) this.server.send({ do: 'reset' });
    this.latest = Boolean(this.server);
    this.seek(-Infinity);
  }

  step(n) {
    const { track } = this;
    let i = this.index() + n;
    if (n < 0 && this.at > track.time(i - n) + 1e-6) i++; // between two frames: first back to the nearer
    if (this.server && i >= track.count) {
      this.latest = true;
      this.server.send({ do: 'step', count: Math.max(1, n) });
    } else this.seek(track.time(Math.min(track.count - 1, Math.max(0, i))), true);
  }

  /** Goes to a time; pause also stops there. */
  seek(time, pause = false) {
    const { track } = this;
    if (track.count === 0) return;
    const last = track.time(track.count - 1);
    this.at = Math.min(last, Math.max(track.time(0), time));
    if (pause && this.playing) this.play(false);
    if (this.server && pause) this.latest = this.at >= last;
    this.refresh();
    this.state();
  }

  setSpeed(speed) {
    this.speed = speed;
    if (this.server) this.server.send({ speed });
  }

  soften(by) {
    if (!this.server) return;
    const k = $('#kappa');
    k.value = String(+k.value + by);
    this.server.send({ kappa: 10 ** +k.value });
  }

  // What is shown

  toggle(name) {
    this.stage.show[name] = !this.stage.show[name];
    this.refresh();
    this.state();
  }

  togglePlots() {
    $('#plots').hidden = !$('#plots').hidden;
    this.refresh();
    this.state();
  }

  turn(by) {
    this.view = (this.view + by + views.length) % views.length;
    this.stage.aim(...views[this.view], this.stage.distance());
  }

  theme(name) {
    document.documentElement.dataset.theme = name;
    this.stage.setTheme(name);
    this.refresh();
  }

  /** Shows on the buttons what is on. */
  state() {
    const { show, follow } = this.stage;
    for (const [key, on] of [['f', show.forces], ['m', show.com], ['a', show.frames], ['t', show.trail],
      ['p', !$('#plots').hidden], ['c', follow], ['l', this.loop]]) press(key, on);
    playing(this.playing);
    if (this.now && document.activeElement !== $('#kappa')) $('#kappa').value = String(Math.log10(this.now.kappa));
    if (this.now) $('#kappaText').value = this.now.kappa.toExponential(1);
  }

  /** Returns the last row that is not after the time shown. */
  index() {
    const { track } = this;
    let low = 0;
    let high = track.count - 1;
    while (low < high) {
      const mid = (low + high + 1) >> 1;
      if (track.time(mid) <= this.at + 1e-6) low = mid;
      else high = mid - 1;
    }
    return low;
  }

  /** Shows the present moment: bodies, marks, text, plots, bar. */
  refresh() {
    const { track, stage } = this;
    if (track.count === 0) return;
    if (this.latest) this.at = track.time(track.count - 1);
    const i = this.index();
    const j = Math.min(i + 1, track.count - 1);
    const gap = track.time(j) - track.time(i);
    stage.pose(track, i, gap > 0 ? Math.min(1, (this.at - track.time(i)) / gap) : 0);
    this.text.set('time', `${this.at.toFixed(2)} s`);
    if (this.now) this.text.set('speed', this.now.failed ? 'failed' : `${this.now.speed.toFixed(2)}×`);
    this.text.show(track, i, stage.touching);
    if (!$('#plots').hidden) this.plots.draw(track, i);
    $('#scrub').max = String(track.count - 1);
    $('#scrub').value = String(i);
    clock(this.at, this.server ? undefined : track.time(track.count - 1));
  }

  frame(now) {
    const dt = Math.min(0.1, (now - (this.last ?? now)) / 1000);
    this.last = now;
    if (this.playing && !this.server) {
      const { track } = this;
      const end = track.time(track.count - 1);
      this.at += dt * this.speed;
      if (this.at >= end) {
        this.at = this.loop ? track.time(0) : end;
        if (!this.loop) this.play(false);
      }
      this.refresh();
    }
    this.stage.inset = $('#plots').hidden ? 0 : $('#plots').offsetWidth;
    this.stage.resize();
    this.stage.track(dt);
    this.stage.draw();
    requestAnimationFrame((t) => this.frame(t));
  }
}

async function main() {
  try {
    const info = JSON.parse($('#info-json').textContent);
    const block = new Block(await inflate($('#data').textContent.trim()));
    const v = new Viewer(info, block);
    v.seek(-Infinity);
    v.stage.track(0);
    v.stage.dirty = true;
    requestAnimationFrame((t) => v.frame(t));
    if (!info.live) v.play(info.autoplay);
    window.ukemi = v; // for scripts and tests
  } catch (e) {
    message(`This page cannot be shown: ${e.message}`);
    throw e;
  }
}

main();
