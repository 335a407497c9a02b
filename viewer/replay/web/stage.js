// The scene in three dimensions: builds it from the description, shows a moment of a track, handles the camera.
import {
  DirectionalLight, Group, HemisphereLight, PCFShadowMap, PerspectiveCamera, Quaternion, Raycaster, Scene,
  Vector2, Vector3, WebGLRenderer,
} from 'three';
import { OrbitControls } from 'three/examples/jsm/controls/OrbitControls.js';
import { makePart } from './shapes.js';
import { makeGround, makeSky, setReach, setTheme } from './ground.js';
import { Arrows, Rubber, Trail, axes, makeAxis, makeCenterOfMass, makeFrames, reaction } from './marks.js';
import { $ } from './ui.js';

const qa = new Quaternion();
const qb = new Quaternion();
const va = new Vector3();
const vb = new Vector3();

const seen = (o) => !o || (o.visible && seen(o.parent));

export class Stage {
  constructor(canvas) {
    this.canvas = canvas;
    this.renderer = new WebGLRenderer({ canvas, antialias: true });
    this.renderer.setPixelRatio(Math.min(window.devicePixelRatio, 2));
    this.renderer.shadowMap.enabled = true;
    this.renderer.shadowMap.type = PCFShadowMap;
    this.scene = new Scene();
    this.scene.add(makeSky());
    this.camera = new PerspectiveCamera(40, 1, 0.01, 100);
    this.camera.up.set(0, 0, 1);
    this.controls = new OrbitControls(this.camera, canvas);
    this.controls.enableDamping = true;
    this.controls.dampingFactor = 0.15;
    this.controls.addEventListener('change', () => (this.dirty = true));
    this.show = {}; // by the names of info.shows
    this.inset = 0; // pixels at the right that a panel covers
    this.center = new Vector3();
  }

  /** Shows another robot: all of the scene but the sky and the camera is made anew. */
  open(info, meshes) {
    this.info = info;
    for (const s of info.shows) this.show[s.name] ??= s.on;
    this.world?.traverse((o) => {
      o.geometry?.dispose();
      o.shadow?.dispose();
    });
    this.world?.removeFromParent();
    this.world = new Group();
    this.scene.add(this.world);
    this.camera.fov = (info.camera.fov * 180) / Math.PI;
    this.follow = info.camera.follow;
    this.home();

    this.lights();
    for (const h of info.grounds) this.world.add(makeGround(h, info.cell, 400 * info.size));
    this.bodies = info.bodies.map(() => new Group());
    this.fixed = new Group();
    this.solids = new Group();
    this.solids.add(this.fixed, ...this.bodies);
    this.world.add(this.solids);
    const add = (list) => list.map((p) => {
      const o = makePart(p, meshes);
      (p.body < 0 ? this.fixed : this.bodies[p.body]).add(o);
      return o;
    });
    this.parts = { looks: add(info.parts), solids: add(info.solids), inertias: add(info.inertias) };
    this.axes = info.axes.map((a) => {
      const o = makeAxis(a, 0.2 * info.size);
      this.bodies[a.body].add(o);
      return o;
    });
    this.names = info.bodies.map((b) => Object.assign(document.createElement('span'), { textContent: b.name }));
    $('#names').replaceChildren(...this.names);
    this.dress();

    const s = info.size;
    this.arrows = new Arrows(0.008 * s);
    this.reactions = new Arrows(0.008 * s, [reaction]); // on the other body
    this.answers = new Arrows(0.008 * s, axes);
    this.com = makeCenterOfMass(0.028 * s);
    this.frames = makeFrames(info.bodies.length, 0.13 * s);
    this.trail = new Trail(0xe0443e);
    this.rubber = new Rubber(0.006 * s);
    this.hand = null; // { body, local, target } while the mouse pulls
    this.world.add(this.arrows, this.reactions, this.answers, this.com, this.frames, this.trail, this.rubber);
    this.selected = -1;
    this.dirty = true;
  }

  lights() {
    this.world.add(new HemisphereLight(0xe6eef8, 0x9a9284, 1.9));
    const sun = new DirectionalLight(0xfff6e8, 2.5);
    const r = 2.5 * this.info.size;
    sun.castShadow = true;
    sun.shadow.mapSize.set(2048, 2048);
    Object.assign(sun.shadow.camera, { left: -r, right: r, top: r, bottom: -r, near: 0.1 * r, far: 8 * r });
    sun.shadow.normalBias = 0.004 * this.info.size;
    sun.shadow.radius = 3;
    this.sun = sun;
    this.world.add(sun, sun.target);
  }

  /** Gives the bodies the looks that are wanted. */
  dress() {
    const { show } = this;
    const ghost = show.ghost || show.inertias;
    const see = (list, on, pale) => {
      for (const o of list) {
        o.visible = on;
        o.traverse(({ material: m }) => {
          if (!m) return;
          m.userData.opacity ??= m.opacity;
          const opacity = m.userData.opacity * (pale && o.userData.body !== -1 ? 0.4 : 1);
          Object.assign(m, { opacity, transparent: opacity < 1, depthWrite: opacity === 1, wireframe: show.wires });
        });
      }
    };
    see(this.parts.looks, !show.solids, ghost);
    see(this.parts.solids, show.solids, ghost);
    see(this.parts.inertias, show.inertias, false);
    for (const a of this.axes) a.visible = show.axes;
    this.sun.castShadow = show.shadows;
    $('#names').hidden = !show.names;
    this.dirty = true;
  }

  setTheme(name) {
    setTheme(name);
    this.dirty = true;
  }

  /** Puts the camera where the description wants it. */
  home() {
    const c = this.info.camera;
    const aspect = this.canvas.clientWidth / Math.max(1, this.canvas.clientHeight); // the distance is for 1.3 and above
    this.controls.target.set(...c.target);
    this.aim(c.azimuth, c.elevation, c.distance * Math.max(1, 1.3 / aspect));
  }

  /** Places the camera on an orbit around its target. */
  aim(azimuth, elevation, distance) {
    const ce = Math.cos(elevation);
    va.set(ce * Math.cos(azimuth), ce * Math.sin(azimuth), Math.sin(elevation)).multiplyScalar(distance);
    this.camera.position.copy(this.controls.target).add(va);
    this.controls.update();
    this.dirty = true;
  }

  distance() {
    return this.camera.position.distanceTo(this.controls.target);
  }

  resize() {
    const w = this.canvas.clientWidth;
    const h = this.canvas.clientHeight;
    const inset = w > 900 ? this.inset : 0;
    if (w === this.width && h === this.height && inset === this.insetUsed) return;
    if (w !== this.width || h !== this.height) this.renderer.setSize(w, h, false);
    [this.width, this.height, this.insetUsed] = [w, h, inset];
    this.camera.aspect = w / Math.max(1, h);
    this.camera.setViewOffset(w, h, inset / 2, 0, w, h); // the middle is the middle of what no panel covers
    this.dirty = true;
  }

  /** Shows row i of the track, a fraction f on the way to the next. */
  pose(track, i, f) {
    const j = Math.min(i + 1, track.count - 1);
    this.bodies.forEach((b, k) => {
      const c = 7 * k;
      va.set(track.get(c, i), track.get(c + 1, i), track.get(c + 2, i));
      vb.set(track.get(c, j), track.get(c + 1, j), track.get(c + 2, j));
      qa.set(track.get(c + 4, i), track.get(c + 5, i), track.get(c + 6, i), track.get(c + 3, i)).normalize();
      qb.set(track.get(c + 4, j), track.get(c + 5, j), track.get(c + 6, j), track.get(c + 3, j)).normalize();
      b.position.lerpVectors(va, vb, f);
      b.quaternion.slerpQuaternions(qa, qb, f);
    });
    this.contacts(track, f < 0.5 ? i : j);
    this.marks(track, i);
    this.dirty = true;
  }

  contacts(track, i) {
    this.arrows.reset();
    this.reactions.reset();
    this.touching = 0;
    const { size, weight, force_scale: scale } = this.info;
    for (const c of track.contacts(i)) {
      vb.set(c[3], c[4], c[5]);
      const n = vb.length();
      if (!(n > 1e-3 * weight)) continue;
      this.touching++;
      if (!this.show.forces && !this.show.contacts) continue;
      va.set(c[0], c[1], c[2]);
      this.arrows.point(va, vb.multiplyScalar(Math.min(n * scale, 2 * size) / n), this.show.forces, this.show.contacts);
      if (c[6] > 0.5) this.reactions.point(va, vb.negate(), this.show.forces, false);
    }
  }

  /** Shows how the watched body answers to pushes along the axes; an arrow of half the robot's size is a body that nothing holds. */
  answer(body, response) {
    this.answers.reset();
    if (!(body >= 0)) return;
    this.bodies[body].localToWorld(va.set(...this.info.bodies[body].com));
    for (const r of response) {
      vb.set(...r).multiplyScalar(0.5 * this.info.size);
      if (vb.length() > 0) this.answers.point(va, vb.clampLength(1e-3 * this.info.size, 2 * this.info.size));
      else this.answers.used++; // the next axis has its own color
    }
  }

  marks(track, i) {
    this.center.set(0, 0, 0);
    let mass = 0;
    this.info.bodies.forEach((b, k) => {
      va.set(...b.com).applyQuaternion(this.bodies[k].quaternion).add(this.bodies[k].position);
      this.center.addScaledVector(va, b.mass);
      mass += b.mass;
    });
    if (mass > 0) this.center.multiplyScalar(1 / mass);
    this.com.visible = this.show.com;
    this.com.position.copy(this.center);
    this.frames.visible = this.show.frames;
    if (this.show.frames) {
      this.frames.children.forEach((a, k) => {
        a.position.copy(this.bodies[k].position);
        a.quaternion.copy(this.bodies[k].quaternion);
      });
    }
    this.trail.visible = this.show.traces && this.bodies.length > 0;
    if (this.trail.visible) this.trail.show(track, Math.max(0, this.selected), i);
  }

  /** Moves the camera with the selected body, or the center of mass; dt is the time since the last call, 0 jumps. */
  track(dt) {
    if (!this.follow || !this.info) return;
    const k = dt > 0 ? 1 - Math.exp(-dt / 0.25) : 1;
    va.copy(this.selected < 0 ? this.center : this.bodies[this.selected].position).sub(this.controls.target);
    va.set(k * va.x, k * va.y, dt > 0 ? k * 0.25 * va.z : va.z);
    this.controls.target.add(va);
    this.camera.position.add(va);
  }

  draw() {
    this.controls.update();
    if (!this.dirty || !this.info) return;
    this.dirty = false;
    this.rubber.visible = Boolean(this.hand);
    if (this.hand) this.rubber.span(this.bodies[this.hand.body].localToWorld(va.set(...this.hand.local)), this.hand.target);
    const d = this.distance();
    this.camera.near = d / 200;
    this.camera.far = d * 200;
    this.camera.updateProjectionMatrix();
    setReach(14 * d, this.controls.target);
    const reach = Math.max(this.info.size, 1e-3);
    this.sun.target.position.copy(this.center);
    this.sun.position.copy(this.center).add(va.set(-0.35, -0.45, 0.85).multiplyScalar(4 * reach));
    this.renderer.render(this.scene, this.camera);
    if (this.show.names) this.label();
  }

  /** Puts the names where their bodies are. */
  label() {
    this.names.forEach((e, k) => {
      va.copy(this.bodies[k].position).project(this.camera);
      e.hidden = !this.bodies[k].visible || Math.abs(va.z) > 1;
      e.style.left = `${(va.x * 0.5 + 0.5) * this.width}px`;
      e.style.top = `${(0.5 - va.y * 0.5) * this.height}px`;
    });
  }

  /** Returns the body under a point of the page and the point in its frame. */
  pick(event) {
    const r = this.canvas.getBoundingClientRect();
    const at = new Vector2(((event.clientX - r.left) / r.width) * 2 - 1, 1 - ((event.clientY - r.top) / r.height) * 2);
    const ray = new Raycaster();
    ray.setFromCamera(at, this.camera);
    const hit = ray.intersectObject(this.solids, true).find((h) => seen(h.object));
    return { ray: ray.ray, hit, body: hit ? hit.object.userData.body : -1 };
  }

  /** Hides a body, or shows it again. */
  hide(body, on) {
    this.bodies[body].visible = !on;
    this.dirty = true;
  }

  /** Marks one body by a glow; −1 none. */
  select(body) {
    this.selected = body;
    this.bodies.forEach((b, k) => b.traverse((o) => {
      if (o.material?.emissive) o.material.emissive.set(k === body ? 0x443300 : 0);
    }));
    this.dirty = true;
  }
}
