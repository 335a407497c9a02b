// Force arrows, contact points, center of mass, frames and trails.
import {
  AxesHelper, BufferAttribute, BufferGeometry, CanvasTexture, ConeGeometry, CylinderGeometry, Group, Line,
  LineBasicMaterial, Mesh, MeshBasicMaterial, MeshStandardMaterial, SphereGeometry, Vector3,
} from 'three';

const up = new Vector3(0, 1, 0);
const orange = new MeshStandardMaterial({ color: 0xf28c28, emissive: 0xb85c10, emissiveIntensity: 0.55, roughness: 0.5 });
export const reaction = new MeshStandardMaterial({ color: 0xb4540a, emissive: 0x6e3206, emissiveIntensity: 0.55, roughness: 0.5 });
const red = new MeshBasicMaterial({ color: 0xe0443e });

/** Materials of arrows along the axes of the world, seen through everything. */
export const axes = [0xd6403a, 0x2f9e4f, 0x3a66d6].map((color) => new MeshBasicMaterial({ color, depthTest: false, transparent: true }));

/** Arrows are made when first needed and then kept; they take turns with the materials. */
export class Arrows extends Group {
  constructor(radius, materials = [orange]) {
    super();
    this.radius = radius;
    this.materials = materials;
    this.shaft = new CylinderGeometry(radius, radius, 1, 16).translate(0, 0.5, 0);
    this.head = new ConeGeometry(2.4 * radius, 6 * radius, 20).translate(0, -3 * radius, 0);
    this.dot = new SphereGeometry(1.5 * radius, 16, 12);
    this.used = 0;
  }

  reset() {
    for (const a of this.children) a.visible = false;
    this.used = 0;
  }

  /** Shows a vector at a point; without the arrow or without the dot where those are not wanted. */
  point(from, vector, arrow = true, dot = true) {
    const m = this.materials[this.used % this.materials.length];
    let a = this.children[this.used++];
    if (!a) {
      a = new Group();
      a.add(new Mesh(this.shaft, m), new Mesh(this.head, m), new Mesh(this.dot, m === orange ? red : m));
      a.children[0].castShadow = a.children[1].castShadow = m === orange;
      for (const part of a.children) part.renderOrder = m === orange ? 0 : 8;
      this.add(a);
    }
    const length = vector.length();
    const head = Math.min(1, length / (8 * this.radius)); // short arrows are all head
    a.visible = true;
    a.children[0].visible = a.children[1].visible = arrow;
    a.children[2].visible = dot;
    a.position.copy(from);
    a.quaternion.setFromUnitVectors(up, vector.clone().normalize());
    a.children[0].scale.set(1, Math.max(1e-6, length - 6 * this.radius * head), 1);
    a.children[1].position.y = length;
    a.children[1].scale.setScalar(head);
  }
}

const hinge = new MeshBasicMaterial({ color: 0x8e5bd6, depthTest: false, transparent: true });
const slide = new MeshBasicMaterial({ color: 0x2fa7a0, depthTest: false, transparent: true });

/** An arrow along the axis of a joint, in the frame of the body that it moves, seen through everything. */
export function makeAxis(axis, size) {
  const g = new Group();
  const m = axis.slides ? slide : hinge;
  g.add(new Mesh(new CylinderGeometry(0.03 * size, 0.03 * size, 0.82 * size, 12).translate(0, -0.09 * size, 0), m),
    new Mesh(new ConeGeometry(0.07 * size, 0.18 * size, 16).translate(0, 0.41 * size, 0), m));
  for (const part of g.children) part.renderOrder = 8;
  g.quaternion.setFromUnitVectors(up, new Vector3(...axis.vector));
  return g;
}

/** The black and white ball of crash tests, seen through everything. */
export function makeCenterOfMass(radius) {
  const c = document.createElement('canvas');
  c.width = 64;
  c.height = 32;
  const g = c.getContext('2d');
  g.fillStyle = '#fff';
  g.fillRect(0, 0, 64, 32);
  g.fillStyle = '#111';
  for (let i = 0; i < 4; i++) g.fillRect(16 * i, i % 2 ? 16 : 0, 16, 16);
  const ball = new Mesh(new SphereGeometry(radius, 24, 16), new MeshBasicMaterial({
    map: new CanvasTexture(c), depthTest: false, transparent: true,
  }));
  ball.renderOrder = 10;
  return ball;
}

export function makeFrames(count, size) {
  const g = new Group();
  for (let i = 0; i < count; i++) {
    const a = new AxesHelper(size);
    a.material.depthTest = false;
    a.renderOrder = 9;
    g.add(a);
  }
  return g;
}

/** The rubber band between a body and the mouse that pulls it. */
export class Rubber extends Mesh {
  constructor(radius) {
    super(new CylinderGeometry(radius, radius, 1, 12).translate(0, 0.5, 0), new MeshBasicMaterial({ color: 0x2f9e6e }));
  }

  span(from, to) {
    const d = to.clone().sub(from);
    this.position.copy(from);
    this.scale.y = Math.max(1e-6, d.length());
    this.quaternion.setFromUnitVectors(up, d.normalize());
  }
}

/** The path of a body, brighter toward the present. */
export class Trail extends Line {
  constructor(color, most = 4000) {
    const g = new BufferGeometry();
    g.setAttribute('position', new BufferAttribute(new Float32Array(3 * most), 3));
    super(g, new LineBasicMaterial({ color, transparent: true, opacity: 0.9 }));
    this.most = most;
    this.frustumCulled = false;
  }

  /** Shows the path of body b from the first row up to row end. */
  show(track, b, end) {
    const p = this.geometry.attributes.position;
    const stride = Math.max(1, Math.ceil((end + 1) / this.most));
    let n = 0;
    for (let i = 0; i <= end && n < this.most; i += stride, n++) {
      p.setXYZ(n, track.get(7 * b, i), track.get(7 * b + 1, i), track.get(7 * b + 2, i));
    }
    p.needsUpdate = true;
    this.geometry.setDrawRange(0, n);
  }
}
