// @ts-check
// The phone rings and shakes while an offer waits.

/** @type {AudioContext | undefined} */
let audio;
let ringing = 0;

/** Browsers let a page sound only after a touch: the first one anywhere. */
export function readyToRing() {
  const wake = () => {
    audio ??= new AudioContext();
    void audio.resume();
  };
  addEventListener("pointerdown", wake, { once: true });
}

/** Ring until told to stop. */
export function ring() {
  if (ringing) return;
  const turn = () => {
    navigator.vibrate?.([300, 150, 300]);
    if (audio?.state === "running") [880, 1175].forEach((pitch, i) => tone(/** @type {AudioContext} */ (audio), pitch, i * 0.25));
  };
  turn();
  ringing = setInterval(turn, 2500);
}

export function stopRinging() {
  clearInterval(ringing);
  ringing = 0;
  navigator.vibrate?.(0);
}

/** @param {AudioContext} on @param {number} pitch in hertz @param {number} after in seconds */
function tone(on, pitch, after) {
  const [source, volume] = [on.createOscillator(), on.createGain()];
  const begins = on.currentTime + after;
  source.frequency.value = pitch;
  volume.gain.setValueAtTime(0.3, begins);
  volume.gain.exponentialRampToValueAtTime(0.001, begins + 0.4);
  source.connect(volume).connect(on.destination);
  source.start(begins);
  source.stop(begins + 0.45);
}
