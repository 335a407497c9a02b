// The page: a recorded replay, or a live simulation when the description says so.
import { Block, Growing, Recorded, inflate } from './data.js';
import { Engine, Server, pulling } from './live.js';
import { Panels } from './panels.js';
import { Plots } from './plots.js';
import { setup, showSetup } from './setup.js';
import { Stage } from './stage.js';
import { $, Info, bind, clock, message, notch, playing, press } from './ui.js';

const views = [[-0.9, 0.3], [-Math.PI / 2, 0.08], [0, 0.08], [-0.9, 0.9], [-Math.PI / 2, 1.5]];

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
    if (matchMedia('(max-width: 640px)').matches) { // the robot has the place, all else is a key away
      $('#plots').hidden = true;
      this.fold(true);
    }
    this.connect();
    this.theme(matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
  }

  /** Folds the panels away; where there is room that of the simulation stays. */
  fold(on) {
    $('#panels').classList.toggle('folded', on);
    $('#setup').classList.toggle('folded', on && matchMedia('(max-width: 640px)').matches);
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
      select: (body) => this.select(body),
      hide: (body, on) => this.stage.hide(body, on),
      send: (c) => this.link?.send(c),
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
      g: () => this.watch(!this.watching),
      o: () => {
        this.fold(!$('#panels').classList.contains('folded'));
        this.state();
      },
      k: () => this.link?.send({ key: { save: true } }),
      ',': () => this.soften(-0.5),
      '.': () => this.soften(0.5),
    });
    $('#scrub').addEventListener('input', (e) => this.seek(this.track.time(+e.target.value), true));
    $('#speed').addEventListener('change', (e) => this.setSpeed(+e.target.value));
    $('#kappa').addEventListener('input', () => this.soften(0));
    stage.canvas.addEventListener('dblclick', (e) => this.select(stage.pick(e).body));
    stage.canvas.addEventListener('pointerdown', () => ($('#help').hidden = true));
    document.querySelectorAll('.live').forEach((e) => (e.hidden = !this.live));
    if (this.live) this.attend();
  }

  /** Listens to the simulation, and lets the user have a hand in it. */
  attend() {
    press('l', false);
    $('button[data-key=l]').hidden = true;
    let opening = Promise.resolve(); // rows wait until their robot is there
    const listener = {
      scene: (info) => (opening = opening.then(() => this.open(info))),
      keys: (list) => opening.then(() => this.panels?.keys(list)),
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

  /** Selects a body, −1 none. */
  select(body) {
    this.stage.select(body);
    this.text.note(body < 0 ? '' : `selected: ${this.info.bodies[body].name}`);
    this.panels.selected(body);
    this.watch(this.watching);
    this.refresh();
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
    if (this.track) this.refresh();
  }

  /** Shows on the buttons what is on. */
  state() {
    const { show, follow } = this.stage;
    for (const [key, on] of [['f', show.forces], ['m', show.com], ['a', show.frames], ['t', show.trail],
      ['p', !$('#plots').hidden], ['c', follow], ['l', this.loop], ['g', this.watching], ['o', !$('#panels').classList.contains('folded')]]) press(key, on);
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
    this.text.show(track, i, stage.touching);
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
