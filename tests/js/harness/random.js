// Random choices that a seed repeats.

/** A generator (mulberry32). */
export class Random {
  constructor(seed) {
    this.state = seed >>> 0;
  }

  /** A number from 0 to 1, without 1. */
  next() {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), 61 | bits);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A number between two others. */
  between(least, most) {
    return least + this.next() * (most - least);
  }

  shuffled(list) {
    const left = [...list];
    return list.map(() => left.splice(Math.floor(this.next() * left.length), 1)[0]);
  }

  /** A generator of its own, whose choices do not depend on how many others are made. */
  fork() {
    return new Random(this.next() * 2 ** 32);
  }
}
