// Connections to a running simulation, and pulling bodies.
import { Plane, Vector3 } from 'three';
import { inflate } from './data.js';

/**
 * Both connections speak one language. To the page come texts, {scene: …}, {say: …} and {keys: […]}, and rows of 32-bit
 * floats: head numbers, then the columns of a track. The page sends JSON: {do: play|pause|step|reset}, {kappa},
 * {speed}, {set: {parameter: value}}, {watch: body}, {grab: {body, local, target}}, {release: true},
 * {open: {name, text}}, {switch: {gravity, friction, contact}}, {slide: {index, value}}, {key: {save, load}}. What comes goes to the
 * methods of a listener: scene, say, keys, row, lost.
 */
const head = 20;

function hear(listener, data) {
  if (typeof data === 'string') {
    const { scene, say, keys } = JSON.parse(data);
    if (scene) listener.scene(scene);
    if (say !== undefined) listener.say(say);
    if (keys !== undefined) listener.keys(keys ?? []);
    return;
  }
  const n = new Float32Array(data, 0, head);
  listener.row({
    time: n[0], playing: n[1] > 0, speed: n[2], kappa: n[3], failed: n[4] > 0, timestep: n[5],
    gravity: n[6] > 0, friction: n[7] > 0, contact: n[8] > 0, cost: n[9],
    watched: n[10], response: [n.subarray(11, 14), n.subarray(14, 17), n.subarray(17, 20)],
  }, new Float32Array(data, 4 * head));
}

/** A simulation that a server runs. When it goes away the page waits for it to come back. */
export class Server {
  constructor(url, listener) {
    this.url = url;
    this.listener = listener;
    this.connect();
  }

  connect() {
    this.socket = new WebSocket(this.url);
    this.socket.binaryType = 'arraybuffer';
    this.socket.onopen = () => this.listener.lost(false);
    this.socket.onmessage = (m) => hear(this.listener, m.data);
    this.socket.onclose = () => {
      this.listener.lost(true);
      setTimeout(() => this.connect(), 1000);
    };
  }

  send(command) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(command));
  }

  /** Gives files to read, such as meshes. */
  async give(files) {
    for (const { path, file } of files) {
      const name = path.split('/').filter(Boolean).map(encodeURIComponent).join('/');
      const answer = await fetch(`/files/${name}`, { method: 'PUT', body: file });
      if (!answer.ok) this.listener.say(await answer.text());
    }
  }
}

// What the worker does beside Go's own starter: it waits for the program and runs it. The program answers messages from then on, and hands
// files that came with a robot to keep(). It reads them as a disk's: the best match for a path is the file that has the most of its end.
const run = `
const kept = new Map(); // bytes by path
const handles = new Map(); // {path, at} by number
globalThis.keep = ({ path, data }) => kept.set(path, new Uint8Array(data));
const find = (path) => {
  const want = path.toLowerCase().split('/').reverse();
  let best = null;
  let most = 0;
  for (const p of kept.keys()) {
    const has = p.toLowerCase().split('/').reverse();
    let n = 0;
    while (n < want.length && n < has.length && want[n] === has[n]) n++;
    if (n > most) [best, most] = [p, n];
  }
  return best;
};
const missing = () => Object.assign(new Error('no such file'), { code: 'ENOENT' });
const info = (path) => ({
  dev: 0, ino: 0, mode: 0o100444, nlink: 1, uid: 0, gid: 0, rdev: 0, size: kept.get(path).length, blksize: 4096, blocks: 0,
  atimeMs: 0, mtimeMs: 0, ctimeMs: 0, isDirectory: () => false,
});
const stat = (path, done) => {
  const p = find(path);
  if (p) done(null, info(p));
  else done(missing());
};
let last = 100;
Object.assign(globalThis.fs, {
  stat,
  lstat: stat,
  open(path, flags, mode, done) {
    const p = find(path);
    if (!p) return done(missing());
    handles.set(++last, { path: p, at: 0 });
    done(null, last);
  },
  fstat: (fd, done) => done(null, info(handles.get(fd).path)),
  read(fd, buffer, offset, length, position, done) {
    const f = handles.get(fd);
    const from = position ?? f.at;
    const part = kept.get(f.path).subarray(from, from + length);
    buffer.set(part, offset);
    if (position === null) f.at += part.length;
    done(null, part.length);
  },
  close(fd, done) {
    handles.delete(fd);
    done(null);
  },
});
onmessage = async (m) => {
  const go = new Go();
  const { instance } = await WebAssembly.instantiate(m.data, go.importObject);
  go.run(instance).then(() => { throw new Error('the engine has ended'); });
};`;

/** A simulation that this page runs itself, in a worker. */
export class Engine {
  constructor(listener) {
    this.waiting = []; // commands before the program runs
    this.start(listener).catch((e) => listener.say(`The engine does not start: ${e.message}`));
  }

  async start(listener) {
    const text = async (id) => inflate(document.getElementById(id).textContent.trim());
    const [starter, program] = await Promise.all([text('starter'), text('engine')]);
    const url = URL.createObjectURL(new Blob([starter, run], { type: 'text/javascript' }));
    this.worker = new Worker(url);
    this.worker.onerror = (e) => listener.say(`The engine has stopped: ${e.message}`);
    this.worker.onmessage = (m) => {
      if (m.data === 'ready') {
        const all = this.waiting;
        this.waiting = null;
        for (const c of all) this.send(c);
      } else hear(listener, m.data);
    };
    this.worker.postMessage(program.buffer, [program.buffer]);
  }

  send(command) {
    if (this.waiting) this.waiting.push(command);
    else this.worker.postMessage(JSON.stringify(command));
  }

  /** Gives files to read, such as meshes. */
  async give(files) {
    for (const { path, file } of files) {
      const data = await file.arrayBuffer();
      this.worker.postMessage({ path, data }, [data]);
    }
  }
}

/**
 * Pulls the body under the mouse while Ctrl is held: a spring from the point that was hit to the mouse. Nothing is pulled
 * where may(), asked first, says no.
 */
export function pulling(stage, may, send) {
  const plane = new Plane();
  const at = new Vector3();
  let grab = null;
  let due = null; // the last move of this picture: a mouse reports more often than anybody can see
  const move = () => {
    const e = due;
    due = null;
    if (!grab || !e) return;
    const { ray } = stage.pick(e);
    if (!ray.intersectPlane(plane, at)) return;
    send({ grab: { ...grab, target: at.toArray() } });
    stage.hand = { ...grab, target: at.clone() };
    stage.dirty = true;
  };
  const later = (e) => {
    if (!due) requestAnimationFrame(move);
    due = e;
  };
  stage.canvas.addEventListener('pointerdown', (e) => {
    if (!e.ctrlKey) return;
    const { hit, body } = stage.pick(e);
    if (body < 0) return;
    e.stopImmediatePropagation();
    if (!may(body)) return;
    stage.controls.enabled = false;
    grab = { body, local: stage.bodies[body].worldToLocal(hit.point.clone()).toArray() };
    plane.setFromNormalAndCoplanarPoint(stage.camera.getWorldDirection(at), hit.point);
    stage.canvas.setPointerCapture(e.pointerId);
    later(e);
  }, true);
  stage.canvas.addEventListener('pointermove', (e) => grab && later(e));
  const release = () => {
    if (!grab) return;
    grab = null;
    stage.hand = null;
    stage.dirty = true;
    stage.controls.enabled = true;
    send({ release: true });
  };
  stage.canvas.addEventListener('pointerup', release);
  stage.canvas.addEventListener('pointercancel', release);
}
