let onParentGone: () => void = () => process.exit(0);

/**
 * Ends this process when its parent is gone, in whatever way: the channel between them closes with the parent. Called
 * before anything else is loaded, for the channel tells of its end only once.
 */
export function endWithParent(): void {
  process.on('disconnect', () => onParentGone());
  if (!process.connected) process.exit(0);
}

/** What to do when the parent is gone, instead of ending at once. */
export function whenParentIsGone(stop: () => void): void {
  onParentGone = stop;
  if (!process.connected) stop();
}
