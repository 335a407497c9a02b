// Reading what the Go side wrote: a JSON description and one deflated block of numbers.

/** Inflates a base64 string of raw deflate data. */
export async function inflate(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Reads the block in the order in which it was written. */
export class Block {
  constructor(bytes) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = 0;
  }

  f64() {
    this.at += 8;
    return this.view.getFloat64(this.at - 8, true);
  }

  /**
   * Channels of 16-bit numbers, each with an offset and a step, stored as differences of neighbors, first
   * all low bytes, then all high bytes.
   */
  channels(count, length) {
    const scales = [];
    for (let c = 0; c < count; c++) scales.push([this.f64(), this.f64()]);
    const n = count * length;
    const low = this.bytes.subarray(this.at, this.at + n);
    const high = this.bytes.subarray(this.at + n, this.at + 2 * n);
    this.at += 2 * n;
    return scales.map(([offset, step], c) => {
      const out = new Float32Array(length);
      let q = 0;
      for (let i = 0, k = c * length; i < length; i++, k++) {
        q = (q + low[k] + (high[k] << 8)) & 0xffff;
        out[i] = offset + step * q;
      }
      return out;
    });
  }

  /** 32-bit words, stored as four planes of bytes. */
  words(n) {
    const out = new Uint32Array(n);
    for (let b = 0; b < 4; b++) {
      const plane = this.bytes.subarray(this.at + b * n, this.at + (b + 1) * n);
      for (let i = 0; i < n; i++) out[i] |= plane[i] << (8 * b);
    }
    this.at += 4 * n;
    return out;
  }

  floats(n) {
    return new Float32Array(this.words(n).buffer);
  }

  /** Whole numbers such as triangle corners, stored as differences of neighbors. */
  indices(n) {
    const out = this.words(n);
    for (let i = 1; i < n; i++) out[i] = (out[i] + out[i - 1]) >>> 0;
    return out;
  }

  mesh(m) {
    const [x, y, z] = this.channels(3, m.vertices);
    return { x, y, z, index: this.indices(3 * m.triangles) };
  }
}

/**
 * A track is what a page can show: rows of numbers over time. Each row has the columns that layout names:
 * seven numbers per body (position, quaternion w x y z), one per signal, one per slider. Each has its own number of contacts, of seven
 * numbers (point, force, whether the other side is a body too).
 */
export class Track {
  constructor(info) {
    this.info = info;
    this.nb = info.bodies.length;
    this.ns = info.signals.length;
    this.signal = 7 * this.nb; // first column of signals
    this.slider = this.signal + this.ns; // first column of sliders
    this.columns = this.slider + (info.sliders?.length ?? 0);
  }
}

/** A recorded track: everything is there from the start. */
export class Recorded extends Track {
  constructor(info, block) {
    super(info);
    this.count = info.frames;
    const body = block.channels(this.signal, this.count);
    for (let s = 0; s < this.ns; s++) body.push(block.floats(this.count));
    const sliders = this.columns - this.slider;
    this.data = sliders > 0 ? body.concat(block.channels(sliders, this.count)) : body;
    this.times = block.floats(this.count);
    const frames = block.indices(info.contacts);
    const numbers = block.channels(7, info.contacts);
    this.touching = Array.from({ length: this.count }, () => []);
    frames.forEach((f, k) => this.touching[f].push(numbers.map((c) => c[k])));
  }

  time(i) {
    return this.times[i];
  }

  get(column, i) {
    return this.data[column][i];
  }

  /** The contacts of row i. */
  contacts(i) {
    return this.touching[i];
  }
}

/** A growing track that keeps the last rows. */
export class Growing extends Track {
  constructor(info, keep = 3000) {
    super(info);
    this.keep = keep;
    this.rows = [];
    this.times = [];
  }

  get count() {
    return this.rows.length;
  }

  push(time, row) {
    const last = this.times[this.count - 1];
    if (time < last) {
      this.rows = []; // the simulation started again
      this.times = [];
    } else if (time === last) {
      this.rows[this.count - 1] = row; // something else changed
      return;
    }
    this.rows.push(row);
    this.times.push(time);
    if (this.rows.length > this.keep) {
      this.rows.splice(0, this.keep / 10);
      this.times.splice(0, this.keep / 10);
    }
  }

  time(i) {
    return this.times[i];
  }

  get(column, i) {
    return this.rows[i][column];
  }

  contacts(i) {
    const row = this.rows[i]; // contacts follow the columns
    const all = [];
    for (let c = this.columns; c < row.length; c += 7) all.push(row.subarray(c, c + 7));
    return all;
  }
}
