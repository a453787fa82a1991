import { describe, expect, it } from 'vitest';
import { createCrosshair, nearestTime, stepTime } from './crosshair';

describe('crosshair', () => {
  it('tells its listeners of a new moment, and not of the same one again', () => {
    const crosshair = createCrosshair();
    const heard: (number | null)[] = [];
    const leave = crosshair.subscribe(() => heard.push(crosshair.get()));
    crosshair.set(5);
    crosshair.set(5);
    crosshair.set(null);
    leave();
    crosshair.set(7);
    expect(heard).toEqual([5, null]);
  });

  it('snaps to the nearest time there is', () => {
    expect([nearestTime([0, 10, 20], 14), nearestTime([0, 10, 20], 16), nearestTime([], 3)]).toEqual([
      10,
      20,
      null,
    ]);
  });

  it('walks time by time, begins at the newest, and stops at both ends', () => {
    const times = [0, 10, 20];
    expect(stepTime(times, null, 'earlier')).toBe(20);
    expect(stepTime(times, 20, 'earlier')).toBe(10);
    expect(stepTime(times, 0, 'earlier')).toBe(0);
    expect(stepTime(times, 20, 'later')).toBe(20);
    expect(stepTime([], null, 'later')).toBeNull();
  });
});
