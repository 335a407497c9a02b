// The page: a recorded replay, or a live simulation when the description says so.
import { Block, Growing, Recorded, inflate } from './data.js';
import { Engine, Server, pulling } from './live.js';
import { Panels } from './panels.js';
import { Plots } from './plots.js';
import { setup, showSetup } from './setup.js';
import { Stage } from './stage.js';
import { $, Info, bind, clock, message, notch, playing, press } from './ui.js';

const views = [[-0.9, 0.3], [-Math.PI / 2, 0.08], [0, 0.08], [-0.9, 0.9], [-Math.PI / 2, 1.5]];

const narrow = () => matchMedia('(max-width: 640px)').matches; // as in style.css

class Viewer {
  constructor(source) {
    this.source = source;
    this.live = Boolean(source.live || source.engine);
    this.stage = new Stage($('#view'));
    this.at = 0; // time shown
    this.playing = false;
    this.speed = 1;
    this.loop = false;
    this.latest = this.live; // a live page shows the present until one scrubs back
    this.watching = false; // whether the selected body's response is asked for
    if (narrow()) { // the robot has the place, all else is a key away
      $('#plots').hidden = true;
      this.fold(true);
    }
    this.connect();
    this.theme(matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
  }

  /** Folds the panels away; where there is room that of the simulation stays, and where there is not plots make room for them. */
  fold(on) {
    $('#panels').classList.toggle('folded', on);
    $('#setup').classList.toggle('folded', on && narrow());
    if (!on && narrow()) $('#plots').hidden = true;
  }

  /** Shows another robot. */
  async open(info) {
    const block = new Block(await inflate(info.block));
    const meshes = info.meshes.map((m) => block.mesh(m));
    this.info = info;
    this.track = this.live ? new Growing(info) : new Recorded(info, block);
    this.stage.open(info, meshes);
    this.text = new Info(info.title);
    this.plots = new Plots($('#plots'), this.track, (t) => this.seek(t, true));
    this.panels = new Panels(info, {
      live: this.live,
      toggle: (name) => this.toggle(name),
      select: (body) => this.select(body),
      hide: (body, on) => this.stage.hide(body, on),
      send: (c) => {
        this.latest = true; // what a panel moves is the present
        this.link?.send(c);
      },
    });
    this.panels.signals(this.plots.all, (title, on) => {
      this.plots.choose(title, on);
      this.refresh();
    });
    $('#keys').hidden = !this.live;
    this.now = null;
    this.latest = this.live;
    this.view = 0;
    this.jump = true; // the camera need not travel to where the robot is
    if (this.watching) this.watch(true);
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
      ArrowUp: () => this.step(50),
      ArrowDown: () => this.step(-50),
      Home: () => this.seek(-Infinity, true),
      End: () => this.seek(Infinity, true),
      '+': () => this.setSpeed(notch(1)),
      '=': () => this.setSpeed(notch(1)),
      '-': () => this.setSpeed(notch(-1)),
      f: toggle('forces'),
      c: toggle('contacts'),
      b: toggle('solids'),
      i: toggle('inertias'),
      n: toggle('axes'),
      e: toggle('frames'),
      l: toggle('names'),
      m: toggle('com'),
      r: toggle('traces'),
      t: toggle('ghost'),
      w: toggle('wires'),
      s: toggle('shadows'),
      p: () => this.togglePlots(),
      F2: () => ($('#info').hidden = !$('#info').hidden),
      PageUp: () => this.selectable(this.info.bodies[this.stage.selected]?.parent ?? -1),
      PageDown: () => this.selectable((this.stage.selected + 1) % this.info.bodies.length),
      v: () => {
        stage.follow = !stage.follow;
        this.state();
      },
      ']': () => this.turn(1),
      '[': () => this.turn(-1),
      z: () => stage.home(),
      y: () => {
        this.loop = !this.loop;
        this.state();
      },
      d: () => this.theme(document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark'),
      h: () => ($('#help').hidden = !$('#help').hidden),
      F1: () => ($('#help').hidden = !$('#help').hidden),
      Escape: () => {
        $('#help').hidden = true;
        stage.follow = false;
        if (this.info) this.select(-1);
        this.state();
      },
      g: () => this.watch(!this.watching),
      o: () => {
        this.fold(!$('#panels').classList.contains('folded'));
        this.state();
      },
      k: () => this.link?.send({ key: { save: true } }),
      j: () => this.recall(),
      ',': () => this.soften(-0.5),
      '.': () => this.soften(0.5),
    });
    $('#scrub').addEventListener('input', (e) => this.seek(this.track.time(+e.target.value), true));
    $('#speed').addEventListener('change', (e) => this.setSpeed(+e.target.value));
    $('#kappa').addEventListener('input', () => this.soften(0));
    stage.canvas.addEventListener('dblclick', (e) => this.select(stage.pick(e).body));
    stage.canvas.addEventListener('pointerdown', () => ($('#help').hidden = true));
    document.querySelectorAll('.live').forEach((e) => (e.hidden = !this.live));
    document.querySelectorAll('.recorded').forEach((e) => (e.hidden = this.live));
    document.querySelectorAll('#panels details').forEach((e) => e.addEventListener('toggle', () => this.track && this.refresh()));
    if (this.live) this.attend();
  }

  /** Listens to the simulation, and lets the user have a hand in it. */
  attend() {
    press('y', false);
    $('button[data-key=y]').hidden = true;
    let opening = Promise.resolve(); // rows wait until their robot is there
    const listener = {
      scene: (info) => (opening = opening.then(() => this.open(info))),
      keys: (list) => opening.then(() => {
        this.kept = this.recalled = list.length;
        this.panels?.keys(list);
      }),
      say: (text) => opening.then(() => this.text?.note(text)),
      row: (now, row) => opening.then(() => this.receive(now, row)),
      lost: (gone) => {
        this.playing = this.playing && !gone;
        playing(this.playing);
        message(gone ? 'The simulation is not there any more. This page goes on when it comes back.' : '');
      },
    };
    if (this.source.engine) {
      this.link = new Engine(listener);
      setup(this.link, this.source.robots);
    } else {
      const url = new URL('live', location.href);
      url.protocol = url.protocol.replace('http', 'ws');
      this.link = new Server(url, listener);
      setup(this.link, []);
    }
    pulling(this.stage, (body) => {
      this.select(body);
      if (!this.latest) this.text.note('This is the past: go on (Space) to push.');
      return this.latest;
    }, (c) => this.link.send(c));
  }

  receive(now, row) {
    if (!this.track) return;
    this.track.push(now.time, row);
    this.now = now;
    this.playing = now.playing;
    this.fresh = true; // shown with the next picture: rows may come faster than pictures are drawn
  }

  selectable(body) {
    if (body < (this.info?.bodies.length ?? 0)) this.select(body);
  }

  /** Selects a body, −1 none. */
  select(body) {
    this.stage.select(body);
    this.text.note(body < 0 ? '' : `selected: ${this.info.bodies[body].name}`);
    this.panels.selected(body);
    this.watch(this.watching);
    this.refresh();
  }

  /** Goes to the key frame before the one recalled last, from the first to the last again. */
  recall() {
    if (!this.kept) return;
    this.recalled = (this.recalled + this.kept - 1) % this.kept;
    this.latest = true;
    this.link.send({ key: { load: this.recalled } });
  }

  /** Asks for the response of the selected body, or the first. */
  watch(on) {
    if (!this.link) return;
    this.watching = on;
    this.link.send({ watch: on ? Math.max(0, this.stage.selected) : -1 });
    this.state();
  }

  // Playback

  play(on) {
    if (this.link) {
      this.latest = true;
      this.link.send({ do: on ? 'play' : 'pause' });
      return;
    }
    const { track } = this;
    if (on && this.at >= track.time(track.count - 1)) this.seek(-Infinity);
    this.playing = on;
    this.state();
  }

  restart() {
    if (this.link) this.link.send({ do: 'reset' });
    this.latest = Boolean(this.link);
    this.seek(-Infinity);
  }

  step(n) {
    const { track } = this;
    let i = this.index() + n;
    if (n < 0 && this.at > track.time(i - n) + 1e-6) i++; // between two frames: first back to the nearer
    if (this.link && i >= track.count) {
      this.latest = true;
      this.link.send({ do: 'step', count: Math.max(1, n) });
    } else this.seek(track.time(Math.min(track.count - 1, Math.max(0, i))), true);
  }

  /** Goes to a time; pause also stops there. */
  seek(time, pause = false) {
    const { track } = this;
    if (track.count === 0) return;
    const last = track.time(track.count - 1);
    this.at = Math.min(last, Math.max(track.time(0), time));
    if (pause && this.playing) this.play(false);
    if (this.link && pause) this.latest = this.at >= last;
    this.jump = true; // the camera goes along at once
    this.refresh();
    this.state();
  }

  setSpeed(speed) {
    this.speed = speed;
    if (this.link) this.link.send({ speed });
  }

  soften(by) {
    if (!this.link) return;
    const k = $('#kappa');
    k.value = String(+k.value + by);
    this.link.send({ kappa: 10 ** +k.value });
  }

  // What is shown

  toggle(name) {
    if (!this.info) return;
    this.stage.show[name] = !this.stage.show[name];
    this.stage.dress();
    this.refresh();
    this.state();
  }

  togglePlots() {
    $('#plots').hidden = !$('#plots').hidden;
    if (!$('#plots').hidden && narrow()) this.fold(true);
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
    if (this.track) this.refresh();
  }

  /** Shows on the buttons what is on. */
  state() {
    const { show, follow } = this.stage;
    this.panels?.showing(show);
    for (const [key, on] of [['f', show.forces], ['m', show.com], ['e', show.frames], ['r', show.traces],
      ['p', !$('#plots').hidden], ['v', follow], ['y', this.loop], ['g', this.watching], ['o', !$('#panels').classList.contains('folded')]]) press(key, on);
    playing(this.playing);
    if (this.now) showSetup(this.now);
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
    if (this.now) {
      this.text.set('speed', this.now.failed ? 'failed' : `${this.now.speed.toFixed(2)}×`);
      this.text.set('step takes', `${(1e6 * this.now.cost).toFixed(0)} µs`);
    }
    this.text.show(track, i, stage.touching, stage.selected);
    this.respond();
    this.panels.show(track, i);
    if (!$('#plots').hidden) this.plots.draw(track, i);
    $('#scrub').max = String(track.count - 1);
    $('#scrub').value = String(i);
    clock(this.at, this.link ? undefined : track.time(track.count - 1));
  }

  /** Shows the derivative of the motion of the watched body by pushes. */
  respond() {
    if (!this.watching) {
      this.stage.answer(-1);
      this.text.drop('∂x/∂F');
      return;
    }
    if (!this.now || !this.latest) return;
    const { watched, response } = this.now;
    this.stage.answer(watched, response);
    this.text.set('∂x/∂F', response.map((r, k) => `${'xyz'[k]} ${r[k].toFixed(3)}`).join('  '));
  }

  frame(now) {
    const dt = Math.min(0.1, (now - (this.last ?? now)) / 1000);
    this.last = now;
    if (this.playing && !this.link && this.track) {
      const { track } = this;
      const end = track.time(track.count - 1);
      this.at += dt * this.speed;
      if (this.at >= end) {
        this.at = this.loop ? track.time(0) : end;
        if (!this.loop) this.play(false);
      }
      this.refresh();
    }
    if (this.fresh) {
      this.fresh = false;
      if (this.latest) this.refresh();
      this.state();
    }
    this.stage.inset = $('#plots').hidden ? 0 : $('#plots').offsetWidth;
    this.stage.resize();
    this.stage.track(this.jump ? 0 : dt);
    this.jump = this.jump && !(this.track?.count > 0);
    this.stage.draw();
    requestAnimationFrame((t) => this.frame(t));
  }
}

async function main() {
  try {
    const source = JSON.parse($('#info-json').textContent);
    const v = new Viewer(source);
    if (!v.live) {
      await v.open(source);
      v.seek(-Infinity);
      v.play(source.autoplay);
    }
    window.ukemi = v; // for scripts and tests
    requestAnimationFrame((t) => v.frame(t));
  } catch (e) {
    message(`This page cannot be shown: ${e.message}`);
    throw e;
  }
}

main();
