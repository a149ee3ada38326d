/** A verdict is heard and felt before it is read: eyes are on the part, not on the screen. */
import type { Tone } from './types';

type Note = { hz: number; ms: number; wave: OscillatorType };
const notes: Record<Tone, Note[]> = {
  ok: [{ hz: 1320, ms: 90, wave: 'sine' }],
  warn: [
    { hz: 740, ms: 120, wave: 'triangle' },
    { hz: 740, ms: 120, wave: 'triangle' },
  ],
  stop: [
    { hz: 220, ms: 260, wave: 'square' },
    { hz: 165, ms: 420, wave: 'square' },
  ],
  ask: [
    { hz: 660, ms: 110, wave: 'sine' },
    { hz: 880, ms: 160, wave: 'sine' },
  ],
};
const shakes: Record<Tone, number[]> = { ok: [40], warn: [80, 60, 80], stop: [300, 100, 300], ask: [60, 60, 60] };
const GAP_MS = 60;
const VOLUME = 0.15;

let audio: AudioContext | null = null;

export function sound(tone: Tone): void {
  try {
    navigator.vibrate?.(shakes[tone]);
    audio ??= new AudioContext();
    // Browsers start it only after a key or a touch; a scan is one.
    if (audio.state === 'suspended') void audio.resume();
    let at = audio.currentTime;
    for (const note of notes[tone]) {
      const end = at + note.ms / 1000;
      const oscillator = audio.createOscillator();
      const gain = audio.createGain();
      oscillator.type = note.wave;
      oscillator.frequency.value = note.hz;
      gain.gain.setValueAtTime(VOLUME, at);
      gain.gain.setTargetAtTime(0, end - 0.02, 0.01);
      oscillator.connect(gain).connect(audio.destination);
      oscillator.start(at);
      oscillator.stop(end);
      at = end + GAP_MS / 1000;
    }
  } catch {
    // No sound on this computer: the screen says it all.
  }
}
